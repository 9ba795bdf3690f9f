//! One policy as its editor would have written it.

use std::fmt::Write;

use super::plan::{Policy, STAGES, TODAY, date};
use super::random::Random;
use super::tables::{AUDIENCES, DEPARTMENTS, DISTRICTS, GENRES, SECTORS, THEMES};
use super::words::{fill, han, numeral, sentence};

/// A policy in words.
pub(crate) struct Text {
    pub(crate) title: String,
    /// What it is about.
    matter: String,
    pub(crate) document_number: Option<String>,
    pub(crate) summary: String,
    pub(crate) body: String,
}

/// Writes the words of the policy at `at`.
pub(crate) fn text(plan: &[Policy], at: usize, random: &mut Random) -> Text {
    let policy = &plan[at];
    let (department, _, prefix) = DEPARTMENTS[policy.department];
    let matter = fill("M", random);
    let title = match policy.district {
        Some(district) => {
            format!("青屿市{}{matter}{}（{}年）", DISTRICTS[district].1, GENRES[policy.genre].1, policy.year)
        }
        None => format!("{department}关于{matter}工作的{}（{}年）", GENRES[policy.genre].1, policy.year),
    };
    let document_number =
        (!policy.number.is_multiple_of(20)).then(|| format!("{prefix}〔{}〕{}号", policy.year, policy.number));
    let mut summary = fill(&format!("本文件对{matter}的对象、条件、标准和办理流程作出规定，旨在G。"), random);
    while han(&summary) < 60 {
        summary.push_str(&fill("符合条件的申请人可以到L办理，A在T内D。", random));
    }
    let body = body(plan, policy, &matter, random);
    Text { title, matter, document_number, summary, body }
}

/// Chapters, articles, lists, a table, links: about as many characters as were planned.
fn body(plan: &[Policy], policy: &Policy, matter: &str, random: &mut Random) -> String {
    let chapters = (policy.articles / 4).clamp(3, 8);
    let names = ["总则", "对象和条件", "标准和期限", "申请和审核", "资金管理", "监督检查", "法律责任", "附则"];
    let share = policy.han / policy.articles;
    let mut text = String::with_capacity(policy.han * 4);
    let mut chapter = 0;
    for article in 1..=policy.articles {
        if (article - 1) * chapters / policy.articles >= chapter {
            chapter += 1;
            let name = if chapter == chapters { "附则" } else { names[chapter - 1] };
            let _ = write!(text, "## 第{}章　{name}\n\n", numeral(chapter));
        }
        let mut words = sentence(matter, random);
        while han(&words) + 20 < share {
            words.push_str(&sentence(matter, random));
        }
        let _ = write!(text, "**第{}条**　{words}\n\n", numeral(article));
        if random.percent(12) {
            for item in ["C；", "提交P和P；", "C。"] {
                let _ = writeln!(text, "- {}", fill(item, random));
            }
            text.push('\n');
        }
        if article == policy.articles / 2 && random.percent(40) {
            text.push_str("| 类别 | 条件 | 标准 |\n|---|---|---|\n");
            for class in ["一类", "二类", "三类"] {
                let _ = writeln!(text, "{}", fill(&format!("| {class} | C | 每人每月#元 |"), random));
            }
            text.push('\n');
        }
    }
    if let Some((_, other)) = policy.relations.first() {
        let other = &plan[*other];
        let article = random.between(1, other.articles);
        let link = format!("/policy/{}/#article-{article}", other.id);
        let _ = write!(
            text,
            "本文件与[{}年第{}号文件第{}条]({link})衔接适用。\n\n",
            other.year,
            other.number,
            numeral(article)
        );
    }
    text
}

