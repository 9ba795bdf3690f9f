//! A view as templates see it: records, lists and texts, copied from what serde shows of it.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

/// A view: all its texts in one piece, all its parts in one row, and where in them what stands.
#[derive(Debug)]
pub(in super::super) struct Tree<'h> {
    pub(super) text: String,
    pub(super) nodes: Vec<(&'static str, Node)>,
    pub(super) root: Node,
    /// HTML that is too long to copy, for [`Node::Inserted`].
    pub(super) inserted: &'h str,
}

/// A part of a view.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    /// What is not there.
    Absent,
    Bool(bool),
    Number(i64),
    /// To be escaped; from where to where.
    Text(usize, usize),
    /// HTML.
    Safe(usize, usize),
    /// HTML that stands in no tree.
    Inserted,
    /// From where to where; the names are empty.
    List(usize, usize),
    Record(usize, usize),
}

impl<'h> Tree<'h> {
    /// Copies a view, whose texts are some `room` bytes.
    ///
    /// # Errors
    /// What templates have no use for, such as fractions and maps.
    pub(in super::super) fn of(view: &impl Serialize, room: usize, inserted: &'h str) -> Result<Self, super::Fault> {
        let (text, nodes, open) = (String::with_capacity(room), Vec::with_capacity(400), Vec::with_capacity(64));
        let mut sheet = Sheet { text, nodes, open };
        let root = view.serialize(Copyist(&mut sheet)).map_err(|Unseen(what)| what)?;
        Ok(Self { text: sheet.text, nodes: sheet.nodes, root, inserted })
    }

    pub(super) fn cut(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn row(&self, start: usize, end: usize) -> &[(&'static str, Node)] {
        self.nodes.get(start..end).unwrap_or_default()
    }
}

/// A tree in the making.
struct Sheet {
    text: String,
    nodes: Vec<(&'static str, Node)>,
    /// The parts of lists and records that are not complete, the innermost last.
    open: Vec<(&'static str, Node)>,
}

impl Sheet {
    /// Closes a list or record whose parts are open from `start` on.
    fn close(&mut self, start: usize) -> (usize, usize) {
        let first = self.nodes.len();
        self.nodes.extend(self.open.drain(start..));
        (first, self.nodes.len())
    }
}

/// Something that no template shows.
#[derive(Debug)]
pub(super) struct Unseen(String);

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unseen {}

impl ser::Error for Unseen {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }
}

fn unseen<T>(what: &str) -> Result<T, Unseen> {
    Err(Unseen(format!("templates do not show {what}")))
}

struct Copyist<'t>(&'t mut Sheet);

impl Copyist<'_> {
    fn copy(self, text: &str) -> (usize, usize) {
        let start = self.0.text.len();
        self.0.text.push_str(text);
        (start, self.0.text.len())
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, number: $type) -> Result<Node, Unseen> {
            i64::try_from(number).map(Node::Number).or_else(|_| unseen("numbers as large as that"))
        })*
    };
}

impl<'t> Serializer for Copyist<'t> {
    type Ok = Node;
    type Error = Unseen;
    type SerializeSeq = Items<'t>;
    type SerializeTuple = Items<'t>;
    type SerializeTupleStruct = Impossible<Node, Unseen>;
    type SerializeTupleVariant = Impossible<Node, Unseen>;
    type SerializeMap = Impossible<Node, Unseen>;
    type SerializeStruct = Fields<'t>;
    type SerializeStructVariant = Impossible<Node, Unseen>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<Node, Unseen> {
        Ok(Node::Bool(value))
    }

    fn serialize_str(self, text: &str) -> Result<Node, Unseen> {
        let (start, end) = self.copy(text);
        Ok(Node::Text(start, end))
    }

    fn serialize_char(self, ch: char) -> Result<Node, Unseen> {
        self.serialize_str(ch.encode_utf8(&mut [0; 4]))
    }

    fn serialize_none(self) -> Result<Node, Unseen> {
        Ok(Node::Absent)
    }

    fn serialize_unit(self) -> Result<Node, Unseen> {
        Ok(Node::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Unseen> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, Unseen> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Node, Unseen> {
        match value.serialize(self)? {
            // The one type that stands for HTML.
            Node::Text(start, end) if name == "Safe" => Ok(Node::Safe(start, end)),
            other => Ok(other),
        }
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'t>, Unseen> {
        Ok(Items { start: self.0.open.len(), sheet: self.0 })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'t>, Unseen> {
        self.serialize_seq(Some(length))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'t>, Unseen> {
        Ok(Fields { start: self.0.open.len(), sheet: self.0 })
    }

    fn serialize_f32(self, _: f32) -> Result<Node, Unseen> {
        unseen("fractions")
    }

    fn serialize_f64(self, _: f64) -> Result<Node, Unseen> {
        unseen("fractions")
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, Unseen> {
        unseen("bytes")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<Node, Unseen> {
        if name == "Inserted" { Ok(Node::Inserted) } else { unseen(name) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Node, Unseen> {
        unseen(name)
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unseen> {
        unseen(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unseen> {
        unseen(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unseen> {
        unseen("maps")
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unseen> {
        unseen(name)
    }
}

pub(super) struct Items<'t> {
    sheet: &'t mut Sheet,
    start: usize,
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = Node;
    type Error = Unseen;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unseen> {
        let node = value.serialize(Copyist(self.sheet))?;
        self.sheet.open.push(("", node));
        Ok(())
    }

    fn end(self) -> Result<Node, Unseen> {
        let (start, end) = self.sheet.close(self.start);
        Ok(Node::List(start, end))
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = Node;
    type Error = Unseen;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unseen> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Node, Unseen> {
        ser::SerializeSeq::end(self)
    }
}

pub(super) struct Fields<'t> {
    sheet: &'t mut Sheet,
    start: usize,
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = Node;
    type Error = Unseen;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unseen> {
        let node = value.serialize(Copyist(self.sheet))?;
        self.sheet.open.push((name, node));
        Ok(())
    }

    fn end(self) -> Result<Node, Unseen> {
        let (start, end) = self.sheet.close(self.start);
        Ok(Node::Record(start, end))
    }
}
