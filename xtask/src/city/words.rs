//! What the generated city talks about. Invented; no sentence is from a real document.

use super::random::Random;

/// What a policy is about.
const MATTERS: &[&str] = &[
    "一次性创业补贴",
    "住房租赁补贴",
    "灵活就业社保补贴",
    "高龄津贴",
    "长期护理保险",
    "普惠托育",
    "青年人才公寓",
    "技能提升补贴",
    "见习岗位补贴",
    "创业担保贷款",
    "稳岗返还",
    "居家适老化改造",
    "残疾儿童康复救助",
    "困境儿童保障",
    "门诊慢特病待遇",
    "大病保险",
    "异地就医备案",
    "公租房配租",
    "老旧小区加装电梯",
    "既有住宅改造",
    "新能源汽车充电设施",
    "公共交通优待",
    "渔船更新改造",
    "海水养殖尾水治理",
    "高标准农田建设",
    "种粮补贴",
    "农机购置补贴",
    "冷链物流补助",
    "首台套装备奖励",
    "研发投入后补助",
    "高新技术企业培育",
    "专精特新认定奖励",
    "技术改造专项资金",
    "工业互联网示范",
    "数据要素流通试点",
    "消费券发放",
    "夜间经济街区",
    "跨境电商综合试验",
    "外贸稳增长",
    "乡村民宿",
    "海上旅游",
    "非物质文化遗产保护",
    "公共体育场馆开放",
    "义务教育入学",
    "随迁子女就读",
    "学前教育资助",
    "职业教育产教融合",
    "生育津贴",
    "育儿补贴",
    "退役士兵安置",
    "优抚对象医疗补助",
    "临时救助",
    "最低生活保障",
    "殡葬惠民",
    "食品小作坊登记",
    "企业开办一件事",
    "知识产权质押融资",
    "政府性融资担保",
    "中小企业应急转贷",
    "公积金贷款",
    "公积金提取",
    "建筑垃圾处置",
    "排污许可管理",
    "机动车排气检验",
    "生活垃圾分类",
    "危险化学品安全",
    "防汛防台应急",
    "城镇燃气安全",
    "森林防火",
    "城市更新项目",
    "绿色建筑奖励",
    "装配式建筑",
    "节水型企业",
    "碳排放核算",
    "海岸带保护",
    "湿地修复",
];

/// Who has to act.
const ACTORS: &[&str] = &[
    "申请人",
    "用人单位",
    "区（市）主管部门",
    "街道办事处（镇人民政府）",
    "社区居民委员会",
    "经办机构",
    "受理窗口",
    "项目实施单位",
    "承租人",
    "企业法定代表人",
    "行业协会",
    "第三方评估机构",
    "资金管理部门",
    "定点机构",
    "监护人",
    "个体工商户经营者",
    "市级主管部门",
    "银行等金融机构",
    "产权人",
    "合作社",
];

/// What has to be met.
const CONDITIONS: &[&str] = &[
    "具有本市户籍或者持有有效居住证",
    "在本市连续缴纳社会保险费满十二个月",
    "年度营业收入不超过二千万元",
    "信用记录良好且未列入严重失信主体名单",
    "取得国家职业资格证书或者职业技能等级证书",
    "家庭人均月收入低于本市城镇居民上年度人均可支配收入",
    "登记注册并正常经营满一年",
    "毕业五年以内且首次在本市就业",
    "房屋权属清晰、无争议",
    "符合安全生产和消防要求",
    "与劳动者签订一年以上劳动合同",
    "经专家评审并公示无异议",
    "未享受过同类补贴",
    "在规定期限内完成备案",
    "研发费用占营业收入的比例不低于百分之五",
    "年满六十周岁并经能力评估为失能",
    "持有第二代残疾人证",
    "项目总投资在五百万元以上",
];

/// What is handed in.
const PAPERS: &[&str] = &[
    "申请表",
    "居民身份证",
    "营业执照",
    "社会保险缴费证明",
    "不动产权证书",
    "租赁合同",
    "银行账户信息",
    "学历学位证书",
    "劳动合同",
    "纳税证明",
    "项目实施方案",
    "资金使用明细",
    "检验检测报告",
    "诊断证明",
    "残疾人证",
    "退役证件",
    "监护关系证明",
    "现场照片",
];

/// What is done about it.
const DEEDS: &[&str] = &[
    "进行初审并在系统中录入审核意见",
    "组织实地核查，形成书面记录",
    "通过部门数据共享核验有关信息",
    "在官方网站公示五个工作日",
    "一次性告知需要补正的全部内容",
    "将资金直接拨付至申请人的社会保障卡账户",
    "建立台账，做到一事一档",
    "按季度报送执行情况",
    "会同财政部门下达资金计划",
    "委托专业机构开展绩效评价",
    "对公示有异议的情形重新核实",
    "作出不予支持的决定并说明理由",
    "为行动不便的人员提供上门服务",
    "开设专门窗口并公布咨询电话",
    "依法归集、保管和使用个人信息",
    "对骗取资金的行为追回并依法处理",
];

