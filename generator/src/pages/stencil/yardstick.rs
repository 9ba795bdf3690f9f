//! The same page by minijinja itself.

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
pub(super) fn compare(template: &str, globals: &Tree, page: &Tree, html: &str) {
    let fields = |tree: &Tree| match &tree.root {
        Node::Record(fields) => fields.iter().map(|(name, node)| (*name, value(node, &tree.text))).collect(),
        _ => Vec::new(),
    };
    let known: Value = fields(globals).into_iter().chain(fields(page)).collect();
    let shown = environment().get_template(template).and_then(|template| template.render(known));
    assert_eq!(html, shown.unwrap(), "{template}");
}

fn value(node: &Node, text: &str) -> Value {
    match node {
        Node::Absent => Value::from(()),
        Node::Bool(value) => Value::from(*value),
        Node::Number(number) => Value::from(*number),
        Node::Text(start, end) => Value::from(&text[*start..*end]),
        Node::Safe(start, end) => Value::from_safe_string(text[*start..*end].to_owned()),
        Node::List(items) => Value::from(items.iter().map(|node| value(node, text)).collect::<Vec<_>>()),
        Node::Record(fields) => fields.iter().map(|(name, node)| (*name, value(node, text))).collect(),
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
