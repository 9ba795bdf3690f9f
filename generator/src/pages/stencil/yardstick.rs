//! The same page by minijinja itself.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter};

use super::tree::{Node, Tree};
use crate::pages::templates::{TEMPLATES, syntax};

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        env.set_syntax(syntax().unwrap());
        env.set_formatter(write_html);
        for (name, source) in TEMPLATES {
            env.add_template(name, source).unwrap();
        }
        env
    })
}

/// Holds `html` against what minijinja makes of the same template and the same values.
pub(super) fn compare(template: &str, globals: &Tree<'_>, page: &Tree<'_>, html: &str) {
    let fields = |tree: &Tree<'_>| match tree.root {
        Node::Record(start, end) => record(start, end, tree),
        _ => BTreeMap::new(),
    };
    let mut known = fields(globals);
    known.extend(fields(page));
    let known = Value::from_object(known);
    let shown = environment().get_template(template).and_then(|template| template.render(known));
    assert_eq!(html, shown.unwrap(), "{template}");
}

fn record(start: usize, end: usize, tree: &Tree<'_>) -> BTreeMap<String, Value> {
    tree.row(start, end).iter().map(|(name, node)| ((*name).to_owned(), value(*node, tree))).collect()
}

fn value(node: Node, tree: &Tree<'_>) -> Value {
    match node {
        Node::Absent => Value::from(()),
        Node::Bool(value) => Value::from(value),
        Node::Number(number) => Value::from(number),
        Node::Text(start, end) => Value::from(tree.cut(start, end)),
        Node::Safe(start, end) => Value::from_safe_string(tree.cut(start, end).to_owned()),
        Node::Inserted => Value::from_safe_string(tree.inserted.to_owned()),
        Node::List(start, end) => {
            Value::from(tree.row(start, end).iter().map(|(_, node)| value(*node, tree)).collect::<Vec<_>>())
        }
        Node::Record(start, end) => Value::from_object(record(start, end, tree)),
    }
}

/// Other than minijinja's own way it leaves `/` alone, and refuses an absent value, which would read `None`.
fn write_html(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => Ok(out.write_str(text)?),
        Some(text) => {
            let mut html = String::new();
            super::show::escape(text, &mut html);
            Ok(out.write_str(&html)?)
        }
        None if value.is_none() => Err(Error::new(ErrorKind::InvalidOperation, "an absent value was to be printed")),
        None => escape_formatter(out, state, value),
    }
}
