//! `yima build`: the whole site to a folder.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use super::key;
use super::terminal::{Progress, say, unless_closed};
use super::{Common, Failure, Format};
use crate::headers::Transport;
use crate::mistake::Mistakes;
use crate::plan::{Part, Press};
use crate::project::{NewCodes, Project, load};
use crate::release::Release;
use crate::source;
use crate::write::{self, Nothing, WriteError, Written, write};

/// What was typed after `yima build`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// 写到哪个文件夹；只会更换 yima 自己写的文件夹 / output folder
    #[arg(long, value_name = "DIR", default_value = "dist")]
    out: PathBuf,
    /// Trunk 编译出的应用所在的文件夹；省略则生成不带应用的完整网站 / folder of the compiled app
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// 由 Trunk 的 post_build 钩子调用：应用取自它的暂存文件夹，网站也写到那里 / called by Trunk
    #[arg(long, conflicts_with_all = ["out", "app"])]
    trunk: bool,
    /// 台账里还没有码的记录先用临时码，只供试看，不可发布 / codes for records the ledger lacks, for a trial only
    #[arg(long)]
    provisional_codes: bool,
    /// 只生成一部分，好与别的生成器比较快慢；不可发布 / a part of the site only, for comparisons
    #[arg(long, value_name = "PART", hide = true)]
    only: Option<Part>,
    /// 不做发布数据，好单独量出它的快慢；不可发布 / without the release, to measure its cost by itself
    #[arg(long)]
    no_release: bool,
    /// 签发布数据用的私钥文件；省略则看环境变量 YIMA_RELEASE_KEY，演示站再看内容文件夹里的 demo-release.key /
    /// file of the key that signs the release
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// 发布数据的编号，只能越来越大；省略则由日期和上一次的编号得出 / number of the release, which must grow
    #[arg(long, value_name = "N")]
    sequence: Option<u64>,
    /// 上一次发布的网站所在的文件夹；省略则看输出文件夹。已经离线的设备只需下载有变化的部分 /
    /// folder of the site as published last, so that devices fetch only what changed
    #[arg(long, value_name = "DIR")]
    after: Option<PathBuf>,
    /// 发布数据从头做起，不接着上一次的：设备要全部重新下载 / cut the release anew
    #[arg(long, conflicts_with = "after")]
    anew: bool,
    /// 不等数据真正落盘；断电可能丢文件 / do not wait for the disk
    #[arg(long)]
    no_sync: bool,
    /// 同时给出整个网站的 SHA-256 摘要 / also the digest of the whole site
    #[arg(long)]
    digest: bool,
}

/// What is needed: what was typed, settled.
struct Target {
    out: PathBuf,
    app: Option<PathBuf>,
    /// The folder is handed over, with what stands in it.
    given: bool,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    // On the same threads from the first file to the last page: what reading gave back, rendering takes.
    common.with_threads(|| build(common, args))?
}

fn build(common: &Common, args: &Args) -> Result<(), Failure> {
    let start = Instant::now();
    let lang = common.lang;
    let target = target(common, args)?;
    let new_codes = if args.provisional_codes { NewCodes::Provisional } else { NewCodes::Refuse };
    let options = common.options(target.app.clone(), new_codes)?;
    let loaded = load(&options).map_err(Failure::trouble)?;
    let errors = loaded.mistakes.errors();
    let Some(project) = loaded.project.filter(|_| errors == 0) else {
        return Err(refuse(common, loaded.mistakes));
    };
    common.needs_public()?;
    if project.assets.app.is_none() {
        match &target.app {
            Some(folder) => return Err(no_app(common, folder)),
            None => say(lang.pick(
                "没有给出应用（--app），生成不带应用的完整网站。",
                "No app was given (--app); writing the complete site without it.",
            )),
        }
    }
    let broken = project.broken_promises(&target.out).map_err(Failure::trouble)?;
    if !broken.0.is_empty() {
        return Err(refuse(common, broken));
    }
    let written = put(common, args, &target, &project)?;
    // The program ends here, and the system takes a city back at once: text by text is one part in thirty of a build.
    std::mem::forget(project);
    let notes = loaded.mistakes.0.len();
    if notes > 0 {
        say(&lang.pick(
            format!("另有 {notes} 处注意和建议：yima check"),
            format!("{notes} warnings and suggestions: yima check"),
        ));
    }
    sum_up(common, &target.out, &written, start.elapsed().as_secs_f64())
}

