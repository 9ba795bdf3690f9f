//! Writes the catalogue of an invented city to standard output, and on standard error how large it is and how long it
//! takes to make, read and ask: `cargo run --release -p yima-search --example sample -- 5100 13235 > catalogue.bin`.
//!
//! The rows are put together from a small stock of words; sizes are right, contents mean nothing.

use std::io::Write as _;
use std::time::{Duration, Instant};

use yima_model::catalogue::{Catalogue, PolicyRow, QuestionRow, Tables, Value};
use yima_model::record::Level;
use yima_model::{Code, Date, Lifespan};
use yima_search::{Query, Shelf};

const TODAY: Date = Date::constant(2026, 11, 22);
const THEMES: [&str; 22] = [
    "就业",
    "住房",
    "教育",
    "医疗",
    "社会保障",
    "养老",
    "托育",
    "残疾人",
    "创业",
    "人才",
    "税费",
    "企业登记",
    "科技创新",
    "外贸",
    "海洋渔业",
    "农业农村",
    "生态环境",
    "交通出行",
    "文化旅游",
    "公积金",
    "消费",
    "公共安全",
];
const AUDIENCES: [&str; 10] =
    ["高校毕业生", "青年", "老年人", "残疾人", "新市民", "退役军人", "中小企业", "个体工商户", "外资企业", "社会组织"];
const DISTRICTS: [&str; 6] = ["城南区", "城北区", "湾西区", "港东区", "青山市", "石岛县"];
const OFFICES: [&str; 12] = [
    "市人社局",
    "市住建局",
    "市教育局",
    "市卫健委",
    "市医保局",
    "市民政局",
    "市科技局",
    "市商务局",
    "市发改委",
    "市海洋局",
    "市税务局",
    "市政府办公室",
];
const VERBS: [&str; 8] = ["促进", "支持", "规范", "进一步加强", "做好", "加快推进", "调整", "完善"];
const THINGS: [&str; 12] = [
    "补贴发放",
    "服务体系建设",
    "资金管理",
    "申报认定",
    "租赁补助",
    "技能培训",
    "贷款贴息",
    "高质量发展",
    "综合保障",
    "信用评价",
    "奖励扶持",
    "登记备案",
];
const GENRES: [&str; 8] = ["通知", "意见", "办法", "公告", "通告", "决定", "实施细则", "方案"];

/// Linear congruential numbers (Knuth's MMIX constants): the same city every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }

    fn of<'a>(&mut self, stock: &[&'a str]) -> &'a str {
        stock.get(self.below(stock.len())).copied().unwrap_or_default()
    }

    fn some(&mut self, limit: usize, at_most: usize) -> Vec<u16> {
        let mut positions: Vec<u16> =
            (0..self.below(at_most + 1)).filter_map(|_| u16::try_from(self.below(limit)).ok()).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn day(&mut self, first_year: i16, years: usize) -> Date {
        let year = first_year + i16::try_from(self.below(years)).unwrap_or_default();
        let (month, day) = (self.below(12) + 1, self.below(28) + 1);
        Date::new(year, i8::try_from(month).unwrap_or(1), i8::try_from(day).unwrap_or(1)).unwrap_or(TODAY)
    }
}

fn table(prefix: &str, names: &[&str]) -> Vec<Value> {
    let value = |(position, name): (usize, &&str)| Value {
        id: format!("{prefix}-{position}"),
        name: (*name).to_owned(),
        group: String::new(),
    };
    names.iter().enumerate().map(value).collect()
}

