//! Settings and controlled tables of the generated city.

use std::fmt::Write;
use std::path::Path;

use super::policy::department_id;
use crate::disk;
use crate::process::Outcome;

/// 部门: name, short name, 机关代字.
pub(crate) const DEPARTMENTS: &[(&str, &str, &str)] = &[
    ("青屿市人民政府", "市政府", "青屿政发"),
    ("青屿市人民政府办公厅", "市政府办公厅", "青屿政办发"),
    ("青屿市发展和改革委员会", "市发展改革委", "青屿发改"),
    ("青屿市教育局", "市教育局", "青屿教"),
    ("青屿市科学技术局", "市科技局", "青屿科"),
    ("青屿市工业和信息化局", "市工业和信息化局", "青屿工信"),
    ("青屿市公安局", "市公安局", "青屿公"),
    ("青屿市民政局", "市民政局", "青屿民"),
    ("青屿市司法局", "市司法局", "青屿司"),
    ("青屿市财政局", "市财政局", "青屿财"),
    ("青屿市人力资源和社会保障局", "市人力资源社会保障局", "青屿人社发"),
    ("青屿市自然资源和规划局", "市自然资源和规划局", "青屿自资规"),
    ("青屿市生态环境局", "市生态环境局", "青屿环"),
    ("青屿市住房和城乡建设局", "市住房城乡建设局", "青屿建"),
    ("青屿市交通运输局", "市交通运输局", "青屿交"),
    ("青屿市水务局", "市水务局", "青屿水"),
    ("青屿市农业农村局", "市农业农村局", "青屿农"),
    ("青屿市商务局", "市商务局", "青屿商"),
    ("青屿市文化和旅游局", "市文化和旅游局", "青屿文旅"),
    ("青屿市卫生健康委员会", "市卫生健康委", "青屿卫"),
    ("青屿市退役军人事务局", "市退役军人局", "青屿退役"),
    ("青屿市应急管理局", "市应急局", "青屿应急"),
    ("青屿市审计局", "市审计局", "青屿审"),
    ("青屿市市场监督管理局", "市市场监管局", "青屿市监"),
    ("青屿市体育局", "市体育局", "青屿体"),
    ("青屿市统计局", "市统计局", "青屿统"),
    ("青屿市医疗保障局", "市医保局", "青屿医保"),
    ("青屿市海洋发展局", "市海洋局", "青屿海"),
    ("青屿市园林和林业局", "市园林和林业局", "青屿园林"),
    ("青屿市城市管理局", "市城管局", "青屿城管"),
    ("青屿市地方金融管理局", "市地方金融局", "青屿金管"),
    ("青屿市住房公积金管理中心", "市住房公积金中心", "青屿公积金"),
    ("青屿市行政审批服务局", "市行政审批局", "青屿审批"),
    ("青屿市大数据发展管理局", "市大数据局", "青屿数"),
];

/// 主题: id, name.
pub(crate) const THEMES: &[(&str, &str)] = &[
    ("jiuye", "就业创业"),
    ("rencai", "人才服务"),
    ("shebao", "社会保险"),
    ("yibao", "医疗保障"),
    ("jiaoyu", "教育入学"),
    ("zhufang", "住房安居"),
    ("gongjijin", "住房公积金"),
    ("yanglao", "养老服务"),
    ("shengyu", "生育养育"),
    ("jiuzhu", "社会救助"),
    ("canji", "残疾人服务"),
    ("tuiyi", "退役军人"),
    ("qiye", "企业开办"),
    ("keji", "科技创新"),
    ("gongye", "工业制造"),
    ("nongye", "农业农村"),
    ("shangmao", "商贸消费"),
    ("jinrong", "金融税费"),
    ("jiaotong", "交通出行"),
    ("huanjing", "生态环境"),
    ("wenhua", "文化旅游"),
    ("anquan", "安全应急"),
];

/// 区市: id, name.
pub(crate) const DISTRICTS: &[(&str, &str)] = &[
    ("haizhou", "海洲区"),
    ("beiwan", "北湾区"),
    ("dongshan", "东山区"),
    ("chengnan", "城南区"),
    ("lanjiang", "岚江区"),
    ("xidao", "西岛区"),
    ("yunxi", "云溪市"),
    ("pinghe", "平禾市"),
    ("shuiyang", "水阳市"),
    ("gaoxin", "高新区"),
];

