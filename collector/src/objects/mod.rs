//! What the Durable Objects do, without Workers: values in, values out. `platform` loads rows, calls this and
//! writes rows.

pub mod append;
pub mod append_wire;
pub mod company;
pub mod count_time;
pub mod delivery;
pub mod feed;
pub mod outbox;
pub mod person;
pub mod placement;
pub mod quarantine;
pub mod rollup_step;
pub mod rollup_tables;
pub mod settings;
pub mod throttle;
pub mod view_age;