fn policy(dice: &mut Dice, number: usize) -> PolicyRow {
    let theme = dice.below(THEMES.len());
    let (audience, verb, thing, genre) = (dice.of(&AUDIENCES), dice.of(&VERBS), dice.of(&THINGS), dice.below(8));
    let about = format!("{audience}{}{thing}", THEMES.get(theme).copied().unwrap_or_default());
    let published = dice.day(2012, 15);
    let year = published.year();
    let office = dice.below(OFFICES.len());
    PolicyRow {
        id: format!("{year}-{number:05}"),
        code: Some(Code::from_body(u32::try_from(dice.below(1 << 25)).unwrap_or_default())),
        title: format!("关于{verb}{about}工作的{}（第{number}号）", GENRES.get(genre).copied().unwrap_or_default()),
        short_title: about,
        gives: format!(
            "符合条件的{audience}每月补贴 {} 元，最长 {} 个月。",
            dice.below(40) * 50 + 100,
            dice.below(36) + 1
        ),
        index_number: format!("QY{office:03}/{year}-{number:05}"),
        document_numbers: vec![format!(
            "青屿{}发〔{year}〕{}号",
            dice.of(&["政", "人社", "住建", "教"]),
            dice.below(99) + 1
        )],
        words: (0..dice.below(5))
            .map(|_| format!("{}{}", dice.of(&THEMES), dice.of(&["补贴", "扶持", "申请"])))
            .collect(),
        departments: vec![u16::try_from(office).unwrap_or_default()],
        themes: vec![u16::try_from(theme).unwrap_or_default()],
        audiences: dice.some(AUDIENCES.len(), 3),
        districts: dice.some(DISTRICTS.len(), 1),
        sectors: Vec::new(),
        genre: u16::try_from(genre).ok(),
        level: Level::ALL.get(dice.below(3)).copied().unwrap_or(Level::Other),
        written: published,
        published,
        lifespan: Lifespan {
            effective: published,
            expires: (dice.below(3) > 0).then(|| dice.day(i16::max(year, 2020), 12)),
            repealed: (dice.below(12) == 0).then(|| dice.day(i16::max(year, 2020), 6)),
            amended: (dice.below(15) == 0).then(|| dice.day(i16::max(year, 2020), 6)),
        },
    }
}

fn question(dice: &mut Dice, number: usize, policies: usize) -> QuestionRow {
    let theme = dice.below(THEMES.len());
    let (audience, thing) = (dice.of(&AUDIENCES), dice.of(&THINGS));
    let ending = dice.of(&["怎么申请？", "需要什么材料？", "多久到账？", "有什么条件？", "在哪里办？"]);
    QuestionRow {
        id: format!("q-{number:05}"),
        code: Some(Code::from_body(u32::try_from(dice.below(1 << 25)).unwrap_or_default())),
        question: format!("{audience}的{}{thing}{ending}", THEMES.get(theme).copied().unwrap_or_default()),
        words: Vec::new(),
        theme: u16::try_from(theme).ok(),
        department: u16::try_from(dice.below(OFFICES.len())).ok(),
        audiences: dice.some(AUDIENCES.len(), 2),
        districts: dice.some(DISTRICTS.len(), 1),
        policies: (policies > 0).then(|| u32::try_from(dice.below(policies)).unwrap_or_default()).into_iter().collect(),
        checked: dice.day(2025, 2),
        expires: None,
    }
}

fn city(policies: usize, questions: usize) -> Catalogue {
    let mut dice = Dice(7);
    Catalogue {
        built: TODAY,
        expiring_days: 90,
        tables: Tables {
            themes: table("theme", &THEMES),
            audiences: table("audience", &AUDIENCES),
            districts: table("district", &DISTRICTS),
            departments: table("department", &OFFICES),
            genres: table("genre", &GENRES),
            sectors: Vec::new(),
        },
        policies: (0..policies).map(|number| policy(&mut dice, number)).collect(),
        questions: (0..questions).map(|number| question(&mut dice, number, policies)).collect(),
    }
}

/// The middle of 31 runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..31)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(15).copied().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = std::env::args().skip(1).map(|size| size.parse::<usize>());
    let policies = sizes.next().transpose()?.unwrap_or(5_100);
    let questions = sizes.next().transpose()?.unwrap_or(13_235);
    let catalogue = city(policies, questions);
    let bytes = yima_search::catalogue::encode(&catalogue);
    eprintln!("{policies} policies, {questions} questions: {} bytes", bytes.len());
    eprintln!("encode {:?}", median(|| drop(yima_search::catalogue::encode(&catalogue))));
    eprintln!("decode {:?}", median(|| drop(yima_search::catalogue::decode(&bytes))));
    eprintln!("shelf  {:?}", median(|| drop(Shelf::new(catalogue.clone()))));
    let shelf = Shelf::new(catalogue);
    let addresses = [
        "",
        "validity=all",
        "q=补贴",
        "q=的",
        "q=高校毕业生 租赁补助",
        "q=青屿人社发〔2025〕12号",
        "theme=theme-1&theme=theme-2&district=district-1&validity=all&sort=ending",
        "q=没有这样的词",
    ];
    for address in addresses {
        let query = Query::from_query_string(address);
        let hits = shelf.run(&query, TODAY).hits.len();
        eprintln!("run    {:?} {hits} hits: {address}", median(|| drop(shelf.run(&query, TODAY))));
    }
    std::io::stdout().lock().write_all(&bytes)?;
    Ok(())
}
