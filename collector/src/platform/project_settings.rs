//! A project's settings, key generations, shards and daily salts, as the project object keeps them.

use litemap::LiteMap;
use std::fmt::Write;

use hearback_shared::UnixMillis;
use hearback_shared::settings::EdgeView;
use worker::Result;

use super::random;
use super::store::{Store, number};
use crate::objects::settings::{
    KeyGeneration, Revoked, SaveSettings, Saved, VersionedSettings, forgotten_at, oldest_salted, salted_days,
};

pub(super) const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS settings (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS keys (generation INTEGER PRIMARY KEY, made_at INTEGER NOT NULL, revoked_at INTEGER)",
    "CREATE TABLE IF NOT EXISTS salts (day INTEGER PRIMARY KEY, salt TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS shards (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL)",
];

/// Bytes of a salt: as many as the MAC that it keys has.
const SALT_BYTES: usize = 32;

/// The settings of a project, in its object's database.
#[derive(Clone, Copy)]
pub(super) struct SettingsStore<'a>(pub(super) &'a Store);

impl SettingsStore<'_> {
    pub(super) fn read(self) -> Result<VersionedSettings> {
        let row = self.0.row("SELECT version, body FROM settings", vec![])?;
        row.map_or(Ok(VersionedSettings::default()), |row| {
            Ok(VersionedSettings {
                version: row.number(0),
                settings: serde_json::from_str(row.text(1))?,
            })
        })
    }

    pub(super) fn save(self, save: &SaveSettings) -> Result<Saved> {
        let kept = self
            .0
            .row("SELECT version FROM settings", vec![])?
            .map_or(0, |row| row.number(0));
        let saved = save.decide(kept);
        if let Saved::Kept(version) = saved {
            let body = serde_json::to_string(&save.settings)?;
            self.0.run(
                "INSERT OR REPLACE INTO settings (only, version, body) VALUES (1, ?, ?)",
                vec![number(version), body.into()],
            )?;
        }
        Ok(saved)
    }

    /// All that the edge needs to know. `shards` is how many a project begins with.
    pub(super) fn view(self, shards: u32, now: UnixMillis) -> Result<EdgeView> {
        let (key_generation, revoked_keys) = self.keys()?;
        Ok(EdgeView {
            settings: self.read()?.settings,
            revoked_keys,
            key_generation,
            shards: self.shards(shards)?,
            salts: self.salts(now)?,
        })
    }

    /// The newest generation, and those that are refused. Generation 0 exists from the start and needs no row.
    fn keys(self) -> Result<(u32, Vec<u32>)> {
        let rows = self
            .0
            .rows("SELECT generation, revoked_at IS NULL FROM keys", vec![])?;
        let generation = |row: &super::store::Row| u32::try_from(row.number(0)).unwrap_or(u32::MAX);
        let newest = rows.iter().map(generation).max().unwrap_or(0);
        let revoked = rows
            .iter()
            .filter(|row| row.number(1) == 0)
            .map(generation)
            .collect();
        Ok((newest, revoked))
    }

    /// How many shards the project has. It begins with as many as the operator wants; later the setting changes
    /// nothing, since shards have to be split one by one.
    /// All generations, the newest first.
    pub(super) fn generations(self) -> Result<Vec<KeyGeneration>> {
        let rows = self.0.rows(
            "SELECT generation, made_at, revoked_at IS NOT NULL, ifnull(revoked_at, 0) FROM keys ORDER BY generation DESC",
            vec![],
        )?;
        let mut generations: Vec<_> = rows
            .iter()
            .map(|row| KeyGeneration {
                generation: u32::try_from(row.number(0)).unwrap_or(u32::MAX),
                made_at: Some(row.number(1)).filter(|at| *at > 0),
                revoked_at: (row.number(2) > 0).then(|| row.number(3)),
            })
            .collect();
        if generations.last().is_none_or(|oldest| oldest.generation > 0) {
            generations.push(KeyGeneration::default());
        }
        Ok(generations)
    }

    /// Makes the next generation.
    pub(super) fn rotate(self, now: UnixMillis) -> Result<u32> {
        let next = self.keys()?.0.saturating_add(1);
        self.0.run(
            "INSERT INTO keys (generation, made_at) VALUES (?, ?)",
            vec![number(u64::from(next)), number(now)],
        )?;
        Ok(next)
    }

    /// Revokes a generation; the one that pages carry now cannot be revoked.
    pub(super) fn revoke(self, generation: u32, now: UnixMillis) -> Result<Revoked> {
        let (newest, revoked) = self.keys()?;
        if generation >= newest {
            return Ok(if generation == newest {
                Revoked::InUse
            } else {
                Revoked::Unknown
            });
        }
        if !revoked.contains(&generation) {
            self.0.run(
                "INSERT INTO keys (generation, made_at, revoked_at) VALUES (?, 0, ?) ON CONFLICT (generation) DO UPDATE SET revoked_at = excluded.revoked_at",
                vec![number(u64::from(generation)), number(now)],
            )?;
        }
        Ok(Revoked::Done)
    }

    fn shards(self, at_first: u32) -> Result<u32> {
        let kept = self.0.row("SELECT count FROM shards", vec![])?;
        match kept.and_then(|row| u32::try_from(row.number(0)).ok()) {
            Some(count) => Ok(count),
            None => self.set_shards(at_first).map(|()| at_first),
        }
    }

    /// Writes down that the project has been split into so many shards.
    pub(super) fn set_shards(self, count: u32) -> Result<()> {
        self.0.run(
            "INSERT OR REPLACE INTO shards (only, count) VALUES (1, ?)",
            vec![number(u64::from(count))],
        )
    }

    /// Today's and yesterday's salts (and tomorrow's shortly before it begins); older ones are forgotten.
    pub(super) fn salts(self, now: UnixMillis) -> Result<LiteMap<UnixMillis, String>> {
        self.forget_salts(now)?;
        let rows = self.0.rows("SELECT day, salt FROM salts", vec![])?;
        let mut salts: LiteMap<_, _> = rows
            .iter()
            .map(|row| (row.number(0), row.text(1).to_owned()))
            .collect();
        for day in salted_days(now) {
            if salts.contains_key(&day) {
                continue;
            }
            let salt = hexadecimal(&random::bytes::<SALT_BYTES>());
            self.0.run(
                "INSERT INTO salts (day, salt) VALUES (?, ?)",
                vec![number(day), salt.as_str().into()],
            )?;
            salts.insert(day, salt);
        }
        Ok(salts)
    }

    /// When the oldest salt is to be forgotten.
    pub(super) fn next_forgetting(self) -> Result<Option<UnixMillis>> {
        let row = self.0.row("SELECT day FROM salts ORDER BY day LIMIT 1", vec![])?;
        Ok(row.map(|row| forgotten_at(row.number(0))))
    }

    pub(super) fn forget_salts(self, now: UnixMillis) -> Result<()> {
        self.0.run(
            "DELETE FROM salts WHERE day < ?",
            vec![number(oldest_salted(now))],
        )
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    })
}
