//! Cloudflare's prices, in one table, and what a usage costs by them.

use super::usage::Usage;

/// What is billed, in the order in which it is printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Price {
    /// What is counted.
    pub what: &'static str,
    /// Dollars a million of it.
    pub usd_per_million: f64,
    /// Where it stands.
    pub page: &'static str,
}

const WORKERS: &str = "https://developers.cloudflare.com/workers/platform/pricing/";
const OBJECTS: &str = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const R2: &str = "https://developers.cloudflare.com/r2/pricing/";

/// The paid plan's prices beyond what it includes, as the pages had them on 27 November 2026. What is included each
/// month (10 million requests, 50 million rows written and so on) is not taken off: it is spent once, by everything
/// that the account runs.
pub(super) const PRICES: [Price; 7] = [
    price("worker requests", 0.30, WORKERS),
    price("CPU ms", 0.02, WORKERS),
    // Every fetch of an object and every alarm that rings.
    price("object requests", 0.15, OBJECTS),
    // 128 MB for as long as the object is active, whatever it really uses.
    price("object GB-s", 12.50, OBJECTS),
    price("rows read", 0.001, OBJECTS),
    // A row of an index counts as one, so does a row deleted and an alarm set. Its size does not matter.
    price("rows written", 1.00, OBJECTS),
    // Class A: each delivery is taken for an object of its own in R2. A webhook costs nothing.
    price("PUTs", 4.50, R2),
];

/// A gigabyte kept in an object for a month, printed apart: it depends on how long a project keeps its log.
pub(super) const USD_PER_GB_MONTH: f64 = 0.20;

const fn price(what: &'static str, usd_per_million: f64, page: &'static str) -> Price {
    Price {
        what,
        usd_per_million,
        page,
    }
}

/// What an amount of each costs, in the order of [`PRICES`].
pub(super) fn bill(usage: &Usage) -> [f64; PRICES.len()] {
    let amounts = usage.amounts();
    std::array::from_fn(|place| amounts[place] * PRICES[place].usd_per_million / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_bill_is_the_example_of_the_pricing_page() {
        // "15 million requests, 7 ms of CPU each", without what is included: $4.50 and $2.10.
        let usage = Usage {
            worker_requests: 15e6,
            cpu_ms: 15e6 * 7.0,
            ..Usage::default()
        };
        let bill = bill(&usage);
        assert!(near(bill[0], 4.50) && near(bill[1], 2.10), "{bill:?}");
        assert!(near(bill.iter().sum(), 6.60), "{bill:?}");
    }

    #[test]
    fn an_object_that_is_always_active_costs_what_the_page_says() {
        // "100 objects, active for 86,400,000 seconds a month": 11,059,200 GB-s.
        let usage = Usage {
            object_gb_s: crate::bench::cost::usage::gb_s(86_400_000.0),
            ..Usage::default()
        };
        assert!(near(usage.object_gb_s, 11_059_200.0));
        assert!(near(bill(&usage)[3], 138.24));
    }

    #[test]
    fn every_price_names_its_page() {
        for price in PRICES {
            assert!(
                price.page.starts_with("https://developers.cloudflare.com/"),
                "{price:?}"
            );
        }
    }
}
