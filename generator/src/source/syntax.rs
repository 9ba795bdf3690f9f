//! What the TOML parser complains about, in words an editor can act on.

use toml::de::Error;

use crate::mistake::Fault;

/// The most complaints kept per file: a file that is not TOML at all has one on every line.
const MAX_KEPT: usize = 20;

/// A syntax error with its place.
pub(super) struct Complaint {
    /// Byte of the text.
    pub(super) offset: usize,
    /// What.
    pub(super) fault: Fault,
    /// Whether the rest of the text was read as something else, so that nothing said about it counts.
    pub(super) derails: bool,
}

/// The parser's errors, in order of place, without those that only follow from another.
///
/// Dates that do not exist are left out: the reader of the key reports them, by name.
pub(super) fn complaints(text: &str, errors: &[Error]) -> Vec<Complaint> {
    let mut complaints: Vec<Complaint> =
        errors.iter().filter(|error| !is_date(error)).map(|error| complaint(text, error)).collect();
    complaints.sort_by_key(|complaint| (complaint.offset, !complaint.derails));
    // One slip makes the parser stumble several times: on its line, and after it when a bracket or quote stayed open.
    let mut kept: Vec<Complaint> = Vec::new();
    for complaint in complaints {
        let follows = kept.last().is_some_and(|last| {
            last.derails || !text.get(last.offset..complaint.offset).unwrap_or_default().contains('\n')
        });
        if !follows && kept.len() < MAX_KEPT {
            kept.push(complaint);
        }
    }
    kept
}

fn is_date(error: &Error) -> bool {
    ["invalid date", "invalid time"].iter().any(|start| error.message().starts_with(start))
}

fn complaint(text: &str, error: &Error) -> Complaint {
    let span = error.span().unwrap_or(0..0);
    let snippet = text.get(span.clone()).unwrap_or_default();
    let message = error.message();
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let starts = |start: &str| message.starts_with(start);
    let mut offset = span.start;
    let mut derails = false;
    let (zh, hint) = if starts("duplicate key") {
        (format!("{snippet} 写了两次"), "留一个，删去另一个；同名的表合成一个")
    } else if starts("string values must be quoted") {
        if snippet.is_empty() {
            ("等号后面没有写值".to_owned(), "写上值；不是必填的，可以整行删去")
        } else if snippet.starts_with(['“', '”', '‘', '’', '「', '＂']) {
            (format!("引号要用英文的：{snippet}"), "把两头的引号改成英文双引号 \"")
        } else {
            (format!("文字没有加引号：{snippet}"), "两头加上英文双引号 \"")
        }
    } else if starts("invalid multi-line") {
        // The parser only notices at the end of the file; the editor needs the place where it began.
        let quote = if message.contains("literal") { "'''" } else { "\"\"\"" };
        (offset, derails) = (before.rfind(quote).unwrap_or(offset), true);
        (format!("{quote} 没有成对"), "在这段文字的末尾补上同样的引号")
    } else if starts("invalid basic string, expected non") {
        ("引号里有看不见的字符".to_owned(), "删去它；多半是从别处粘贴带来的")
    } else if starts("invalid basic string") || starts("invalid literal string") || starts("missing opening quote") {
        ("引号没有成对".to_owned(), "在文字的末尾补上英文双引号 \"")
    } else if starts("missing escaped value") || message.contains("escape") || message.contains("unicode") {
        ("反斜杠 \\ 后面的字符不对".to_owned(), "要写反斜杠本身，写两个：\\\\")
    } else if starts("key with no value") {
        if line.contains(['：', ':', '＝']) {
            ("键的后面要用英文等号".to_owned(), "把冒号或中文等号改成 =")
        } else {
            ("键的后面没有等号和值".to_owned(), "写成 键 = 值；若这一行是上一行的继续，检查上一行的引号")
        }
    } else if message.contains("array table") || message.contains("table, expected") && !message.contains("inline") {
        ("表头的方括号没有成对".to_owned(), "写成 [表名] 或者 [[表名]]")
    } else if message.contains("array") && !starts("extra comma") {
        // The parser stumbles over the line after the one to mend.
        (offset, derails) = (before.trim_end().len().saturating_sub(1), true);
        ("列表没有写完".to_owned(), "各项之间用英文逗号，末尾补上 ]")
    } else if message.contains("inline table") || message.contains("key-value pairs") {
        (offset, derails) = (before.trim_end().len().saturating_sub(1), !starts("extra comma"));
        ("大括号里没有写完".to_owned(), "写成 { 键 = 值, 键 = 值 }，各项之间用英文逗号，末尾补上 }")
    } else if starts("extra comma") {
        ("多了一个逗号".to_owned(), "删去它")
    } else if starts("extra `=`") {
        ("多了一个等号".to_owned(), "删去它")
    } else if starts("invalid unquoted key") && snippet.contains(['：', ':', '＝']) {
        ("键的后面要用英文等号".to_owned(), "把冒号或中文等号改成 =")
    } else if starts("invalid unquoted key") {
        (format!("键名不对：{snippet}"), "键名只用英文字母、数字、连字符和下划线，照 content/README.md 写")
    } else if starts("unquoted keys cannot be empty") {
        ("等号前面没有键名".to_owned(), "写成 键 = 值")
    } else if starts("unexpected key or value") || starts("unexpected content") {
        ("这个值后面还有多余的字".to_owned(), "文字里面要用引号，写中文的“”；一行只写一个键")
    } else if starts("invalid boolean") {
        (format!("是或否写得不对：{snippet}"), "写 true 或 false，小写，不加引号")
    } else if starts("unexpected leading zero") {
        ("数字不能以 0 开头".to_owned(), "电话、编号是文字，两头加上英文双引号 \"")
    } else if starts("invalid") || starts("unexpected sign") {
        ("这个值看起来像数字，又不是数字".to_owned(), "电话、编号是文字，两头加上英文双引号 \"")
    } else if message.contains("recurs") {
        derails = true;
        ("括号套得太深".to_owned(), "照 content/README.md 里的写法改")
    } else {
        (format!("写法不合 TOML 的规则：{message}"), "检查引号、方括号和等号是否成对；文字加引号，日期不加引号")
    };
    let en = message.replace('\n', " ");
    Complaint { offset, fault: Fault::Syntax { zh, hint: hint.to_owned(), en }, derails }
}
