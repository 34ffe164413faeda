//! Where the log goes: what is sent, and what an answer means. The sending itself is in `platform`.

pub mod http;
