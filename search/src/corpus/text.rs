//! A text, and where the pages cut it.

/// A text that stands on a page in pieces, between which are tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    /// Where the pieces end, ascending; the end of the text is not among them. A line break that follows a piece belongs
    /// to none.
    cuts: Box<[u32]>,
}

impl Text {
    /// A text cut at these bytes. Places that are none in the text, or cut off nothing, are left out.
    #[must_use]
    pub fn cut(text: String, places: impl IntoIterator<Item = usize>) -> Self {
        let mut cuts: Vec<u32> = Vec::new();
        // Where the piece begins that would be cut off.
        let mut start = 0;
        for place in places {
            let line = text.as_bytes().get(place) == Some(&b'\n');
            if place >= text.len() || !text.is_char_boundary(place) || place < start || place == start && !line {
                continue;
            }
            let Ok(cut) = u32::try_from(place) else { break };
            cuts.push(cut);
            start = place + usize::from(line);
        }
        Self { text, cuts: cuts.into() }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text alone.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// The pieces, each with whether a line break follows that belongs to none.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut start = 0;
        self.cuts.iter().map(|&cut| cut as usize).chain([self.text.len()]).map(move |cut| {
            let piece = self.text.get(start..cut).unwrap_or_default();
            let line = self.text.as_bytes().get(cut) == Some(&b'\n');
            start = cut + usize::from(line);
            (piece, line)
        })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text, cuts: Box::default() }
    }
}
