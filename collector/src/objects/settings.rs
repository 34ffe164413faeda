//! What the project object keeps of a project's settings, keys and salts, and how it changes.

use hearback_shared::UnixMillis;
use hearback_shared::limits::SALT_MS;
use hearback_shared::settings::ProjectSettings;
use serde::{Deserialize, Serialize};

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// How long before midnight the next day's salt is made, so that what the edges keep for a minute holds it in time.
const SALT_AHEAD_MS: UnixMillis = 15 * 60 * 1000;

/// The settings and how often they were changed: two editors with the same version can't both save.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedSettings {
    /// 0 where they were never set.
    pub version: u64,
    /// The settings.
    pub settings: ProjectSettings,
}

/// `PUT /api/v1/settings` on its way to the project object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveSettings {
    /// The version that the editor saw; `None` saves over any.
    pub expected: Option<u64>,
    /// What is to be kept.
    pub settings: ProjectSettings,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
    /// They are kept, as this version.
    Kept(u64),
    /// Somebody else saved this version in between; nothing was changed.
    Changed(u64),
}

impl SaveSettings {
    /// Decides, given the version that is kept.
    pub fn decide(&self, kept: u64) -> Saved {
        if self.expected.is_none_or(|expected| expected == kept) {
            Saved::Kept(kept + 1)
        } else {
            Saved::Changed(kept)
        }
    }
}

/// One generation of a project's public key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyGeneration {
    /// 0 is the first.
    pub generation: u32,
    /// When it was made; absent for the first, which needs no making.
    pub made_at: Option<UnixMillis>,
    /// Since when it is refused.
    pub revoked_at: Option<UnixMillis>,
}

/// What became of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revoked {
    /// It is refused from now on, everywhere within a minute.
    Done,
    /// It is the newest: pages carry it.
    InUse,
    /// There is no such generation.
    Unknown,
}

/// The first milliseconds of the days that need a salt now: today, and tomorrow shortly before it begins.
pub fn salted_days(now: UnixMillis) -> impl Iterator<Item = UnixMillis> {
    let day = |at: UnixMillis| at - at % DAY_MS;
    let (today, soon) = (day(now), day(now + SALT_AHEAD_MS));
    [Some(today), (soon != today).then_some(soon)]
        .into_iter()
        .flatten()
}

/// Days that began before this have no salt any more.
pub fn oldest_salted(now: UnixMillis) -> UnixMillis {
    (now + 1).saturating_sub(SALT_MS)
}

/// When the salt of a day that began then is to be forgotten.
pub fn forgotten_at(day: UnixMillis) -> UnixMillis {
    day + SALT_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: UnixMillis = 20_000 * DAY_MS;

    #[test]
    fn of_two_editors_who_saw_the_same_version_one_saves() {
        let save = |expected| SaveSettings {
            expected,
            settings: ProjectSettings::default(),
        };
        assert_eq!(save(Some(3)).decide(3), Saved::Kept(4));
        assert_eq!(save(Some(3)).decide(4), Saved::Changed(4));
        assert_eq!(save(None).decide(4), Saved::Kept(5));
    }

    #[test]
    fn a_day_has_its_salt_before_it_begins_and_loses_it_48_hours_after() {
        let days = |now| salted_days(now).collect::<Vec<_>>();
        assert_eq!(days(DAY), [DAY]);
        assert_eq!(days(DAY + DAY_MS - SALT_AHEAD_MS), [DAY, DAY + DAY_MS]);
        assert!(oldest_salted(DAY + SALT_MS - 1) <= DAY);
        assert!(oldest_salted(DAY + SALT_MS) > DAY);
        assert!(oldest_salted(forgotten_at(DAY)) > DAY);
    }
}
