//! The console's addresses. The collector answers each with the same page; this decides what it shows.

use crate::usage::Period;

/// Where the console begins.
const ROOT: &str = "/console";

/// A view of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is new and how much the product is used, at a glance.
    Overview,
    /// What visitors said.
    Feedback,
    /// Page views and events over a period.
    Usage(Period),
    /// Where every item went over a period, and how the sinks are doing.
    Ledger(Period),
    /// An address that no view has.
    Unknown,
}

impl Route {
    /// The views in the rail, in its order.
    pub const RAIL: [Self; 4] = [
        Self::Overview,
        Self::Feedback,
        Self::Usage(Period::Days7),
        Self::Ledger(Period::Days7),
    ];

    /// The view at an address; `query` may start with `?`.
    pub fn parse(path: &str, query: &str) -> Self {
        let Some(rest) = path.strip_prefix(ROOT) else {
            return Self::Unknown;
        };
        match rest.trim_end_matches('/') {
            "" => Self::Overview,
            "/feedback" => Self::Feedback,
            "/usage" => Self::Usage(period(query)),
            "/ledger" => Self::Ledger(period(query)),
            _ => Self::Unknown,
        }
    }

    /// The view's address.
    pub fn address(self) -> String {
        match self {
            Self::Overview | Self::Unknown => ROOT.to_owned(),
            Self::Feedback => format!("{ROOT}/feedback"),
            Self::Usage(period) => over(period, "usage"),
            Self::Ledger(period) => over(period, "ledger"),
        }
    }

    /// The view's name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Feedback => "Feedback",
            Self::Usage(_) => "Usage",
            Self::Ledger(_) => "Ledger",
            Self::Unknown => "Not found",
        }
    }

    /// Whether both are the same view, perhaps with other settings.
    pub fn same_view(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The address of a view over a period; the usual one need not be named.
fn over(period: Period, view: &str) -> String {
    match period {
        Period::Days7 => format!("{ROOT}/{view}"),
        _ => format!("{ROOT}/{view}?period={}", period.name()),
    }
}

/// The period that a query names.
fn period(query: &str) -> Period {
    let pairs = query.trim_start_matches('?').split('&');
    pairs
        .filter_map(|pair| pair.strip_prefix("period="))
        .find_map(Period::parse)
        .unwrap_or(Period::Days7)
}

/// The title of the window: what has not been seen, the view, the product.
pub fn window_title(title: &str, unseen: u64) -> String {
    if unseen == 0 {
        format!("{title} · Hearback")
    } else {
        format!("({unseen}) {title} · Hearback")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_is_found_at_its_own_address() {
        let usage = Period::ALL.map(Route::Usage);
        let ledger = Period::ALL.map(Route::Ledger);
        let others = [Route::Overview, Route::Feedback];
        for route in others.into_iter().chain(usage).chain(ledger) {
            let address = route.address();
            let (path, query) = address.split_once('?').unwrap_or((&address, ""));
            assert_eq!(Route::parse(path, query), route, "{address}");
            assert_eq!(
                Route::parse(&format!("{path}/"), &format!("?{query}")),
                route,
                "{address}"
            );
        }
    }

    #[test]
    fn other_addresses_are_unknown_and_a_nonsense_period_is_the_usual_one() {
        for path in ["/", "/console/nowhere", "/consolefeedback", "/console/feedback/x"] {
            assert_eq!(Route::parse(path, ""), Route::Unknown, "{path}");
        }
        assert_eq!(
            Route::parse("/console/usage", "?period=9d"),
            Route::Usage(Period::Days7)
        );
    }

    #[test]
    fn the_window_counts_what_has_not_been_seen() {
        assert_eq!(window_title("Usage", 0), "Usage · Hearback");
        assert_eq!(window_title("Usage", 3), "(3) Usage · Hearback");
    }
}
