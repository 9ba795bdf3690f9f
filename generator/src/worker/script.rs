//! What a browser would stumble over in a script, before one does.

use std::collections::BTreeSet;

use tree_sitter::{Language, Node, Parser};

/// Names that a service worker finds there (ECMAScript, and `ServiceWorkerGlobalScope` with what it inherits), and those that
/// the build puts before its source. A name that is missing here is a slip, or is to be added with the code that needs it.
const KNOWN: &str = "\
    AbortController AbortSignal AggregateError Array ArrayBuffer BigInt Blob Boolean BroadcastChannel Cache CacheStorage \
    Client Clients CompressionStream DOMException DataView Date DecompressionStream Error EvalError Event \
    ExtendableEvent FetchEvent File Float64Array FormData Headers Infinity Int32Array Intl JSON Map Math MessageChannel \
    MessageEvent NaN Notification Number Object Promise Proxy RangeError ReadableStream ReferenceError Reflect RegExp \
    Request Response Set String Symbol SyntaxError TextDecoder TextEncoder TransformStream TypeError URIError URL \
    URLSearchParams Uint32Array Uint8Array WeakMap WeakRef WeakSet WebAssembly WindowClient WritableStream YIMA \
    addEventListener arguments atob btoa caches clearInterval clearTimeout clients console crossOriginIsolated crypto \
    decodeURI decodeURIComponent dispatchEvent encodeURI encodeURIComponent fetch globalThis indexedDB isFinite isNaN \
    isSecureContext location maker navigator origin parseFloat parseInt performance queueMicrotask registration \
    removeEventListener self setInterval setTimeout skipWaiting structuredClone undefined wasm_bindgen";

/// What an event has that a worker is told of (`ExtendableEvent`, `FetchEvent`, `ExtendableMessageEvent`).
const OF_EVENT: &str = "\
    clientId data handled lastEventId origin ports preloadResponse request resultingClientId respondWith source waitUntil";

/// Something that no browser could run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// Counted from 1.
    pub(super) line: usize,
    /// What stands there: a name that nobody has declared; nothing where it is the grammar.
    pub(super) name: Option<String>,
}

/// The first slip of a service worker's source, if it has one. Names are looked up without regard to where in the source they
/// are declared.
pub(super) fn slip(source: &str) -> Option<Slip> {
    let mut parser = Parser::new();
    let grammar = parser.set_language(&Language::new(tree_sitter_javascript::LANGUAGE));
    // What cannot be read at all is not published either.
    let Some(tree) = grammar.ok().and_then(|()| parser.parse(source, None)) else {
        return Some(Slip { line: 1, name: None });
    };
    let nodes = all(tree.root_node());
    let at = |node: &Node<'_>, name| Slip { line: node.start_position().row + 1, name };
    if let Some(node) = nodes.iter().find(|node| node.is_error() || node.is_missing()) {
        return Some(at(node, None));
    }
    // This grammar takes an `await` before a parenthesis for a name.
    let mut names: BTreeSet<&str> = KNOWN.split(' ').chain(["await"]).collect();
    nodes.iter().for_each(|node| declared(*node, source, &mut names));
    let text = |node: &Node<'_>| source.get(node.byte_range()).unwrap_or_default();
    let is_unknown = |node: &&Node<'_>| match node.kind() {
        "identifier" | "shorthand_property_identifier" => !names.contains(text(node)),
        "member_expression" => {
            let [object, property] =
                ["object", "property"].map(|field| node.child_by_field_name(field).map_or("", |part| text(&part)));
            object == "event" && !OF_EVENT.split(' ').any(|other| other == property)
        }
        _ => false,
    };
    let unknown = nodes.iter().find(is_unknown)?;
    Some(at(unknown, Some(text(unknown).to_owned())))
}

/// All nodes of a tree, in the order of the source.
fn all(root: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = root.walk();
    let mut nodes = Vec::new();
    loop {
        nodes.push(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return nodes;
            }
        }
    }
}

/// Takes the names that a node declares.
fn declared<'s>(node: Node<'_>, source: &'s str, names: &mut BTreeSet<&'s str>) {
    let patterns: Vec<Node<'_>> = match node.kind() {
        "formal_parameters" => node.named_children(&mut node.walk()).collect(),
        "for_in_statement" if node.child_by_field_name("kind").is_none() => Vec::new(),
        "for_in_statement" => node.child_by_field_name("left").into_iter().collect(),
        kind => {
            let field = match kind {
                "arrow_function" | "catch_clause" => "parameter",
                _ => "name",
            };
            node.child_by_field_name(field).into_iter().collect()
        }
    };
    for named in patterns.into_iter().flat_map(all) {
        // What stands behind `=` in a pattern is used there, not declared.
        let is_default = named.parent().is_some_and(|parent| parent.child_by_field_name("right") == Some(named));
        if matches!(named.kind(), "identifier" | "shorthand_property_identifier_pattern") && !is_default {
            names.insert(source.get(named.byte_range()).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worker that is published.
    const WORKER: &str = include_str!("../../../public/worker.js");

    #[test]
    fn the_worker_has_no_slip() {
        assert_eq!(slip(WORKER), None);
    }

    #[test]
    fn what_no_browser_could_run_is_found_on_its_line() {
        let line = |text: &str| WORKER.lines().position(|line| line.contains(text)).unwrap() + 1;
        for (right, wrong, name) in [
            ("\nasync function look() {", "\n<<<<<<< HEAD\nasync function look() {", None),
            ("const box = await store();", "const box = await store(;", None),
            ("skipWaiting();", "skipWaitng();", Some("skipWaitng")),
            ("held = [next,", "helt = [next,", Some("helt")),
            ("event.respondWith(", "event.respondwith(", Some("event.respondwith")),
            ("held = [];", "held [];", None),
        ] {
            let broken = WORKER.replacen(right, wrong, 1);
            assert_ne!(broken, WORKER, "{right}");
            let expected = line(right.trim());
            assert_eq!(slip(&broken), Some(Slip { line: expected, name: name.map(str::to_owned) }), "{wrong}");
        }
        for half in (1..WORKER.len()).step_by(997).filter(|at| WORKER.is_char_boundary(*at)) {
            let cut = WORKER.get(..half).unwrap();
            let whole = cut.trim_end().ends_with(['}', ';', '*', '/']);
            assert!(whole || slip(cut).is_some(), "cut off at {half}");
        }
    }
}
