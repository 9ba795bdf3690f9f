//! Looking at many bytes at once.

/// How many.
const STEP: usize = 32;

/// Whether `test` holds for any byte and the three that follow it, which are 0 after the end. The test should have no
/// branches: a compiler then makes it of every byte of a step together.
#[inline]
pub(crate) fn any(bytes: &[u8], test: impl Fn(u8, u8, u8, u8) -> bool) -> bool {
    let mut start = 0;
    while let Some(block) = bytes.get(start..start + STEP + 3).and_then(|block| block.first_chunk::<{ STEP + 3 }>()) {
        let mut found = 0;
        for at in 0..STEP {
            found |= u8::from(test(block[at], block[at + 1], block[at + 2], block[at + 3]));
        }
        if found != 0 {
            return true;
        }
        start += STEP;
    }
    let rest = bytes.get(start..).unwrap_or_default();
    let after = |at: usize| rest.get(at).copied().unwrap_or_default();
    (0..rest.len()).any(|at| test(rest[at], after(at + 1), after(at + 2), after(at + 3)))
}

#[cfg(test)]
mod tests {
    use super::any;

    #[test]
    fn every_byte_is_seen_with_the_three_after_it() {
        for length in 0..100 {
            for place in 0..length {
                let mut bytes = vec![b'a'; length];
                bytes[place] = 1;
                let last = place + 1 == length;
                assert!(any(&bytes, |first, second, _, _| first == 1 && (second == b'a') != last));
                assert_eq!(any(&bytes, |_, _, _, fourth| fourth == 1), place >= 3);
                assert!(!any(&bytes, |first, _, _, _| first == 2));
            }
        }
    }
}
