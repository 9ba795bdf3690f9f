use proptest::prelude::*;

use super::*;

fn html(text: &str) -> String {
    parse(text).html
}

fn problems(text: &str) -> Vec<ProblemKind> {
    parse(text).problems.into_iter().map(|problem| problem.kind).collect()
}

#[test]
fn bold_works_next_to_chinese_punctuation() {
    for (text, expected) in [
        ("**申请条件：**企业应当", "<p><strong>申请条件：</strong>企业应当</p>\n"),
        ("企业**（含个体工商户）**可以", "<p>企业<strong>（含个体工商户）</strong>可以</p>\n"),
        ("按照**《管理办法》**执行", "<p>按照<strong>《管理办法》</strong>执行</p>\n"),
        ("**“专精特新”**企业", "<p><strong>“专精特新”</strong>企业</p>\n"),
        ("期限为**三年。**逾期不予受理", "<p>期限为<strong>三年。</strong>逾期不予受理</p>\n"),
        ("普通**加粗**文本", "<p>普通<strong>加粗</strong>文本</p>\n"),
        ("**甲：**一**乙：**二", "<p><strong>甲：</strong>一<strong>乙：</strong>二</p>\n"),
        ("**加粗**，然后", "<p><strong>加粗</strong>，然后</p>\n"),
        ("*强调：*后文", "<p><em>强调：</em>后文</p>\n"),
        ("~~旧标准：~~新标准", "<p><del>旧标准：</del>新标准</p>\n"),
        ("- **材料：**身份证", "<ul>\n<li><strong>材料：</strong>身份证</li>\n</ul>\n"),
        ("**\u{20000}）**企业", "<p><strong>\u{20000}）</strong>企业</p>\n"),
    ] {
        assert_eq!(html(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_emphasis_stays() {
    for (text, expected) in [
        ("2 ** 3", "<p>2 ** 3</p>\n"),
        (r"\*\*申请：\*\*企业", "<p>**申请：**企业</p>\n"),
        ("`**申请：**企业`", "<p><code>**申请：**企业</code></p>\n"),
        ("`a` \\\\**条件：**企业", "<p><code>a</code> \\<strong>条件：</strong>企业</p>\n"),
        ("面积**㎡", "<p>面积**㎡</p>\n"),
        ("[说明](/a**：**b/)", "<p><a href=\"/a**：**b/\">说明</a></p>\n"),
    ] {
        assert_eq!(html(text).replace("%EF%BC%9A", "："), expected, "{text}");
    }
    assert_eq!(html("    **申请：**企业"), "<pre><code>**申请：**企业</code></pre>\n");
}

#[test]
fn articles_are_anchors() {
    let body = parse(
        "## 第一章　总则\n\n**第一条**　为了。\n\n续段。\n\n第二条 企业。\n\n第三条规定的企业可以。\n\n**第二条之一**　补。",
    );
    let anchors: Vec<_> = body.articles.iter().map(Article::anchor).collect();
    assert_eq!(anchors, ["article-1", "article-2", "article-2-1"]);
    assert_eq!(body.articles[0].text(&body.text()), "为了。\n续段。");
    assert_eq!(body.articles[1].text(&body.text()), "企业。\n第三条规定的企业可以。");
    assert!(body.html.contains(
        "<p class=\"article\" id=\"article-2\"><a class=\"article-label\" href=\"#article-2\">第二条</a>\u{3000}企业。</p>"
    ));
    assert_eq!(body.headings[0].text, "第一章　总则");
    assert!(body.text().contains("第二条\u{3000}企业。"));
    assert_eq!(problems("第一条 甲\n\n第一条 乙"), [ProblemKind::DuplicateArticle("第一条".into())]);
    assert_eq!(parse("**第一条 总则：** 甲").html.matches("<strong>").count(), 1);
}

#[test]
fn line_breaks_between_han_characters_are_not_spaces() {
    assert_eq!(html("第一行\n第二行"), "<p>第一行第二行</p>\n");
    assert_eq!(html("Yima\nis"), "<p>Yima\nis</p>\n");
    assert_eq!(parse("第一行\n**第二行**").text(), "第一行第二行\n");
}

#[test]
fn html_is_cleaned_and_reported() {
    assert_eq!(
        problems("<script>alert(1)</script>\n\n文<b onclick=\"x()\">本</b>"),
        [ProblemKind::Removed("<script>".into()), ProblemKind::Removed("<b onclick>".into())]
    );
    let clean = html("<script>alert(1)</script>\n\n文<b onclick=\"x()\">本</b>");
    assert!(!clean.contains("alert") && !clean.contains("onclick") && clean.contains("<b>本</b>"), "{clean}");
    assert_eq!(problems("H<sub>2</sub>O"), []);
    assert_eq!(problems("[点](javascript:alert(1))"), [ProblemKind::Scheme("javascript:alert(1)".into())]);
    assert_eq!(
        problems("![图](https://else.example/x.png)"),
        [ProblemKind::ForeignImage("https://else.example/x.png".into())]
    );
    assert_eq!(problems("# 大标题"), [ProblemKind::TopHeading("大标题".into())]);
    assert!(!html("<p id=\"article-1\">x</p>\n\n第一条 甲").contains("style"));
}

#[test]
fn tables_carry_classes_not_styles() {
    let html = html("| 档次 | 金额 |\n|---|---:|\n| 一档 | 500 |");
    assert!(
        html.contains("<th scope=\"col\" class=\"right\">金额</th>") && html.contains("<td class=\"right\">500</td>"),
        "{html}"
    );
    assert!(!html.contains("style="));
}

#[test]
fn deep_nesting_is_a_problem_not_a_crash() {
    assert!(problems(&"> ".repeat(5_000)).contains(&ProblemKind::TooDeep));
    assert!(problems(&format!("{}文", "> ".repeat(40))).contains(&ProblemKind::TooDeep));
}

/// Lines of all kinds, so that texts of them go the short way often and nearly go it always.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        8 => "[企业a1 　，。（！:\"'.)+=-]{0,6}",
        4 => "(## |### |###### |# |#)[企业a# 　]{0,4}",
        4 => "- [企业a1.　)#-]{0,5}",
        4 => "(\\*\\*)?第[一二十1]{1,2}条(之一)?[　 （【企]{0,2}(\\*\\*)?[　 （企业。\"]{0,4}",
        1 => "[ \t]*(1[.)] |---|===|\\* |> |```|<b>|\\[a\\]: /|&amp;|a|\u{FDD0}|\u{A0}|\u{85})[企a|]{0,2}",
        3 => "[企a　!]{0,3}\\[[企a　 ]{0,3}\\]\\([/#a.:-]{0,4}\\)[企　 ]{0,2}",
        2 => "(- |第一条　?|\\*\\*第二条\\*\\*　?)\\[[企a]{1,2}\\]\\(/a\\)[企 \\[\\]]{0,2}",
        4 => "\\|( ?[企a1: 　-]{0,3} ?\\|){1,3}",
        4 => "\\| ?:?-{1,3}:? ?\\|( :?-:? \\||---\\|){0,2}",
        3 => Just("| 一 | 二 |\n|---|--:|\n| 三 | [企](/a) |".to_owned()),
        6 => Just(String::new()),
    ];
    let end = prop_oneof![12 => Just("\n"), 4 => Just("\n\n"), 1 => Just("\r\n"), 1 => Just("  \n")];
    proptest::collection::vec((line, end), 0..9)
        .prop_map(|lines| lines.into_iter().map(|(line, end)| format!("{line}{end}")).collect())
}

#[test]
fn the_usual_text_goes_the_short_way() {
    let text = "## 第一章　总则\n\n**第一条**　为了。\n\n第二条 [《办法》](/policy/x/)（青政〔2025〕1号）。\n\n- 甲；\n- 2025年。\n\n续段\n\n| 档 | 元 |\n|---|---:|\n| 一 | 5 |\n";
    let body = simple::parse(text).unwrap();
    assert_eq!(body, render::parse_any(text));
    assert_eq!((body.articles.len(), body.headings.len(), body.mentions.len()), (2, 1, 2));
    for text in ["一\n二", "- 一\n\n- 二", "**一**", "1. 一", "[一]", "一<b>", "一|二", "# 一", "一 ", " 一"]
    {
        assert!(simple::parse(text).is_none(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_short_way_leads_where_the_long_one_does(text in lines()) {
        if let Some(body) = simple::parse(&text) {
            prop_assert_eq!(body, render::parse_any(&text));
        }
    }
}

proptest! {
    #[test]
    fn any_text_gives_safe_html(text in "[ \\n*_~`<>\"'=a-z\\[\\]()!#|:：（）第一条企业\u{FDD0}-]{0,200}") {
        let body = parse(&text);
        let joiner = char::from_u32(0xFDD0).unwrap();
        prop_assert!(!body.html.contains(joiner) && !body.text().contains(joiner));
        prop_assert!(!body.html.to_lowercase().contains("<script"));
        let articles = body.articles.len();
        prop_assert!(articles <= text.matches('条').count());
    }
}
