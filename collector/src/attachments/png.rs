//! PNG: a signature and chunks. Of the chunks, those stay that a picture is drawn from (PNG, third edition, 11).

use super::number;

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks that stay, animation among them. Colour profiles carry texts and go.
const KEPT: [&[u8]; 14] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT",
];

/// Bytes of a chunk around its data: length, name, check sum.
const FRAME: usize = 12;

pub(super) fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = SIGNATURE.to_vec();
    let mut at = SIGNATURE.len();
    let mut has_pixels = false;
    loop {
        let end = at.checked_add(number(bytes, at)?)?.checked_add(FRAME)?;
        let chunk = bytes.get(at..end)?;
        let name = &chunk[4..8];
        if (at == SIGNATURE.len()) != (name == b"IHDR") {
            return None;
        }
        if KEPT.contains(&name) {
            out.extend_from_slice(chunk);
        }
        has_pixels |= name == b"IDAT";
        if name == b"IEND" {
            return has_pixels.then_some(out);
        }
        at = end;
    }
}
