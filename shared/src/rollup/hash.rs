//! The hash that sketches are made with. Its values are stored, so it never changes within a version of the rollup.

/// 64 well-mixed bits of a text: FNV-1a (Fowler, Noll, Vo), then the finaliser of `MurmurHash3` (Appleby), since the
/// sketches need every bit to be as good as every other.
pub(super) fn of(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(fnv)
}

/// Spreads every bit over all others.
pub(super) fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
