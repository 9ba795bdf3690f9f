//! What the city has, before a word of it is written: dates, relations, stages, and how many codes that makes.

use super::random::Random;
use super::tables::{AUDIENCES, DEPARTMENTS, DISTRICTS, GENRES, SECTORS, THEMES};
use crate::process::{Outcome, Trouble};

/// A day, counted in months of 28 days from year 0, so that every day exists.
pub(crate) type Day = usize;

/// The day on which the city is whole; statuses and validity are meant for it.
pub(crate) const TODAY: Day = day(2026, 10, 1);

/// Days for which what answers rest on is in force at least: longer than any following of this city by weeks.
const LASTING: Day = 100;

/// The day `year`-`month`-`day`.
pub(crate) const fn day(year: usize, month: usize, day: usize) -> Day {
    (year * 12 + month - 1) * 28 + day - 1
}

/// A day as TOML writes it.
pub(crate) fn date(day: Day) -> String {
    let months = day / 28;
    format!("{:04}-{:02}-{:02}", months / 12, months % 12 + 1, day % 28 + 1)
}

/// Stage id and how many of a hundred policies have published it.
pub(crate) const STAGES: [(&str, usize); 12] = [
    ("proposal", 15),
    ("basis", 55),
    ("consultation", 35),
    ("feedback", 25),
    ("deliberation", 30),
    ("publication", 100),
    ("interpretation", 80),
    ("qa", 45),
    ("fulfilment", 30),
    ("execution", 20),
    ("evaluation", 10),
    ("revision", 8),
];

/// The place of `publication` in [`STAGES`].
const PUBLICATION: usize = 5;

/// One policy to be.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) id: String,
    pub(crate) year: usize,
    /// Its place among the documents of its department in its year, from 1.
    pub(crate) number: usize,
    pub(crate) written: Day,
    pub(crate) published: Day,
    pub(crate) effective: Day,
    pub(crate) expires: Option<Day>,
    pub(crate) repealed: Option<Day>,
    pub(crate) department: usize,
    pub(crate) theme: usize,
    pub(crate) genre: usize,
    pub(crate) audience: usize,
    pub(crate) sector: usize,
    pub(crate) district: Option<usize>,
    /// Chinese characters in the text.
    pub(crate) han: usize,
    pub(crate) articles: usize,
    /// The first so many articles have a code.
    pub(crate) marked: usize,
    pub(crate) attachments: usize,
    /// Which of [`STAGES`] are published.
    pub(crate) stages: [bool; 12],
    /// `replaces`, `amends`, `based_on` and the policy meant; always an earlier one.
    pub(crate) relations: Vec<(&'static str, usize)>,
}

impl Policy {
    /// Codes of the policy, its stages, attachments and marked articles.
    fn codes(&self) -> usize {
        1 + self.stages.iter().filter(|published| **published).count() + self.attachments + self.marked
    }

    /// Marks one article less. Each of the three says whether there was one.
    fn drop_article(&mut self) -> bool {
        let had = self.marked > 0;
        self.marked -= usize::from(had);
        had
    }

    /// Has one attachment less.
    fn drop_attachment(&mut self) -> bool {
        let had = self.attachments > 0;
        self.attachments -= usize::from(had);
        had
    }

    /// Has one published stage less; what was published remains published.
    fn drop_stage(&mut self) -> bool {
        let last = self.stages.iter().enumerate().rposition(|(at, published)| *published && at != PUBLICATION);
        if let Some(at) = last {
            self.stages[at] = false;
        }
        last.is_some()
    }

    /// In force today and for a while, so that an answer can rest on it.
    pub(crate) fn lasts(&self) -> bool {
        self.repealed.is_none() && self.expires.is_none_or(|day| day > TODAY + LASTING) && self.effective <= TODAY
    }
}

/// How much of a city.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) policies: usize,
    pub(crate) questions: usize,
    /// Codes of all records together.
    pub(crate) codes: usize,
    pub(crate) seed: u64,
}

impl Size {
    /// As few codes as so many policies can have: one each, and one for its publication.
    pub(crate) fn fewest_codes(policies: usize) -> usize {
        policies * 2
    }

    /// As many codes per policy as the model city of the default has: 48,644 for 5,100 policies and 13,235 questions.
    pub(crate) fn usual_codes(policies: usize, questions: usize) -> usize {
        questions + policies * (48_644 - 13_235) / 5_100
    }
}

/// Plans all policies, in the order of their days.
///
/// # Errors
/// When so many, or so few, codes cannot be had from so many policies.
pub(crate) fn policies(size: Size) -> Outcome<Vec<Policy>> {
    let mut plan = Vec::with_capacity(size.policies);
    let (first, last) = (day(2016, 1, 1), TODAY - 14);
    let mut numbers = vec![(0, 0); DEPARTMENTS.len()];
    for at in 0..size.policies {
        let mut random = Random::new(size.seed, at as u64);
        let written = first + (last - first) * at / size.policies.max(1);
        let policy = one(&mut random, at, written, &mut numbers);
        plan.push(policy);
        relate(&mut random, &mut plan);
    }
    meet(&mut plan, size)?;
    Ok(plan)
}

