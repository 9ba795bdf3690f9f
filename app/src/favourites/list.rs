//! The ids a person keeps: an ordinary list, shared with the page script as a JSON array of strings.

/// Where the list is kept on the device.
pub(crate) const KEY: &str = "yima.favourites";

/// More than this no person keeps; a file that has more is something else.
const MOST: usize = 10_000;

/// Largest file to read, in bytes.
pub(crate) const LARGEST_FILE: f64 = 1_000_000.0;

/// Ids of policies, each once, the latest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List(Vec<String>);

/// Why a file is not a list of favourites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListError {
    /// Not a JSON array of strings.
    NotAList,
    /// An entry that no policy id can be.
    NotAnId,
    /// More than anyone keeps.
    TooLong,
}

impl ListError {
    pub(crate) const fn zh(self) -> &'static str {
        match self {
            Self::NotAList => "这个文件不是收藏清单。",
            Self::NotAnId => "这个文件里有不是政策编号的内容，没有导入。",
            Self::TooLong => "这个文件太大，不是收藏清单。",
        }
    }
}

impl List {
    /// Reads a file: a JSON array of ids and nothing else.
    pub(crate) fn parse(json: &str) -> Result<Self, ListError> {
        let entries = entries(json)?;
        if entries.len() > MOST {
            return Err(ListError::TooLong);
        }
        if !entries.iter().all(|entry| is_id(entry)) {
            return Err(ListError::NotAnId);
        }
        Ok(Self::of(&entries))
    }

    /// Reads what stands on the device, as far as it makes sense: one odd entry must not cost the others.
    pub(crate) fn parse_stored(json: &str) -> Self {
        let mut entries = entries(json).unwrap_or_default();
        entries.retain(|entry| is_id(entry));
        entries.truncate(MOST);
        Self::of(&entries)
    }

    fn of(ids: &[&str]) -> Self {
        let mut list = Self::default();
        for id in ids {
            list.add(id);
        }
        list
    }

    /// The same as JSON. Ids hold nothing that JSON escapes.
    pub(crate) fn to_json(&self) -> String {
        let quoted: Vec<String> = self.0.iter().map(|id| format!("\"{id}\"")).collect();
        format!("[{}]", quoted.join(","))
    }

    /// The latest first.
    pub(crate) fn latest_first(&self) -> Vec<String> {
        self.0.iter().rev().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.0.iter().any(|kept| kept == id)
    }

    /// Adds one; whether it is new.
    pub(crate) fn add(&mut self, id: &str) -> bool {
        let new = !self.contains(id);
        if new {
            self.0.push(id.to_owned());
        }
        new
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, id: &str) {
        self.0.retain(|kept| kept != id);
    }

    /// Adds all of another list; how many are new.
    pub(crate) fn merge(&mut self, other: &Self) -> usize {
        other.0.iter().filter(|id| self.add(id)).count()
    }
}

/// The strings of a JSON array of strings. A backslash is left in them: no id has one.
fn entries(json: &str) -> Result<Vec<&str>, ListError> {
    let inside = json.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let mut rest = inside.ok_or(ListError::NotAList)?.trim();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (entry, after) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).ok_or(ListError::NotAList)?;
        entries.push(entry);
        rest = after.trim_start();
        match rest.strip_prefix(',').map(str::trim_start) {
            Some(next) if !next.is_empty() => rest = next,
            None if rest.is_empty() => {}
            _ => return Err(ListError::NotAList),
        }
    }
    Ok(entries)
}

/// The ids that content may use.
fn is_id(id: &str) -> bool {
    (1..=60).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[&str]) -> List {
        List(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    #[test]
    fn a_list_comes_back() {
        for ids in [&[][..], &["2025-zufang"], &["a", "b-1", "c"]] {
            assert_eq!(List::parse(&list(ids).to_json()), Ok(list(ids)));
        }
        assert_eq!(List::parse(" [ \"a\" ,\n \"b\" , \"a\"] "), Ok(list(&["a", "b"])));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for json in ["", "{}", "null", "[", "[\"a\"", "[\"a\",]", "[,]", "[\"a\" \"b\"]", "[1]", "[\"a\",2]", "\"a\""] {
            assert_eq!(List::parse(json), Err(ListError::NotAList), "{json}");
        }
        for json in ["[\"\"]", "[\"A\"]", "[\"../x\"]", "[\"<b>\"]", "[\"a\\\"]", "[\"政策\"]"] {
            assert_eq!(List::parse(json), Err(ListError::NotAnId), "{json}");
        }
        let many: Vec<String> = (0..=MOST).map(|number| format!("\"p-{number}\"")).collect();
        assert_eq!(List::parse(&format!("[{}]", many.join(","))), Err(ListError::TooLong));
    }

    #[test]
    fn an_odd_entry_on_the_device_costs_no_other() {
        assert_eq!(List::parse_stored("[\"a\",\"政策\",\"b\"]"), list(&["a", "b"]));
        assert_eq!(List::parse_stored("null"), List::default());
    }

    #[test]
    fn importing_adds_only_what_is_new() {
        let mut kept = list(&["a", "b"]);
        assert_eq!(kept.merge(&list(&["b", "c"])), 1);
        assert_eq!(kept.latest_first(), ["c", "b", "a"]);
        kept.remove("b");
        assert!(!kept.contains("b"));
        assert_eq!(kept.len(), 2);
    }
}
