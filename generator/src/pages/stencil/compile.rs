//! A template, with all it extends and includes, becomes one row of steps.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr as Parsed, Stmt, UnaryOpKind};
use minijinja::machinery::parse;

use super::Fault;
use super::show::{Scene, Value, write};
use super::tree::{Node, Tree};
use crate::pages::templates::syntax;

/// A template made ready.
#[derive(Debug)]
pub(super) struct Stencil {
    pub(super) steps: Vec<Step>,
    /// How many places for names it needs.
    pub(super) slots: usize,
    /// Bytes of the texts it consists of.
    pub(super) length: usize,
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Step {
    Text(String),
    Show(Expr),
    If(Expr, Vec<Step>, Vec<Step>),
    Set(usize, Expr),
    /// For each item, which goes into `slot`, and whether it is the last into the next.
    For {
        each: Expr,
        slot: usize,
        body: Vec<Step>,
        otherwise: Vec<Step>,
    },
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Text(String),
    Number(i64),
    Bool(bool),
    /// All that the page knows.
    Page,
    /// All that every page knows.
    Globals,
    Slot(usize),
    /// A field of a field of what stands at the root: nearly all that a page asks for.
    Path(Root, Vec<Arc<Name>>),
    /// A field of anything else.
    Field(Box<Expr>, Arc<Name>),
    Item(Box<Expr>, usize),
    /// At most so many items.
    First(Box<Expr>, usize),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Equal(Box<Expr>, Box<Expr>),
    More(Box<Expr>, Box<Expr>),
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
    Join(Box<Expr>, String),
    Concat(Vec<Expr>),
    Safe(Box<Expr>),
}

/// Where a row of names begins.
#[derive(Clone, Copy, Debug)]
pub(super) enum Root {
    Page,
    Globals,
    Slot(usize),
}

/// The name of a field.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: String,
    /// Where among the fields it was found last: a guess for the next time.
    pub(super) place: AtomicUsize,
    /// Where the letters of the name lie that was found last: names that begin there and are as long are the same.
    pub(super) letters: AtomicUsize,
}

impl Expr {
    /// Whether it is the same on every page.
    fn is_fixed(&self) -> bool {
        match self {
            Self::Text(_) | Self::Number(_) | Self::Bool(_) | Self::Globals => true,
            Self::Page | Self::Slot(_) => false,
            Self::Path(root, _) => matches!(root, Root::Globals),
            Self::Field(of, _) | Self::Join(of, _) => of.is_fixed(),
            Self::Item(of, _) | Self::First(of, _) | Self::Not(of) | Self::Safe(of) => of.is_fixed(),
            Self::And(a, b) | Self::Or(a, b) | Self::Equal(a, b) | Self::More(a, b) => a.is_fixed() && b.is_fixed(),
            Self::Choose(a, b, c) => a.is_fixed() && b.is_fixed() && c.is_fixed(),
            Self::Concat(parts) => parts.iter().all(Self::is_fixed),
        }
    }
}

/// Makes the template `name` ready for pages that know `roots`.
pub(super) fn stencil(
    sources: &[(&'static str, &'static str)],
    globals: &Tree<'_>,
    name: &'static str,
    roots: &[&'static str],
) -> Result<Stencil, Fault> {
    let page = Tree { text: String::new(), nodes: Vec::new(), root: Node::Absent, inserted: "" };
    let scene = Scene { globals, page: &page, slots: Vec::new() };
    let scope = roots.iter().map(|&root| (root.to_owned(), field(Expr::Page, root))).collect();
    let mut compiler = Compiler { sources, scene, scope, blocks: BTreeMap::new(), slots: 0 };
    let mut steps = Vec::new();
    compiler.template(name, &mut steps)?;
    let slots = compiler.slots;
    Ok(Stencil { length: length(&steps), steps, slots })
}

fn length(steps: &[Step]) -> usize {
    let lengths = steps.iter().map(|step| match step {
        Step::Text(text) => text.len(),
        Step::If(_, yes, no) => length(yes) + length(no),
        Step::For { body, otherwise, .. } => 4 * length(body) + length(otherwise),
        Step::Show(_) | Step::Set(..) => 0,
    });
    lengths.sum()
}

fn field(of: Expr, name: &str) -> Expr {
    // No place yet: where the first one is found is noted with its letters.
    let (place, letters) = (AtomicUsize::new(usize::MAX), AtomicUsize::new(0));
    let name = Arc::new(Name { text: name.to_owned(), place, letters });
    match of {
        Expr::Page => Expr::Path(Root::Page, vec![name]),
        Expr::Globals => Expr::Path(Root::Globals, vec![name]),
        Expr::Slot(slot) => Expr::Path(Root::Slot(slot), vec![name]),
        Expr::Path(root, mut names) => {
            names.push(name);
            Expr::Path(root, names)
        }
        of => Expr::Field(Box::new(of), name),
    }
}

struct Compiler<'s> {
    sources: &'s [(&'static str, &'static str)],
    scene: Scene<'s>,
    /// Names and what they mean, the innermost last.
    scope: Vec<(String, Expr)>,
    /// The blocks that an extending template has for the one it extends, by their places in it.
    blocks: BTreeMap<&'static str, (Rc<Stmt<'static>>, usize)>,
    slots: usize,
}

