//! What can be wrong with the content, and how a person is told.

use super::Severity;

macro_rules! faults {
    ($(
        $(#[$doc:meta])*
        $name:ident $({ $($field:ident),+ })? : $severity:ident,
            $zh:expr, $zh_hint:expr,
            $en:expr, $en_hint:expr;
    )+) => {
        /// What can be wrong. Every field is text from the content, ready to be shown.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the fields are named in the sentence each variant prints")]
        pub enum Fault {
            $( $(#[$doc])* $name $({ $($field: String),+ })?, )+
        }

        impl Fault {
            /// A stable name for tools.
            #[must_use]
            pub const fn id(&self) -> &'static str {
                match self { $( Self::$name { .. } => stringify!($name), )+ }
            }

            /// How much it weighs.
            #[must_use]
            pub const fn severity(&self) -> Severity {
                match self { $( Self::$name { .. } => Severity::$severity, )+ }
            }

            /// Reason and hint in Chinese.
            #[must_use]
            pub fn zh(&self) -> (String, String) {
                match self { $( Self::$name $({ $($field),+ })? => { $($(let _ = $field;)+)? (format!($zh), format!($zh_hint)) } )+ }
            }

            /// Reason and hint in English.
            #[must_use]
            pub fn en(&self) -> (String, String) {
                match self { $( Self::$name $({ $($field),+ })? => { $($(let _ = $field;)+)? (format!($en), format!($en_hint)) } )+ }
            }
        }
    };
}

faults! {
    /// Not TOML.
    Syntax { message }: Error,
        "TOML 语法错误：{message}", "检查引号、方括号和等号是否成对；日期不加引号",
        "TOML syntax error: {message}", "check quotes, brackets and equal signs; dates take no quotes";
    /// A policy file without its head.
    NoFrontMatter: Error,
        "文件没有 TOML 头", "文件第一行写 +++，写完各键后再一行 +++，其后是正文",
        "the file has no TOML head", "start with a +++ line, then the keys, then another +++ line";
    /// Bytes that are not UTF-8.
    NotUtf8: Error,
        "文件不是 UTF-8 编码", "用编辑器另存为 UTF-8",
        "the file is not UTF-8", "save it as UTF-8";
    /// A file over the cap.
    TooLarge { bytes, cap }: Error,
        "文件有 {bytes} 字节，超过上限 {cap}", "把正文之外的材料放到附件里",
        "the file has {bytes} bytes, more than {cap}", "move material out of the text into attachments";
    /// More files than the cap.
    TooManyFiles { cap }: Error,
        "内容文件超过 {cap} 个", "检查是否放错了文件夹",
        "more than {cap} content files", "check whether this is the right folder";
    /// A key nobody knows.
    UnknownKey { key, nearest }: Error,
        "不认识的键 {key}", "应当是：{nearest}",
        "unknown key {key}", "expected: {nearest}";
    /// A key that must be there.
    MissingField { key }: Error,
        "缺少必填项 {key}", "补上 {key}；各键的含义见 content/README.md",
        "missing key {key}", "add {key}; see content/README.md for its meaning";
    /// A value of another type.
    WrongType { key, zh, en }: Error,
        "{key} 的写法不对，应当是{zh}", "照 content/README.md 的例子改写",
        "{key} should be {en}", "write it as in content/README.md";
    /// An empty value.
    Empty { key }: Error,
        "{key} 是空的", "写上内容，或者整行删去（若非必填）",
        "{key} is empty", "fill it in, or drop the line if it is optional";
    /// No such day.
    BadDate { key, value }: Error,
        "{key} 不是存在的日期：{value}", "写成 2025-03-01 的形式，并核对月份和日子",
        "{key} is not a day that exists: {value}", "write it like 2025-03-01 and check month and day";
    /// Not one of the allowed words.
    BadChoice { key, value, allowed }: Error,
        "{key} 不能是 {value}", "可选：{allowed}",
        "{key} cannot be {value}", "one of: {allowed}";
    /// An id with other characters.
    BadId { value }: Error,
        "id 不合规：{value}", "只用小写字母、数字和连字符，至多 60 个字符",
        "not an id: {value}", "only lower-case letters, digits and hyphens, at most 60 characters";
    /// A disclosure mode other than open.
    NotDisclosed { value }: Error,
        "公开方式是「{value}」，不得进入公开网站", "只有主动公开的文件可以放在这里；立即移走这个文件",
        "disclosure mode is {value}: this must not be published", "only 主动公开 belongs here; remove the file";
    /// 大白话 is three sentences.
    PlainNotThree { found }: Error,
        "大白话要恰好三句，现有 {found} 句", "三句分别说：给谁、给什么、怎么办",
        "plain must have three sentences, found {found}", "one each for: for whom, what, how";
    /// Too long a text.
    TooLong { key, max, found }: Error,
        "{key} 有 {found} 字，超过 {max} 字", "缩短，细节放到正文里",
        "{key} has {found} characters, more than {max}", "shorten it";
    /// 文号 of another form.
    BadDocumentNumber { value }: Error,
        "发文字号看不懂：{value}", "写成 青屿人社发〔2025〕12号 的形式；没有文号写 document_numbers = []",
        "not a document number: {value}", "write it like 青屿人社发〔2025〕12号, or document_numbers = []";
    /// A stage that is not there at all.
    StageMissing { stage, name }: Error,
        "缺少环节 {name}（stages.{stage}）", "十二个环节都要有状态；没有这一环节写 status = \"not_applicable\" 和 reason",
        "stage {stage} is missing", "all twelve stages need a status; if there is none write not_applicable with a reason";
    /// A stage without what its status demands.
    StageNeeds { stage, zh, status, key }: Error,
        "环节 {stage} 的状态是「{zh}」，须写 {key}", "补上 {key}",
        "stage {stage} is {status} and needs {key}", "add {key}";
    /// Not an article.
    BadArticle { value }: Error,
        "不是条号：{value}", "写成 \"第三条\"",
        "not an article: {value}", "write it like \"第三条\"";
    /// An invisible character.
    ControlCharacter { code }: Error,
        "含有看不见的控制字符 {code}", "删去它；多半是从别处粘贴带来的",
        "contains the invisible control character {code}", "delete it; it probably came with a paste";
    /// A relation with no end, or two.
    RelationTarget: Error,
        "关系要么写 to（站内政策 id），要么写 title（站外文件）", "两者写且只写一个",
        "a relation needs either to (a policy id) or title (a document elsewhere)", "write exactly one";
    /// An attachment that is not there.
    AttachmentMissing { path }: Error,
        "附件不存在：{path}", "把文件放到这个位置，或改正 file",
        "attachment not found: {path}", "put the file there or correct file";
    /// An attachment name that leaves its folder.
    AttachmentName { name }: Error,
        "附件文件名不合规：{name}", "只写文件名，用字母、数字、点、连字符和下划线，不能带路径",
        "not an attachment name: {name}", "letters, digits, dots, hyphens and underscores only, no path";
    /// A link target in a wrong form.
    BadUrl { key, value }: Error,
        "{key} 不是网址：{value}", "写 https:// 开头的完整网址，或 / 开头的站内路径",
        "{key} is not an address: {value}", "write a full https:// address or a path starting with /";
    /// The same id twice.
    DuplicateId { id, other }: Error,
        "id {id} 已用于 {other}", "换一个 id；已发布的不要动",
        "id {id} is taken by {other}", "choose another; leave the published one";
    /// Ids a person or a file system cannot tell apart.
    LookAlikeId { id, other, place }: Error,
        "{id} 与 {place} 的 {other} 只差大小写或字符形式", "换一个明显不同的 id",
        "{id} differs from {other} in {place} only in case or Unicode form", "choose a clearly different id";
    /// The same 索引号 twice.
    DuplicateIndexNumber { number, other }: Error,
        "索引号 {number} 已用于 {other}", "核对两份文件的索引号",
        "index number {number} is taken by {other}", "check the numbers of both";
    /// The same 文号 twice.
    DuplicateDocumentNumber { number, other }: Error,
        "发文字号 {number} 已用于 {other}", "核对两份文件的发文字号",
        "document number {number} is taken by {other}", "check the numbers of both";
    /// Dates in the wrong order.
    DateOrder { early, late }: Error,
        "{early}晚于{late}", "核对这两个日期",
        "the dates are in the wrong order: {early} > {late}", "check both";
    /// An id of a table that has no such row.
    UnknownReference { key, id, nearest }: Error,
        "{key} 没有 {id} 这一项", "应当是：{nearest}",
        "{key}: there is no {id}", "expected: {nearest}";
    /// A relation to a policy that is not here.
    DanglingRelation { id, nearest }: Error,
        "关系指向不存在的政策 {id}", "应当是：{nearest}",
        "relation to a policy that does not exist: {id}", "expected: {nearest}";
    /// A relation to itself.
    SelfRelation: Error,
        "关系指向自己", "改成另一份文件的 id",
        "a relation to itself", "name another document";
    /// Replacing in a circle.
    RelationCycle { path }: Error,
        "替代或废止关系成了圈：{path}", "后发的文件替代先发的，删去反向的那一条",
        "replaces/repeals go in a circle: {path}", "the later document replaces the earlier; drop the reverse relation";
    /// The basis is dead.
    RepealedBasis { title, zh, en }: Warning,
        "所依据的《{title}》{zh}", "核对依据是否已有新的文件接替",
        "rests on 《{title}》, which is {en}", "check whether a newer document took its place";
    /// Replaced, but lives on.
    RepealMissing { title }: Warning,
        "已被《{title}》替代或废止，却没有写 repealed", "写上废止日期，通常就是新文件的施行日期",
        "replaced or repealed by 《{title}》 but has no repealed date", "add it, usually the day the new one takes effect";
    /// A live answer on dead ground.
    DeadQuestion { policies }: Error,
        "问答只依据已失效或已废止的文件：{policies}", "改依现行文件，或写 expires 让它不再作为现行口径",
        "the answer rests only on dead documents: {policies}", "bind it to a live one, or give it an expires date";
    /// An answer past its day.
    ExpiredAnswer { date }: Warning,
        "这条答复的口径到 {date} 为止", "重新核对后更新 answer、checked 和 expires",
        "this answer was good until {date}", "check it again and update answer, checked and expires";
    /// An article the text does not have.
    UnknownArticle { policy, article }: Error,
        "{policy} 的正文没有{article}", "核对条号",
        "the text of {policy} has no {article}", "check the number";
    /// A link that leads nowhere.
    BrokenLink { target }: Error,
        "站内链接打不开：{target}", "核对地址；政策页是 /policy/<id>/",
        "broken link: {target}", "check it; policies are at /policy/<id>/";
    /// A fragment that leads nowhere.
    BrokenAnchor { target, anchor }: Error,
        "{target} 页上没有锚点 #{anchor}", "条文的锚点是 #article-3，标题的是 #section-1",
        "no anchor #{anchor} on {target}", "articles are #article-3, headings #section-1";
    /// HTML that was taken out.
    Removed { what }: Warning,
        "正文里的 {what} 不允许，已去掉", "用 Markdown 的写法，或删去",
        "{what} is not allowed in a text and was removed", "use Markdown instead";
    /// The same article twice.
    DuplicateArticle { label }: Error,
        "{label}出现了两次", "核对条号；引用别的条文时不要让它独占段首加空格",
        "{label} stands twice", "check the numbers";
    /// A second title.
    TopHeading { text }: Warning,
        "正文里有一级标题「{text}」", "题目由 title 给出，正文从 ## 开始",
        "a first-level heading in the text: {text}", "the title comes from title; start at ##";
    /// Too deep a list.
    TooDeep: Error,
        "列表或引用套得太深", "最多套 16 层",
        "lists or quotes nest too deep", "at most 16 levels";
    /// An image that says nothing.
    ImageWithoutText { target }: Error,
        "图片没有文字说明：{target}", "写成 ![图上有什么](地址)",
        "image without alternative text: {target}", "write ![what it shows](address)";
    /// A link of a kind that is not allowed.
    Scheme { target }: Error,
        "不允许的链接：{target}", "只能用 https、http、mailto、tel 或站内路径",
        "link not allowed: {target}", "only https, http, mailto, tel or a path of this site";
    /// An image from elsewhere.
    ForeignImage { target }: Error,
        "图片不在本站：{target}", "把图片放进附件文件夹，用 / 开头的路径",
        "image from another host: {target}", "put it among the attachments and use a path starting with /";
    /// A document is named but not related.
    Unrelated { mention, id, title }: Suggestion,
        "正文提到 {mention}，即本站的《{title}》，但没有写关系", "若是依据、落实或替代，加一条 [[relations]]，to = \"{id}\"",
        "the text mentions {mention}, which is {id} here, but no relation says so", "if it is a basis or the like, add [[relations]] with to = \"{id}\"";
    /// The stage says another day than the record.
    PublicationDate { stage, published }: Warning,
        "发布环节的日期 {stage} 与发布日期 {published} 不同", "两者应当一致",
        "the publication stage says {stage}, the record {published}", "make them equal";
    /// Records without a code.
    NoCode { count, first }: Error,
        "{count} 条记录还没有一码，先是 {first}", "运行 yima codes 发码",
        "{count} records have no code yet, {first} the first of them", "run yima codes";
    /// Something about the ledger.
    Ledger { zh, en, hint_zh, hint_en }: Error,
        "{zh}", "{hint_zh}",
        "{en}", "{hint_en}";
    /// Two things at one address.
    Claimed { path, first, second }: Error,
        "地址 {path} 有两个主人：{first} 和 {second}", "改其中一个的 id 或文件名",
        "{path} is claimed by {first} and by {second}", "rename one of them";
}
