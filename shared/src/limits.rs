//! Every limit, with its unit and the reason for its size.

/// Bytes of a request body after decoding. `sendBeacon` and keepalive stop at 64 KiB; a server-side client that
/// saved up a minute of events fits well within 1 MiB.
pub const BODY_BYTES: usize = 1024 * 1024;

/// Items in one batch. One shard commit stays within a few milliseconds of CPU.
pub const BATCH_ITEMS: usize = 500;

/// Bytes of one batch as the log keeps it, each line with its context: twice what was sent is ample for honest pages.
pub const STORED_BATCH_BYTES: usize = 2 * BODY_BYTES;

/// Characters of a feedback text: about four printed pages.
pub const TEXT_CHARS: usize = 10_000;

/// Characters of an event name.
pub const NAME_CHARS: usize = 64;

/// Properties of one event.
pub const PROPS: usize = 32;

/// Characters of a property's name.
pub const PROP_KEY_CHARS: usize = 64;

/// Characters of a property's text value.
pub const PROP_TEXT_CHARS: usize = 1_024;

/// Characters of an address; browsers and proxies start to refuse longer ones.
pub const URL_CHARS: usize = 2_048;

/// Characters of the short context fields: language, release, environment.
pub const CONTEXT_CHARS: usize = 128;

/// Characters of an e-mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_CHARS: usize = 254;

/// Ratings run from 1 to this.
pub const RATING_MAX: u8 = 5;

/// Largest seq: the largest integer that JavaScript counts exactly.
pub const SEQ_MAX: u64 = (1 << 53) - 1;

/// Characters of a message id: a UUID, a hash in hexadecimal, or a name with room to spare.
pub const MESSAGE_ID_CHARS: usize = 64;

/// Largest integer, by its absolute value, that a property or a time may hold: what JavaScript, and a 64-bit float,
/// still count one by one. Beyond it storage would keep another number than was sent.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Objects and lists inside one another in one item. A valid item needs two; the rest is room for a mistake to be
/// explained instead of being called too deep.
pub const ITEM_DEPTH: usize = 8;

/// Disjoint intervals kept per producer and set; a page sends in order, so more than a few means a broken client.
pub const WINDOW_INTERVALS: usize = 64;

/// Days for which an item is stored once however often it is sent.
pub const DEDUPLICATION_DAYS: u32 = 30;

/// Minutes after a producer's birth at which its items are refused as too old: a day before its window is
/// forgotten, so that no retry can slip in behind it.
pub const PRODUCER_AGE_MINUTES: u32 = (DEDUPLICATION_DAYS - 1) * 24 * 60;

/// Days after its `at` for which an item with an `id` is taken: no retry of it comes after its id was forgotten.
pub const MESSAGE_AGE_DAYS: u32 = DEDUPLICATION_DAYS - 1;

/// Days by which the `at` of an item with an `id` may lie ahead of our clock. Together with its age these are the days
/// of the promise.
pub const MESSAGE_AHEAD_DAYS: u32 = DEDUPLICATION_DAYS - MESSAGE_AGE_DAYS;

/// Days for which a shard keeps the id of an item that has one: a day beyond the promise, since the clocks of edges
/// and shards differ a little.
pub const MESSAGE_ID_DAYS: u32 = DEDUPLICATION_DAYS + 1;

/// Minutes by which a visitor's clock may run ahead of ours before a producer is refused as born in the future.
pub const PRODUCER_AHEAD_MINUTES: u32 = 24 * 60;

/// Characters of a project's name.
pub const PROJECT_CHARS: usize = 32;

/// Flags that a schema puts on one item; the next mistakes of the same item say little more.
pub const SCHEMA_FLAGS: usize = 8;

/// Rows of one page of a list.
pub const PAGE_ROWS: u32 = 200;

/// Points of one series: 31 days by the hour.
pub const SERIES_POINTS: u64 = 31 * 24;

/// Named series in one answer; the rest are summed as *other*.
pub const SERIES_NAMES: usize = 10;

/// Bytes of a project's settings as JSON: every isolate keeps a copy, and every shard.
pub const SETTINGS_BYTES: usize = 128 * 1024;

