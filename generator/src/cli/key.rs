//! The key that signs releases: from a file, from the environment, or the marked one of a demonstration.

use std::path::{Path, PathBuf};

use yima_model::record::SiteSettings;
use yima_pack::Signer;

use super::{Common, Failure};

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
