//! JPEG: segments that begin with a marker (ITU-T T.81, annex B). Tables, frames and scans stay; of the application's
//! own segments only JFIF without a thumbnail and Adobe's colour transform do. The orientation that a camera noted
//! goes with the rest of EXIF.

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

pub(super) fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut at = 2;
    let mut has_scan = false;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // Any number of these may stand before a marker.
            0xff => {
                at += 1;
                continue;
            }
            END => {
                out.extend_from_slice(&[0xff, END]);
                return has_scan.then_some(out);
            }
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let end = at + 2 + length;
        let segment = bytes.get(at..end).filter(|_| length >= 2)?;
        if stays(marker, segment) {
            out.extend_from_slice(segment);
        }
        at = end;
        if marker == SCAN {
            has_scan = true;
            let after = scan_end(bytes, at)?;
            out.extend_from_slice(&bytes[at..after]);
            at = after;
        }
    }
}

fn stays(marker: u8, segment: &[u8]) -> bool {
    let data = &segment[4..];
    match marker {
        // Frames, Huffman and quantization tables, restart interval, scan.
        0xc0..=0xcf | 0xdb | 0xdd | SCAN => true,
        0xe0 => data.starts_with(b"JFIF\0") && data.len() == 14,
        0xee => data.starts_with(b"Adobe") && data.len() == 12,
        _ => false,
    }
}

/// Where the coded pixels end: at the first marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        at += found;
        match *bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}
