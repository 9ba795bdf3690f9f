//! `data/schema/<name>.json`: what stands in the files of data, as JSON Schema draft 2020-12.
//!
//! They are written by hand, with a sentence about every key, and closed: a key that a schema does not name is a fault
//! of the file, which the tests find for every file of the demonstration city.

/// A published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schema {
    /// Definitions that the others use.
    Common,
    /// `data/index.json`
    Index,
    /// `data/policies.json`, `data/theme/<id>.json`, …
    List,
    /// `data/policy/<id>.json`
    Policy,
    /// `data/questions/<theme>.json`
    Questions,
    /// `data/site.json`
    Site,
    /// `data/tables.json`
    Tables,
}

impl Schema {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Common, Self::Index, Self::List, Self::Policy, Self::Questions, Self::Site, Self::Tables];

    /// The name of its file without `.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Index => "index",
            Self::List => "list",
            Self::Policy => "policy",
            Self::Questions => "questions",
            Self::Site => "site",
            Self::Tables => "tables",
        }
    }

    /// What it describes, in words.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Common => "结构：共用定义",
            Self::Index => "结构：数据目录",
            Self::List => "结构：政策列表",
            Self::Policy => "结构：政策",
            Self::Questions => "结构：问答",
            Self::Site => "结构：站点",
            Self::Tables => "结构：受控词表",
        }
    }

    /// The schema as published at `host`, which its `$id` names.
    #[must_use]
    pub fn text(self, host: &str) -> String {
        self.source().replace("{host}", host)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::Common => include_str!("schema/common.json"),
            Self::Index => include_str!("schema/index.json"),
            Self::List => include_str!("schema/list.json"),
            Self::Policy => include_str!("schema/policy.json"),
            Self::Questions => include_str!("schema/questions.json"),
            Self::Site => include_str!("schema/site.json"),
            Self::Tables => include_str!("schema/tables.json"),
        }
    }
}
