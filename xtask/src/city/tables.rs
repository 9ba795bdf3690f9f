//! Settings and controlled tables of the generated city.

use std::fmt::Write;
use std::path::Path;

use super::policy::department_id;
use super::words::{AUDIENCES, DEPARTMENTS, DISTRICTS, GENRES, SECTORS, THEMES};
use crate::disk;
use crate::process::Outcome;

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