fn target(common: &Common, args: &Args) -> Result<Target, Failure> {
    if !args.trunk {
        return Ok(Target { out: args.out.clone(), app: args.app.clone(), given: false });
    }
    let Some(staging) = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from) else {
        return Err(Failure::Trouble(common.lang.pick(
            "--trunk 由 Trunk 的钩子调用，这里没有 TRUNK_STAGING_DIR。要自己生成网站，请用 yima build --app DIR。".to_owned(),
            "--trunk is for Trunk's hook; there is no TRUNK_STAGING_DIR here. To build yourself: yima build --app DIR"
                .to_owned(),
        )));
    };
    Ok(Target { out: staging.clone(), app: Some(staging), given: true })
}

fn no_app(common: &Common, folder: &Path) -> Failure {
    let folder = folder.display();
    Failure::Trouble(common.lang.pick(
        format!("{folder} 里没有 Trunk 编译出的应用（*_bg.wasm 和同名的 .js）。先编译应用，或去掉 --app。"),
        format!(
            "{folder} holds no app (*_bg.wasm and the .js of the same name). Compile it first, or leave out --app."
        ),
    ))
}

fn put(common: &Common, args: &Args, target: &Target, project: &Project) -> Result<Written, Failure> {
    let lang = common.lang;
    let press = Press::new(project).map_err(|error| Failure::Trouble(WriteError::Render(error).sentence(lang)))?;
    let planned = args.only.map_or_else(|| press.plan(), |part| press.plan_part(part));
    let site = match planned {
        Ok(site) => site,
        Err(claimed) => return Err(refuse(common, claimed)),
    };
    let signer = key::signer(common, args.key.as_deref(), &project.city.settings)?;
    let bare = args.only.is_some() || args.no_release;
    if signer.is_none() && !bare {
        say(lang.pick(
            "没有签名的私钥（--key），发布数据不带签名：设备只能信任传送它的主机。",
            "No key (--key): the release is not signed, and devices must trust whoever sends it.",
        ));
    }
    let release = Release {
        project,
        signer: signer.as_ref(),
        transport: Transport::Https,
        sequence: args.sequence,
        after: args.after.as_deref(),
        anew: args.anew,
    };
    let progress = Progress::new(lang);
    let options = write::Options {
        threads: common.threads,
        durable: !args.no_sync,
        digest: args.digest,
        given: target.given,
        notice: &|notice| progress.hear(notice),
    };
    let written = if bare {
        write(&site, &press, &target.out, &Nothing, options)
    } else {
        write(&site, &press, &target.out, &release, options)
    };
    written.map_err(|error| Failure::Trouble(error.sentence(lang)))
}

/// Tells the mistakes for which nothing is written.
fn refuse(common: &Common, mistakes: Mistakes) -> Failure {
    let report = source::report(&common.content, mistakes);
    if let Err(failure) = common.tell(&report, &mut std::io::stderr()) {
        return failure;
    }
    say(common.lang.pick("内容有错误，什么都没有写。", "The content has mistakes; nothing was written."));
    Failure::Mistakes
}

fn sum_up(common: &Common, out: &Path, written: &Written, seconds: f64) -> Result<(), Failure> {
    let Written { files, bytes, written, unchanged, removed, digest } = *written;
    let out = out.display();
    let digest = digest.map(|digest| digest.to_string());
    match common.format {
        Format::Json => {
            let sum = json!({
                "out": out.to_string(), "files": files, "bytes": bytes, "written": written, "unchanged": unchanged,
                "removed": removed, "seconds": seconds, "digest": digest,
            });
            unless_closed(std::io::Write::write_all(&mut std::io::stdout(), format!("{sum:#}\n").as_bytes()))
        }
        Format::Text => {
            let megabytes = bytes as f64 / 1e6;
            say(&common.lang.pick(
                format!(
                    "{out}：{files} 个文件，{megabytes:.1} MB；写入 {written}，未变 {unchanged}，删除 {removed}；{seconds:.2} 秒"
                ),
                format!(
                    "{out}: {files} files, {megabytes:.1} MB; {written} written, {unchanged} unchanged, \
                     {removed} removed; {seconds:.2} s"
                ),
            ));
            if let Some(digest) = digest {
                say(&format!("sha256 {digest}"));
            }
            Ok(())
        }
    }
}
