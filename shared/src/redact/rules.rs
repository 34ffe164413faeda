//! What a project has taken out beyond what is always taken out. Rules add, they never remove.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A project's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedactionRules {
    /// Properties whose value is always taken out, by name.
    pub props: BTreeSet<String>,
    /// Beginnings of words that are secrets, such as `ACME-`: the word is taken out.
    pub prefixes: BTreeSet<String>,
    /// Words and phrases that are taken out wherever they stand, in any case.
    pub words: BTreeSet<String>,
}
