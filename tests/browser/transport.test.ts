// Transport: what the loader sends, and when. Each page view is an event too, with the first number.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LOADED, clocked, type Clocked } from "../support/clocked.ts";
import { accept, settings, type Script } from "../support/edge.ts";
import { eventually, never } from "../support/eventually.ts";

const DAY_MS = 86_400_000;

/** The greatest body that we send. */
const BODY_BYTES = 60_000;

const LONG = { text: "ü".repeat(1000) };

/** More events than a page may send unless its project says so. */
const MANY = settings({ usage: { events_per_page: 2000 } });

describe("transport", () => {
  const visit = clocked();

  /** A test in which the loader is in the page, from another site. */
  const shop = (sentence: string, work: (visitor: Clocked) => Promise<void>, script: Script = accept) =>
    test(sentence, () =>
      visit(script, async (visitor) => {
        visitor.edge.config = MANY;
        await visitor.goto(`${visitor.edge.site}/shop`);
        await work(visitor);
      }),
    );

  shop("a producer is 16 bytes in base64url, of which the first four are the minute of its birth", async (visitor) => {
    await visitor.pass(5000);
    const { producer } = visitor.edge.batches[0]!;
    assert.match(producer, /^[\w-]{22}$/);
    const bytes = Buffer.from(producer, "base64url");
    assert.deepEqual([bytes.length, bytes.readUInt32BE(0)], [16, LOADED / 60_000]);
  });

  // On the edge's own site, where a careless request would carry the cookie and the full address.
  test("a batch says what the edge reads, in these words, and nothing of query, hash or cookie", () =>
    visit(accept, async (visitor) => {
      const { edge, page, context } = visitor;
      await context.addCookies([{ name: "basket", value: "secret", url: edge.url }]);
      await page.goto(`${edge.url}/search?q=secret#secret`);
      await page.evaluate(() => void (location.href = "/shop?coupon=secret#secret"));
      await page.waitForURL("**/shop?*");
      assert.equal(await page.evaluate(() => document.referrer), `${edge.url}/search?q=secret`);
      await visitor.event("signup", { plan: "pro", nothing: undefined });
      await page.evaluate(() => history.pushState(null, "", "/thanks?order=secret"));
      await visitor.event("bought");
      await visitor.pass(5000);

      const [{ method, headers, batch }] = edge.received as [(typeof edge.received)[0]];
      const { producer: _, ...rest } = batch;
      const thanks = { at: LOADED, url: `${edge.url}/thanks` };
      assert.deepEqual(rest, {
        key: "pk_demo",
        sent_at: LOADED + 5000,
        context: { url: `${edge.url}/shop`, referrer: `${edge.url}/search`, lang: "de", screen: [390, 844] },
        items: [
          { type: "event", name: "page_view", seq: 1, at: LOADED },
          { type: "event", name: "signup", props: { plan: "pro" }, seq: 2, at: LOADED },
          { type: "event", name: "page_view", seq: 3, ...thanks },
          { type: "event", name: "bought", seq: 4, ...thanks },
        ],
      });
      const { cookie, referer, "content-type": type } = headers;
      assert.deepEqual([method, cookie, referer, type], ["POST", undefined, `${edge.url}/`, "text/plain;charset=UTF-8"]);
      assert.equal(edge.received.length, 1);
    }));

  shop("an event waits five seconds for company", async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(4000);
    await visitor.event();
    await visitor.pass(999);
    assert.deepEqual(edge.seqs, []);
    await visitor.pass(1);
    assert.deepEqual(edge.seqs, [[1, 2]]);
  });

  shop("twenty events wait for nobody", async (visitor) => {
    const { edge } = visitor;
    await visitor.event("e", {}, 18);
    await visitor.pass(100);
    assert.deepEqual(edge.seqs, []);
    await visitor.event();
    await visitor.pass(1);
    assert.deepEqual(edge.seqs.map(({ length }) => length), [20]);
  });

  shop("no batch has more than 500 items or 60,000 bytes", async (visitor) => {
    const { edge } = visitor;
    await visitor.event("e", undefined, 699);
    await visitor.event("long", LONG, 100);
    await visitor.passUntil(() => edge.seqs.flat().length >= 800, 1000);
    assert.deepEqual(edge.seqs.flat().sort((a, b) => a - b), Array.from({ length: 800 }, (_, index) => index + 1));
    assert.equal(Math.max(...edge.seqs.map(({ length }) => length)), 500);
    const bytes = Math.max(...edge.received.map(({ bytes }) => bytes));
    assert.ok(bytes > BODY_BYTES - 10_000 && bytes <= BODY_BYTES, `${bytes} bytes`);
  });

  shop(
    "a page that is left sends what waits, but not what is under way, and 60,000 bytes at most",
    async (visitor) => {
      const { edge, page } = visitor;
      await visitor.pass(5000);
      assert.deepEqual(edge.seqs, [[1]]);
      await visitor.event("long", LONG, 100);
      await page.close({ runBeforeUnload: true });
      await eventually(() => assert.ok(edge.received.length > 1));
      await never(() => assert.deepEqual(edge.seqs.map(([first]) => first), [1, 2]), 500);
      const bytes = edge.received.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.ok(bytes > 40_000 && bytes <= BODY_BYTES, `${bytes} bytes`);
    },
    () => "hang",
  );

  shop(
    "a batch may outlive its page: the browser counts it among the 64 KiB of keepalive requests under way",
    async (visitor) => {
      await visitor.event("long", LONG, 20);
      await visitor.pass(1);
      assert.equal(visitor.edge.hanging, 1);
      const allowed = (bytes: number) =>
        visitor.page.evaluate((bytes) => fetch("/", { method: "POST", body: "x".repeat(bytes), keepalive: true }).then(() => true, () => false), bytes);
      const under = visitor.edge.received[0]!.bytes;
      assert.ok(under > 40_000, `${under} bytes`);
      // The browser takes a moment to strike requests that were answered off its list.
      await eventually(async () => assert.equal(await allowed(65_536 - under - 1000), true));
      assert.equal(await allowed(65_536 - under + 1000), false);
    },
    () => "hang",
  );

  shop("an item that no request could carry is dropped aloud and does not hold up the others", async (visitor) => {
    await visitor.event("huge", { text: "x".repeat(50_000) });
    await visitor.event("after");
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.batches.map(({ items }) => items.map(({ name }) => name)), [["page_view", "after"]]);
    assert.deepEqual(visitor.warnings, ["hearback: too_large"]);
  });

  shop("what cannot be read is no item: it takes no number and throws nothing", async (visitor) => {
    await visitor.page.evaluate(() => {
      const trap = {
        get prop() {
          throw new Error("the page's own");
        },
      };
      window.hearback("event", "trap", trap);
    });
    await visitor.event("after");
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.seqs, [[1, 2]]);
    assert.equal(visitor.edge.batches[0]!.items[1]!.name, "after");
  });

  shop("a later change of the properties does not change the event", async (visitor) => {
    await visitor.page.evaluate(() => {
      const props = { step: 1 };
      window.hearback("event", "e", props);
      props.step = 2;
    });
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.batches[0]!.items[1]!.props, { step: 1 });
  });

  shop("a page that stays open for two weeks goes on as a new producer", async (visitor) => {
    const { edge } = visitor;
    await visitor.pass(5000);
    await visitor.pass(15 * DAY_MS);
    await visitor.event();
    await visitor.pass(5000);
    assert.deepEqual(edge.seqs, [[1], [1]]);
    assert.notEqual(edge.batches[0]!.producer, edge.batches[1]!.producer);
  });
});
