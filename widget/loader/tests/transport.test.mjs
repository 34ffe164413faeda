// Queue and transport: what is sent, when, how often, and what is not.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { LOADED, accept, json, load, noNetwork, pass, problem, seqs } from "./page.mjs";

test("a producer is 16 bytes in base64url, of which the first four are the minute of its birth", async () => {
  const page = await load();
  page.event();
  await pass(6000);
  const { producer } = page.batches[0];
  assert.match(producer, /^[\w-]{22}$/);
  const bytes = Buffer.from(producer, "base64url");
  assert.deepEqual([bytes.length, bytes.readUInt32BE(0)], [16, LOADED / 60_000]);
});

test("a batch says what the edge reads, in these words, and nothing of query or hash", async () => {
  const page = await load();
  page.event("signup", { plan: "pro", nothing: undefined });
  location.href = "https://shop.example/thanks?order=secret";
  page.event("bought");
  await pass(6000);
  const [{ producer: _, ...batch }] = page.batches;
  assert.deepEqual(batch, {
    key: "pk_demo",
    sent_at: LOADED + 5000,
    context: { url: "https://shop.example/cart", referrer: "https://search.example/", lang: "de", screen: [390, 844] },
    items: [
      { type: "event", name: "signup", props: { plan: "pro" }, seq: 1, at: LOADED },
      { type: "event", name: "bought", seq: 2, at: LOADED, url: "https://shop.example/thanks" },
    ],
  });
  const [{ url, method, credentials, headers, keepalive, body }] = page.requests;
  assert.deepEqual(
    [url, method, credentials, headers, keepalive, typeof body],
    ["https://edge.example/v1/ingest", "POST", "omit", undefined, true, "string"],
  );
});

test("an event waits five seconds for company", async () => {
  const page = await load();
  page.event();
  await pass(4000);
  page.event();
  assert.equal(page.batches.length, 0);
  await pass(1500);
  assert.deepEqual(page.batches.map(seqs), [[1, 2]]);
});

test("twenty events wait for nobody", async () => {
  const page = await load();
  for (let i = 0; i < 20; i += 1) page.event();
  await pass(100);
  assert.deepEqual(page.batches.map((batch) => batch.items.length), [20]);
});

test("feedback goes at once, and hears in order what becomes of it", async () => {
  const page = await load();
  page.answer = ({ items }) => json(202, { results: items.map(({ seq }) => ({ seq, status: "accepted", receipt: "rcp_1" })) });
  const states = page.feedback();
  await pass(1);
  assert.equal(page.batches.length, 1);
  assert.deepEqual(states, ["kept memory", "accepted rcp_1"]);
});

test("feedback goes at once even while events are held back", async () => {
  const page = await load(() => problem(503, { "retry-after": "60" }));
  page.event();
  await pass(6000);
  page.answer = accept;
  const states = page.feedback();
  await pass(1);
  assert.deepEqual(states, ["kept memory", "accepted "]);
});

for (const [what, answer] of [
  ["no network", noNetwork],
  ["an HTML page", () => () => new Response("<h1>Sign in</h1>")],
  ["JSON that says something else", () => json(202, { ok: true })],
  ["an error", () => problem(500)],
  ["`retry`", ({ items }) => json(202, { results: items.map(({ seq }) => ({ seq, status: "retry" })) })],
  ["a status of the future", ({ items }) => json(202, { results: items.map(({ seq }) => ({ seq, status: "moved" })) })],
  ["fewer results than items", () => json(202, { results: [] })],
]) {
  test(`${what} is no answer: the same item goes again under the same number`, async () => {
    const page = await load(answer);
    const states = page.feedback();
    await pass(1);
    assert.deepEqual(states, ["kept memory", "waiting server"]);
    page.answer = accept;
    await pass(2000);
    assert.deepEqual(page.batches.map(seqs), [[1], [1]]);
    assert.equal(page.batches[0].producer, page.batches[1].producer);
    assert.equal(states.at(-1), "accepted ");
    await pass(600_000);
    assert.equal(page.batches.length, 2, "what is answered is not sent again");
  });
}

test("each item of a batch is answered alone", async () => {
  const page = await load(() =>
    json(202, {
      results: [
        { seq: 1, status: "accepted" },
        { seq: null, index: 1, status: "rejected", code: "name_invalid", message: "too long" },
        { seq: 3, status: "retry" },
        { seq: 4, status: "duplicate" },
      ],
    }),
  );
  for (const name of ["a", "b", "c", "d"]) page.event(name);
  await pass(5500);
  page.answer = accept;
  await pass(3000);
  assert.deepEqual(page.batches.map(seqs), [[1, 2, 3, 4], [3]]);
  assert.deepEqual(page.warnings, ["hearback: name_invalid: too long"]);
});

