//! `yima serve`: the site on this machine, following every change.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use yima_pack::Signer;

use super::terminal::say;
use super::{Common, Failure, key};
use crate::headers::Transport;
use crate::language::Language;
use crate::mistake::Mistakes;
use crate::plan::Press;
use crate::project::{self, Loader, NewCodes, Project};
use crate::release::{self, NOTE, Release};
use crate::serve::{Event, Loaded, Options, Preview, Shelf, serve, serve_folder};
use crate::site::{Content, Render as _, RenderError};
use crate::source::{self, Limits};
use crate::write::WriteError;

/// What was typed after `yima serve`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// 端口，0 为任意空闲端口 / port, 0 for any free one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// 监听的地址；缺省只有本机能访问 / address to listen on; this machine only by default
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Trunk 编译出的应用所在的文件夹 / folder of the compiled app
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// 不看内容，原样提供一个已生成的文件夹 / serve a built folder as it stands
    #[arg(long, value_name = "DIR", conflicts_with = "app")]
    dir: Option<PathBuf>,
}

pub(super) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let language = common.lang;
    let options = Options { host: args.host, port: args.port };
    let served = if let Some(folder) = &args.dir {
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(Failure::Trouble(language.pick(
                format!("没有文件夹 {folder}。先生成：yima build --out {folder}"),
                format!("There is no folder {folder}. Build it first: yima build --out {folder}"),
            )));
        }
        serve_folder(folder.clone(), options, |event| tell(language, &event))
    } else {
        let input = common.options(args.app.clone(), NewCodes::Provisional)?;
        common.needs_public()?;
        let signer = key::of_demonstration(common)?;
        let city = City { input, language, threads: common.threads, loader: Loader::default(), signer };
        serve(city, options, move |event| tell(language, &event))
    };
    served.map_err(|error| Failure::Trouble(error.sentence(language)))
}

fn tell(language: Language, event: &Event<'_>) {
    match event {
        Event::Listening(address) => say(&language.pick(
            format!("预览：http://{address} （按 Ctrl-C 结束）"),
            format!("Preview: http://{address} (Ctrl-C ends it)"),
        )),
        Event::Loaded(took) => say(&language.pick(
            format!("网站已就绪，{} 毫秒", took.as_millis()),
            format!("The site is ready, {} ms", took.as_millis()),
        )),
        Event::Mistakes(text) => say(text),
        Event::NotWatching(why) => say(&language.pick(
            format!("无法监视文件变化，改动后请重新运行：{why}"),
            format!("Changes cannot be noticed; run this again after a change: {why}"),
        )),
    }
}

/// A content folder as a preview.
struct City {
    input: project::Options,
    language: Language,
    threads: usize,
    loader: Loader,
    signer: Option<Signer>,
}

/// Why a project is no site.
enum Trouble {
    /// A template is wrong.
    Template(RenderError),
    /// A static file stands where a page goes.
    Claimed(Mistakes),
}

impl City {
    fn tell(&self, mistakes: Mistakes) -> String {
        source::report(&self.input.content, mistakes).text(self.language).to_string()
    }
}

