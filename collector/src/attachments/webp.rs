//! WebP: RIFF chunks (RFC 9649). Pixels, alpha and animation stay; EXIF, XMP, colour profiles and unknown chunks go,
//! and the flags that announce them.

/// The chunks that stay.
const KEPT: [&[u8]; 6] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"];

/// Flags of `VP8X` for a colour profile, EXIF and XMP.
const ANNOUNCED: u8 = 0x20 | 0x08 | 0x04;

pub(super) fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = number(bytes, 4)?;
    let body = bytes.get(12..8_usize.checked_add(size)?)?;
    let mut out = bytes[..12].to_vec();
    let mut at = 0;
    let mut has_pixels = false;
    while at < body.len() {
        let length = number(body, at + 4)?;
        // Chunks are padded to an even length.
        let end = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
        let chunk = body.get(at..end)?;
        let name = &chunk[..4];
        if KEPT.contains(&name) {
            let start = out.len();
            out.extend_from_slice(chunk);
            if name == b"VP8X" {
                *out.get_mut(start + 8)? &= !ANNOUNCED;
            }
        }
        has_pixels |= matches!(name, b"VP8 " | b"VP8L" | b"ANMF");
        at = end;
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    has_pixels.then_some(out)
}

/// A little-endian number of four bytes.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}