fn one(random: &mut Random, at: usize, written: Day, numbers: &mut [(usize, usize)]) -> Policy {
    let year = written / 28 / 12;
    let department = random.below(DEPARTMENTS.len());
    let counter = &mut numbers[department];
    *counter = if counter.0 == year { (year, counter.1 + 1) } else { (year, 1) };
    let number = counter.1;
    let published = written + random.between(0, 6);
    let effective = published + random.between(0, 30);
    let expires = random.percent(55).then(|| effective + random.between(2, 5) * 12 * 28 - 1);
    let han = random.triangular(600, 2_700);
    let mut stages = STAGES.map(|(_, percent)| random.percent(percent));
    // What has ended is not consulted upon, and feedback follows a consultation.
    stages[3] &= stages[2];
    stages[11] = false;
    Policy {
        id: format!("{year}-{:05}", at + 1),
        year,
        number,
        written,
        published,
        effective,
        expires,
        repealed: None,
        department,
        theme: random.below(THEMES.len()),
        genre: random.below(GENRES.len()),
        audience: random.below(AUDIENCES.len()),
        sector: random.below(SECTORS.len()),
        district: random.percent(30).then(|| random.below(DISTRICTS.len())),
        han,
        articles: (han / 95).clamp(5, 40),
        marked: random.below(3),
        attachments: [0, 0, 0, 1, 1, 2][random.below(6)],
        stages,
        relations: Vec::new(),
    }
}

/// Ties the last policy to earlier ones that were still in force when it came.
fn relate(random: &mut Random, plan: &mut [Policy]) {
    let Some((new, old)) = plan.split_last_mut() else { return };
    let free = |random: &mut Random, years: usize| -> Option<usize> {
        let other = random.below(old.len());
        let earlier = old.get(other)?;
        let in_force = earlier.repealed.is_none() && earlier.expires.is_none_or(|day| day > new.effective);
        (in_force && earlier.effective + years * 12 * 28 < new.written).then_some(other)
    };
    let replaced = random.percent(25).then(|| free(random, 1)).flatten();
    let amended = random.percent(6).then(|| free(random, 0)).flatten();
    let based = random.percent(50).then(|| free(random, 0)).flatten();
    for (kind, other) in [("replaces", replaced), ("amends", amended), ("based_on", based)] {
        let Some(other) = other else { continue };
        if new.relations.iter().any(|(_, known)| *known == other) {
            continue;
        }
        new.relations.push((kind, other));
        if kind == "replaces" {
            old[other].repealed = Some(new.effective);
            old[other].stages[11] = true;
        }
    }
}

/// Marks more or fewer articles until all codes together are as many as asked for; if none are marked any more,
/// attachments go, then stages.
fn meet(plan: &mut [Policy], size: Size) -> Outcome {
    let mut codes = size.questions + plan.iter().map(Policy::codes).sum::<usize>();
    while codes < size.codes {
        let more = plan.iter_mut().filter(|policy| policy.marked < policy.articles).take(size.codes - codes);
        let marked = more.map(|policy| policy.marked += 1).count();
        if marked == 0 {
            return Err(unreachable_number(size, codes));
        }
        codes += marked;
    }
    for drop_one in [Policy::drop_article, Policy::drop_attachment, Policy::drop_stage] {
        loop {
            let excess = codes - size.codes;
            let dropped = plan.iter_mut().filter_map(|policy| drop_one(policy).then_some(())).take(excess).count();
            codes -= dropped;
            if dropped == 0 {
                break;
            }
        }
    }
    if codes == size.codes { Ok(()) } else { Err(unreachable_number(size, codes)) }
}

fn unreachable_number(size: Size, codes: usize) -> Trouble {
    Trouble::new(format!("{} codes cannot be had; {codes} can", size.codes))
        .hint(format!("--codes {codes}, or leave it out"))
}

#[cfg(test)]
mod tests {
    use super::{PUBLICATION, Policy, Size, TODAY, date, day, policies};

    const SIZE: Size = Size { policies: 400, questions: 900, codes: 900 + 2_777, seed: 3 };

    #[test]
    fn days_are_days() {
        assert_eq!(date(day(2026, 10, 1)), "2026-10-01");
        assert_eq!(date(day(2025, 12, 28) + 1), "2026-01-01");
    }

    #[test]
    fn codes_come_out_exactly() {
        let plan = policies(SIZE).unwrap();
        assert_eq!(plan.iter().map(Policy::codes).sum::<usize>() + SIZE.questions, SIZE.codes);
        let fewest = Size { questions: 0, codes: Size::fewest_codes(400), ..SIZE };
        assert_eq!(policies(fewest).unwrap().iter().map(Policy::codes).sum::<usize>(), 800);
        assert!(policies(Size { codes: 799, ..fewest }).is_err());
        assert!(policies(Size { codes: 100_000, ..fewest }).is_err());
        assert_eq!(Size::usual_codes(5_100, 13_235), 48_644);
    }

    #[test]
    fn what_is_replaced_was_in_force_before_and_is_not_after() {
        let plan = policies(SIZE).unwrap();
        let replaced: Vec<_> = plan.iter().flat_map(|new| new.relations.iter().map(move |it| (new, it))).collect();
        assert!(replaced.iter().any(|(_, (kind, _))| *kind == "replaces"));
        for (new, (kind, other)) in replaced {
            let old = &plan[*other];
            assert!(old.effective < new.effective, "{} {}", old.id, new.id);
            assert_eq!(*kind == "replaces", old.repealed == Some(new.effective), "{kind} {} {}", old.id, new.id);
        }
        assert!(plan.iter().filter(|policy| policy.lasts()).count() > 100);
        assert!(plan.iter().all(|policy| policy.published <= TODAY && policy.stages[PUBLICATION]));
    }
}
