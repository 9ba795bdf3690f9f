//! The key that signs releases: from a file, from the environment, or the marked one of a demonstration; and
//! `yima key`, which makes one and signs with one.

use std::path::{Path, PathBuf};

use yima_model::record::SiteSettings;
use yima_pack::Signer;

use super::terminal::{say, unless_closed};
use super::{Common, Failure};
use crate::release::NOTE;
use crate::write;

/// What was typed after `yima key`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 造一把新密钥：私钥写进文件，公钥打印出来 / make a key: the secret into a file, the public line printed
    New {
        /// 名字，一般是网站的域名 / its name, as a rule the host of the site
        #[arg(value_name = "NAME")]
        name: String,
        /// 私钥文件；已经有的不会覆盖 / file for the secret; one that is there stays
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// 给没有签名的发布签名：构建机不碰私钥，由人来签 / sign a release that was built without a key
    Sign {
        /// 生成好的网站，或其中的 release.note / the built site, or its release.note
        #[arg(value_name = "SITE")]
        site: PathBuf,
        /// 私钥文件 / file of the secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    match &args.what {
        What::New { name, file } => new(common, name, file),
        What::Sign { site, key } => sign(common, site, key),
    }
}

fn new(common: &Common, name: &str, file: &Path) -> Result<(), Failure> {
    let lang = common.lang;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(Failure::trouble)?;
    let signer = Signer::of_seed(name, &seed).map_err(|_| {
        Failure::Trouble(lang.pick(
            format!("名字里不能有空格和加号：{name:?}"),
            format!("A name holds no space and no plus sign: {name:?}"),
        ))
    })?;
    write::secret(file, format!("{}\n", signer.secret()).as_bytes()).map_err(|error| {
        let file = file.display();
        Failure::Trouble(match error.kind() {
            std::io::ErrorKind::AlreadyExists => lang
                .pick(format!("{file} 已经有了，没有动它。"), format!("{file} is there already; it was not touched.")),
            _ => format!("{file}: {error}"),
        })
    })?;
    say(&lang.pick(
        format!(
            "私钥在 {}，只有本人可读，请离线保管；公钥（写进 site.toml 的 release_keys 和自助机）：",
            file.display()
        ),
        format!("The secret is in {}, for its owner's eyes; keep it offline. Public key:", file.display()),
    ));
    unless_closed(std::io::Write::write_all(&mut std::io::stdout(), format!("{}\n", signer.verifier()).as_bytes()))
}

fn sign(common: &Common, site: &Path, key: &PathBuf) -> Result<(), Failure> {
    let lang = common.lang;
    let Some(signer) = parse(&read(common, key)?) else {
        let key = key.display();
        return Err(Failure::Trouble(lang.pick(
            format!("{key} 里没有签名用的私钥（PRIVATE+KEY+名字+编号+密钥）。"),
            format!("{key} holds no secret key (PRIVATE+KEY+name+id+key)."),
        )));
    };
    let path = if site.is_dir() { site.join(NOTE) } else { site.to_path_buf() };
    let shown = path.display();
    #[expect(clippy::disallowed_methods, reason = "a note that was named on the command line, not content")]
    let note = std::fs::read_to_string(&path).map_err(|error| Failure::Trouble(format!("{shown}: {error}")))?;
    let head = yima_pack::note::text(&note).ok().and_then(|text| text.parse::<yima_pack::Head>().ok());
    let signed = head.as_ref().and_then(|head| signer.sign(&head.to_string()).ok());
    let (Some(head), Some(signed)) = (head, signed) else {
        return Err(Failure::Trouble(lang.pick(
            format!("{shown} 不是发布说明，没有签。"),
            format!("{shown} is no release note; nothing was signed."),
        )));
    };
    write::replace(&path, signed.as_bytes()).map_err(|error| Failure::Trouble(format!("{shown}: {error}")))?;
    let number = head.sequence;
    say(&lang.pick(
        format!("第 {number} 号发布（{}）签好了：{shown}", head.date),
        format!("Release {number} of {} is signed: {shown}", head.date),
    ));
    Ok(())
}

/// The environment variable that may hold the secret key.
const VARIABLE: &str = "YIMA_RELEASE_KEY";

/// The key of a demonstration, in the content folder, for everybody to see: it proves nothing.
const DEMONSTRATION: &str = "demo-release.key";

/// Who signs; none when no key was given anywhere.
pub(super) fn signer(common: &Common, file: Option<&Path>, site: &SiteSettings) -> Result<Option<Signer>, Failure> {
    let lang = common.lang;
    let demonstration = Some(common.content.join(DEMONSTRATION)).filter(|file| site.demonstration && file.is_file());
    let (text, from) = match (file.map(Path::to_path_buf), std::env::var(VARIABLE)) {
        (Some(file), _) => (read(common, &file)?, file.display().to_string()),
        (None, Ok(text)) => (text, VARIABLE.to_owned()),
        (None, Err(_)) => match demonstration {
            Some(file) => (read(common, &file)?, file.display().to_string()),
            None => return Ok(None),
        },
    };
    let Some(signer) = parse(&text) else {
        return Err(Failure::Trouble(lang.pick(
            format!("{from} 里没有签名用的私钥（PRIVATE+KEY+名字+编号+密钥）。"),
            format!("{from} holds no secret key (PRIVATE+KEY+name+id+key)."),
        )));
    };
    let public = signer.verifier().to_string();
    if site.release_keys.contains(&public) {
        return Ok(Some(signer));
    }
    Err(Failure::Trouble(lang.pick(
        format!("{from} 的公钥不在 site.toml 的 release_keys 里，设备不会接受它签的数据。公钥是：{public}"),
        format!("The public key of {from} is not among release_keys in site.toml, so no device would accept what it signs: {public}"),
    )))
}

/// The key of a demonstration, for a preview; none when the content folder has none.
pub(super) fn of_demonstration(common: &Common) -> Result<Option<Signer>, Failure> {
    let file = common.content.join(DEMONSTRATION);
    if file.is_file() { read(common, &file).map(|text| parse(&text)) } else { Ok(None) }
}

fn parse(text: &str) -> Option<Signer> {
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#'))?;
    Signer::parse(line).ok()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a secret is no content: it must not pass through the room that reports what it reads"
)]
fn read(common: &Common, file: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        let file = file.display();
        Failure::Trouble(
            common.lang.pick(
                format!("读不到私钥文件 {file}：{error}"),
                format!("The key file {file} cannot be read: {error}"),
            ),
        )
    })
}
