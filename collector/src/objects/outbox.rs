//! A sink's outbox: what is open, which letters are dead, and how many items went where. What becomes of an attempt,
//! of time that is over and of an erasure is said here as [`Change`]s; `platform` writes those of one event in one
//! transaction, and the simulation writes them to its model.

use litemap::LiteMap;

use hearback_shared::UnixMillis;
use hearback_shared::item::StoredItem;
use hearback_shared::query::Interval;

use super::delivery::{After, CREDENTIALS_PAUSE_MS, IN_FLIGHT, SealedDelivery, Verdict, after, still_waits};
use super::person::{Person, is_erased};

/// A delivery that is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its range.
    pub delivery: SealedDelivery,
    /// Whether it is a dead letter that is sent again: its item is kept there, the log may have let go of it.
    pub is_replay: bool,
}

/// An item that the sink refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its position in the log.
    pub position: u64,
    /// The hour in which it was received.
    pub hour: UnixMillis,
    /// When it was given up.
    pub at: UnixMillis,
    /// What the sink answered.
    pub reason: String,
    /// The item's id.
    pub item: String,
    /// The item, as one line of JSON.
    pub line: String,
}

/// What the ledger says of items that are not pending any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The sink has them.
    Delivered,
    /// The sink refused them for good.
    Dead,
    /// Their time was over first.
    Expired,
    /// A person's, erased before they were delivered.
    Erased,
}

/// One thing to write. All of one event are one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This delivery is open, in place of one that begins at the same item.
    Keep(Open),
    /// The delivery that begins at this item is done.
    Drop(u64),
    /// Everything up to here has been sealed.
    Sealed(u64),
    /// So many items of an hour come to a column, or leave it.
    Count(UnixMillis, Column, i64),
    /// This letter is dead, in place of what was known of it.
    Bury(Letter),
    /// The letter at this position is none any more.
    Raise(u64),
    /// The sink took something.
    Well(UnixMillis),
    /// What the sink answered to what it did not take.
    Failed(String),
    /// It does not let us in: left alone until then.
    Paused(UnixMillis),
}

/// A row of the log as deliveries read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLines {
    /// Position of its first item.
    pub first: u64,
    /// When it was committed.
    pub at: UnixMillis,
    /// Its lines.
    pub lines: String,
}

/// A delivery with its items, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// What it is.
    pub open: Open,
    /// NDJSON; erased items are not in it. Empty where nothing is left to send.
    pub body: String,
    /// When the first item was received.
    pub received_at: UnixMillis,
    /// Items by hour of receipt.
    hours: LiteMap<UnixMillis, Share>,
}

/// How many items of an hour a delivery has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    to_send: i64,
    erased: i64,
}

impl Loaded {
    /// Out of the rows of the log that it touches.
    pub fn from_log(delivery: SealedDelivery, rows: &[RowLines]) -> Self {
        let range = delivery.first..=delivery.last;
        let mut loaded = Self {
            open: Open {
                delivery,
                is_replay: false,
            },
            body: String::new(),
            received_at: rows.first().map_or(0, |row| row.at),
            hours: LiteMap::new(),
        };
        for row in rows {
            let share = loaded.hours.entry(Interval::Hour.start(row.at)).or_default();
            let lines = (row.first..).zip(row.lines.lines());
            for (_, line) in lines.filter(|(position, _)| range.contains(position)) {
                if is_erased(line) {
                    share.erased += 1;
                } else {
                    share.to_send += 1;
                    loaded.body.push_str(line);
                    loaded.body.push('\n');
                }
            }
        }
        loaded
    }

    /// A dead letter that is sent again; there is nothing to send where it is none any more.
    pub fn from_letter(delivery: SealedDelivery, letter: Option<&Letter>) -> Self {
        Self {
            open: Open {
                delivery,
                is_replay: true,
            },
            body: letter.map_or_else(String::new, |letter| format!("{}\n", letter.line)),
            received_at: letter.map_or(0, |letter| letter.hour),
            hours: LiteMap::new(),
        }
    }

    /// Its one item as the letter that it may become; none where it was erased.
    pub fn letter(&self) -> Option<Letter> {
        let line = self.body.trim_end();
        (!line.is_empty()).then(|| Letter {
            position: self.open.delivery.first,
            hour: Interval::Hour.start(self.received_at),
            at: 0,
            reason: String::new(),
            item: serde_json::from_str::<StoredItem>(line).map_or_else(|_| String::new(), |item| item.id),
            line: line.to_owned(),
        })
    }

    /// Whether [`settle`] has to know what is kept of its item by now: it may have been erased while it was on its way.
    pub fn is_looked_at_again(&self, verdict: Verdict) -> bool {
        self.open.is_replay || (verdict == Verdict::Poison && self.open.delivery.count() == 1)
    }
}

