//! One simulated visit: pages, what is done on them, and sometimes a word.

use hearback_shared::UnixMillis;
use hearback_shared::item::PAGE_VIEW;
use hearback_shared::producer::Producer;
use serde_json::{Value, json};

use super::rng::Rng;
use super::texts::{Said, Texts};

/// Days before the anchor over which visits are spread.
const DAYS: u64 = 14;
const HOUR_MS: UnixMillis = 60 * 60 * 1000;
const DAY_MS: UnixMillis = 24 * HOUR_MS;
/// Days before the anchor during which the payment service had trouble: something to see in the chart.
const TROUBLE: std::ops::RangeInclusive<u64> = 2..=4;
/// The release went out so many days before the anchor.
const RELEASE_DAY: u64 = 6;
/// An address of no shop that exists; the demo's own depends on a port.
const SHOP: &str = "https://kettle-and-leaf.example";

const TEAS: [(&str, f64); 8] = [
    ("first-light", 14.5),
    ("slow-train", 11.0),
    ("paper-lantern", 18.0),
    ("north-harbour", 13.0),
    ("orchard-gate", 9.5),
    ("night-garden", 10.0),
    ("glass-lake", 21.0),
    ("common-room", 8.5),
];
const LANGUAGES: [(u64, &str); 10] = [
    (40, "en"),
    (20, "de"),
    (10, "fr"),
    (8, "es"),
    (6, "nl"),
    (5, "it"),
    (4, "pt"),
    (3, "pl"),
    (2, "ja"),
    (2, "zh"),
];
const SCREENS: [(u64, (u32, u32)); 6] = [
    (30, (390, 844)),
    (15, (360, 800)),
    (10, (820, 1180)),
    (20, (1440, 900)),
    (20, (1920, 1080)),
    (5, (2560, 1440)),
];
const REFERRERS: [(u64, Option<&str>); 4] = [
    (55, None),
    (25, Some("https://search.example/")),
    (12, Some("https://tea-people.example/forum/oolong")),
    (8, Some("https://news.example/weekend")),
];
/// How busy each hour of the day is (UTC).
const HOURS: [(u64, u64); 8] = [
    (2, 1),
    (6, 7),
    (12, 9),
    (14, 12),
    (12, 15),
    (16, 18),
    (18, 20),
    (8, 22),
];

/// A visit, ready to be sent.
pub(super) struct Visit {
    /// When it began.
    pub born: UnixMillis,
    /// The page that was loaded.
    pub producer: Producer,
    context: Value,
    items: Vec<Value>,
}

impl Visit {
    /// The body of `POST /v1/ingest`.
    pub(super) fn batch(&self, key: &str, sent_at: UnixMillis) -> Value {
        json!({
            "key": key,
            "producer": self.producer.to_string(),
            "sent_at": sent_at,
            "context": self.context,
            "items": self.items,
        })
    }

    /// How many items it has.
    pub(super) fn items(&self) -> usize {
        self.items.len()
    }
}

/// Makes visit number `number`; what it says, if anything, is the next of `texts`.
pub(super) fn make(number: u64, anchor: UnixMillis, texts: &mut Texts) -> Visit {
    // A large odd factor keeps the streams of neighbours apart.
    let mut rng = Rng::new(number.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(7));
    let days_ago = rng.between(1, DAYS);
    let born = anchor - days_ago * DAY_MS + rng.weighted(&HOURS) * HOUR_MS + rng.below(2 * HOUR_MS);
    let mut pages = Pages {
        rng,
        at: born,
        items: Vec::new(),
        page: "/".to_owned(),
    };
    pages.browse();
    pages.shop(TROUBLE.contains(&days_ago));
    let said = if pages.rng.percent(14) {
        Some(texts.next())
    } else {
        None
    };
    if let Some(said) = said {
        pages.speak(said);
    }
    let lang = said.map_or_else(|| *pages.rng.weighted(&LANGUAGES), |said| said.lang);
    let mut context = json!({
        "url": format!("{SHOP}/"),
        "lang": lang,
        "screen": pages.rng.weighted(&SCREENS),
        "release": if days_ago > RELEASE_DAY { "1.4.1" } else { "1.4.2" },
        "env": "demo",
    });
    if let Some(referrer) = pages.rng.weighted(&REFERRERS) {
        context["referrer"] = json!(referrer);
    }
    Visit {
        born,
        producer: Producer::new(born, pages.rng.bytes()),
        context,
        items: pages.items,
    }
}