/// The release of a preview: made when it is first asked for, numbered by the clock so that each is newer than the last.
fn seal(press: &Press<'_>, project: &Project, signer: Option<&Signer>) -> Result<BTreeMap<String, Vec<u8>>, String> {
    #[expect(clippy::disallowed_methods, reason = "a preview is made now, and nothing of it is kept")]
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
    let site = press.plan().map_err(|_| "two files for one path".to_owned())?;
    let (sequence, transport) = (Some(now), Transport::Loopback);
    let release = Release { project, signer, transport, sequence, after: None, anew: true };
    let read = |path: &str| match site.get(path).map(|entry| &entry.content) {
        Some(Content::Bytes(bytes)) => Ok(bytes.to_vec()),
        Some(Content::Recipe(recipe)) => press.render(recipe).map_err(std::io::Error::other),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    let files = release.files(&site, &read)?;
    Ok(files.into_iter().map(|(path, bytes)| (path.to_string(), bytes)).collect())
}

/// The changed files below any of the `folders`, which are names of one folder: paths below it. `None` when more than
/// the words of files may have changed: something came or went, or is no plain file.
fn changed_files(folders: &[PathBuf], changed: &[PathBuf]) -> Option<Vec<String>> {
    let below = |path: &PathBuf| {
        let inside = folders.iter().find_map(|folder| path.strip_prefix(folder).ok());
        // What is not below the content folder may still be above it.
        let Some(inside) = inside else {
            return (!folders.iter().any(|folder| folder.starts_with(path))).then(String::new);
        };
        let file = path.symlink_metadata().is_ok_and(|found| found.is_file());
        inside.to_str().filter(|_| file).map(str::to_owned)
    };
    let files: Option<Vec<String>> = changed.iter().map(below).collect();
    Some(files?.into_iter().filter(|file| !file.is_empty()).collect())
}

/// Whether a file below any of the `folders`, which are names of one folder, is or stands below one of these paths.
fn changes(folders: &[PathBuf], changed: &[PathBuf]) -> impl Fn(&str) -> bool + Sync + use<> {
    let is_all = changed.iter().any(|path| folders.iter().any(|folder| folder.starts_with(path)));
    let below = |path: &PathBuf| folders.iter().find_map(|folder| Some(path.strip_prefix(folder).ok()?.to_owned()));
    let paths: Vec<PathBuf> = changed.iter().filter_map(below).collect();
    move |file| is_all || paths.iter().any(|path| Path::new(file).starts_with(path))
}

impl Preview for City {
    fn load(&mut self, changed: &[PathBuf]) -> Loaded {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build();
        let Self { input, loader, .. } = self;
        // The first time nothing is known yet; later, paths come from the watcher as they were given to it, or resolved.
        let content = [input.content.clone(), input.content.canonicalize().unwrap_or_default()];
        // At the first time, when nothing is known to have changed, nothing was read.
        let known = changed_files(&content, changed).filter(|_| !changed.is_empty());
        let load = || match &known {
            Some(files) => {
                let files: Vec<&str> = files.iter().map(String::as_str).collect();
                loader.load_again(input, Limits::default(), &files)
            }
            None => loader.load(input, Limits::default(), &changes(&content, changed)),
        };
        let loaded = match pool.map(|pool| pool.install(load)) {
            Ok(Ok(loaded)) => loaded,
            Ok(Err(error)) => return Loaded::Mistakes(error.to_string()),
            Err(error) => return Loaded::Mistakes(error.to_string()),
        };
        let errors = loaded.mistakes.errors();
        let Some(project) = loaded.project.filter(|_| errors == 0) else {
            return Loaded::Mistakes(self.tell(loaded.mistakes));
        };
        let (tell, told) = mpsc::channel();
        let signer = self.signer.clone();
        let shelf = Shelf::start(move |questions| {
            // Pages borrow from the project, so plan and project live on this stack. Whoever waits below is there.
            let press = match Press::new(&project) {
                Ok(press) => press,
                Err(error) => return drop(tell.send(Err(Trouble::Template(error)))),
            };
            let site = match press.site() {
                Ok(site) => site,
                Err(claimed) => return drop(tell.send(Err(Trouble::Claimed(claimed)))),
            };
            let _ = tell.send(Ok(()));
            let mut release: Option<BTreeMap<String, Vec<u8>>> = None;
            questions.answer(|path| {
                if path == NOTE || path.starts_with(release::FOLDER) {
                    let files = match &mut release {
                        Some(files) => files,
                        none => none.insert(seal(&press, &project, signer.as_ref())?),
                    };
                    return Ok(files.get(path).cloned());
                }
                let Some(entry) = site.get(path) else { return Ok(press.search_file(path)) };
                match &entry.content {
                    Content::Bytes(bytes) => Ok(Some(bytes.to_vec())),
                    Content::Recipe(recipe) => press.render(recipe).map(Some).map_err(|error| error.to_string()),
                }
            });
        });
        match told.recv() {
            Ok(Ok(())) => Loaded::Site(shelf),
            Ok(Err(Trouble::Claimed(mistakes))) => Loaded::Mistakes(self.tell(mistakes)),
            Ok(Err(Trouble::Template(error))) => Loaded::Mistakes(WriteError::Render(error).sentence(self.language)),
            Err(_) => Loaded::Mistakes("the plan of the site was given up".to_owned()),
        }
    }

    fn folders(&self) -> Vec<PathBuf> {
        let app = self.input.app.iter().cloned();
        [self.input.content.clone(), self.input.public.clone()].into_iter().chain(app).collect()
    }
}
