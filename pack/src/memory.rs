//! What followed what: hashed contexts, forgetful in the same way on both sides.

/// A token, or the sort of it, in one number; 0 is none.
pub(crate) type Mark = u32;

/// Hashed contexts and what followed them: a slot holds 16 bits of the hash, trust, and a mark; and the mark that
/// followed before. What does not fit is forgotten, on both sides alike.
#[derive(Clone, Debug)]
pub(crate) struct Memory(Vec<(u64, Mark)>);

/// What followed a context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Followed {
    pub(crate) mark: Mark,
    /// How often of late it was that one, up to 7.
    pub(crate) trust: u8,
    /// Another one, 0 for none.
    pub(crate) other: Mark,
}

impl Memory {
    pub(crate) fn new(bits: u32) -> Self {
        Self(vec![(0, 0); 1 << bits])
    }

    fn slot(&self, key: u64) -> usize {
        // The mask first: a browser's `usize` has 32 bits, and what does not fit must not all fall into one slot.
        usize::try_from(key >> 20 & (self.0.len() as u64 - 1)).unwrap_or_default()
    }

    pub(crate) fn get(&self, key: u64) -> Option<Followed> {
        let (slot, other) = *self.0.get(self.slot(key))?;
        let fits = slot != 0 && slot >> 48 == key & 0xFFFF;
        fits.then_some(Followed { mark: slot as u32, trust: (slot >> 32) as u8, other })
    }

    pub(crate) fn set(&mut self, key: u64, Followed { mark, trust, other }: Followed) {
        let place = self.slot(key);
        if let Some(slot) = self.0.get_mut(place) {
            *slot = ((key & 0xFFFF) << 48 | u64::from(trust) << 32 | u64::from(mark), other);
        }
    }
}