test("an outage is met with ever longer pauses, of five minutes at most", async () => {
  const page = await load(noNetwork);
  page.event();
  const times = [];
  page.answer = () => {
    times.push(Date.now());
    return noNetwork();
  };
  await pass(3_600_000);
  const pauses = times.slice(1).map((time, index) => Math.round((time - times[index]) / 1000));
  assert.deepEqual(pauses.slice(0, 10), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  assert.ok(pauses.slice(9).every((pause) => pause === 300), String(pauses));
});

test("when the network is back, it is tried at once", async () => {
  const page = await load(noNetwork);
  page.event();
  await pass(60_000);
  page.answer = accept;
  const { length } = page.batches;
  page.hurry();
  await pass(1);
  assert.equal(page.batches.length, length + 1);
});

for (const [form, value] of [["seconds", "90"], ["a date", new Date(LOADED + 95_000).toUTCString()]]) {
  test(`Retry-After in ${form} is kept to`, async () => {
    const page = await load(() => problem(429, { "retry-after": value }));
    page.event();
    await pass(5500);
    page.answer = accept;
    await pass(88_000);
    assert.equal(page.batches.length, 1);
    await pass(3000);
    assert.equal(page.batches.length, 2);
  });
}

test("a Retry-After of a year silences nobody for longer than an hour", async () => {
  const page = await load(() => problem(503, { "retry-after": "31536000" }));
  page.event();
  await pass(3_590_000);
  assert.equal(page.batches.length, 1);
  await pass(20_000);
  assert.equal(page.batches.length, 2);
});

test("a refusal of the whole request is said once, by its title, and tried again after five minutes", async () => {
  const page = await load(() => problem(401));
  page.event();
  await pass(304_000);
  assert.equal(page.batches.length, 1);
  await pass(3000);
  assert.equal(page.batches.length, 2);
  assert.deepEqual(page.warnings, ["hearback: Title of 401"]);
});

test("a batch that is too large for somebody on the way is halved until it fits", async () => {
  const page = await load((batch) => (batch.items.length > 3 ? () => new Response("<h1>413</h1>", { status: 413 }) : accept(batch)));
  for (let i = 0; i < 16; i += 1) page.event();
  await pass(60_000);
  const lengths = page.batches.map((batch) => batch.items.length);
  assert.deepEqual(lengths.slice(0, 4), [16, 8, 4, 2]);
  assert.equal(new Set(page.batches.filter(({ items }) => items.length < 4).flatMap(seqs)).size, 16);
});

test("no batch has more than 500 items or 60,000 bytes", async () => {
  const page = await load();
  for (let i = 0; i < 700; i += 1) page.event();
  for (let i = 0; i < 100; i += 1) page.event("long", { text: "ü".repeat(1000) });
  await pass(60_000);
  assert.equal(page.batches.flatMap(seqs).length, 800);
  for (const { body } of page.requests) {
    assert.ok(JSON.parse(body).items.length <= 500);
    assert.ok(Buffer.byteLength(body) <= 60_000, `${Buffer.byteLength(body)} bytes`);
  }
});

test("a page that is left sends what waits, but not what is under way, and 60,000 bytes at most", async () => {
  const page = await load(() => () => new Promise(() => {}));
  page.event("under way");
  await pass(5500);
  for (let i = 0; i < 100; i += 1) page.event("long", { text: "ü".repeat(1000) });
  page.flush(true);
  page.flush(true);
  await pass(1);
  assert.deepEqual(page.batches.map((batch) => batch.items[0].seq), [1, 2]);
  const bytes = page.requests.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  assert.ok(bytes > 40_000 && bytes <= 60_000, `${bytes} bytes`);
});

test("the queue holds 1,000 events; what is more is dropped aloud, but never feedback", async () => {
  const page = await load(noNetwork);
  for (let i = 0; i < 1002; i += 1) page.event();
  await pass(1500);
  page.event();
  page.event();
  const states = page.feedback();
  page.answer = accept;
  await pass(60_000);
  assert.deepEqual(page.warnings, ["hearback: queue_full"]);
  assert.equal(states.at(-1), "accepted ");
  assert.equal(new Set(page.batches.flatMap(seqs)).size, 1001);
});

test("an item that no request could carry is dropped aloud and does not hold up the others", async () => {
  const page = await load();
  page.event("huge", { text: "x".repeat(50_000) });
  page.event("after");
  await pass(5500);
  assert.deepEqual(page.batches.map((batch) => batch.items.map(({ name }) => name)), [["after"]]);
  assert.deepEqual(page.warnings, ["hearback: too_large"]);
});

test("what cannot be written as JSON is no item: it takes no number and throws nothing", async () => {
  const page = await load();
  const circle = {};
  circle.circle = circle;
  await page.event("circle", circle);
  page.event("after");
  await pass(5500);
  assert.deepEqual(page.batches.map(seqs), [[1]]);
});

test("a later change of the properties does not change the event", async () => {
  const page = await load();
  const props = { step: 1 };
  page.event("e", props);
  props.step = 2;
  await pass(5500);
  assert.equal(page.batches[0].items[0].props.step, 1);
});

test("a page that stays open for two weeks goes on as a new producer", async () => {
  const page = await load();
  page.event();
  await pass(5500);
  mock.timers.tick(15 * 86_400_000);
  page.event();
  await pass(5500);
  assert.notEqual(page.batches[0].producer, page.batches[1].producer);
  assert.deepEqual(page.batches.map(seqs), [[1], [1]]);
});
