//! From a finished site to a release.

use std::collections::BTreeMap;

use crate::bytes::Writer;
use crate::directory::{Directory, Spot};
use crate::reader::{Answer, Reader};
use crate::release::{File, Head, Manifest, Object, Order, Sha, Tier};

/// A file of the site, as sealing sees it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Path, without a leading slash.
    pub path: String,
    /// Place among [`Plan::classes`].
    pub class: usize,
    /// How it travels.
    pub way: Way,
    /// Tiers it belongs to, besides the one that holds everything: places among [`Plan::tiers`].
    pub tiers: Vec<usize>,
}

/// How a file travels to a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// As it is: programs, pictures, attachments, files named by their hash.
    Plain,
    /// In a pack, beside the other pages of its group: a record's pages, a stretch of a list.
    Packed(String),
}

/// What is to be sealed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Host of the site.
    pub host: String,
    /// Day it was built for.
    pub date: String,
    /// Number of the release.
    pub sequence: u64,
    /// Classes of headers.
    pub classes: Vec<Vec<(String, String)>>,
    /// Id and name of every tier but the one that holds everything, which comes first as `all`.
    pub tiers: Vec<(String, String)>,
    /// Files, sorted by path.
    pub entries: Vec<Entry>,
}

/// A release, ready to be written and signed.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The text to sign.
    pub head: Head,
    /// Objects that stand at paths of their own, `release/<sha256>`: the manifest among them.
    pub objects: BTreeMap<String, Vec<u8>>,
}

/// Why a site could not be sealed.
#[derive(Debug)]
pub enum SealError<E> {
    /// A file could not be had.
    Read(E),
    /// A page does not come out of its pack as it went in: a fault of this program.
    Differs(String),
}

/// Bytes of a segment before the next is begun.
const SEGMENT: usize = 64 << 10;

/// Seals a site. `read` gives the bytes of the entry at a place.
///
/// # Errors
/// [`SealError`].
pub fn seal<E>(plan: &Plan, read: impl Fn(usize) -> Result<Vec<u8>, E>) -> Result<Sealed, SealError<E>> {
    let mut manifest = Manifest { classes: plan.classes.clone(), ..Manifest::default() };
    let mut objects = BTreeMap::new();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); plan.tiers.len() + 1];
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, entry) in plan.entries.iter().enumerate() {
        match &entry.way {
            Way::Plain => {
                let bytes = read(place).map_err(SealError::Read)?;
                let object = manifest.objects.len();
                manifest.objects.push(Object { sha: Sha::of(&bytes), length: bytes.len(), path: entry.path.clone() });
                manifest.files.push(File { object, class: entry.class, path: entry.path.clone() });
                join(&mut members, object, &entry.tiers);
            }
            Way::Packed(group) => groups.entry(group).or_default().push(place),
        }
    }
    let mut put = |manifest: &mut Manifest, bytes: Vec<u8>| {
        let sha = Sha::of(&bytes);
        let path = format!("release/{sha}");
        manifest.objects.push(Object { sha, length: bytes.len(), path: path.clone() });
        objects.insert(path, bytes);
        manifest.objects.len() - 1
    };
    let mut spots = Vec::new();
    let mut writer = Writer::default();
    let mut inside: Vec<usize> = Vec::new();
    let last = groups.len();
    for (count, places) in groups.into_values().enumerate() {
        for place in places {
            writer.bytes(&read(place).map_err(SealError::Read)?);
            inside.push(place);
        }
        if writer.0.len() >= SEGMENT || count + 1 == last {
            let segment = put(&mut manifest, std::mem::take(&mut writer.0));
            let mut tiers: Vec<usize> = Vec::new();
            for (page, place) in std::mem::take(&mut inside).into_iter().enumerate() {
                let entry = &plan.entries[place];
                spots.push((entry.path.clone(), Spot { segment, page, class: entry.class }));
                tiers.extend(&entry.tiers);
            }
            manifest.packs.push((segment, "segment".to_owned()));
            join(&mut members, segment, &tiers);
        }
    }
    spots.sort_by(|a, b| a.0.cmp(&b.0));
    let directory = put(&mut manifest, Directory::encode(&spots));
    manifest.packs.push((directory, "directory ".to_owned()));
    let everywhere: Vec<usize> = (0..plan.tiers.len()).collect();
    join(&mut members, directory, &everywhere);
    let names = [("all", "全部")].into_iter().chain(plan.tiers.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    for ((id, name), mut objects) in names.zip(members) {
        objects.sort_unstable();
        objects.dedup();
        manifest.tiers.push(Tier { id: id.to_owned(), name: name.to_owned(), objects });
    }
    let text = manifest.to_string().into_bytes();
    let sha = Sha::of(&text);
    let order = Order::Hold(sha, text.len());
    objects.insert(format!("release/{sha}"), text);
    let head = Head { host: plan.host.clone(), sequence: plan.sequence, date: plan.date.clone(), order };
    let sealed = Sealed { head, objects };
    prove(plan, &sealed, sha, &read)?;
    Ok(sealed)
}