/// The file of a policy: TOML front matter and text.
pub(crate) fn file(plan: &[Policy], at: usize, text: &Text, random: &mut Random) -> String {
    let policy = &plan[at];
    let (department, _, _) = DEPARTMENTS[policy.department];
    let mut out = String::with_capacity(text.body.len() + 6_000);
    let number = text.document_number.as_ref().map(|number| format!("\"{number}\"")).unwrap_or_default();
    let _ = write!(
        out,
        "+++\ntitle = \"{}\"\nindex_number = \"QY{:03}/{}-{:05}\"\ndocument_numbers = [{number}]\nissuer = \"{}\"\n",
        text.title,
        policy.department + 1,
        policy.year,
        at + 1,
        department_id(policy.department),
    );
    for (key, day) in [
        ("written", Some(policy.written)),
        ("published", Some(policy.published)),
        ("effective", Some(policy.effective)),
        ("expires", policy.expires),
        ("repealed", policy.repealed),
    ] {
        if let Some(day) = day {
            let _ = writeln!(out, "{key} = {}", date(day));
        }
    }
    let level = ["other", "normative", "normative", "rule"][random.below(4)];
    let _ = write!(
        out,
        "theme = \"{}\"\ngenre = \"{}\"\nlevel = \"{level}\"\naudiences = [\"{}\"]\nsectors = [\"{}\"]\n",
        THEMES[policy.theme].0, GENRES[policy.genre].0, AUDIENCES[policy.audience].0, SECTORS[policy.sector].0,
    );
    if let Some(district) = policy.district {
        let _ = writeln!(out, "districts = [\"{}\"]", DISTRICTS[district].0);
    }
    let _ = writeln!(out, "keywords = [\"{}\", \"{}\"]", THEMES[policy.theme].1, AUDIENCES[policy.audience].1);
    let _ = write!(out, "disclosure = \"主动公开\"\nsummary = \"{}\"\n", text.summary);
    let plain =
        [fill("给C的申请人。", random), fill("每月#元，最长十二个月。", random), fill("到L提交P，T内办结。", random)];
    let _ = writeln!(out, "plain = [\"{}\", \"{}\", \"{}\"]", plain[0], plain[1], plain[2]);
    if policy.marked > 0 {
        let marked: Vec<String> = (1..=policy.marked).map(|article| format!("\"第{}条\"", numeral(article))).collect();
        let _ = writeln!(out, "marked_articles = [{}]", marked.join(", "));
    }
    let phone = format!("0999-8{:03}{:04}", policy.department, random.below(10_000));
    let _ =
        write!(out, "\n[contact]\nunit = \"{department}业务处\"\nphone = \"{phone}\"\nhours = \"工作日 9:00–17:00\"\n");
    let _ = writeln!(out, "place = \"{}\"", fill("L", random));
    for attachment in 1..=policy.attachments {
        let _ = write!(
            out,
            "\n[[attachments]]\nfile = \"form-{attachment}.csv\"\ntitle = \"附件{attachment}：{}申报汇总表\"\n",
            policy.year
        );
    }
    let law = ["中华人民共和国行政许可法", "中华人民共和国就业促进法", "中华人民共和国社会保险法", "优化营商环境条例"];
    let _ = write!(out, "\n[[relations]]\nkind = \"based_on\"\ntitle = \"《{}》\"\n", random.of(&law));
    for (kind, other) in &policy.relations {
        let _ = write!(out, "\n[[relations]]\nkind = \"{kind}\"\nto = \"{}\"\n", plan[*other].id);
    }
    for (stage, published) in STAGES.iter().zip(policy.stages) {
        let _ = write!(out, "\n[stages.{}]\n", stage.0);
        self::stage(&mut out, stage.0, published, policy, &text.matter, random);
    }
    if policy.stages[8] {
        let _ = write!(out, "{}", benefit(policy, &text.matter, &phone, random));
    }
    let _ = write!(out, "+++\n\n{}", text.body);
    out
}

fn stage(out: &mut String, id: &str, published: bool, policy: &Policy, matter: &str, random: &mut Random) {
    if published {
        let day = match id {
            "proposal" | "basis" => policy.written - 120,
            "consultation" => policy.written - 90,
            "feedback" => policy.written - 40,
            "deliberation" => policy.written - 5,
            "revision" => policy.repealed.unwrap_or(policy.effective),
            "execution" | "evaluation" => (policy.effective + 200).min(TODAY),
            _ => policy.published,
        };
        let _ = write!(out, "status = \"published\"\ndate = {}\n", date(day));
        let _ =
            write!(out, "unit = \"{}\"\ntext = \"{}\"\n", department_id(policy.department), sentence(matter, random));
        if id == "execution" {
            let (value, day) = (random.between(10, 9_000), date(day));
            let _ = writeln!(
                out,
                "figures = [{{ label = \"兑现资金\", value = \"{value}\", unit = \"万元\", as_of = {day}, source = \"主管部门兑现台账\", method = \"按实际拨付到账统计\" }}]"
            );
        }
        return;
    }
    let department = department_id(policy.department);
    let line = match random.below(10) {
        0..=4 => "status = \"not_applicable\"\nreason = \"本文件不涉及该环节\"\n".to_owned(),
        5 => "status = \"withheld\"\nlegal_basis = \"《中华人民共和国政府信息公开条例》第十六条\"\n".to_owned(),
        6..=7 => format!("status = \"missing\"\nunit = \"{department}\"\ndue = {}\n", date(TODAY + 90)),
        _ => format!("status = \"upcoming\"\ndue = {}\n", date(TODAY + 180)),
    };
    out.push_str(&line);
}

fn benefit(policy: &Policy, matter: &str, phone: &str, random: &mut Random) -> String {
    let method = ["automatic", "instant", "apply"][random.below(3)];
    let lines = [
        "\n[[benefits]]\nid = \"main\"\ntitle = \"M\"\nwho = \"C的申请人\"\ngives = \"每人每月#元，最长十二个月\"\n",
        "papers = [\"P\", \"P\"]\nsteps = [\"到L提出申请\", \"主管部门审核并公示\", \"资金拨付到账\"]\n",
        "window = \"全年受理\"\nplace = \"L\"\npayment = \"审核通过后T内\"\narticles = [\"第一条\"]\n",
    ];
    let mut text = String::new();
    for line in lines {
        // The keys are not places to fill: only what stands between quotation marks is.
        for (part, words) in line.split('"').enumerate() {
            let quote = if part > 0 { "\"" } else { "" };
            let inside = part % 2 == 1;
            let _ = write!(
                text,
                "{quote}{}",
                if inside { fill(&words.replace('M', matter), random) } else { words.to_owned() }
            );
        }
    }
    let _ = write!(text, "method = \"{method}\"\nphone = \"{phone}\"\n");
    if method == "apply" {
        let _ = write!(text, "opens = {}\ncloses = {}\n", date(policy.effective), date(policy.effective + 28 * 12));
    }
    text
}

/// An attached form: a small table.
pub(crate) fn attachment(random: &mut Random) -> String {
    let mut text = String::from("\u{feff}序号,申请人,条件,材料,金额（元）\n");
    for row in 1..=random.between(10, 60) {
        let _ = writeln!(text, "{row},{}", fill("A,C,P,#", random));
    }
    text
}

/// The id of the department at `at`.
pub(crate) fn department_id(at: usize) -> String {
    format!("dept-{:02}", at + 1)
}