impl Compiler<'_> {
    fn template(&mut self, name: &str, steps: &mut Vec<Step>) -> Result<(), Fault> {
        let Some(&(name, source)) = self.sources.iter().find(|(other, _)| *other == name) else {
            return Err(format!("there is no {name}"));
        };
        let parsed = Rc::new(parse(source, name, syntax()?).map_err(|error| format!("{error:#}"))?);
        let Stmt::Template(template) = &*parsed else { return Err(format!("{name} is no template")) };
        let extended = template.children.iter().find_map(|statement| match statement {
            Stmt::Extends(extends) => Some(text(&extends.name)),
            _ => None,
        });
        let Some(extended) = extended else { return self.body(&template.children, steps) };
        for (place, statement) in template.children.iter().enumerate() {
            if let Stmt::Block(block) = statement {
                self.blocks.insert(block.name, (Rc::clone(&parsed), place));
            }
        }
        self.template(&extended?, steps)
    }

    /// Statements that share their names.
    fn body(&mut self, statements: &[Stmt<'static>], steps: &mut Vec<Step>) -> Result<(), Fault> {
        let names = self.scope.len();
        statements.iter().try_for_each(|statement| self.statement(statement, steps))?;
        self.scope.truncate(names);
        Ok(())
    }

    fn part(&mut self, statements: &[Stmt<'static>]) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        self.body(statements, &mut steps)?;
        Ok(steps)
    }

    fn statement(&mut self, statement: &Stmt<'static>, steps: &mut Vec<Step>) -> Result<(), Fault> {
        match statement {
            Stmt::EmitRaw(raw) => say(steps, raw.raw),
            Stmt::EmitExpr(emit) => {
                let expr = self.expr(&emit.expr)?;
                let mut shown = String::new();
                // What is not there may stand where no page comes by.
                if expr.is_fixed() && write(&expr.of(&self.scene), &mut shown).is_ok() {
                    say(steps, &shown);
                } else {
                    steps.push(Step::Show(expr));
                }
            }
            Stmt::IfCond(cond) => {
                let test = self.expr(&cond.expr)?;
                if test.is_fixed() {
                    let yes = self.is_true(&test);
                    self.body(if yes { &cond.true_body } else { &cond.false_body }, steps)?;
                } else {
                    let (yes, no) = (self.part(&cond.true_body)?, self.part(&cond.false_body)?);
                    steps.push(Step::If(test, yes, no));
                }
            }
            Stmt::ForLoop(each) => {
                let Parsed::Var(name) = &each.target else { return beyond("a loop over pairs") };
                if each.recursive || each.filter_expr.is_some() {
                    return beyond("a loop with a condition");
                }
                let (list, slot, names) = (self.expr(&each.iter)?, self.slots, self.scope.len());
                self.slots += 2;
                self.scope.push((name.id.to_owned(), Expr::Slot(slot)));
                self.scope.push(("loop.last".to_owned(), Expr::Slot(slot + 1)));
                let body = self.part(&each.body)?;
                self.scope.truncate(names);
                let otherwise = self.part(&each.else_body)?;
                steps.push(Step::For { each: list, slot, body, otherwise });
            }
            Stmt::WithBlock(with) => {
                let names = self.scope.len();
                let values: Vec<Expr> =
                    with.assignments.iter().map(|(_, value)| self.expr(value)).collect::<Result<_, _>>()?;
                for ((name, _), value) in with.assignments.iter().zip(values) {
                    self.bind(name, value, steps)?;
                }
                self.body(&with.body, steps)?;
                self.scope.truncate(names);
            }
            Stmt::Set(set) => {
                let value = self.expr(&set.expr)?;
                self.bind(&set.target, value, steps)?;
            }
            Stmt::Include(include) => self.template(&text(&include.name)?, steps)?,
            Stmt::Block(block) => match self.blocks.remove(block.name) {
                Some((parsed, place)) => {
                    if let Stmt::Template(template) = &*parsed
                        && let Some(Stmt::Block(own)) = template.children.get(place)
                    {
                        self.body(&own.body, steps)?;
                    }
                }
                None => self.body(&block.body, steps)?,
            },
            _ => return beyond("a statement"),
        }
        Ok(())
    }

    /// Gives a value a name: one that is the same on every page stands for itself.
    fn bind(&mut self, name: &Parsed<'_>, value: Expr, steps: &mut Vec<Step>) -> Result<(), Fault> {
        let Parsed::Var(name) = name else { return beyond("several names at once") };
        let value = if value.is_fixed() {
            value
        } else {
            let slot = self.slots;
            self.slots += 1;
            steps.push(Step::Set(slot, value));
            Expr::Slot(slot)
        };
        self.scope.push((name.id.to_owned(), value));
        Ok(())
    }

    fn is_true(&self, expr: &Expr) -> bool {
        let test = Expr::Not(Box::new(expr.clone()));
        matches!(test.of(&self.scene), Value::Bool(false))
    }

    fn name(&self, name: &str) -> Result<Expr, Fault> {
        if let Some((_, value)) = self.scope.iter().rev().find(|(other, _)| other == name) {
            return Ok(value.clone());
        }
        let globals = self.scene.globals;
        match globals.root {
            Node::Record(start, end) if globals.row(start, end).iter().any(|(other, _)| *other == name) => {
                Ok(field(Expr::Globals, name))
            }
            _ => Err(format!("nobody knows {name}")),
        }
    }

    fn expr(&self, parsed: &Parsed<'_>) -> Result<Expr, Fault> {
        let boxed = |parsed: &Parsed<'_>| Ok::<_, Fault>(Box::new(self.expr(parsed)?));
        Ok(match parsed {
            Parsed::Var(var) => self.name(var.id)?,
            Parsed::Const(constant) => {
                let value = &constant.value;
                match (value.as_str(), i64::try_from(value.clone())) {
                    (Some(text), _) => Expr::Text(text.to_owned()),
                    // Truth converts to a number as well.
                    (None, Ok(number)) if value.is_number() => Expr::Number(number),
                    _ => Expr::Bool(value.is_true()),
                }
            }
            Parsed::GetAttr(get) => match &get.expr {
                Parsed::Var(var) if var.id == "loop" => self.name(&format!("loop.{}", get.name))?,
                of => field(self.expr(of)?, get.name),
            },
            Parsed::GetItem(get) => match self.expr(&get.subscript_expr)? {
                Expr::Number(place) => {
                    Expr::Item(boxed(&get.expr)?, usize::try_from(place).map_err(|error| error.to_string())?)
                }
                Expr::Text(name) => field(self.expr(&get.expr)?, &name),
                _ => return beyond("a computed place"),
            },
            Parsed::Slice(slice) => match (&slice.start, &slice.stop, &slice.step) {
                (None, Some(stop), None) => match self.expr(stop)? {
                    Expr::Number(most) => {
                        Expr::First(boxed(&slice.expr)?, usize::try_from(most).map_err(|error| error.to_string())?)
                    }
                    _ => return beyond("a computed end"),
                },
                _ => return beyond("a part from the middle"),
            },
            Parsed::UnaryOp(unary) => match unary.op {
                UnaryOpKind::Not => Expr::Not(boxed(&unary.expr)?),
                UnaryOpKind::Neg => return beyond("a sign"),
            },
            Parsed::BinOp(binary) => {
                let (left, right) = (boxed(&binary.left)?, boxed(&binary.right)?);
                match binary.op {
                    BinOpKind::ScAnd => Expr::And(left, right),
                    BinOpKind::ScOr => Expr::Or(left, right),
                    BinOpKind::Eq => Expr::Equal(left, right),
                    BinOpKind::Ne => Expr::Not(Box::new(Expr::Equal(left, right))),
                    BinOpKind::Gt => Expr::More(left, right),
                    BinOpKind::Concat => Expr::Concat(match *left {
                        Expr::Concat(mut parts) => {
                            parts.push(*right);
                            parts
                        }
                        left => vec![left, *right],
                    }),
                    _ => return beyond("an operator"),
                }
            }
            Parsed::Compare(compare) => {
                let [other] = compare.ops.as_slice() else { return beyond("a chain of comparisons") };
                let (left, right) = (boxed(&compare.expr)?, boxed(&other.expr)?);
                match other.op {
                    CompareOpKind::Eq => Expr::Equal(left, right),
                    CompareOpKind::Ne => Expr::Not(Box::new(Expr::Equal(left, right))),
                    CompareOpKind::Gt => Expr::More(left, right),
                    _ => return beyond("a comparison"),
                }
            }
            Parsed::IfExpr(choice) => {
                let Some(no) = &choice.false_expr else { return beyond("a choice of one") };
                Expr::Choose(boxed(&choice.test_expr)?, boxed(&choice.true_expr)?, boxed(no)?)
            }
            Parsed::Filter(filter) => {
                let Some(of) = &filter.expr else { return beyond("a filter of nothing") };
                match (filter.name, filter.args.as_slice()) {
                    ("safe", []) => Expr::Safe(boxed(of)?),
                    ("join", [CallArg::Pos(between)]) => Expr::Join(boxed(of)?, text(between)?),
                    (name, _) => return beyond(name),
                }
            }
            _ => return beyond("an expression"),
        })
    }
}

/// A text that stands in the template.
fn text(parsed: &Parsed<'_>) -> Result<String, Fault> {
    match parsed.as_const().as_ref().and_then(minijinja::Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => beyond("a computed name"),
    }
}

fn say(steps: &mut Vec<Step>, words: &str) {
    match steps.last_mut() {
        Some(Step::Text(text)) => text.push_str(words),
        _ if words.is_empty() => {}
        _ => steps.push(Step::Text(words.to_owned())),
    }
}

fn beyond<T>(what: &str) -> Result<T, Fault> {
    Err(format!("{what} is more than templates here may use"))
}
