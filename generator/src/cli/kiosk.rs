//! `yima kiosk`: a machine that serves the site where there is no network.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::terminal::say;
use super::{Common, Failure};
use crate::kiosk::{self, Event, Export, Imported, Options, Refusal, Store};
use crate::language::Language;

/// What was typed after `yima kiosk`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 建立自助机的数据文件夹，记下信任的公钥 / make a kiosk's folder, pin the keys it trusts
    Init {
        /// 数据文件夹 / folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// 公钥文件，每行一把：现用的和下一把；或网站的 site.toml / file of public keys, one a line, or a site.toml
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// 网站的域名；缺省为公钥的名字 / host of the site; by default the name of the key
        #[arg(long, value_name = "HOST")]
        host: Option<String>,
    },
    /// 从 U 盘或文件夹导入签名的更新 / take a signed update from a stick or a folder
    Import {
        /// U 盘 / the stick
        #[arg(value_name = "STICK")]
        stick: PathBuf,
        /// 数据文件夹 / the kiosk's folder
        #[arg(long, value_name = "DIR")]
        into: PathBuf,
        /// 公钥文件；数据文件夹还没建立时顺便建立 / file of public keys, to set up a folder that is not yet
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// 退回上一号发布 / go back to the earlier release
    Rollback {
        /// 数据文件夹 / the kiosk's folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// 重新启用退回的那一号 / take the later one again
        #[arg(long)]
        undo: bool,
    },
    /// 在本机提供网站 / serve the site on this machine
    Serve {
        /// 数据文件夹 / the kiosk's folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// 监听的地址，只能是本机 / address to listen on, loopback only
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// 页面停止心跳时改写的文件，由它触发重开浏览器 / file touched when the page falls silent
        #[arg(long, value_name = "FILE")]
        browser_file: Option<PathBuf>,
    },
    /// 把生成好的网站写成更新盘 / write a built site onto a stick
    Export {
        /// U 盘 / the stick
        #[arg(value_name = "STICK")]
        stick: PathBuf,
        /// 生成好的网站 / the built site
        #[arg(long, value_name = "DIR", default_value = "dist")]
        site: PathBuf,
        /// 公钥文件；缺省为内容文件夹 site.toml 里的 release_keys / file of public keys
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// 不附带可直接打开的网页副本 / without the copy that opens from the stick itself
        #[arg(long)]
        no_plain: bool,
    },
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let lang = common.lang;
    let refused = |refusal: Refusal| Failure::Trouble(refusal.sentence(lang));
    match &args.what {
        What::Init { folder, key, host } => {
            let store = set_up(folder, key, host.as_deref()).map_err(refused)?;
            let (folder, host) = (folder.display(), store.host());
            say(&lang.pick(
                format!("{folder} 建好了，用于 {host}。下一步：yima kiosk import U盘 --into {folder}"),
                format!("{folder} is ready for {host}. Next: yima kiosk import STICK --into {folder}"),
            ));
        }
        What::Import { stick, into, key } => {
            let store = match (Store::open(into), key) {
                (Err(Refusal::NotSetUp(_)), Some(key)) => set_up(into, key, None),
                (Ok(_), Some(_)) => Err(Refusal::SetUpAlready(into.clone())),
                (opened, _) => opened,
            };
            let imported = store.and_then(|store| kiosk::import(&store, stick, &|_, _| {})).map_err(refused)?;
            say(&took(&imported, lang));
        }
        What::Rollback { folder, undo } => {
            let number = Store::open(folder).and_then(|store| store.roll_back(*undo)).map_err(refused)?;
            say(&lang.pick(format!("现在用的是第 {number} 号发布。"), format!("Release {number} answers now.")));
        }
        What::Serve { folder, listen, browser_file } => {
            let store = Store::open(folder).map_err(refused)?;
            #[expect(clippy::disallowed_methods, reason = "ages that are shown; nothing is decided by them")]
            let clock = jiff::Timestamp::now;
            let options = Options { listen: *listen, browser_file: browser_file.clone(), clock, language: lang };
            kiosk::serve(store, options, move |event| tell(&event, lang))
                .map_err(|error| Failure::Trouble(error.sentence(lang)))?;
        }
        What::Export { stick, site, key, no_plain } => {
            let keys = kiosk::read_keys(key.as_deref().unwrap_or(&common.content.join("site.toml")));
            let export = Export { site, stick, plain: !no_plain };
            let written = keys.and_then(|keys| export.write(&keys)).map_err(|refusal| {
                let (chinese, english) = refusal.words();
                Failure::Trouble(
                    lang.pick(format!("{chinese}，更新盘没有写成。"), format!("{english}; the stick was not written.")),
                )
            })?;
            let (number, date) = (written.sequence, &written.date);
            let (objects, pages, stick) = (written.objects, written.pages, stick.display());
            say(&lang.pick(
                format!("{stick}：第 {number} 号发布（{date}），{objects} 个数据文件，{pages} 个可直接打开的文件。"),
                format!(
                    "{stick}: release {number} of {date}, {objects} objects, {pages} files that open by themselves."
                ),
            ));
        }
    }
    Ok(())
}

fn set_up(folder: &Path, key: &Path, host: Option<&str>) -> Result<Store, Refusal> {
    Store::create(folder, &kiosk::read_keys(key)?, host)
}

fn took(imported: &Imported, lang: Language) -> String {
    let Imported { sequence, date, again, copied, bytes, kept } = imported;
    let megabytes = *bytes as f64 / 1e6;
    match (again, copied) {
        (true, 0) => lang.pick(
            format!("第 {sequence} 号发布已经在用，{kept} 个文件全部完好。"),
            format!("Release {sequence} is in use already; all of its {kept} files are whole."),
        ),
        (true, _) => lang.pick(
            format!("第 {sequence} 号发布已经在用，修复了 {copied} 个损坏的文件。"),
            format!("Release {sequence} is in use already; {copied} damaged files were mended."),
        ),
        _ => lang.pick(
            format!(
                "换上了第 {sequence} 号发布（{date}）：复制 {copied} 个文件，{megabytes:.1} MB；{kept} 个原来就有。"
            ),
            format!(
                "Release {sequence} of {date} answers now: {copied} files copied, {megabytes:.1} MB; {kept} were here."
            ),
        ),
    }
}

fn tell(event: &Event, lang: Language) {
    say(&match event {
        Event::Listening(address) => lang.pick(format!("自助机：http://{address}"), format!("Kiosk: http://{address}")),
        Event::Release(Some(number)) => {
            lang.pick(format!("现在用的是第 {number} 号发布。"), format!("Release {number} answers."))
        }
        Event::Release(None) => lang.pick("还没有数据。", "There is no data yet.").to_owned(),
        Event::Damaged(path) => lang.pick(format!("损坏：{path}"), format!("damaged: {path}")),
        Event::Silent => {
            lang.pick("页面没有心跳，要求重开浏览器。", "The page is silent; asking for a new browser.").to_owned()
        }
    });
}
