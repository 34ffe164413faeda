// Transport: what becomes of an item, whatever the edge or the way to it does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, breaks, each, html, json, problem, type Script } from "../support/edge.ts";

type Tell = (state: string, detail: string) => void;

/** Queue and transport alone; see `Edge`. */
declare const parts: { submit(item: object, tell?: Tell): Promise<void> };

declare global {
  interface Window {
    /** What the sender of the feedback was told. */
    states: string[];
  }
}

/** Sends feedback; resolves when it is kept. */
const feedback = ({ page }: Clocked): Promise<void> =>
  page.evaluate(async () => {
    window.states = [];
    await parts.submit({ type: "feedback", kind: "bug", text: "t" }, (...state) => window.states.push(state.join(" ")));
  });

const states = ({ page }: Clocked): Promise<string[]> => page.evaluate(() => window.states);

/** Sends events as the loader does; resolves when they are kept. */
const events = ({ page }: Clocked, times = 1): Promise<void> =>
  page.evaluate(async (times) => {
    await Promise.all(Array.from({ length: times }, () => parts.submit({ type: "event", name: "e" })));
  }, times);

describe("answers to transport", () => {
  const visit = clocked();

  const on = (path: string) => (sentence: string, script: Script, work: (visitor: Clocked) => Promise<void>) =>
    test(sentence, () =>
      visit(script, async (visitor) => {
        await visitor.goto(visitor.edge.site + path);
        await work(visitor);
      }),
    );

  /** A test in which the loader is in the page, and has the view to send. */
  const shop = on("/shop");
  /** A test that hears what becomes of an item. */
  const heard = on("/parts");

  heard("feedback goes at once, and hears in order what becomes of it", each({ status: "accepted", receipt: "rcp_1" }), async (visitor) => {
    await feedback(visitor);
    await visitor.pass(1);
    assert.deepEqual(visitor.edge.seqs, [[1]]);
    assert.deepEqual(await states(visitor), ["kept durable", "accepted rcp_1"]);
  });

  heard("feedback goes at once even while events are held back", () => problem(503, { "retry-after": "60" }), async (visitor) => {
    const { edge } = visitor;
    await events(visitor);
    await visitor.pass(6000);
    assert.deepEqual(edge.seqs, [[1]]);
    edge.script = accept;
    await feedback(visitor);
    await visitor.pass(1);
    assert.deepEqual(await states(visitor), ["kept durable", "accepted "]);
  });

  const noAnswers: [string, Script][] = [
    ["a line that breaks", breaks],
    ["an HTML page", () => html(200)],
    ["JSON that says something else", () => json(202, { ok: true })],
    ["an error", () => problem(500)],
    ["`retry`", each({ status: "retry" })],
    ["a status of the future", each({ status: "moved" })],
    ["fewer results than items", () => json(202, { results: [] })],
  ];
  for (const [what, script] of noAnswers) {
    heard(`${what} is no answer: the same item goes again under the same number`, script, async (visitor) => {
      const { edge } = visitor;
      await feedback(visitor);
      await visitor.pass(1);
      assert.deepEqual(await states(visitor), ["kept durable", "waiting server"]);
      edge.script = accept;
      await visitor.pass(1000);
      assert.deepEqual(edge.seqs, [[1], [1]]);
      assert.equal(edge.batches[0]!.producer, edge.batches[1]!.producer);
      assert.equal((await states(visitor)).at(-1), "accepted ");
      await visitor.pass(600_000);
      assert.equal(edge.received.length, 2, "what is answered is not sent again");
    });
  }

  const mixed = json(202, {
    results: [
      { seq: 1, status: "accepted" },
      { seq: null, index: 1, status: "rejected", code: "name_invalid", message: "too long" },
      { seq: 3, status: "retry" },
      { seq: 4, status: "duplicate" },
    ],
  });
  shop("each item of a batch is answered alone", () => mixed, async (visitor) => {
    const { edge } = visitor;
    await visitor.event("e", {}, 3);
    await visitor.pass(5000);
    edge.script = accept;
    await visitor.pass(1000);
    assert.deepEqual(edge.seqs, [[1, 2, 3, 4], [3]]);
    assert.deepEqual(visitor.warnings, ["hearback: name_invalid: too long"]);
    await visitor.pass(600_000);
    assert.equal(edge.received.length, 2);
  });

  shop("an outage is met with ever longer pauses, of five minutes at most", breaks, async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    let attempts = 1;
    for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]) {
      await visitor.pass(seconds * 1000 - 1);
      assert.equal(edge.received.length, attempts, `an attempt before ${seconds} seconds have passed`);
      await visitor.pass(1);
      attempts += 1;
      assert.equal(edge.received.length, attempts, `no attempt after ${seconds} seconds`);
    }
  });

  shop("when the network is back, it is tried at once", breaks, async (visitor) => {
    const { edge, context } = visitor;
    for (const seconds of [5, 1, 2, 4, 8, 16]) await visitor.pass(seconds * 1000);
    assert.equal(edge.received.length, 6);
    await context.setOffline(true);
    edge.script = accept;
    await visitor.pass(1000);
    assert.equal(edge.received.length, 6);
    await context.setOffline(false);
    await visitor.pass(1);
    assert.equal(edge.received.length, 7);
  });

  // The first batch goes five seconds after the page was loaded.
  shop("Retry-After in seconds is kept to", () => problem(429, { "retry-after": "90" }), async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    edge.script = accept;
    await visitor.pass(89_999);
    assert.equal(edge.received.length, 1);
    await visitor.pass(1);
    assert.equal(edge.received.length, 2);
  });

  // The edge never says it so, and to read it would cost every page more than it is worth.
  shop("Retry-After as a date is passed over", () => problem(429, { "retry-after": "Fri, 27 Nov 2099 10:00:00 GMT" }), async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    edge.script = accept;
    await visitor.pass(1_000);
    assert.equal(edge.received.length, 2);
  });

  shop("a Retry-After of a year silences nobody for longer than an hour", () => problem(503, { "retry-after": "31536000" }), async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    await visitor.pass(3_599_999);
    assert.equal(edge.received.length, 1);
    await visitor.pass(1);
    assert.equal(edge.received.length, 2);
  });

  shop("a refusal of the whole request is said once, by its title, and tried again after five minutes", () => problem(401), async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    await visitor.pass(299_999);
    assert.equal(edge.received.length, 1);
    await visitor.pass(1);
    assert.equal(edge.received.length, 2);
    assert.deepEqual(visitor.warnings, ["hearback: Title of 401"]);
  });

  const small: Script = (batch) => (batch.items.length > 3 ? html(413) : accept(batch));
  shop("a batch that is too large for somebody on the way is halved until it fits", small, async (visitor) => {
    const { edge } = visitor;
    await visitor.event("e", {}, 15);
    const taken = () => edge.seqs.filter(({ length }) => length <= 3).flat();
    await visitor.passUntil(() => taken().length >= 16, 10_000);
    assert.deepEqual(edge.seqs.slice(0, 4).map(({ length }) => length), [16, 8, 4, 2]);
    assert.equal(new Set(taken()).size, 16);
  });

  heard("the queue holds 1,000 events; what is more is dropped aloud, but never feedback", breaks, async (visitor) => {
    const { edge } = visitor;
    await events(visitor, 1002);
    await visitor.pass(1);
    assert.equal(edge.received.length, 1);
    await events(visitor, 2);
    await feedback(visitor);
    edge.script = accept;
    edge.received.length = 0;
    await visitor.passUntil(() => edge.seqs.flat().length >= 1001, 10_000);
    assert.deepEqual(edge.seqs.flat().sort((a, b) => a - b), [...Array.from({ length: 1000 }, (_, index) => index + 1), 1005]);
    assert.equal((await states(visitor)).at(-1), "accepted ");
    assert.deepEqual(visitor.warnings, ["hearback: queue_full"]);
  });
});
