use super::*;

fn told(a: (Option<&str>, &str), b: (Option<&str>, &str)) -> Option<String> {
    Stated::of(a.0, a.1).against(&Stated::of(b.0, b.1)).map(|(zh, _)| zh)
}

#[test]
fn answers_that_disagree() {
    for (a, b, zh) in [
        ("每月500元，最长36个月。", "每月八百元，最长36个月。", "每月金额 500元／八百元"),
        ("10个工作日内办结。", "二十个工作日内办结。", "工作日 10个工作日／二十个工作日"),
        ("报销百分之五十。", "按60%报销。", "比例 百分之五十／60%"),
        ("满60周岁可以。", "满65岁可以。", "年龄 60周岁／65岁"),
        ("能，外地户口也能。", "不能，要有本市户口。", "能／不能"),
        ("可以申请。", "目前不可以申请，等通知。", "能／不能"),
        ("不需要落户。", "需要落户，六个月内办好。", "不需要／需要"),
        ("不用预约，到了就办。", "要，提前一天预约。", "不需要／需要"),
        ("一次性补1.5万元。", "一次性补12,000元。", "金额 1.5万元／12,000元"),
    ] {
        assert_eq!(told((None, a), (None, b)).as_deref(), Some(zh), "{a} {b}");
        assert_eq!(told((Some(a), "详见办法。"), (Some(b), "详见办法。")).as_deref(), Some(zh), "{a} {b}");
    }
    let (a, b) = ((Some("9月30日截止。"), "甲"), (Some("10月15日截止。"), "乙"));
    assert_eq!(told(a, b).as_deref(), Some("日期 9月30日／10月15日"));
}

#[test]
fn answers_that_do_not() {
    for (a, b) in [
        ("大专500元，本科800元，硕士1200元。", "大专每人补500元，其他学历另算。"),
        ("每月500元。", "一年6000元。"),
        ("5个工作日内认定。", "5日内认定。"),
        ("自2025年7月1日起施行，9月30日前报名。", "2025年9月1日受理，年底截止。"),
        ("可以，带身份证。", "需要带身份证。"),
        ("要看参保地，一般可以报。", "不能一概而论。"),
        ("每月20日发放，5个工作日内到账。", "五个工作日到账。"),
        ("依据第三条办理，3个月内有效。", "三个月有效，见第五条。"),
        ("拨打0999-83511196。", "拨打0999-83510000。"),
        ("行业主管部门负责。", "不行的话再申请一次。"),
    ] {
        assert_eq!(told((None, a), (None, b)), None, "{a} {b}");
    }
    let (a, b) =
        ((Some("每月500元。"), "每月500元，旧办法每月300元。"), (Some("每月500元。"), "每月500元，灯塔岛另加100元。"));
    assert_eq!(told(a, b), None);
}

#[test]
fn figures_are_read_with_their_measure() {
    let all = |text: &str| {
        let found = figures(&normalise(text));
        found.into_iter().flat_map(|(m, values)| values.into_keys().map(move |v| (m, v))).collect::<Vec<_>>()
    };
    assert_eq!(all("每月1日至5日"), [(Measure::DayOfMonth, 1000), (Measure::DayOfMonth, 5000)]);
    assert_eq!(all("３，１２０元/月"), [(Measure::Money(Basis::Month), 3_120_000)]);
    assert_eq!(all("2025年3月1日"), [(Measure::Date, 301)]);
    assert_eq!(all("12.5%和3.25万元"), [(Measure::Money(Basis::Once), 32_500_000), (Measure::Percent, 12_500)]);
    assert_eq!(all("第三十日、12号、99999999999999999999元"), []);
}