/// 对象: id, name, group.
pub(crate) const AUDIENCES: &[(&str, &str, &str)] = &[
    ("graduates", "高校毕业生", "个人"),
    ("workers", "在职职工", "个人"),
    ("jobless", "失业人员", "个人"),
    ("elderly", "老年人", "个人"),
    ("parents", "儿童家长", "个人"),
    ("disabled", "残疾人", "个人"),
    ("veterans", "退役军人", "个人"),
    ("farmers", "农户", "个人"),
    ("small-firms", "小微企业", "企业"),
    ("tech-firms", "科技型企业", "企业"),
    ("makers", "制造业企业", "企业"),
    ("traders", "个体工商户", "企业"),
    ("societies", "社会组织", "组织"),
    ("schools", "学校", "组织"),
];

/// 行业: id, name.
pub(crate) const SECTORS: &[(&str, &str)] = &[
    ("marine", "海洋产业"),
    ("equipment", "装备制造"),
    ("electronics", "电子信息"),
    ("medicine", "生物医药"),
    ("energy", "新能源"),
    ("food", "食品加工"),
    ("logistics", "现代物流"),
    ("tourism", "文旅服务"),
    ("farming", "种植养殖"),
    ("building", "建筑业"),
    ("retail", "批发零售"),
    ("catering", "住宿餐饮"),
];

/// 体裁: id, name.
pub(crate) const GENRES: &[(&str, &str)] = &[
    ("measures", "办法"),
    ("rules", "细则"),
    ("notice", "通知"),
    ("opinion", "意见"),
    ("announcement", "公告"),
    ("plan", "方案"),
    ("provisions", "规定"),
    ("reply", "批复"),
];

const SITE: &str = r#"title = "青屿市政策一码通（生成的城市）"
short_title = "政策一码通"
city = "青屿市"
host = "zc.qingyu.example"
identifier = "9900000000"
operator = "青屿市人民政府办公厅"
hotline = "12345"
demonstration = true
description = "为测量而生成的城市，全部内容为演示数据。"
"#;

/// Writes `site.toml`, `tables/*.toml` and `tombstones.toml`.
pub(crate) fn write(out: &Path) -> Outcome {
    disk::write(&out.join("site.toml"), SITE)?;
    disk::write(&out.join("tombstones.toml"), "")?;
    let mut departments = String::new();
    for (at, (name, short, prefix)) in DEPARTMENTS.iter().enumerate() {
        let _ = write!(
            departments,
            "[[departments]]\nid = \"{}\"\nname = \"{name}\"\nshort_name = \"{short}\"\ncode = \"QY{:03}\"\nprefix = \"{prefix}\"\nphone = \"0999-8{at:03}0000\"\n\n",
            department_id(at),
            at + 1,
        );
    }
    disk::write(&out.join("tables/departments.toml"), departments.trim_end().to_owned() + "\n")?;
    let plain = |table: &[(&'static str, &'static str)]| table.iter().map(|&(id, name)| (id, name, None)).collect();
    let audiences = AUDIENCES.iter().map(|&(id, name, group)| (id, name, Some(group))).collect();
    table(out, "districts", plain(DISTRICTS))?;
    table(out, "themes", plain(THEMES))?;
    table(out, "audiences", audiences)?;
    table(out, "sectors", plain(SECTORS))?;
    table(out, "genres", plain(GENRES))
}

fn table(out: &Path, name: &str, rows: Vec<(&str, &str, Option<&str>)>) -> Outcome {
    let mut text = String::new();
    for (id, title, group) in rows {
        let _ = write!(text, "[[{name}]]\nid = \"{id}\"\nname = \"{title}\"\n");
        if let Some(group) = group {
            let _ = writeln!(text, "group = \"{group}\"");
        }
        text.push('\n');
    }
    disk::write(&out.join(format!("tables/{name}.toml")), text.trim_end().to_owned() + "\n")
}
