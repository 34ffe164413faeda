//! Pictures sent with feedback. What they are is decided by their first bytes, never by what a client says; what the
//! camera or the editor wrote into them (place, device, author, texts) is left out by walking their parts. Nothing is
//! decoded, so nothing here can be tricked by what the pixels say.

mod jpeg;
mod png;
mod webp;

/// The three types that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureType {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
    /// `image/webp`
    WebP,
}

impl PictureType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::WebP];

    /// What the first bytes say.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    /// Its content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// The ending of its file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
        }
    }
}

/// The picture without what it says beyond its pixels; none where it is not whole.
pub fn stripped(bytes: &[u8]) -> Option<(PictureType, Vec<u8>)> {
    let picture_type = PictureType::of(bytes)?;
    let stripped = match picture_type {
        PictureType::Png => png::stripped(bytes),
        PictureType::Jpeg => jpeg::stripped(bytes),
        PictureType::WebP => webp::stripped(bytes),
    }?;
    Some((picture_type, stripped))
}

/// A big-endian number of four bytes.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Real files with EXIF, XMP, comments and texts, each of which says `secret`.
    const PICTURES: [(&[u8], PictureType); 3] = [
        (include_bytes!("pictures/text.png"), PictureType::Png),
        (include_bytes!("pictures/exif.jpg"), PictureType::Jpeg),
        (include_bytes!("pictures/exif.webp"), PictureType::WebP),
    ];

    fn says_secret(bytes: &[u8]) -> bool {
        bytes.windows(6).any(|window| window == b"secret")
    }

    #[test]
    fn metadata_goes_and_the_picture_stays() {
        for (bytes, expect) in PICTURES {
            assert!(says_secret(bytes), "{expect:?}: the test file says nothing");
            let (found, stripped) = stripped(bytes).expect("a picture");
            assert_eq!(found, expect);
            assert!(!says_secret(&stripped), "{expect:?}");
            assert!(stripped.len() > 60 && stripped.len() < bytes.len(), "{expect:?}");
            // Stripping what is stripped changes nothing, so what came out is whole.
            assert_eq!(
                super::stripped(&stripped),
                Some((expect, stripped.clone())),
                "{expect:?}"
            );
        }
    }

    #[test]
    fn what_stands_behind_the_end_goes() {
        for (bytes, expect) in PICTURES {
            let clean = stripped(bytes).expect("a picture").1;
            let mut long = bytes.to_vec();
            long.extend_from_slice(b"secret<script>");
            assert_eq!(stripped(&long).map(|(_, bytes)| bytes), Some(clean), "{expect:?}");
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_is_refused() {
        for (bytes, expect) in PICTURES {
            for end in (0..bytes.len()).step_by(7) {
                assert_eq!(stripped(&bytes[..end]), None, "{expect:?} of {end} bytes");
            }
        }
    }

    #[test]
    fn other_files_are_no_pictures_whatever_they_are_called() {
        for bytes in [
            b"".as_slice(),
            b"<svg onload=alert(1)>",
            b"GIF89a",
            b"%PDF-1.7",
            b"RIFF\0\0\0\0WAVE",
        ] {
            assert_eq!(PictureType::of(bytes), None);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_and_what_comes_out_is_no_longer(
            which in 0_usize..3, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8)
        ) {
            let mut bytes = PICTURES[which].0.to_vec();
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some((_, stripped)) = stripped(&bytes) {
                prop_assert!(stripped.len() <= bytes.len());
            }
        }
    }
}
