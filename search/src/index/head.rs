//! The head of an index ⇄ bytes.

use super::shard::Doc;
use crate::wire::{DecodeError, Format, Reader, Writer};

const FORMAT: Format = Format { magic: *b"\x89YIMAIDX", version: 2 };

/// First bytes of the SHA-256 of a file: its name, so that a name never stands for two contents.
pub type Name = [u8; 8];

/// Which file of a family answers for a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Records: the first one of each file, ascending.
    Ranges(Vec<u32>),
    /// Characters, ascending, each with its file: those that stand side by side in titles lie in one file.
    Each(Vec<(u32, u32)>),
}

/// The files of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Which of them answers for a key.
    pub keys: Keys,
    /// Their names.
    pub names: Vec<Name>,
}

impl Layout {
    /// Files of records, each with the number of its first one.
    #[must_use]
    pub fn of_records(files: impl IntoIterator<Item = (Doc, Name)>) -> Self {
        let (starts, names) = files.into_iter().unzip();
        Self { keys: Keys::Ranges(starts), names }
    }

    /// Files of characters, each with those it answers for.
    #[must_use]
    pub fn of_characters(files: impl IntoIterator<Item = (Vec<char>, Name)>) -> Self {
        let (mut keys, mut names) = (Vec::new(), Vec::new());
        for (file, (characters, name)) in (0..).zip(files) {
            keys.extend(characters.into_iter().map(|character| (u32::from(character), file)));
            names.push(name);
        }
        keys.sort_unstable();
        Self { keys: Keys::Each(keys), names }
    }

    /// A family without a file.
    const fn none(family: Family) -> Self {
        let keys = if family.is_by_character() { Keys::Each(Vec::new()) } else { Keys::Ranges(Vec::new()) };
        Self { keys, names: Vec::new() }
    }

    /// The file that answers for a key; none where no file has anything to say about it.
    #[must_use]
    pub fn file_of(&self, key: u32) -> Option<usize> {
        match &self.keys {
            Keys::Ranges(starts) => starts.partition_point(|&start| start <= key).checked_sub(1),
            Keys::Each(keys) => {
                let at = keys.binary_search_by_key(&key, |known| known.0).ok()?;
                keys.get(at).map(|known| known.1 as usize)
            }
        }
    }

    /// The records a file answers for, up to `end`; none of a family of characters.
    #[must_use]
    pub fn range(&self, file: usize, end: u32) -> core::ops::Range<u32> {
        let starts = if let Keys::Ranges(starts) = &self.keys { starts.as_slice() } else { &[] };
        let start = starts.get(file).copied().unwrap_or(end);
        start..starts.get(file + 1).copied().unwrap_or(end)
    }

    fn write(&self, out: &mut Writer) {
        out.size(self.names.len());
        let mut before = 0;
        let mut distance = |out: &mut Writer, key: u32| {
            out.varint(u64::from(key - before));
            before = key;
        };
        match &self.keys {
            Keys::Ranges(starts) => starts.iter().for_each(|&start| distance(out, start)),
            Keys::Each(keys) => {
                out.size(keys.len());
                keys.iter().for_each(|key| distance(out, key.0));
                keys.iter().for_each(|key| out.varint(key.1.into()));
            }
        }
        for name in &self.names {
            out.0.extend(name);
        }
    }

    fn read(family: Family, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.count()?;
        let ascending = |reader: &mut Reader<'_>, count: usize| {
            let mut keys = Vec::new();
            let mut key = 0_u64;
            for _ in 0..count {
                key = key.saturating_add(reader.varint()?);
                keys.push(u32::try_from(key).map_err(|_| DecodeError::Malformed("编号超出范围"))?);
            }
            Ok::<_, DecodeError>(keys)
        };
        let keys = if family.is_by_character() {
            let characters = reader.count()?;
            let keys = ascending(reader, characters)?;
            let files = reader.numbers(characters, count)?.into_iter().filter_map(|file| u32::try_from(file).ok());
            Keys::Each(keys.into_iter().zip(files).collect())
        } else {
            Keys::Ranges(ascending(reader, count)?)
        };
        let mut names = Vec::new();
        for _ in 0..count {
            let name = reader.take(size_of::<Name>())?.first_chunk();
            names.push(*name.ok_or(DecodeError::Malformed("一节提前结束"))?);
        }
        Ok(Self { keys, names })
    }
}

