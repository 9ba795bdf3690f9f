//! The same texts for Hugo: one page per policy with facts, time line and article, and lists of fifty.

use std::fmt::Write;
use std::path::Path;

use super::plan::{Policy, STAGES, date};
use super::policy::Text;
use super::tables::{DEPARTMENTS, THEMES};
use crate::disk;
use crate::process::Outcome;

/// What is not measured is switched off, as a careful user of Hugo would.
const SETTINGS: &str = r#"baseURL = "/"
languageCode = "zh-CN"
title = "青屿市政策"
disableKinds = ["taxonomy", "term", "RSS", "404"]
disableAliases = true
[pagination]
pagerSize = 50
"#;

const BASE: &str = r#"<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ .Title }} - {{ .Site.Title }}</title><meta name="description" content="{{ .Description }}"><link rel="canonical" href="{{ .RelPermalink }}"></head>
<body>
<nav><a href="/">首页</a> <a href="/policy/">政策</a></nav>
<main>{{ block "main" . }}{{ end }}</main>
<footer>{{ .Site.Title }}</footer>
</body>
</html>
"#;

const POLICY: &str = r#"{{ define "main" }}
<h1>{{ .Title }}</h1>
<table>
<tr><th>发文字号</th><td>{{ .Params.docno }}</td></tr>
<tr><th>发文机关</th><td>{{ .Params.org }}</td></tr>
<tr><th>主题</th><td>{{ .Params.topic }}</td></tr>
<tr><th>发布日期</th><td>{{ .Date.Format "2006-01-02" }}</td></tr>
<tr><th>施行日期</th><td>{{ .Params.effective }}</td></tr>
<tr><th>失效日期</th><td>{{ with .Params.ends }}{{ . }}{{ else }}长期有效{{ end }}</td></tr>
<tr><th>摘要</th><td>{{ .Description }}</td></tr>
</table>
<ol>{{ range .Params.timeline }}<li><b>{{ .stage }}</b> {{ .date }}</li>{{ end }}</ol>
<article>{{ .Content }}</article>
{{ end }}
"#;

const LIST: &str = r#"{{ define "main" }}
<h1>{{ .Title }}</h1>
<ul>{{ range .Paginator.Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.docno }} {{ .Date.Format "2006-01-02" }}</li>{{ end }}</ul>
<p>{{ with .Paginator.Prev }}<a href="{{ .URL }}">上一页</a>{{ end }} {{ .Paginator.PageNumber }} / {{ .Paginator.TotalPages }} {{ with .Paginator.Next }}<a href="{{ .URL }}">下一页</a>{{ end }}</p>
{{ end }}
"#;

const HOME: &str = r#"{{ define "main" }}<h1>{{ .Title }}</h1><p><a href="/policy/">政策</a></p>{{ end }}
"#;

/// Settings and layouts.
pub(crate) fn write_site(root: &Path) -> Outcome {
    for (path, text) in [
        ("hugo.toml", SETTINGS),
        ("layouts/baseof.html", BASE),
        ("layouts/page.html", POLICY),
        ("layouts/section.html", LIST),
        ("layouts/home.html", HOME),
        ("content/policy/_index.md", "+++\ntitle = \"政策文件\"\n+++\n"),
    ] {
        disk::write(&root.join(path), text)?;
    }
    Ok(())
}

/// One policy.
pub(crate) fn write_page(root: &Path, policy: &Policy, text: &Text) -> Outcome {
    let mut page = format!(
        "+++\ntitle = \"{}\"\ndate = {}\ndescription = \"{}\"\ndocno = \"{}\"\norg = \"{}\"\ntopic = \"{}\"\neffective = \"{}\"\n",
        text.title,
        date(policy.published),
        text.summary,
        text.document_number.as_deref().unwrap_or_default(),
        DEPARTMENTS[policy.department].0,
        THEMES[policy.theme].1,
        date(policy.effective),
    );
    if let Some(day) = policy.expires {
        let _ = writeln!(page, "ends = \"{}\"", date(day));
    }
    for ((stage, _), _) in STAGES.iter().zip(policy.stages).filter(|(_, published)| *published) {
        let _ = write!(page, "[[timeline]]\nstage = \"{stage}\"\ndate = \"{}\"\n", date(policy.published));
    }
    let _ = write!(page, "+++\n\n{}", text.body);
    disk::write(&root.join(format!("content/policy/{}.md", policy.id)), page)
}
