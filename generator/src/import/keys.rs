//! The keys of records that a mapping may name, and whether it must.

/// Keys of a policy.
pub(crate) const POLICY: &[(&str, bool)] = &[
    ("id", true),
    ("title", true),
    ("short_title", false),
    ("popular_names", false),
    ("index_number", true),
    ("document_numbers", false),
    ("issuer", true),
    ("joint_issuers", false),
    ("drafted_by", false),
    ("interpreted_by", false),
    ("written", true),
    ("published", true),
    ("effective", true),
    ("expires", false),
    ("repealed", false),
    ("theme", true),
    ("also_themes", false),
    ("genre", true),
    ("level", true),
    ("audiences", false),
    ("sectors", false),
    ("districts", false),
    ("keywords", false),
    ("summary", true),
    ("plain", true),
    ("source", false),
    ("body", true),
];

/// Keys of a question.
pub(crate) const QUESTION: &[(&str, bool)] = &[
    ("id", true),
    ("theme", true),
    ("question", true),
    ("answer", true),
    ("department", true),
    ("checked", true),
    ("policies", false),
    ("unbound", false),
    ("short", false),
    ("variants", false),
    ("audiences", false),
    ("districts", false),
    ("keywords", false),
    ("expires", false),
];

/// Keys of `[contact]`.
pub(crate) const CONTACT: &[(&str, bool)] = &[("unit", true), ("phone", true), ("hours", false), ("place", false)];

/// Keys of a stage, beside its status, which decides what else is needed.
pub(crate) const STAGE: &[(&str, bool)] =
    &[("date", false), ("due", false), ("unit", false), ("reason", false), ("legal_basis", false), ("text", false)];
