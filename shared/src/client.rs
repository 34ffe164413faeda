//! The program a visitor used, as read from its user agent by those who read the log.

use serde::{Deserialize, Serialize};

/// Device, browser and system in plain words; empty where the user agent does not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// `desktop`, `mobile`, `tablet`, `tv` or `bot`.
    pub device: String,
    /// Such as `Firefox`.
    pub browser: String,
    /// Such as `Android`.
    pub os: String,
}
