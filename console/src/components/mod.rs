//! The pieces that views are made of. They show what they are given and decide nothing.

mod chart_card;
mod feedback_item;
mod icon;
mod legend;
mod link;
mod live_state;
mod period_choice;
mod series_table;
mod shell;
mod snippet;
mod states;
mod tile;

pub(crate) use chart_card::{ChartCard, Picture};
pub(crate) use feedback_item::FeedbackItem;
pub(crate) use icon::{Glyph, Icon, Mark};
pub(crate) use legend::Legend;
pub(crate) use link::{Link, Navigator};
pub(crate) use live_state::LiveState;
pub(crate) use period_choice::PeriodChoice;
pub(crate) use series_table::SeriesTable;
pub(crate) use shell::Shell;
pub(crate) use snippet::Snippet;
pub(crate) use states::{Banner, ErrorPanel, ListSkeleton, PictureSkeleton, TileSkeletons};
pub(crate) use tile::Tile;
