// The baseline: what a careful engineer writes in an afternoon. Parse, validate the same limits, count, one SQLite row
// an event. `/parse` stops after validation; `/object` calls the object and writes nothing; `/` does nothing.

const LIMITS = { bodyBytes: 1024 * 1024, items: 500, name: 64, props: 32, propKey: 64, propText: 1024, text: 10_000, url: 2048 };
const KINDS = new Set(["bug", "idea", "praise", "question"]);
const EVENT_FIELDS = new Set(["seq", "at", "type", "url", "name", "props"]);
const FEEDBACK_FIELDS = new Set(["seq", "at", "type", "url", "kind", "text", "rating", "contact"]);

const isText = (value, limit) => typeof value === "string" && value.length <= limit && !value.includes("\0");
const isName = (value, limit) => isText(value, limit) && value.trim() !== "" && !/[\u0000-\u001f\u007f-\u009f]/.test(value);

/** The code of the first mistake of an item, or nothing. */
function mistake(item) {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return "malformed_item";
  if (!Number.isSafeInteger(item.seq) || item.seq < 1) return "seq_invalid";
  if (!Number.isSafeInteger(item.at) || item.at < 0) return "wrong_type";
  if (item.url !== undefined && !isText(item.url, LIMITS.url)) return "text_too_long";
  if (item.type === "event") return eventMistake(item);
  if (item.type === "feedback") return feedbackMistake(item);
  return "unknown_type";
}

function eventMistake(item) {
  for (const field in item) if (!EVENT_FIELDS.has(field)) return "unknown_field";
  if (!isName(item.name, LIMITS.name)) return "name_invalid";
  if (item.props === undefined) return undefined;
  const props = Object.entries(item.props);
  if (props.length > LIMITS.props) return "too_many_props";
  for (const [key, value] of props) {
    if (!isName(key, LIMITS.propKey)) return "name_invalid";
    if (typeof value === "string" ? !isText(value, LIMITS.propText) : typeof value === "object" && value !== null) return "prop_invalid";
  }
  return undefined;
}

function feedbackMistake(item) {
  for (const field in item) if (!FEEDBACK_FIELDS.has(field)) return "unknown_field";
  if (!KINDS.has(item.kind)) return "unknown_kind";
  if (!isText(item.text, LIMITS.text)) return "text_too_long";
  if (item.text.trim() === "") return "text_empty";
  if (item.rating !== undefined && !(Number.isInteger(item.rating) && item.rating >= 1 && item.rating <= 5)) return "rating_out_of_range";
  return undefined;
}

/** The batch's results, and the items that may be stored. */
function judge(text) {
  const batch = JSON.parse(text);
  if (typeof batch.key !== "string" || !Array.isArray(batch.items) || batch.items.length > LIMITS.items) throw new Error("bad batch");
  const results = [];
  const stored = [];
  for (const item of batch.items) {
    const code = mistake(item);
    results.push(code ? { seq: item?.seq ?? null, status: "rejected", code } : { seq: item.seq, status: "accepted" });
    if (!code) stored.push(item);
  }
  return { results, stored };
}

const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return new Response("ok");
    if (Number(request.headers.get("content-length")) > LIMITS.bodyBytes) return json(413, { title: "The body is too large" });
    const object = env.ROWS.get(env.ROWS.idFromName("baseline"));
    if (pathname === "/object") return object.fetch("https://object/nothing");
    let judged;
    try {
      judged = judge(await request.text());
    } catch (error) {
      return json(400, { title: "The body is not a batch", detail: String(error) });
    }
    if (pathname === "/parse") return json(202, { results: judged.results });
    await object.fetch("https://object/append", { method: "POST", body: JSON.stringify(judged.stored) });
    return json(202, { results: judged.results });
  },
};

export class Rows {
  constructor(state) {
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, at INTEGER, type TEXT, name TEXT, body TEXT)");
    this.counts = new Map();
  }

  async fetch(request) {
    if (request.url.endsWith("/nothing")) return new Response("ok");
    for (const item of await request.json()) {
      const name = item.name ?? item.kind;
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      this.sql.exec("INSERT INTO events (at, type, name, body) VALUES (?, ?, ?, ?)", item.at, item.type, name, JSON.stringify(item));
    }
    return new Response("ok");
  }
}
