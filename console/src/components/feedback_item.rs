//! One piece of feedback.

use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::item::FeedbackKind;
use hearback_shared::limits::RATING_MAX;
use hearback_shared::query::FeedbackRow;
use yew::prelude::*;

use super::{Glyph, Icon, Stamp};
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct FeedbackItemProps {
    pub(crate) row: Rc<FeedbackRow>,
    pub(crate) now: UnixMillis,
    /// It came by itself, a moment ago.
    pub(crate) is_new: bool,
}

/// One piece of feedback: what it is, what was said, and where it came from.
#[component]
pub(crate) fn FeedbackItem(props: &FeedbackItemProps) -> Html {
    let row = &props.row;
    html! {
        <article class={classes!("item", props.is_new.then_some("is-new"))}>
            <div class="item-side">
                <span class={classes!("kind", format!("is-{}", row.kind.as_str()))}>
                    <Glyph icon={Icon::of_kind(row.kind)} />{ word(row.kind) }
                </span>
                if let Some(rating) = row.rating {
                    <Rating {rating} />
                }
            </div>
            <div class="item-body">
                <Words text={row.text.clone()} />
                { origin(row) }
            </div>
            <p class="item-time">
                if props.is_new {
                    <span class="new">{ "New" }</span>
                }
                <Stamp at={row.at} now={props.now} />
            </p>
        </article>
    }
}

/// A kind as people read it.
fn word(kind: FeedbackKind) -> &'static str {
    match kind {
        FeedbackKind::Bug => "Problem",
        FeedbackKind::Idea => "Idea",
        FeedbackKind::Praise => "Praise",
        FeedbackKind::Question => "Question",
    }
}

#[derive(PartialEq, Properties)]
struct RatingProps {
    rating: u8,
}

#[component]
fn Rating(props: &RatingProps) -> Html {
    const STAR: &str =
        "m7 1.3 1.75 3.7 4 .550-2.9 2.85.700 4.05L7 10.5l-3.55 1.95.700-4.05L1.25 5.55l4-.550z";
    let star = |place: u8| {
        html! { <path class={if place < props.rating { "is-on" } else { "is-off" }} d={STAR}
        transform={format!("translate({} 0)", u32::from(place) * 14)} /> }
    };
    html! {
        <span class="rating">
            <svg viewBox="0 0 70 14" width="70" height="14" aria-hidden="true" focusable="false">
                { for (0..RATING_MAX).map(star) }
            </svg>
            <span><span class="vh">{ "Rated " }</span>{ format!("{} of {RATING_MAX}", props.rating) }</span>
        </span>
    }
}

#[derive(PartialEq, Properties)]
struct WordsProps {
    text: String,
}

/// The visitor's words, as text and nothing else. Long ones are folded.
#[component]
fn Words(props: &WordsProps) -> Html {
    let open = use_state(|| false);
    let part = words::fold(&props.text);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let shown = match part {
        Some(part) if !*open => format!("{part} …"),
        _ => props.text.clone(),
    };
    html! {
        <>
            <p class="words" dir="auto">{ shown }</p>
            if part.is_some() {
                <button type="button" class="button is-quiet" aria-expanded={open.to_string()} onclick={toggle}>
                    if *open {
                        { "Show less" }
                    } else {
                        { format!("Show all {}", words::counted(props.text.chars().count() as u64, "character", "characters")) }
                    }
                </button>
            }
        </>
    }
}

/// Where it came from, as far as that is known.
fn origin(row: &FeedbackRow) -> Html {
    let page = row.url.as_deref().map(|url| {
        let page = words::page_address(url);
        page.href.map_or_else(
            || html! { <span class="address" title={url.to_owned()}>{ &page.text }</span> },
            |href| {
                html! {
                    <a class="address" {href} title={url.to_owned()} target="_blank" rel="noopener noreferrer">
                        { &page.text }
                    </a>
                }
            },
        )
    });
    let release = match (&row.release, &row.env) {
        (Some(release), Some(env)) => Some(format!("{release} ({env})")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let email = row
        .email
        .as_deref()
        .map(|email| html! { <a href={words::mailto(email)}>{ email }</a> });
    let facts = [
        ("Answer to", email),
        ("Page", page),
        (
            if row.release.is_some() {
                "Release"
            } else {
                "Environment"
            },
            release.map(Html::from),
        ),
        ("Language", row.lang.clone().map(Html::from)),
        (
            "Window",
            row.screen
                .map(|(width, height)| html! { { format!("{width} × {height}") } }),
        ),
    ];
    let known: Vec<_> = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    if known.is_empty() {
        return html! {};
    }
    html! {
        <dl class="facts">
            { for known.into_iter().map(|(name, value)| html! {
                <div><dt>{ name }</dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}
