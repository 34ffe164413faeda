//! What feedback means: category, sentiment, themes, priorities, impact. Pure.
//!
//! Today it holds the arithmetic of priorities; what is to be prioritised comes with the inbox.

pub mod rice;
