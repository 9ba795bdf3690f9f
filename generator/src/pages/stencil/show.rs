//! Fills in a stencil.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use memchr::{memchr2, memchr3};

use super::Fault;
use super::compile::{Expr, Name, Root, Stencil, Step};
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
    /// From where to where in the row of the tree.
    List(usize, usize, &'a Tree<'a>),
    Record(usize, usize, &'a Tree<'a>),
}

impl<'a> Value<'a> {
    fn of(node: Node, tree: &'a Tree<'a>) -> Self {
        match node {
            Node::Absent => Self::Absent,
            Node::Bool(value) => Self::Bool(value),
            Node::Number(value) => Self::Number(value),
            Node::Text(start, end) => Self::Text(tree.cut(start, end)),
            Node::Safe(start, end) => Self::Safe(tree.cut(start, end)),
            Node::Inserted => Self::Safe(tree.inserted),
            Node::List(start, end) => Self::List(start, end, tree),
            Node::Record(start, end) => Self::Record(start, end, tree),
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
            Self::List(start, end, _) | Self::Record(start, end, _) => start < end,
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
            Self::Record(start, end, tree) => Self::of(name.find(tree.row(start, end)), tree),
            _ => Self::Absent,
        }
    }
}

impl Name {
    /// The field of this name. Where it was the last time it nearly always is, and under the very same letters.
    fn find(&self, fields: &[(&'static str, Node)]) -> Node {
        let letters = |name: &'static str| name.as_ptr() as usize;
        if let Some((name, node)) = fields.get(self.place.load(Ordering::Relaxed))
            && name.len() == self.text.len()
            && (letters(name) == self.letters.load(Ordering::Relaxed) || *name == self.text)
        {
            return *node;
        }
        let found = fields.iter().enumerate().find(|(_, (name, _))| *name == self.text);
        let Some((place, (name, node))) = found else { return Node::Absent };
        self.place.store(place, Ordering::Relaxed);
        self.letters.store(letters(name), Ordering::Relaxed);
        *node
    }
}

/// What expressions are about.
pub(super) struct Scene<'a> {
    pub(super) globals: &'a Tree<'a>,
    pub(super) page: &'a Tree<'a>,
    pub(super) slots: Vec<Value<'a>>,
}

/// What stands at the end of a row of names.
fn follow<'a>(root: Root, names: &[Arc<Name>], scene: &Scene<'a>) -> Value<'a> {
    let (mut node, tree) = match root {
        Root::Page => (scene.page.root, scene.page),
        Root::Globals => (scene.globals.root, scene.globals),
        Root::Slot(slot) => match scene.slots.get(slot) {
            Some(Value::Record(start, end, tree)) => (Node::Record(*start, *end), *tree),
            _ => return Value::Absent,
        },
    };
    for name in names {
        let Node::Record(start, end) = node else { return Value::Absent };
        node = name.find(tree.row(start, end));
    }
    Value::of(node, tree)
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
            Self::Path(root, names) => follow(*root, names, scene),
            Self::Field(of, name) => of.of(scene).field(name),
            Self::Item(of, place) => match of.of(scene) {
                Value::List(start, end, tree) => {
                    tree.row(start, end).get(*place).map_or(Value::Absent, |(_, node)| Value::of(*node, tree))
                }
                _ => Value::Absent,
            },
            Self::First(of, most) => match of.of(scene) {
                Value::List(start, end, tree) => Value::List(start, end.min(start.saturating_add(*most)), tree),
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
                Value::List(start, end, tree) => {
                    let items: Vec<Value<'_>> =
                        tree.row(start, end).iter().map(|(_, node)| Value::of(*node, tree)).collect();
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
pub(super) fn show(stencil: &Stencil, globals: &Tree<'_>, page: &Tree<'_>) -> Result<String, Fault> {
    let mut scene = Scene { globals, page, slots: vec![Value::Absent; stencil.slots] };
    let mut html = String::with_capacity(stencil.length + page.text.len() + page.text.len() / 4 + page.inserted.len());
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
                Value::List(start, end, tree) if start < end => {
                    for at in start..end {
                        let item = tree.nodes.get(at).map_or(Value::Absent, |(_, item)| Value::of(*item, tree));
                        set(scene, *slot, item);
                        set(scene, *slot + 1, Value::Bool(at + 1 == end));
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
    if is_plain(text.as_bytes()) {
        html.push_str(text);
        return;
    }
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

/// Whether nothing has to be escaped, which holds for nearly every text.
fn is_plain(bytes: &[u8]) -> bool {
    // `&` and `'`, `<` and `>` differ in one bit each.
    let special = |byte: u8| (byte & 0xFE == b'&') | (byte & 0xFD == b'<') | (byte == b'"');
    let found = |block: &[u8; 16]| block.iter().fold(false, |found, byte| found | special(*byte));
    match bytes.last_chunk() {
        // The last block overlaps the one before it.
        Some(last) => !bytes.as_chunks().0.iter().fold(found(last), |any, block| any | found(block)),
        None => !bytes.iter().any(|byte| special(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_is_known_by_every_byte() {
        for length in 1..50 {
            for place in 0..length {
                let bytes: Vec<Vec<u8>> = (0..=255)
                    .map(|byte| {
                        let mut bytes = vec![b'a'; length];
                        bytes[place] = byte;
                        bytes
                    })
                    .collect();
                let special: Vec<u8> = (0..=255).filter(|byte| !is_plain(&bytes[usize::from(*byte)])).collect();
                assert_eq!(special, b"\"&'<>");
            }
        }
    }

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
