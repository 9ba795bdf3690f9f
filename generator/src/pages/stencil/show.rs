//! Fills in a stencil.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use memchr::{memchr2, memchr3};

use super::Fault;
use super::compile::{Expr, Name, Stencil, Step};
use super::tree::{Node, Tree};

/// A value on the way to the page.
#[derive(Clone)]
pub(super) enum Value<'a> {
    Absent,
    Bool(bool),
    Number(i64),
    Text(&'a str),
    Joined(Arc<str>),
    Safe(&'a str),
    List(&'a [(&'static str, Node)], &'a Tree),
    Record(&'a [(&'static str, Node)], &'a Tree),
}

impl<'a> Value<'a> {
    fn of(node: Node, tree: &'a Tree) -> Self {
        match node {
            Node::Absent => Self::Absent,
            Node::Bool(value) => Self::Bool(value),
            Node::Number(value) => Self::Number(value),
            Node::Text(start, end) => Self::Text(tree.cut(start, end)),
            Node::Safe(start, end) => Self::Safe(tree.cut(start, end)),
            Node::List(start, end) => Self::List(tree.row(start, end), tree),
            Node::Record(start, end) => Self::Record(tree.row(start, end), tree),
        }
    }

    fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Safe(text) => Some(text),
            Self::Joined(text) => Some(text),
            _ => None,
        }
    }

    fn is_true(&self) -> bool {
        match self {
            Self::Absent => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0,
            Self::List(items, _) => !items.is_empty(),
            Self::Record(fields, _) => !fields.is_empty(),
            text => text.as_str().is_some_and(|text| !text.is_empty()),
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (a, b) => a.as_str().is_some_and(|text| b.as_str() == Some(text)),
        }
    }

    fn field(&self, name: &Name) -> Self {
        match *self {
            Self::Record(fields, tree) => name.find(fields).map_or(Self::Absent, |node| Self::of(node, tree)),
            _ => Self::Absent,
        }
    }
}

impl Name {
    /// The field of this name. Where it was the last time it nearly always is, and under the very same letters.
    fn find(&self, fields: &[(&'static str, Node)]) -> Option<Node> {
        let letters = |name: &'static str| name.as_ptr() as usize;
        if let Some((name, node)) = fields.get(self.place.load(Ordering::Relaxed))
            && name.len() == self.text.len()
            && (letters(name) == self.letters.load(Ordering::Relaxed) || *name == self.text)
        {
            return Some(*node);
        }
        let place = fields.iter().position(|(name, _)| *name == self.text)?;
        let (name, node) = fields.get(place)?;
        self.place.store(place, Ordering::Relaxed);
        self.letters.store(letters(name), Ordering::Relaxed);
        Some(*node)
    }
}

/// What expressions are about.
pub(super) struct Scene<'a> {
    pub(super) globals: &'a Tree,
    pub(super) page: &'a Tree,
    pub(super) slots: Vec<Value<'a>>,
}

impl Expr {
    pub(super) fn of<'a>(&'a self, scene: &Scene<'a>) -> Value<'a> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Number(number) => Value::Number(*number),
            Self::Bool(value) => Value::Bool(*value),
            Self::Page => Value::of(scene.page.root, scene.page),
            Self::Globals => Value::of(scene.globals.root, scene.globals),
            Self::Slot(slot) => scene.slots.get(*slot).cloned().unwrap_or(Value::Absent),
            Self::Field(of, name) => of.of(scene).field(name),
            Self::Item(of, place) => match of.of(scene) {
                Value::List(items, tree) => items.get(*place).map_or(Value::Absent, |(_, node)| Value::of(*node, tree)),
                _ => Value::Absent,
            },
            Self::First(of, most) => match of.of(scene) {
                Value::List(items, tree) => Value::List(&items[..items.len().min(*most)], tree),
                other => other,
            },
            Self::Not(value) => Value::Bool(!value.of(scene).is_true()),
            Self::And(left, right) => {
                Some(left.of(scene)).filter(|left| !left.is_true()).unwrap_or_else(|| right.of(scene))
            }
            Self::Or(left, right) => Some(left.of(scene)).filter(Value::is_true).unwrap_or_else(|| right.of(scene)),
            Self::Equal(left, right) => Value::Bool(left.of(scene).equals(&right.of(scene))),
            Self::More(left, right) => match (left.of(scene), right.of(scene)) {
                (Value::Number(left), Value::Number(right)) => Value::Bool(left > right),
                _ => Value::Absent,
            },
            Self::Choose(test, yes, no) => if test.of(scene).is_true() { yes } else { no }.of(scene),
            Self::Join(list, between) => match list.of(scene) {
                Value::List(items, tree) => {
                    let items: Vec<Value<'_>> = items.iter().map(|(_, node)| Value::of(*node, tree)).collect();
                    let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                    Value::Joined(items.join(between).into())
                }
                _ => Value::Absent,
            },
            Self::Concat(parts) => {
                let mut whole = String::new();
                for part in parts {
                    let part = part.of(scene);
                    let Some(text) = part.as_str() else { return Value::Absent };
                    whole.push_str(text);
                }
                Value::Joined(whole.into())
            }
            Self::Safe(value) => match value.of(scene) {
                Value::Text(text) => Value::Safe(text),
                other => other,
            },
        }
    }
}