/// Where things are done.
const PLACES: &[&str] = &[
    "市民中心二楼综合窗口",
    "各区（市）政务服务大厅",
    "街道（镇）便民服务中心",
    "“青屿通”移动端",
    "政务服务网",
    "社区工作站",
    "二十四小时自助服务区",
];

/// What it is for.
const AIMS: &[&str] = &[
    "保障和改善民生",
    "促进高质量充分就业",
    "优化营商环境",
    "推动产业转型升级",
    "规范资金管理，提高使用效益",
    "减轻群众负担",
    "完善公共服务体系",
    "防范和化解风险",
    "激发经营主体活力",
    "促进城乡融合发展",
    "保护和合理利用海洋资源",
    "提升城市治理水平",
];

/// How long it takes.
const TERMS: &[&str] = &["五个工作日", "十个工作日", "十五个工作日", "二十个工作日", "三十日", "六十日", "一个季度"];

/// Sentences with places to fill: `M` matter, `A` actor, `C` condition, `P` papers, `D` deed, `L` place, `G` aim,
/// `T` term, `#` an amount, `%` a share.
const SENTENCES: &[&str] = &[
    "为了G，根据有关法律、法规，结合本市实际，制定本文件。",
    "本市行政区域内M的申请、审核、发放和监督管理，适用本文件。",
    "M工作遵循公开、公平、便民的原则，坚持G。",
    "A应当自受理之日起T内D。",
    "申请M的，应当C，并且C。",
    "申请人可以到L提出申请，也可以委托他人代为办理。",
    "申请时提交P、P和P；能够通过数据共享取得的，不再要求提交。",
    "补贴标准为每人每月#元，最长不超过三十六个月。",
    "对符合条件的单位，按照实际投入的百分之%给予支持，最高不超过#万元。",
    "A应当D，D。",
    "对C的，优先予以安排；名额不足时，按照申请先后确定。",
    "A未在规定期限内提出的，视为放弃本年度的申请。",
    "有下列情形之一的，停止发放M，并由A在T内D。",
    "同一事项符合本市多项支持条件的，按照就高不重复的原则执行。",
    "所需资金列入年度预算，由市、区（市）两级按照百分之%与剩余部分的比例分担。",
    "A每年对M的执行情况进行评估，评估结果作为调整标准的依据。",
    "任何单位和个人发现弄虚作假的，可以向A举报，A应当在T内答复。",
    "A在办理M过程中玩忽职守、滥用职权的，依法给予处分。",
    "M的具体标准由市级主管部门会同市财政局每两年公布一次。",
    "鼓励A参与M，支持通过L提供便捷服务。",
    "A应当将M的条件、标准、流程和结果向社会公开，接受监督。",
    "审核通过的，A应当在T内D；审核未通过的，D。",
    "对C的困难家庭，标准上浮百分之%，每户每年不超过#元。",
    "跨区（市）迁移的，由迁入地的A继续办理，已经享受的期限合并计算。",
];

/// Fills one sentence of a document about `matter`; now and then it mentions another.
pub(crate) fn sentence(matter: &str, random: &mut Random) -> String {
    let form = random.of(SENTENCES);
    if random.percent(15) { fill(form, random) } else { fill(&form.replace('M', matter), random) }
}

/// Fills the places of `form`.
pub(crate) fn fill(form: &str, random: &mut Random) -> String {
    let mut text = String::with_capacity(form.len() * 2);
    for letter in form.chars() {
        match letter {
            'M' => text.push_str(random.of(MATTERS)),
            'A' => text.push_str(random.of(ACTORS)),
            'C' => text.push_str(random.of(CONDITIONS)),
            'P' => text.push_str(random.of(PAPERS)),
            'D' => text.push_str(random.of(DEEDS)),
            'L' => text.push_str(random.of(PLACES)),
            'G' => text.push_str(random.of(AIMS)),
            'T' => text.push_str(random.of(TERMS)),
            '#' => text.push_str(&(random.between(2, 90) * 50).to_string()),
            '%' => text.push_str(&(random.between(1, 16) * 5).to_string()),
            other => text.push(other),
        }
    }
    text
}

/// A number as Chinese articles are counted: 1 to 99.
pub(crate) fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, number % 10);
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

/// How many Chinese characters a text has.
pub(crate) fn han(text: &str) -> usize {
    text.chars().filter(|letter| ('\u{4e00}'..='\u{9fff}').contains(letter)).count()
}

#[cfg(test)]
mod tests {
    use super::{Random, fill, han, numeral};

    #[test]
    fn numerals_of_articles() {
        let written: Vec<String> = [1, 9, 10, 11, 20, 21, 99].into_iter().map(numeral).collect();
        assert_eq!(written, ["一", "九", "十", "十一", "二十", "二十一", "九十九"]);
    }

    #[test]
    fn every_place_is_filled() {
        let text = fill("MACPDLGT#%", &mut Random::new(1, 1));
        assert!(!text.contains(|letter: char| letter.is_ascii_uppercase() || "#%".contains(letter)), "{text}");
        assert!(han(&text) > 20);
    }
}