/// All other files of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Shards of titles, by first character of a pair.
    titles: Layout,
    /// Shards of bodies, in the same way.
    bodies: Layout,
    /// Texts, by record.
    texts: Layout,
    /// Faces, by record.
    faces: Layout,
    /// Files of which there is one.
    pub single: [Option<Name>; Single::ALL.len()],
}

impl Default for Files {
    fn default() -> Self {
        let [titles, bodies, texts, faces] = Family::ALL.map(Layout::none);
        Self { titles, bodies, texts, faces, single: Default::default() }
    }
}

impl Files {
    /// The files of a family.
    #[must_use]
    pub const fn layout(&self, family: Family) -> &Layout {
        match family {
            Family::Titles => &self.titles,
            Family::Bodies => &self.bodies,
            Family::Texts => &self.texts,
            Family::Faces => &self.faces,
        }
    }

    /// The same, to be filled.
    pub const fn layout_mut(&mut self, family: Family) -> &mut Layout {
        match family {
            Family::Titles => &mut self.titles,
            Family::Bodies => &mut self.bodies,
            Family::Texts => &mut self.texts,
            Family::Faces => &mut self.faces,
        }
    }

    /// Path of a file of a family.
    #[must_use]
    pub fn path(&self, family: Family, file: usize) -> Option<String> {
        self.layout(family).names.get(file).map(|name| family.path(name))
    }

    /// Path of a file of which there is one; none where the city has none.
    #[must_use]
    pub fn path_of(&self, single: Single) -> Option<String> {
        let name = self.single.get(single as usize)?.as_ref()?;
        Some(single.path(name))
    }
}

/// Files of which there is one, fetched when they are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Single {
    /// The facts of all records ([`crate::catalogue`]).
    Facts,
    /// The ids of all policies ([`crate::catalogue::ids`]).
    Ids,
    /// Words of this city with their pinyin ([`crate::vocabulary`]).
    Vocabulary,
    /// The small filter over titles that answers first.
    Instant,
}

impl Single {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Facts, Self::Ids, Self::Vocabulary, Self::Instant];

    /// Path on the site of such a file with this name.
    #[must_use]
    pub fn path(self, name: &Name) -> String {
        let stem = match self {
            Self::Facts => "facts",
            Self::Ids => "ids",
            Self::Vocabulary => "words",
            Self::Instant => "instant",
        };
        format!("{FOLDER}{stem}-{}.bin", hexadecimal(name))
    }
}

/// Families of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Shards of titles.
    Titles,
    /// Shards of bodies.
    Bodies,
    /// Texts.
    Texts,
    /// Faces.
    Faces,
}

impl Family {
    /// All values.
    pub const ALL: [Self; 4] = [Self::Titles, Self::Bodies, Self::Texts, Self::Faces];

    /// Whether its files hold what begins with a character; else what belongs to a record.
    #[must_use]
    pub const fn is_by_character(self) -> bool {
        matches!(self, Self::Titles | Self::Bodies)
    }

    /// Path on the site of a file of this family with this name.
    #[must_use]
    pub fn path(self, name: &Name) -> String {
        let (stem, ending) = match self {
            Self::Titles => ("titles", "bin"),
            Self::Bodies => ("bodies", "bin"),
            Self::Texts => ("texts", "txt"),
            Self::Faces => ("faces", "bin"),
        };
        format!("{FOLDER}{stem}-{}.{ending}", hexadecimal(name))
    }
}

/// Where the files of a search lie on a site.
pub const FOLDER: &str = "search/";

/// Path of the head: the only file whose name does not change with its content, and the only one a page names.
pub const HEAD: &str = "search/index.bin";

fn hexadecimal(name: &Name) -> String {
    name.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 大白话 → 术语: what people say, and what texts say instead. All of it folded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// What people say.
    pub say: String,
    /// What texts say.
    pub means: Vec<String>,
}

/// Records an editor wants on top, or at the end, of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bet {
    /// The query, folded and without punctuation and spaces.
    pub query: String,
    /// Best first.
    pub best: Vec<Doc>,
    /// To be shown last.
    pub bury: Vec<Doc>,
}

