//! `feeds/deadlines.ics`: when a benefit can be applied for and until when, when a consultation closes, when a policy
//! ends. Whole days, for a calendar program to subscribe to (RFC 5545, names of RFC 7986).

use yima_model::validity::days_between;
use yima_model::{Date, Stage, StageStatus};

use super::ics::{date, line, text};
use crate::City;
use crate::address::{Absolute, Address};
use crate::city::PolicyEntry;

/// How many days an event stays in the calendar once it has passed: a year, so that it can be looked up the next time.
const HISTORY_DAYS: i32 = 366;

/// One day to know.
struct Event<'a> {
    day: Date,
    /// Permanent, unique in the calendar.
    uid: String,
    category: &'static str,
    what: &'a str,
    description: String,
    url: Absolute<'a>,
}

/// The whole calendar, by day.
pub(super) fn deadlines(city: &City) -> String {
    let settings = &city.settings;
    let own = Address::Feed("deadlines.ics").absolute(&settings.host);
    let note = if settings.demonstration { "（演示数据）" } else { "" };
    let name = format!("{}：政策期限{note}", settings.title);
    let mut events: Vec<Event<'_>> = city.policies.iter().flat_map(|entry| events(city, entry)).collect();
    events.retain(|event| days_between(event.day, city.today) <= HISTORY_DAYS);
    events.sort_by(|a, b| (a.day, &a.uid).cmp(&(b.day, &b.uid)));

    let mut out = String::with_capacity(512 * events.len() + 512);
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    text(&mut out, "PRODID", &format!("-//{}//Yima//ZH", settings.host));
    line(&mut out, "CALSCALE:GREGORIAN");
    line(&mut out, "METHOD:PUBLISH");
    text(&mut out, "NAME", &name);
    text(&mut out, "X-WR-CALNAME", &name);
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:P1D");
    line(&mut out, &format!("SOURCE;VALUE=URI:{own}"));
    for event in &events {
        write(&mut out, city, event);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn write(out: &mut String, city: &City, event: &Event<'_>) {
    line(out, "BEGIN:VEVENT");
    text(out, "UID", &format!("{}@{}", event.uid, city.settings.host));
    // The build date begins in China eight hours before it begins in UTC, so this time is never in the future.
    line(out, &format!("DTSTAMP:{}T160000Z", date(city.today.yesterday().unwrap_or(city.today))));
    line(out, &format!("DTSTART;VALUE=DATE:{}", date(event.day)));
    text(out, "SUMMARY", &format!("{}：{}", event.category, event.what));
    text(out, "DESCRIPTION", &event.description);
    text(out, "CATEGORIES", event.category);
    line(out, &format!("URL:{}", event.url));
    line(out, "TRANSP:TRANSPARENT");
    line(out, "END:VEVENT");
}

fn events<'a>(city: &'a City, entry: &'a PolicyEntry) -> Vec<Event<'a>> {
    let host = &city.settings.host;
    let policy = &entry.policy;
    let id = &policy.id;
    let mut events = Vec::new();
    if let Some(day) = entry.lifespan.last_day() {
        events.push(Event {
            day,
            uid: format!("policy-{id}-last-day"),
            category: "政策到期",
            what: policy.short(),
            description: format!("《{}》执行到这一天为止。", policy.title),
            url: Address::Policy(id).absolute(host),
        });
    }
    let consultation = policy.stage(Stage::Consultation);
    let open = consultation.filter(|record| matches!(record.status, StageStatus::Published | StageStatus::Ongoing));
    if let Some(day) = open.and_then(|record| record.closes) {
        events.push(Event {
            day,
            uid: format!("policy-{id}-consultation-closes"),
            category: "意见征集截止",
            what: policy.short(),
            description: format!("《{}》征求意见到这一天为止。", policy.title),
            url: Address::Stage(id, Stage::Consultation).absolute(host),
        });
    }
    for benefit in &policy.benefits {
        let windows = [("opens", "申报开始", benefit.opens), ("closes", "申报截止", benefit.closes)];
        for (name, category, day) in windows {
            // A window that the end of the policy closes before its day is no window.
            let held = |&day: &Date| !entry.lifespan.on(day, 0).is_dead();
            let Some(day) = day.filter(held) else { continue };
            let mut lines = vec![format!("给谁：{}", benefit.who), format!("给什么：{}", benefit.gives)];
            lines.extend(benefit.window.as_ref().map(|window| format!("窗口期：{window}")));
            lines.extend(benefit.phone.as_ref().map(|phone| format!("电话：{phone}")));
            lines.push(format!("依据：《{}》", policy.title));
            events.push(Event {
                day,
                uid: format!("policy-{id}-benefit-{}-{name}", benefit.id),
                category,
                what: &benefit.title,
                description: lines.join("\n"),
                url: Address::Benefit(id, &benefit.id).absolute(host),
            });
        }
    }
    events
}