struct Pages {
    rng: Rng,
    at: UnixMillis,
    items: Vec<Value>,
    page: String,
}

impl Pages {
    fn push(&mut self, mut item: Value) {
        item["seq"] = json!(self.items.len() + 1);
        item["at"] = json!(self.at);
        item["url"] = json!(format!("{SHOP}{}", self.page));
        self.items.push(item);
        self.at += self.rng.between(1_500, 45_000);
    }

    fn event(&mut self, name: &str, props: &Value) {
        let mut item = json!({ "type": "event", "name": name });
        if !props.is_null() {
            item["props"] = props.clone();
        }
        self.push(item);
    }

    fn view(&mut self, page: &str) {
        page.clone_into(&mut self.page);
        self.event(PAGE_VIEW, &Value::Null);
    }

    fn browse(&mut self) {
        self.view("/");
        if self.rng.percent(22) {
            let results = self.rng.below(5);
            self.event("search", &json!({ "results": results }));
        }
        if self.rng.percent(12) {
            self.view("/about");
        }
    }

    fn shop(&mut self, trouble: bool) {
        let mut in_cart = 0_u32;
        for _ in 0..self.rng.below(5) {
            let (tea, price) = *self.rng.pick(&TEAS);
            self.view(&format!("/tea/{tea}"));
            if self.rng.percent(35) {
                in_cart += 1;
                self.event(
                    "add_to_cart",
                    &json!({ "tea": tea, "price": price, "in_cart": in_cart }),
                );
            }
        }
        if in_cart == 0 || !self.rng.percent(75) {
            return;
        }
        self.view("/cart");
        if self.rng.percent(70) {
            self.view("/checkout");
            self.pay(in_cart, trouble);
        }
    }

    fn pay(&mut self, teas: u32, trouble: bool) {
        let fails = if trouble { 65 } else { 12 };
        for _ in 0..3 {
            if !self.rng.percent(fails) {
                self.event("checkout", &json!({ "teas": teas }));
                return;
            }
            self.event("checkout_failed", &json!({ "teas": teas, "status": 502 }));
            if self.rng.percent(40) {
                return;
            }
        }
    }

    fn speak(&mut self, said: &Said) {
        if self.page != said.page {
            self.view(said.page);
        }
        let mut item = json!({ "type": "feedback", "kind": said.kind, "text": said.text });
        if let Some(rating) = said.rating {
            item["rating"] = json!(rating);
        }
        if self.rng.percent(35) {
            let name = self.rng.pick(&[
                "ada", "noor", "sam", "li", "ines", "jonas", "marta", "theo", "yuki", "amir",
            ]);
            item["contact"] = json!({ "email": format!("{name}.{}@example.com", self.rng.between(10, 99)) });
        }
        self.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANCHOR: UnixMillis = 1_795_046_400_000;

    fn visits(count: u64) -> Vec<Visit> {
        let mut texts = Texts::new();
        (0..count)
            .map(|number| make(number, ANCHOR, &mut texts))
            .collect()
    }

    #[test]
    fn the_same_number_makes_the_same_visit() {
        let json = |visits: Vec<Visit>| {
            visits
                .iter()
                .map(|visit| visit.batch("k", 0).to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(json(visits(50))[..20], json(visits(20)));
    }

    #[test]
    fn no_two_visitors_share_a_producer() {
        let producers: std::collections::BTreeSet<_> =
            visits(2_000).iter().map(|visit| visit.producer).collect();
        assert_eq!(producers.len(), 2_000);
    }

    #[test]
    fn visits_lie_in_the_fortnight_before_the_anchor() {
        for visit in visits(500) {
            assert!(visit.born >= ANCHOR - DAYS * DAY_MS && visit.born < ANCHOR);
        }
    }
}
