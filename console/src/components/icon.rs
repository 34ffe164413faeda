//! The mark and the icons: one stroke, one colour, no words. Words stand beside them.

use hearback_shared::item::FeedbackKind;
use yew::prelude::*;

use crate::route::Route;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Home,
    Bubble,
    Bars,
    Ledger,
    Refresh,
    Pause,
    Clock,
    Send,
    Bug,
    Bulb,
    Heart,
    Question,
    Leave,
    Copy,
    Check,
    Warning,
    Broken,
}

impl Icon {
    /// The icon of a kind of feedback.
    pub(crate) fn of_kind(kind: FeedbackKind) -> Self {
        match kind {
            FeedbackKind::Bug => Self::Bug,
            FeedbackKind::Idea => Self::Bulb,
            FeedbackKind::Praise => Self::Heart,
            FeedbackKind::Question => Self::Question,
        }
    }

    /// The icon of a view in the rail.
    pub(crate) fn of_route(route: Route) -> Self {
        match route {
            Route::Overview | Route::Unknown => Self::Home,
            Route::Feedback => Self::Bubble,
            Route::Usage(_) => Self::Bars,
            Route::Ledger(_) => Self::Ledger,
        }
    }

    /// Its strokes, on a square of 20.
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M3 9.2 10 3.5l7 5.7M5 8v8.5h10V8M8.5 16.5v-5h3v5",
            Self::Bubble => {
                "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.5zM6.5 7.5h7M6.5 10.5h4.5"
            }
            Self::Bars => "M3 17h14M5.5 17v-5M10 17V5M14.5 17V9",
            Self::Ledger => "M3.5 5h7M3.5 10h5M3.5 15h7M11.500 10.5l2.2 2.2 3.8-4.4",
            Self::Refresh => {
                "M16 8.500A6.2 6.2 0 0 0 4.6 7.2M4 3.500v3.900h3.900M4 11.500a6.2 6.2 0 0 0 11.4 1.300M16 16.500v-3.900h-3.900"
            }
            Self::Pause => "M7.5 5v10M12.5 5v10",
            Self::Clock => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 6v4l2.7 2",
            Self::Send => "M3 10l14-6-4 13-3.500-5.500zM9.500 11.500 17 4",
            Self::Bug => {
                "M7 7.5a3 3 0 0 1 6 0M6 9.5a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2V12a4 4 0 0 1-8 0zM10 7.5V16M3 11h3M14 11h3M3.5 6l2.7 2.2M16.5 6l-2.7 2.2M3.5 16l2.9-2.2M16.5 16l-2.9-2.2"
            }
            Self::Bulb => "M7.5 14c0-1.6-2.5-3-2.5-6a5 5 0 0 1 10 0c0 3-2.5 4.4-2.5 6zM8 17h4",
            Self::Heart => "M10 16.5 4.2 10.9a3.6 3.6 0 0 1 5.1-5.1l.7.7.7-.7a3.6 3.6 0 0 1 5.1 5.1z",
            Self::Question => {
                "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M8 8.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M10 13.7v.1"
            }
            Self::Leave => "M8 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3M8.5 10H16M13 7l3 3-3 3",
            Self::Copy => "M7.5 7.5h8v9h-8zM4.5 12.5v-9h8",
            Self::Check => "m4.5 10.5 3.5 3.5 7.5-8",
            Self::Warning => "M10 3.5 17.5 16.5h-15zM10 8.5v4M10 14.5v.1",
            Self::Broken => {
                "M6.5 13.5 3 17M17 3l-3.5 3.5M8 6l1.5-1.5a3.2 3.2 0 0 1 4.5 0l1.5 1.5a3.2 3.2 0 0 1 0 4.5L14 12M12 14l-1.5 1.5a3.2 3.2 0 0 1-4.5 0L4.5 14a3.2 3.2 0 0 1 0-4.5L6 8"
            }
        }
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct GlyphProps {
    pub(crate) icon: Icon,
}

/// An icon beside its word.
#[component]
pub(crate) fn Glyph(props: &GlyphProps) -> Html {
    html! {
        <svg class="glyph" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d={props.icon.path()} />
        </svg>
    }
}

/// The mark: an open loop that ends in a small speech dot.
#[component]
pub(crate) fn Mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <path d="M22.1 7.9A10 10 0 1 0 22.1 22.1" />
            <circle cx="25.7" cy="25.7" r="4" />
        </svg>
    }
}
