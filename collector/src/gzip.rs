//! gzip (RFC 1952): what stands around a deflated body. Written here for its check sum (`hearback_shared::scan::crc32`).

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hearback_shared::scan::crc32;

/// Magic, deflate, no flags, no time, no extra flags, a system that nobody names.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Bytes behind the body: check sum and length.
const TAIL_BYTES: usize = 8;

/// Compressed. The same input gives the same bytes: no time is written into them.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(HEAD.to_vec(), Compression::default());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    let mut packed = packed.expect("memory takes every byte");
    packed.extend_from_slice(&crc32(bytes).to_le_bytes());
    packed.extend_from_slice(&length(bytes).to_le_bytes());
    packed
}

/// What was compressed, or its beginning where it is longer than `limit`: a bomb is cut off, not unpacked. None where it
/// is not whole.
pub fn unpacked(packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let body = behind_head(packed)?;
    let mut decoder = DeflateDecoder::new(body);
    let mut plain = Vec::new();
    decoder.by_ref().take(limit as u64).read_to_end(&mut plain).ok()?;
    if plain.len() == limit {
        return Some(plain);
    }
    let used = usize::try_from(decoder.total_in()).ok()?;
    let tail = body.get(used..)?.get(..TAIL_BYTES)?;
    let whole = [crc32(&plain).to_le_bytes(), length(&plain).to_le_bytes()].concat();
    (tail == whole).then_some(plain)
}

/// The length as it stands behind the body: without what goes beyond 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "RFC 1952: modulo 2^32")]
fn length(bytes: &[u8]) -> u32 {
    bytes.len() as u32
}

/// What follows the head and what it announces: extra fields, a name, a comment, a check sum of its own.
fn behind_head(packed: &[u8]) -> Option<&[u8]> {
    let (head, mut rest) = packed.split_at_checked(HEAD.len())?;
    let flags = head[3];
    if head[..3] != HEAD[..3] || flags & 0xe0 != 0 {
        return None;
    }
    if flags & 4 != 0 {
        let (length, after) = rest.split_first_chunk()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for named in [8, 16] {
        if flags & named != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = &rest[end + 1..];
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flate2::GzBuilder;
    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1 << 20;

    proptest! {
        #[test]
        fn others_read_what_is_packed_here(plain: Vec<u8>) {
            let mut read = Vec::new();
            GzDecoder::new(Cursor::new(packed(&plain))).read_to_end(&mut read).expect("gzip");
            prop_assert_eq!(&read, &plain);
            prop_assert_eq!(unpacked(&packed(&plain), LIMIT), Some(plain));
        }

        #[test]
        fn whatever_comes_is_read_or_refused(bytes: Vec<u8>) {
            let mut framed = HEAD.to_vec();
            framed.extend_from_slice(&bytes);
            unpacked(&framed, LIMIT);
            unpacked(&bytes, LIMIT);
        }
    }

    #[test]
    fn what_others_pack_is_read_here_whatever_stands_in_its_head() {
        let bare = GzBuilder::new();
        let full = GzBuilder::new()
            .filename("a.json")
            .comment("by nobody")
            .extra(b"xy".as_slice())
            .mtime(7);
        for builder in [bare, full] {
            let mut encoder = builder.write(Vec::new(), Compression::best());
            encoder.write_all(b"plain").expect("memory");
            let packed = encoder.finish().expect("memory");
            assert_eq!(unpacked(&packed, LIMIT).as_deref(), Some(b"plain".as_slice()));
            for end in 0..packed.len() {
                assert_eq!(unpacked(&packed[..end], LIMIT), None, "cut off at {end}");
            }
            for at in (packed.len() - TAIL_BYTES)..packed.len() {
                let mut wrong = packed.clone();
                wrong[at] ^= 1;
                assert_eq!(unpacked(&wrong, LIMIT), None, "changed at {at}");
            }
        }
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let bomb = packed(&vec![0; LIMIT]);
        assert!(bomb.len() < 2_000);
        assert_eq!(unpacked(&bomb, 1_000).map(|plain| plain.len()), Some(1_000));
    }
}