/// Origins of a project's allow-list; a family of sites has tens.
pub const ORIGINS: usize = 100;

/// Events with a schema; each is looked up by name, so the bound is for memory only.
pub const SCHEMA_EVENTS: usize = 500;

/// Texts that a property with choices may be: beyond this it is free text.
pub const SCHEMA_CHOICES: usize = 200;

/// Redaction rules of one kind; each costs a pass over every text.
pub const REDACTION_RULES: usize = 100;

/// Query parameters that addresses may keep.
pub const KEPT_PARAMETERS: usize = 50;

/// Properties that are broken down, and properties with percentiles: each costs a rollup row per name and hour.
pub const CHOSEN_PROPS: usize = 10;

/// A project's own webhooks; each is a cursor and a delivery in every shard.
pub const WEBHOOKS: usize = 10;

/// Characters of a webhook's name: it stands in paths and tables.
pub const WEBHOOK_NAME_CHARS: usize = 32;

/// Days of retention at most: ten years.
pub const RETENTION_DAYS: u32 = 3_650;

/// Milliseconds after its first one for which a day's salt is kept: late items of yesterday still find theirs.
pub const SALT_MS: u64 = 48 * 60 * 60 * 1000;

/// Milliseconds that a person needs at least to fill in the plain form.
pub const FORM_MS: u64 = 2_000;

/// Breadcrumbs of one piece of feedback: what a person still remembers having done.
pub const BREADCRUMBS: usize = 20;

/// Characters of a breadcrumb: one line of a list.
pub const BREADCRUMB_CHARS: usize = 256;

/// Characters of a signed identity: a JWT with a handful of claims.
pub const USER_TOKEN_CHARS: usize = 2_048;

/// Questions of a project's own in a form; nobody answers more.
pub const FORM_FIELDS: usize = 20;

/// Options of one question.
pub const FIELD_OPTIONS: usize = 30;

/// Words of the widget that a project replaces, in all languages together.
pub const WIDGET_STRINGS: usize = 1_000;

/// Links in a piece of feedback from which on it is looked at before it is shown.
pub const FEEDBACK_LINKS: usize = 3;

/// Attachments of one piece of feedback: a few screenshots.
pub const ATTACHMENTS: usize = 5;

/// Bytes of an attachment: a screenshot of a large screen as PNG.
pub const ATTACHMENT_BYTES: usize = 5 * 1024 * 1024;

/// Distinct event names a shard keeps rollups for in one day; further names are counted as *other*. More than people
/// read, and 200 rows of some kilobytes an hour.
pub const NAMES_PER_DAY: usize = 200;

/// Values of one dimension that a rollup tells apart; what a list shows, with room for what rises.
pub const BREAKDOWN_VALUES: usize = 100;

/// Bytes of such a value; longer ones are cut. All dimensions full of the longest values make 460 KB, and a stored
/// value may have 2 MB.
pub const BREAKDOWN_VALUE_BYTES: usize = 256;

/// Visitors up to which a funnel is exact; beyond them it is an estimate from as many.
pub const FUNNEL_VISITORS: usize = 20_000;

/// Rows over which a shard spreads a day's visitors by their hash: each stays well below 2 MB.
pub const VISITOR_ROWS: u64 = 4;

/// Visitors kept in each of these rows: a quarter of [`FUNNEL_VISITORS`], and eight standard deviations more, since
/// chance fills one row before the others.
pub const VISITORS_PER_ROW: usize = 5_500;

/// Event names kept of one visitor in one day: the first ones.
pub const VISITOR_NAMES: usize = 32;

/// Steps of a funnel.
pub const FUNNEL_STEPS: usize = 5;

/// Days for which what funnels need is kept, and the days one funnel may span.
pub const FUNNEL_DAYS: u64 = 31;

/// Days for which rollups by the hour are kept; by the day they stay.
pub const HOUR_ROLLUP_DAYS: u64 = 93;

/// Days one question may span.
pub const QUERY_DAYS: u64 = 400;

/// Points of a series of sketches: each carries up to 12 KiB between the shards and the edge.
pub const SKETCH_POINTS: u64 = 100;

/// Percentiles in one answer.
pub const PERCENTILES: usize = 10;