fn join(members: &mut [Vec<usize>], object: usize, tiers: &[usize]) {
    members[0].push(object);
    for &tier in tiers {
        members[tier + 1].push(object);
    }
}

/// Reads every packed page back.
fn prove<E>(
    plan: &Plan,
    sealed: &Sealed,
    sha: Sha,
    read: &impl Fn(usize) -> Result<Vec<u8>, E>,
) -> Result<(), SealError<E>> {
    let differs = |path: &str| SealError::Differs(path.to_owned());
    let manifest = sealed.objects.get(&format!("release/{sha}")).ok_or_else(|| differs("manifest"))?;
    let mut reader = Reader::new(manifest, sha).map_err(|_| differs("manifest"))?;
    for (place, entry) in plan.entries.iter().enumerate() {
        if entry.way == Way::Plain {
            continue;
        }
        let found = loop {
            match reader.answer(&entry.path).map_err(|_| differs(&entry.path))? {
                Answer::Wanted(objects) => {
                    for object in objects {
                        let path = &reader.manifest().objects[object].path;
                        let bytes = sealed.objects.get(path).ok_or_else(|| differs(path))?.clone();
                        reader.supply(object, bytes).map_err(|_| differs(&entry.path))?;
                    }
                }
                Answer::Found(found) => break found,
                Answer::Moved(_) | Answer::Missing => return Err(differs(&entry.path)),
            }
        };
        if found.bytes != read(place).map_err(SealError::Read)? {
            return Err(differs(&entry.path));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> (Plan, Vec<&'static str>) {
        let texts = ["body{}", "<p>甲</p>", "<p>乙</p>", "<h1>家</h1>"];
        let paths = ["assets/a.css", "Q/01F1VT/index.html", "policy/x/index.html", "index.html"];
        let ways = [Way::Plain, Way::Packed("x".into()), Way::Packed("x".into()), Way::Packed("home".into())];
        let entries = paths.into_iter().zip(ways).zip([1, 0, 0, 0]);
        let entries = entries.map(|((path, way), class)| Entry { path: path.into(), class, way, tiers: vec![0] });
        let header = |value: &str| vec![("Content-Type".to_owned(), value.to_owned())];
        let plan = Plan {
            host: "zc.qingyu.example".into(),
            date: "2026-11-22".into(),
            sequence: 1,
            classes: vec![header("text/html; charset=utf-8"), header("text/css; charset=utf-8")],
            tiers: vec![("core".into(), "基本".into())],
            entries: entries.collect(),
        };
        (plan, texts.to_vec())
    }

    #[test]
    fn what_was_sealed_is_read_back() {
        let (plan, texts) = plan();
        let sealed = seal(&plan, |place| Ok::<_, ()>(texts[place].as_bytes().to_vec())).unwrap();
        let Order::Hold(sha, length) = sealed.head.order else { panic!("nothing to hold") };
        let manifest = &sealed.objects[&format!("release/{sha}")];
        assert_eq!(manifest.len(), length);
        let mut reader = Reader::new(manifest, sha).unwrap();
        let mut answer = |path: &str| loop {
            let Answer::Wanted(objects) = reader.answer(path).unwrap() else { break reader.answer(path).unwrap() };
            for object in objects {
                let path = reader.manifest().objects[object].path.clone();
                let bytes = sealed.objects.get(&path).cloned().unwrap_or_else(|| texts[0].as_bytes().to_vec());
                assert!(reader.supply(object, b"<html>login</html>".to_vec()).is_err());
                reader.supply(object, bytes).unwrap();
            }
        };
        let found = |text: &str, class| Answer::Found(crate::Found { bytes: text.into(), class });
        assert_eq!(answer("/"), found("<h1>家</h1>", 0));
        assert_eq!(answer("/policy/x/"), found("<p>乙</p>", 0));
        assert_eq!(answer("/assets/a.css"), found("body{}", 1));
        for typed in ["/policy/x", "/policy/x/index.html/"] {
            let _ = answer(typed);
        }
        assert_eq!(answer("/policy/x"), Answer::Moved("/policy/x/".into()));
        for typed in ["/Q/01F1VT", "/q/o1flvt", "/q/o1f-lvt/"] {
            assert_eq!(answer(typed), Answer::Moved("/Q/01F1VT/".into()), "{typed}");
        }
        assert_eq!(answer("/policy/y/"), Answer::Missing);
    }
}
