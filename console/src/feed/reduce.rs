//! Decides what becomes of the list.

use std::collections::BTreeSet;
use std::rc::Rc;

use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};

use super::{Action, Effect, Feed, Load, merge};
use crate::failure::Failure;
use crate::live::Live;
use crate::words;

/// A tab that was away for longer than this makes its live connection anew: while a laptop sleeps, a connection can
/// die without either end hearing of it.
const DEAF_MS: f64 = 60_000.0;

/// Decides what becomes of the list.
pub fn reduce(feed: &Feed, action: Action) -> (Feed, Vec<Effect>) {
    let mut feed = feed.clone();
    let effects = match action {
        Action::Start | Action::CameOnline => vec![feed.load_head(), feed.connect()],
        Action::Stop => vec![Effect::Disconnect],
        Action::Refresh => vec![feed.load_head()],
        Action::Head(request, answer) => feed.head(request, answer),
        Action::ShowOlder => feed.show_older(),
        Action::Older(request, answer) => feed.older(request, answer),
        Action::LiveConnecting => {
            feed.live = Live::Connecting {
                attempt: feed.live.attempt(),
            };
            vec![]
        }
        Action::LiveOpened => {
            feed.live = Live::Open {
                attempt: feed.live.attempt(),
            };
            // Whatever came between the last answer and this moment was told to nobody.
            feed.seam = feed
                .seam
                .take()
                .or_else(|| feed.rows.first().map(|row| row.id.clone()));
            let load = feed.load_head();
            feed.opening = feed.request;
            vec![load]
        }
        Action::LiveTold(LiveMessage::Feedback { items, total }) => {
            feed.total = total;
            let fresh = merge::live(&mut feed.rows, items);
            if feed.asking.is_some() {
                let request = feed.request;
                feed.meanwhile
                    .extend(fresh.iter().map(|row| (request, Rc::clone(row))));
            }
            let count = fresh.len() as u64;
            feed.welcome(fresh.iter().map(|row| row.id.clone()).collect(), count)
        }
        Action::LiveLost(open_for_ms, jitter) => feed.lost(open_for_ms, jitter),
        Action::Reconnect => vec![feed.connect()],
        Action::WentOffline => {
            feed.live = Live::Offline;
            vec![Effect::Disconnect]
        }
        Action::Woke(away_ms) if away_ms >= DEAF_MS => vec![feed.connect()],
        Action::Woke(_) => vec![],
        Action::Look(looking) => feed.look(looking),
        Action::Speak => {
            feed.spoken = words::arrived(feed.unspoken, feed.total);
            feed.unspoken = 0;
            vec![]
        }
    };
    (feed, effects)
}

impl Feed {
    fn load_head(&mut self) -> Effect {
        self.request += 1;
        self.asking = Some(self.request);
        Effect::LoadHead(self.request)
    }

    fn connect(&mut self) -> Effect {
        self.live = Live::Connecting {
            attempt: self.live.attempt(),
        };
        Effect::Connect(0)
    }

    fn lost(&mut self, open_for_ms: f64, jitter: f64) -> Vec<Effect> {
        let stood = matches!(self.live, Live::Open { .. });
        let (live, wait_ms) = self.live.lost(open_for_ms, jitter);
        self.live = live;
        let mut effects = vec![Effect::Connect(wait_ms)];
        // An attempt that failed may mean a proxy that blocks WebSockets, or a token that is no longer accepted:
        // the plain question works through the one and tells the other.
        if !stood {
            effects.push(self.load_head());
        }
        effects
    }

    fn head(&mut self, request: u64, answer: Result<FeedbackPage, Failure>) -> Vec<Effect> {
        let latest = self.asking == Some(request);
        match answer {
            // An answer to a question from before the opening is only good for a first impression.
            Ok(page) if request > self.answered && (request >= self.opening || !self.loaded) => {
                self.answered = request;
                if latest {
                    self.asking = None;
                }
                self.trouble = None;
                self.put_head(request, page)
            }
            Err(Failure::Unauthorized) => vec![Effect::Expire, Effect::Disconnect],
            Err(failure) if latest => {
                self.asking = None;
                self.trouble = Some(failure);
                self.meanwhile.clear();
                vec![]
            }
            _ => vec![],
        }
    }

