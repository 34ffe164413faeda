//! The sink: it keeps deliveries by their id, and answers as its moods have it.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::delivery::{Verdict, verdict};

use super::items::{id_of, is_poison};
use super::operations::Mood;

/// What is at the sink.
pub struct Sink {
    kept: BTreeMap<String, String>,
    moods: Vec<Mood>,
    attempts: usize,
    is_cured: bool,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            kept: BTreeMap::new(),
            moods: vec![Mood::Well],
            attempts: 0,
            is_cured: false,
        }
    }
}

impl Sink {
    /// Takes a delivery, or not.
    pub fn take(&mut self, id: &str, body: &str) -> Verdict {
        let mood = self.moods[self.attempts % self.moods.len()];
        self.attempts += 1;
        let is_refused = !self.is_cured && body.lines().any(is_poison);
        // A sink that has an id has it: what comes again may lack lines that were erased meanwhile.
        let is_known = self.kept.contains_key(id);
        if !is_known && !is_refused && matches!(mood, Mood::Well | Mood::KeepsAndHangsUp) {
            self.kept.insert(id.to_owned(), body.to_owned());
        }
        match mood {
            Mood::Well if is_refused && !is_known => verdict(422),
            Mood::Well => verdict(204),
            Mood::Failing => verdict(503),
            Mood::Locked => verdict(401),
            Mood::KeepsAndHangsUp | Mood::Hanging => Verdict::Failed,
        }
    }

    /// From now on.
    pub fn set_moods(&mut self, moods: &[Mood]) {
        self.moods = moods.to_vec();
    }

    /// Nothing is poison any more.
    pub fn cure(&mut self) {
        self.is_cured = true;
    }

    /// How many deliveries it has, and how often it was asked to take one.
    pub fn counts(&self) -> (usize, usize) {
        (self.kept.len(), self.attempts)
    }

    /// The ids it has; an item under two deliveries is a fault.
    pub fn ids(&self) -> Result<BTreeSet<&str>, String> {
        let mut ids = BTreeSet::new();
        for id in self.kept.values().flat_map(|body| body.lines().map(id_of)) {
            if let Some(twice) = ids.replace(id) {
                return Err(format!("{twice} arrived under two deliveries"));
            }
        }
        Ok(ids)
    }
}
