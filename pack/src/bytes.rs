//! Numbers and strings in the bytes of packs.

/// Puts numbers and strings one after the other.
#[cfg(any(test, feature = "seal"))]
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

#[cfg(any(test, feature = "seal"))]
impl Writer {
    /// LEB128: seven bits a byte, the lowest first.
    pub(crate) fn size(&mut self, mut value: usize) {
        while value >= 0x80 {
            self.0.push((value & 0x7F) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push((value & 0x7F) as u8);
    }

    /// Length and bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.0.extend_from_slice(bytes);
    }
}

/// Takes bytes apart; `None` wherever they stop too early or say what cannot be.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn size(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for shift in (0..usize::BITS.min(35)).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= usize::from(byte & 0x7F).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.size()?;
        self.take(length)
    }
}
