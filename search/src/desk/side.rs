//! What can be asked back: who asks, where, about what, whose business it is.

use yima_model::catalogue::Facet;

use crate::shelf::{RowIx, Shelf};

/// What can be asked back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Who asks: the groups of the audiences, 个人, 企业, 组织.
    Audience,
    /// Where.
    District,
    /// About what.
    Theme,
    /// Whose business it is.
    Department,
}

impl Side {
    /// All sides, the easiest to answer first.
    pub const ALL: [Self; 4] = [Self::Audience, Self::District, Self::Theme, Self::Department];

    /// The facet it belongs to.
    #[must_use]
    pub const fn facet(self) -> Facet {
        match self {
            Self::Audience => Facet::Audience,
            Self::District => Facet::District,
            Self::Theme => Facet::Theme,
            Self::Department => Facet::Department,
        }
    }

    /// The side of this [`Facet::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.facet().id() == id)
    }

    /// The words of the question.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Audience => "您是替谁问？",
            Self::District => "您问的是哪个区市？",
            Self::Theme => "您问的是哪方面的事？",
            Self::Department => "您要找的是哪个部门？",
        }
    }
}

/// Ids and names of what can be chosen on a side.
pub(super) fn values(shelf: &Shelf, side: Side) -> Vec<(String, String)> {
    let all = shelf.values(side.facet());
    if side != Side::Audience {
        return all.iter().map(|value| (value.id.clone(), value.name.clone())).collect();
    }
    let mut groups: Vec<(String, String)> = Vec::new();
    for value in all.iter().filter(|value| !value.group.is_empty()) {
        if groups.iter().all(|(id, _)| *id != value.group) {
            groups.push((value.group.clone(), value.group.clone()));
        }
    }
    groups
}

/// Which of the values a question has; none where it fits all.
pub(super) fn of_row(shelf: &Shelf, side: Side, values: &[(String, String)], row: RowIx) -> Vec<usize> {
    let of = shelf.column(side.facet()).map_or(&[][..], |column| column.of(row));
    let of = of.iter().map(|&value| usize::from(value));
    match side {
        // The whole city comes first and fits every district.
        Side::District => of.filter(|&value| value != 0).collect(),
        Side::Theme | Side::Department => of.collect(),
        Side::Audience => {
            let audiences = shelf.values(Facet::Audience);
            let group = |value: usize| audiences.get(value).map(|value| value.group.as_str()).unwrap_or_default();
            let mut groups: Vec<usize> =
                of.filter_map(|value| values.iter().position(|(id, _)| id == group(value))).collect();
            groups.sort_unstable();
            groups.dedup();
            groups
        }
    }
}