/// Which open deliveries are to be sent now, and when to look again. While the sink is paused that is nothing, but for
/// a letter that somebody has just asked to have sent again: perhaps they mended what was wrong.
pub fn due(
    open: Vec<Open>,
    paused_until: Option<UnixMillis>,
    now: UnixMillis,
) -> (Vec<Open>, Option<UnixMillis>) {
    let pause = paused_until.and_then(|until| still_waits(until, now));
    let (mut due, mut later) = (Vec::new(), None::<UnixMillis>);
    for open in open {
        let is_asked_for = open.is_replay && open.delivery.attempts == 0;
        let wait = open
            .delivery
            .waits_until(now)
            .max(pause.filter(|_| !is_asked_for));
        match wait {
            None if due.len() < IN_FLIGHT => due.push(open),
            None => later = Some(now),
            Some(at) => later = Some(later.map_or(at, |other| other.min(at))),
        }
    }
    (due, later)
}

/// What an attempt changes. `letter` is what is kept of its item by now, where [`Loaded::is_looked_at_again`]. `random` is
/// from 0 to 1, for the backoff's jitter.
pub fn settle(
    loaded: &Loaded,
    letter: Option<&Letter>,
    (verdict, answer): (Verdict, &str),
    now: UnixMillis,
    random: f64,
) -> Vec<Change> {
    let Open { delivery, is_replay } = &loaded.open;
    let mut changes = Vec::new();
    match after(delivery, verdict, now, random) {
        // Its letter is gone, so there is nothing left of it.
        _ if *is_replay && letter.is_none() => changes.push(Change::Drop(delivery.first)),
        After::Done => {
            changes.push(Change::Drop(delivery.first));
            if let Some(letter) = letter {
                changes.extend(raised(letter, Column::Delivered));
            }
            for (hour, share) in &loaded.hours {
                changes.push(Change::Count(*hour, Column::Delivered, share.to_send));
                changes.push(Change::Count(*hour, Column::Erased, share.erased));
            }
        }
        After::Split(halves) => changes.extend(halves.map(|delivery| {
            Change::Keep(Open {
                delivery,
                is_replay: false,
            })
        })),
        After::Dead => {
            let hour = Interval::Hour.start(loaded.received_at);
            changes.push(Change::Drop(delivery.first));
            match letter {
                Some(letter) => changes.push(Change::Bury(Letter {
                    at: now,
                    reason: answer.to_owned(),
                    ..letter.clone()
                })),
                None => changes.push(Change::Count(hour, Column::Erased, 1)),
            }
            if !is_replay && letter.is_some() {
                changes.push(Change::Count(hour, Column::Dead, 1));
            }
        }
        After::Again(delivery) => changes.push(Change::Keep(Open {
            delivery,
            is_replay: *is_replay,
        })),
    }
    changes.push(match verdict {
        Verdict::Delivered => Change::Well(now),
        _ => Change::Failed(answer.to_owned()),
    });
    if verdict == Verdict::Credentials {
        changes.push(Change::Paused(now + CREDENTIALS_PAUSE_MS));
    }
    changes
}

/// A letter leaves the dead for another column.
fn raised(letter: &Letter, to: Column) -> [Change; 3] {
    [
        Change::Raise(letter.position),
        Change::Count(letter.hour, Column::Dead, -1),
        Change::Count(letter.hour, to, 1),
    ]
}

/// What a sink did not take before its time was over it will not get: everything up to `position`, letters too.
/// `count` says how many items of a range were received in which hour.
pub fn expire<E>(
    sealed: u64,
    open: &[Open],
    letters: &[Letter],
    position: u64,
    count: impl Fn(u64, u64) -> Result<LiteMap<UnixMillis, u64>, E>,
) -> Result<Vec<Change>, E> {
    let mut changes = Vec::new();
    let mut ranges: Vec<(u64, u64)> = open
        .iter()
        .filter(|open| !open.is_replay && open.delivery.last <= position)
        .map(|open| (open.delivery.first, open.delivery.last))
        .collect();
    changes.extend(ranges.iter().map(|(first, _)| Change::Drop(*first)));
    if sealed < position {
        ranges.push((sealed + 1, position));
        changes.push(Change::Sealed(position));
    }
    for (first, last) in ranges {
        let hours = count(first, last)?.into_iter();
        changes.extend(hours.map(|(hour, count)| {
            Change::Count(hour, Column::Expired, i64::try_from(count).unwrap_or(i64::MAX))
        }));
    }
    for letter in letters.iter().filter(|letter| letter.position <= position) {
        changes.push(Change::Drop(letter.position));
        changes.extend(raised(letter, Column::Expired));
    }
    Ok(changes)
}

/// A person's letters, which an erasure takes as it takes the lines of the log.
pub fn erase(letters: &[Letter], person: &Person) -> Vec<Change> {
    let is_theirs =
        |letter: &&Letter| serde_json::from_str(&letter.line).is_ok_and(|item| person.owns(&item));
    letters
        .iter()
        .filter(is_theirs)
        .flat_map(|letter| {
            let [raise, leave, come] = raised(letter, Column::Erased);
            [Change::Drop(letter.position), raise, leave, come]
        })
        .collect()
}

#[cfg(test)]
mod tests;