    fn put_head(&mut self, request: u64, page: FeedbackPage) -> Vec<Effect> {
        let newer: Vec<_> = self
            .meanwhile
            .iter()
            .rev()
            .filter(|(at, _)| *at >= request)
            .map(|(_, row)| Rc::clone(row))
            .collect();
        self.meanwhile.retain(|(at, _)| *at > request);

        let total_before = self.total;
        // A row told meanwhile carried a later total than this page does.
        self.total = if newer.is_empty() {
            page.total
        } else {
            page.total.max(self.total)
        };
        let missed = if self.loaded {
            self.missed(&page.items)
        } else {
            Vec::new()
        };
        let whole_page_is_new = missed.len() == page.items.len();
        let count = missed.len() as u64;
        let count = if whole_page_is_new {
            count.max(self.total.saturating_sub(total_before))
        } else {
            count
        };

        let seam = self.seam.take();
        if request < self.opening {
            self.seam = page.items.first().map(|row| row.id.clone());
        }
        let next_before = self.next.clone();
        // Rows that were told before any page came have nothing below them that is known.
        let known = if self.loaded { &self.rows[..] } else { &[] };
        (self.rows, self.next) = merge::head(known, (seam.as_deref(), self.next.take()), page, newer);
        self.loaded = true;
        if self.next != next_before {
            // The list ends elsewhere now: an answer about its old end would leave a hole.
            self.older = Load::Idle;
        }
        self.welcome(missed, count)
    }

    /// Ids on top of a newest page that came while nobody told.
    fn missed(&self, page: &[FeedbackRow]) -> Vec<String> {
        let known: BTreeSet<&str> = self.rows.iter().map(|row| row.id.as_str()).collect();
        let unknown = |row: &&FeedbackRow| !known.contains(row.id.as_str());
        let newest_known = self.rows.first().map(|row| row.id.as_str());
        page.iter()
            .take_while(|row| Some(row.id.as_str()) != newest_known)
            .filter(unknown)
            .map(|row| row.id.clone())
            .collect()
    }

    fn show_older(&mut self) -> Vec<Effect> {
        match (&self.older, self.next.clone()) {
            (Load::Running(_), _) | (_, None) => vec![],
            (_, Some(before)) => {
                self.older_request += 1;
                self.older = Load::Running(self.older_request);
                vec![Effect::LoadOlder(self.older_request, before)]
            }
        }
    }

    fn older(&mut self, request: u64, answer: Result<FeedbackPage, Failure>) -> Vec<Effect> {
        if self.older != Load::Running(request) {
            return vec![];
        }
        match answer {
            Ok(page) => {
                merge::older(&mut self.rows, page.items);
                self.next = page.next;
                self.older = Load::Idle;
                vec![]
            }
            Err(Failure::Unauthorized) => vec![Effect::Expire, Effect::Disconnect],
            Err(failure) => {
                self.older = Load::Failed(failure);
                vec![]
            }
        }
    }

    /// Marks and announces rows that came by themselves. Many at once are announced once.
    fn welcome(&mut self, ids: Vec<String>, count: u64) -> Vec<Effect> {
        if ids.is_empty() {
            return vec![];
        }
        let first = self.unspoken == 0;
        self.unspoken += count;
        if !self.looking {
            self.unseen += count;
        }
        self.arrived.extend(ids);
        if first { vec![Effect::SpeakSoon] } else { vec![] }
    }

    fn look(&mut self, looking: bool) -> Vec<Effect> {
        if looking {
            self.unseen = 0;
        } else if self.looking {
            self.arrived.clear();
        }
        self.looking = looking;
        vec![]
    }
}
