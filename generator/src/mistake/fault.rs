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
            /// Every name that [`Fault::id`] can give, in the order of this file.
            pub const IDS: &'static [&'static str] = &[ $( stringify!($name), )+ ];

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
    Syntax { zh, hint, en }: Error,
        "{zh}", "{hint}",
        "not TOML: {en}", "check quotes, brackets and equal signs; texts take quotes, dates do not";
    /// A policy file without its head.
    NoFrontMatter: Error,
        "文件没有完整的 TOML 头", "第一行只写 +++，各键写完再单独一行 +++，其后是正文",
        "the file has no complete TOML head", "start with a +++ line, then the keys, then another +++ line, then the text";
    /// Bytes that are not UTF-8.
    NotUtf8: Error,
        "文件不是 UTF-8 编码，从这一行起读不了", "多半是 GBK（ANSI）编码：用编辑器打开，另存为 UTF-8",
        "the file is not UTF-8 from this line on", "open it in an editor and save it as UTF-8";
    /// A file over the cap.
    TooLarge { bytes, cap }: Error,
        "文件有 {bytes} 字节，超过上限 {cap} 字节", "把正文之外的材料放到附件里；附件再大就分成几个",
        "the file has {bytes} bytes, more than {cap}", "move material out of the text into attachments, and split large attachments";
    /// More files than the cap.
    TooManyFiles { cap }: Error,
        "内容文件夹里的文件超过 {cap} 个", "看看是不是指错了文件夹",
        "more than {cap} files in the content folder", "check whether this is the right folder";
    /// Folders in folders in folders.
    FolderTooDeep { max }: Error,
        "文件夹套了不止 {max} 层", "把里面的文件移到上层",
        "folders nest deeper than {max}", "move the files up";
    /// A symbolic link, a pipe, a device.
    NotAFile: Error,
        "这不是普通文件（符号链接或设备），没有读取", "放文件本身，不要放链接",
        "not a plain file (a link or a device), so it was not read", "put the file itself there, not a link";
    /// A name that cannot become an address.
    BadFileName: Error,
        "文件名里有乱码或看不见的字符", "改名，只用看得见的普通字符",
        "the file name holds broken or invisible characters", "rename it";
    /// A file that cannot be missed.
    MissingFile { path }: Error,
        "缺少文件 {path}，或者里面一项也没有", "照 content/README.md 建这个文件",
        "{path} is missing or empty", "create it as content/README.md says";
    /// A file nobody reads.
    Unread: Warning,
        "这个文件没有用上", "核对文件夹和扩展名：政策是 policies/<年>/<id>.md，问答是 questions/<主题 id>.toml，词表是 tables/<表名>.toml",
        "nothing reads this file", "check folder and extension: policies/<year>/<id>.md, questions/<theme id>.toml, tables/<table>.toml";
    /// An attachment that no record lists.
    UnusedAttachment: Warning,
        "没有政策或问答列出这个附件，不会发布", "在政策的 [[attachments]] 或问答的 forms 里写上它，或者移走",
        "no policy and no question lists this attachment, so it is not published", "list it under [[attachments]] of its policy or forms of its question, or remove it";
    /// Too many mistakes in one file to list.
    Rest { count }: Warning,
        "这个文件还有 {count} 处没有列出", "先改正上面列出的，再运行一次",
        "{count} more in this file are not listed", "mend those that are, then run this again";
    /// A key nobody knows.
    UnknownKey { key, hint_zh, hint_en }: Error,
        "没有 {key} 这个键", "{hint_zh}",
        "unknown key {key}", "{hint_en}";
    /// Keys that must be there.
    MissingField { keys_zh, keys_en }: Error,
        "缺少必填的 {keys_zh}", "补上；各键的含义见 content/README.md",
        "required and missing: {keys_en}", "add what is missing; content/README.md says what it means";
    /// A value of another type.
    WrongType { key, zh, en }: Error,
        "{key} 的写法不对，应当是：{zh}", "照 content/README.md 里的写法改",
        "{key} should be {en}", "write it as content/README.md says";
    /// An empty value.
    Empty { key }: Error,
        "{key} 是空的", "写上内容；不是必填的，可以整行删去",
        "{key} is empty", "fill it in, or drop the line if it is optional";
    /// No such day.
    BadDate { key, value }: Error,
        "{key} 不是一个日子：{value}", "写成 2025-03-01 这样（年四位、月日各两位，1900 年到 2199 年，不加引号），并核对这一天是否存在",
        "{key} is not a day: {value}", "write it like 2025-03-01, without quotes, and check that the day exists";
    /// Not one of the allowed words.
    BadChoice { key, value, zh, en }: Error,
        "{key} 不能写 {value}", "只能写其中之一：{zh}",
        "{key} cannot be {value}", "one of: {en}";
    /// An id with other characters.
    BadId { value }: Error,
        "id 不合规：{value}", "只用小写字母、数字和连字符，至多 60 个字符",
        "not an id: {value}", "only lower-case letters, digits and hyphens, at most 60 characters";
    /// A disclosure mode other than open.
    NotDisclosed { value }: Error,
        "公开方式是「{value}」，不得放到公开网站上", "这里只放「主动公开」的文件；请立即移走这个文件",
        "disclosure mode is {value}: this must not be published", "only 主动公开 belongs here; remove the file at once";
    /// 大白话 is three sentences.
    PlainNotThree { found }: Error,
        "plain（大白话）要恰好三句，现有 {found} 句", "三句分别说：给谁、给什么、怎么办",
        "plain must have three sentences, found {found}", "one each: for whom, what it gives, what to do";
    /// Too long a text.
    TooLong { key, max, found }: Error,
        "{key} 有 {found} 个字，最多 {max} 个", "缩短；细节放到摘要或正文里",
        "{key} has {found} characters, at most {max} fit", "shorten it; details belong in the text";
    /// 文号 of another form.
    BadDocumentNumber { value }: Error,
        "看不出这是发文字号：{value}", "写成 青屿人社发〔2025〕12号 或 青屿市人民政府令第31号；确实没有，写 document_numbers = []",
        "not a document number: {value}", "write it like 青屿人社发〔2025〕12号 or 青屿市人民政府令第31号; if there is none, document_numbers = []";
    /// A stage that is not there at all.
    StageMissing { zh, en }: Error,
        "缺少环节：{zh}", "十二个环节都要写状态；没有这一环节的，写 status = \"not_applicable\" 并写 reason（理由）",
        "stages missing: {en}", "all twelve stages need a status; where there was none, write status = \"not_applicable\" with a reason";
    /// A stage without what its status demands.
    StageNeeds { stage, name, zh, status, key }: Error,
        "「{name}」环节的状态是「{zh}」，还要写 {key}", "在 stages.{stage} 里补上 {key}",
        "stage {stage} is {status} and needs {key}", "add {key} to stages.{stage}";
    /// Not an article.
    BadArticle { value }: Error,
        "看不出这是哪一条：{value}", "写成 \"第三条\"，一条一项",
        "not an article: {value}", "write it like \"第三条\", one article each";
    /// An invisible character.
    ControlCharacter { code }: Error,
        "含有看不见的字符或乱码 {code}", "删去它；多半是从别处粘贴带来的",
        "contains the invisible or broken character {code}", "delete it; it probably came with a paste";
    /// Not the hash of a clause.
    BadClauseHash { value }: Error,
        "看不出这是条文的校验值：{value}", "八位十六进制数字，由 yima answers accept 写入，不用手写",
        "not the hash of a clause: {value}", "eight hexadecimal digits; let yima answers accept write them";
    /// Something said once more.
    SaidTwice { key, value, line }: Error,
        "{key} 的「{value}」在第 {line} 行已经写过", "留一处，别处删去；大小写、全半角和标点不算不同",
        "{key}: {value} stands on line {line} already", "keep one of them; case, width and punctuation make no difference";
    /// A word that means itself.
    MeansItself { value }: Error,
        "「{value}」说的和意思是同一个词", "say 写大白话，means 写文件里的术语，两边不同才有用",
        "{value} is said to mean itself", "say is what residents say, means is the term in documents";
    /// A best bet on a record that is not here.
    BetUnknown { record, hint_zh, hint_en }: Error,
        "没有这条记录：{record}", "{hint_zh}",
        "there is no record {record}", "{hint_en}";
    /// A best bet on a record that no longer counts.
    BetDead { record, zh, en }: Warning,
        "推荐的 {record} {zh}", "换成现行的记录，或者移到 bury",
        "the recommended {record} is {en}", "name one in force, or move it to bury";
    /// A relation with no end, or two.
    RelationTarget: Error,
        "关系没有写明指向哪份文件", "本站的政策写 to = \"<政策 id>\"，站外的文件写 title = \"《…》\"，两者写且只写一个",
        "the relation does not say which document it means", "write to with a policy id, or title for a document elsewhere: exactly one of them";
    /// An attachment that is not there.
    AttachmentMissing { path }: Error,
        "附件不在：{path}", "把文件放到这个位置，或者改正 file",
        "there is no attachment {path}", "put the file there, or correct file";
    /// An attachment name that leaves its folder.
    AttachmentName { name }: Error,
        "附件的文件名不合规：{name}", "只写文件名，不带路径；用英文字母、数字、点、连字符和下划线，至多 120 个字符，不以点开头",
        "not an attachment name: {name}", "no path; letters, digits, dots, hyphens and underscores, at most 120, no leading dot";
    /// A form of an answer in a file of another type.
    FormType { file, zh, kind, endings }: Error,
        "{zh}不能用 {file} 这种文件", "可以用的扩展名：{endings}",
        "{file} cannot be a {kind}", "endings that can be used: {endings}";
    /// A form of an answer that a weak network cannot carry.
    FormTooLarge { zh, kind, bytes, cap }: Error,
        "{zh}文件有 {bytes} 字节，超过上限 {cap} 字节", "压缩或者剪短；信号不好的手机也要打得开",
        "this {kind} has {bytes} bytes, more than {cap}", "compress or shorten it; a phone on a weak network must be able to open it";
    /// A file that is not what its ending says.
    FormContent { file, ending }: Error,
        "{file} 的内容不是 {ending}", "多半是改了扩展名：用软件另存为 {ending}，不要直接改名",
        "{file} does not hold {ending}", "save it as {ending} with a program instead of renaming it";
    /// A drawing that is more than a drawing.
    FormActive { file, what }: Error,
        "{file} 里有 {what}，会运行程序或者引用别处", "在画图软件里另存为普通 SVG，或者导出成 PNG",
        "{file} holds {what}, which can run or fetch something", "save it as plain SVG, or export it as PNG";
    /// A link target in a wrong form.
    BadUrl { key, value, hint_zh, hint_en }: Error,
        "{key} 不是可用的网址：{value}", "{hint_zh}",
        "{key} is not an address that can be used: {value}", "{hint_en}";
    /// A public key in a wrong form.
    ReleaseKey { value }: Error,
        "这不是发布用的公钥：{value}", "写 yima key new 给出的那一行公钥（名字+编号+密钥），不要写私钥",
        "this is no public key of a release: {value}", "write the public line that `yima key new` printed, never the secret one";
    /// A service worker that would break the devices that take it.
    Worker { zh, en }: Error,
        "{zh}", "恢复 public/worker.js，或者重新编译应用",
        "{en}", "restore public/worker.js, or compile the app again";
    /// The same id twice.
    DuplicateId { id, other }: Error,
        "{id} 已经用在 {other}", "换一个；已经发布的那一个不要动",
        "{id} is taken by {other}", "choose another, and leave the published one alone";
    /// Ids a person or a file system cannot tell apart.
    LookAlikeId { other }: Error,
        "文件名与 {other} 只差大小写或字符形式，有的电脑分不清", "换一个明显不同的名字",
        "the name differs from {other} only in case or Unicode form; some computers cannot tell them apart", "choose a clearly different name";
    /// The same 索引号 twice.
    DuplicateIndexNumber { number, other }: Error,
        "索引号 {number} 已经用在 {other}", "核对两份文件的索引号",
        "index number {number} is taken by {other}", "check the numbers of both";
    /// The same 文号 twice.
    DuplicateDocumentNumber { number, other }: Error,
        "发文字号 {number} 已经用在 {other}", "核对两份文件的发文字号",
        "document number {number} is taken by {other}", "check the numbers of both";
    /// Dates in the wrong order.
    DateOrder { early_zh, early_key, early, late_zh, late_key, late }: Error,
        "{early_zh} {early} 晚于{late_zh} {late}", "核对这两个日期",
        "{early_key} {early} comes after {late_key} {late}", "check both dates";
    /// An id of a table that has no such row.
    UnknownReference { key, id, hint_zh, hint_en }: Error,
        "{key} 写了 {id}，词表里没有这一项", "{hint_zh}",
        "{key}: the tables have no {id}", "{hint_en}";
    /// A file of questions that bears no theme's name.
    UnknownTheme { id, hint_zh, hint_en }: Error,
        "问答的文件名就是主题的 id，词表里没有主题 {id}", "{hint_zh}",
        "a file of questions bears the id of its theme; there is no theme {id}", "{hint_en}";
    /// A relation, or an answer, that points to a policy that is not here.
    DanglingRelation { id, hint_zh, hint_en }: Error,
        "没有 id 为 {id} 的政策", "{hint_zh}",
        "there is no policy {id}", "{hint_en}";
    /// A relation to itself.
    SelfRelation: Error,
        "关系指向了自己", "to 要写另一份文件的 id",
        "a relation to itself", "name another document";
    /// Replacing in a circle.
    RelationCycle { path }: Error,
        "替代、废止关系绕成了圈：{path}", "后发的文件替代先发的，删去反过来的那一条",
        "replaces and repeals go in a circle: {path}", "the later document replaces the earlier one; drop the relation that runs the other way";
    /// The basis is dead.
    RepealedBasis { title, zh, en }: Warning,
        "所依据的{title}{zh}", "核对依据是不是已经有新的文件接替",
        "rests on {title}, which is {en}", "check whether a newer document took its place";
    /// Replaced, but lives on.
    RepealMissing { title }: Warning,
        "已被{title}替代或废止，却没有写 repealed（废止日期）", "写上废止日期，通常就是新文件的施行日期；只废止一部分的，在新文件的关系里写 note",
        "replaced or repealed by {title} but has no repealed date", "add it, usually the day the new one takes effect; for a part only, give the relation a note";
    /// A live answer on dead ground.
    DeadQuestion { policies }: Error,
        "这条答复依据的文件都已失效或废止：{policies}", "改为依据现行文件，或者写 expires（口径有效到哪天）让它不再作为现行口径",
        "the answer rests only on documents that have ended: {policies}", "bind it to one in force, or give it an expires date";
    /// An answer past its day.
    ExpiredAnswer { date }: Warning,
        "这条答复的口径只到 {date}，已经过期", "重新核对，更新 answer、checked 和 expires",
        "this answer was good until {date}", "check it again and update answer, checked and expires";
    /// A clause that says something else than when the answer was checked.
    ClauseChanged { question, policy, article, was, now }: Warning,
        "所依据的 {policy} {article}有变动，回答待复核（校验值 {was}，现为 {now}）", "对照条文核对 answer，改好 checked；确认后运行 yima answers accept {question}",
        "{article} of {policy}, on which this answer rests, has changed (hash {was}, now {now})", "check the answer against the clause and renew checked; then run yima answers accept {question}";
    /// Two departments give two answers to one question.
    Contradiction { question, other, department, zh, en }: Warning,
        "与 {department} 的 {other}「{question}」问的是一件事，回答不一致：{zh}", "两个部门核对口径后改成一致；确实不同的，在 question 里写清各自的对象或区域",
        "{other} of {department} asks the same ({question}) and answers otherwise: {en}", "let both departments agree; where both are right, say in question for whom or where";
    /// An answer said to rest on nothing that rests on something.
    BoundAndUnbound: Error,
        "既写了 policies，又写了 unbound", "有依据的文件就删去 unbound；unbound 只用来说明为什么没有",
        "both policies and unbound are given", "drop unbound when there is a policy; it only says why there is none";
    /// An article the text does not have.
    UnknownArticle { policy, article }: Error,
        "{policy} 的正文没有{article}", "核对条号",
        "the text of {policy} has no {article}", "check the number";
    /// A link that leads nowhere.
    BrokenLink { target }: Error,
        "站内没有这个页面：{target}", "核对地址，结尾的 / 不能少；政策页是 /policy/<id>/，附件是 /attachment/<政策 id>/<文件>",
        "no such page on this site: {target}", "check it, the final / included; policies are at /policy/<id>/, attachments at /attachment/<policy id>/<file>";
    /// A fragment that leads nowhere.
    BrokenAnchor { target, anchor }: Error,
        "{target} 页上没有 #{anchor} 这个位置", "第三条是 #article-3，第一个标题是 #section-1，兑现事项是 #benefit-<id>",
        "there is no #{anchor} on {target}", "articles are #article-3, headings #section-1, benefits #benefit-<id>";
    /// HTML that was taken out.
    Removed { what }: Warning,
        "正文里不能用 {what}，发布时会去掉", "改用 Markdown 的写法，或者删去",
        "{what} is not allowed in a text and is left out", "use Markdown instead, or delete it";
    /// The same article twice.
    DuplicateArticle { label }: Error,
        "{label}出现了两次", "核对条号；段首若是引用别的文件的条文，在前面写上那份文件的名称",
        "{label} stands twice", "check the numbers; a paragraph that quotes an article of another document should name that document first";
    /// A second title.
    TopHeading { text }: Warning,
        "正文里有一级标题「{text}」", "题目由 title 给出，正文的标题从 ## 开始",
        "a first-level heading in the text: {text}", "the title of the page comes from title; headings start at ##";
    /// Too deep a list.
    TooDeep { max }: Error,
        "列表或引用套得太深，超过 {max} 层", "拆成几段写",
        "lists or quotes nest deeper than {max}", "write several paragraphs instead";
    /// An image that says nothing.
    ImageWithoutText { target }: Error,
        "图片没有文字说明：{target}", "写成 ![图上有什么](地址)，看不见图的人靠它",
        "image without alternative text: {target}", "write ![what it shows](address)";
    /// A link of a kind that is not allowed.
    Scheme { target }: Error,
        "不能用这样的链接：{target}", "只能用 https、http、mailto、tel 开头的地址，或者 / 开头的站内路径",
        "link not allowed: {target}", "only https, http, mailto, tel or a path of this site";
    /// An image from elsewhere.
    ForeignImage { target }: Error,
        "图片不在本站：{target}", "把图片列为附件，写 /attachment/<政策 id>/<文件>",
        "image from another host: {target}", "make it an attachment and write /attachment/<policy id>/<file>";
    /// A document is named but not related.
    Unrelated { mention, id, title }: Suggestion,
        "正文提到{mention}，就是本站的{title}，却没有写关系", "若是依据、落实、修改或替代，加一条 [[relations]]，写 to = \"{id}\"",
        "the text mentions {mention}, which is {id} here, but no relation says so", "if it is a basis or the like, add [[relations]] with to = \"{id}\"";
    /// The stage says another day than the record.
    PublicationDate { stage, published }: Warning,
        "「发布」环节的日期 {stage} 与 published（发布日期）{published} 不同", "核对后改成同一天",
        "the publication stage says {stage}, published says {published}", "make them the same day";
    /// Records without a code.
    NoCode { count, first }: Error,
        "{count} 条记录还没有一码，第一条是 {first}", "运行 yima codes 发码",
        "{count} records have no code yet, the first is {first}", "run yima codes";
    /// Something about the ledger.
    Ledger { zh, en, hint_zh, hint_en }: Error,
        "{zh}", "{hint_zh}",
        "{en}", "{hint_en}";
    /// A row of an import that cannot be read.
    BadRow { zh, en }: Error,
        "这一行读不了：{zh}", "每行一个完整的 JSON 对象；检查引号、逗号，以及文件是否被截断",
        "this row cannot be read: {en}", "one whole JSON object per line; check quotes and commas, and whether the file was cut off";
    /// A key of a record for which a row has nothing.
    RowField { key, from }: Error,
        "得不到 {key}：{from} 没有值", "补上原数据，或者在映射里用 any 给出别的来源；确实没有的写 missing = \"skip\" 跳过这一行",
        "nothing for {key}: {from} is empty", "complete the data, or give another source with any; missing = \"skip\" passes the row over";
    /// A value of a row that is not a day.
    RowDate { key, value }: Error,
        "{key} 认不出日期：{value}", "在映射的 date 里写上它的写法（iso、chinese、compact、excel、epoch、epoch_ms），或者改正原数据",
        "{key} is not a date in a known form: {value}", "name its form in date (iso, chinese, compact, excel, epoch, epoch_ms), or correct the data";
    /// A value of a row that the mapping does not know.
    RowValue { key, value }: Error,
        "{key} 的值「{value}」没有对应", "写词表里的名称或 id；或者在映射的 map 里加上它，写 unmapped = \"row\" 则在词表里新增一项",
        "{key}: the mapping does not know {value}", "write a name or an id of the table, or add it to map, or let unmapped = \"row\" add it to the table";
    /// Something that an answer is said to rest on and that is not here.
    RowBasis { value }: Error,
        "认不出依据：{value}", "写本站政策的 id、文号或带书名号的标题，后面写条款；先导入所依据的文件",
        "not a policy of this site: {value}", "write the id, the number or the title in 《》 of a policy, then the articles; import the documents first";
    /// A table that cannot be read.
    BadTable { zh, en }: Error,
        "这个表读不了：{zh}", "用 Excel 或 WPS 打开，另存为 .xlsx，或者另存为「CSV UTF-8」",
        "this table cannot be read: {en}", "open it in a spreadsheet and save it as .xlsx or as CSV in UTF-8";
    /// A table without a header that anyone knows.
    NoHeader { columns }: Error,
        "前 20 行里没有认得的表头，或者表头下面没有内容", "表头要有这些列：{columns}；列名不同的，照 docs/import/12345.toml 写自己的映射",
        "no header that is known within the first 20 rows, or nothing below it", "these columns are wanted: {columns}; for other names, write a mapping after docs/import/12345.toml";
    /// A column that every row needs.
    NoColumn { columns }: Error,
        "表头里没有这一列：{columns}", "加上这一列（几个名字写一个就行），或者在映射里写它叫什么",
        "the header has no column {columns}", "add it (any one of these names will do), or say in the mapping what it is called";
    /// Two columns of one name.
    ColumnTwice { column }: Error,
        "表头里「{column}」有两列", "留一列，另一列删去或者改名",
        "two columns are called {column}", "keep one, and delete or rename the other";
    /// A formula nobody has worked out.
    CellFormula { formula }: Error,
        "这个单元格是没有算出结果的公式：{formula}", "在 Excel 里打开算好再保存，或者粘贴为数值",
        "a formula without its result: {formula}", "open and save it in a spreadsheet, or paste it as a value";
    /// A formula that went wrong.
    CellError { error }: Error,
        "这个单元格的公式出错了：{error}", "改正公式，或者直接写上内容",
        "the formula of this cell went wrong: {error}", "mend the formula, or write the content instead";
    /// A row that the mapping passes over.
    RowSkipped { reason }: Warning,
        "这一行跳过了：{reason}", "映射就是这样写的；要收进来就改映射或者补数据",
        "this row was passed over: {reason}", "the mapping says so; change it or complete the data to take the row in";
    /// Two things at one address.
    Claimed { path, first, second }: Error,
        "地址 {path} 有两个主人：{first} 和 {second}", "改其中一个的 id 或文件名",
        "{path} is claimed by {first} and by {second}", "rename one of them";
}