/// The page.
pub(super) fn show(stencil: &Stencil, globals: &Tree, page: &Tree) -> Result<String, Fault> {
    let mut scene = Scene { globals, page, slots: vec![Value::Absent; stencil.slots] };
    let mut html = String::with_capacity(stencil.length + page.text.len() + page.text.len() / 4);
    run(&stencil.steps, &mut scene, &mut html)?;
    Ok(html)
}

fn run<'a>(steps: &'a [Step], scene: &mut Scene<'a>, html: &mut String) -> Result<(), Fault> {
    for step in steps {
        match step {
            Step::Text(text) => html.push_str(text),
            Step::Show(expr) => write(&expr.of(scene), html).map_err(|fault| format!("{fault}: {expr:?}"))?,
            Step::If(test, yes, no) => run(if test.of(scene).is_true() { yes } else { no }, scene, html)?,
            Step::Set(slot, expr) => {
                let value = expr.of(scene);
                set(scene, *slot, value);
            }
            Step::For { each, slot, body, otherwise } => match each.of(scene) {
                Value::List(items, tree) if !items.is_empty() => {
                    for (at, (_, item)) in items.iter().enumerate() {
                        set(scene, *slot, Value::of(*item, tree));
                        set(scene, *slot + 1, Value::Bool(at + 1 == items.len()));
                        run(body, scene, html)?;
                    }
                }
                _ => run(otherwise, scene, html)?,
            },
        }
    }
    Ok(())
}

fn set<'a>(scene: &mut Scene<'a>, slot: usize, value: Value<'a>) {
    if let Some(place) = scene.slots.get_mut(slot) {
        *place = value;
    }
}

/// Writes a value into HTML.
pub(super) fn write(value: &Value<'_>, html: &mut String) -> Result<(), Fault> {
    match value {
        Value::Text(text) => escape(text, html),
        Value::Joined(text) => escape(text, html),
        Value::Safe(text) => html.push_str(text),
        // Writing to a String does not fail.
        Value::Number(number) => drop(write!(html, "{number}")),
        Value::Bool(value) => drop(write!(html, "{value}")),
        Value::Absent => return Err("an absent value was to be printed".to_owned()),
        Value::List(..) | Value::Record(..) => return Err("what was to be printed is no text".to_owned()),
    }
    Ok(())
}

/// Other than minijinja's own way it leaves `/` alone, so that addresses stay readable.
pub(super) fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    let special = |text: &str| {
        let (marks, quotes) = (memchr3(b'&', b'<', b'>', text.as_bytes()), memchr2(b'"', b'\'', text.as_bytes()));
        marks.into_iter().chain(quotes).min()
    };
    while let Some(at) = special(rest) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_write_cannot_become_markup() {
        let show = |value: Value<'_>| {
            let mut html = String::new();
            write(&value, &mut html).map(|()| html)
        };
        assert_eq!(show(Value::Text("/a/?b=1&c=\"'<>")).unwrap(), "/a/?b=1&amp;c=&quot;&#39;&lt;&gt;");
        assert_eq!(show(Value::Joined("<i>".into())).unwrap(), "&lt;i&gt;");
        assert_eq!(show(Value::Safe("<i>")).unwrap(), "<i>");
        assert_eq!(show(Value::Number(7)).unwrap(), "7");
        assert!(show(Value::Absent).is_err());
    }
}