/// What is loaded first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many records.
    pub docs: u32,
    /// The first record that is a question; policies stand before it.
    pub first_question: Doc,
    /// Length of each main title, in characters, up to 255.
    pub title_lengths: Vec<u8>,
    /// Length of each body on the scale of [`Head::body_length`].
    pub body_lengths: Vec<u8>,
    /// Sorted by what people say.
    pub words: Vec<Words>,
    /// Sorted by query.
    pub bets: Vec<Bet>,
    /// All other files.
    pub files: Files,
}

impl Head {
    /// Length of what a record says, in characters.
    #[must_use]
    pub fn body_length(&self, doc: Doc) -> f32 {
        Self::length(self.body_lengths.get(doc as usize).copied().unwrap_or_default())
    }

    /// What a step of the scale of [`Head::body_lengths`] means, in characters.
    pub(crate) fn length(step: u8) -> f32 {
        (f32::from(step) / 12.0).exp2() - 1.0
    }

    /// Length of the main title of a record, in characters.
    #[must_use]
    pub fn title_length(&self, doc: Doc) -> f32 {
        self.title_lengths.get(doc as usize).copied().unwrap_or_default().into()
    }

    /// The bytes of a head. The same head gives the same bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.varint(self.docs.into());
        out.varint(self.first_question.into());
        out.0.extend_from_slice(&self.title_lengths);
        out.0.extend_from_slice(&self.body_lengths);
        for family in Family::ALL {
            self.files.layout(family).write(&mut out);
        }
        for single in &self.files.single {
            out.0.push(single.is_some().into());
            out.0.extend(single.iter().flatten());
        }
        out.size(self.words.len());
        out.strings(self.words.iter().map(|words| words.say.as_str()));
        for words in &self.words {
            out.size(words.means.len());
        }
        out.strings(self.words.iter().flat_map(|words| &words.means).map(String::as_str));
        out.size(self.bets.len());
        out.strings(self.bets.iter().map(|bet| bet.query.as_str()));
        for docs in self.bets.iter().flat_map(|bet| [&bet.best, &bet.bury]) {
            out.size(docs.len());
            for &doc in docs {
                out.varint(doc.into());
            }
        }
        FORMAT.seal(&out.0)
    }

    /// Reads a head. Total: whatever the bytes, it answers.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader(FORMAT.unseal(bytes)?);
        let docs = reader.count()?;
        let first_question = reader.numbers(1, docs + 1)?.first().copied().unwrap_or_default();
        let title_lengths = reader.take(docs)?.to_vec();
        let body_lengths = reader.take(docs)?.to_vec();
        let mut files = Files::default();
        for family in Family::ALL {
            *files.layout_mut(family) = Layout::read(family, &mut reader)?;
        }
        for single in &mut files.single {
            if reader.byte()? != 0 {
                *single = reader.take(size_of::<Name>())?.first_chunk().copied();
            }
        }
        let words = words(&mut reader)?;
        let bets = bets(&mut reader, docs)?;
        if !reader.is_empty() {
            return Err(DecodeError::Malformed("有一节重复或过长"));
        }
        let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let first_question = number(first_question);
        Ok(Self { docs: number(docs), first_question, title_lengths, body_lengths, words, bets, files })
    }
}

fn words(reader: &mut Reader<'_>) -> Result<Vec<Words>, DecodeError> {
    let count = reader.count()?;
    let says = reader.strings(count)?;
    let lengths = reader.numbers(count, usize::MAX)?;
    let total = lengths.iter().try_fold(0_usize, |sum, &length| sum.checked_add(length));
    let mut means = reader.strings(total.ok_or(DecodeError::Malformed("条数超出文件"))?)?.into_iter();
    let words = says.into_iter().zip(lengths);
    Ok(words.map(|(say, length)| Words { say, means: means.by_ref().take(length).collect() }).collect())
}

fn bets(reader: &mut Reader<'_>, docs: usize) -> Result<Vec<Bet>, DecodeError> {
    let count = reader.count()?;
    let queries = reader.strings(count)?;
    let mut list = || -> Result<Vec<Doc>, DecodeError> {
        let count = reader.count()?;
        Ok(reader.numbers(count, docs)?.into_iter().filter_map(|doc| u32::try_from(doc).ok()).collect())
    };
    queries.into_iter().map(|query| Ok(Bet { query, best: list()?, bury: list()? })).collect()
}
