// The queue between pages: what one leaves behind another sends, unless the first still lives.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked } from "../support/clocked.ts";
import { accept, breaks, settings } from "../support/edge.ts";
import { eventually, never } from "../support/eventually.ts";

const DAY_MS = 86_400_000;

describe("the queue between pages", () => {
  const visit = clocked();

  test("what a page could not send the next one sends, under the same name, after it has learnt that events are wanted", () =>
    visit(breaks, async (visitor) => {
      const { edge } = visitor;
      await visitor.goto(`${edge.site}/shop`);
      assert.ok(!edge.parts.includes("recover"), "nothing is left of anybody");
      await visitor.event("left");
      await visitor.pass(5000);
      const { producer } = edge.batches[0]!;
      edge.script = accept;
      edge.received.length = 0;
      // Nothing is sent while the page is left: the network is down.
      await visitor.page.route("**/v1/ingest", (route) => route.abort());
      await visitor.goto(`${edge.site}/shop`);
      await visitor.page.unroute("**/v1/ingest");
      assert.ok(edge.parts.includes("recover"));
      // The last chance of the first page may have brought them as well: a repeat is harmless.
      for (let second = 0; second < 8; second += 1) await visitor.pass(1000);
      const [old] = edge.batches.filter((batch) => batch.producer === producer);
      assert.deepEqual(old!.items.map(({ seq, name }) => [seq, name]), [[1, "page_view"], [2, "left"]]);
      const { length } = edge.items;
      await visitor.pass(600_000);
      assert.equal(edge.items.length, length, "what is answered is sent again");
    }));

  test("a page that lives keeps what is its own: a second tab sends nothing of it", () =>
    visit(breaks, async (visitor) => {
      const { edge, context } = visitor;
      await visitor.goto(`${edge.site}/shop`);
      await visitor.event("mine");
      await visitor.pass(5000);
      const { producer } = edge.batches[0]!;
      edge.script = accept;
      edge.received.length = 0;
      const second = await context.newPage();
      // Opened beside it, the first page stays in view.
      await second.goto(`${edge.site}/shop`);
      await eventually(() => assert.ok(edge.parts.includes("recover")));
      await never(() => assert.ok(!edge.batches.some((batch) => batch.producer === producer), "the second tab took the first one's items"), 300);
    }));

  test("what is older than the edge remembers is dropped aloud", () =>
    visit(breaks, async (visitor) => {
      const { edge } = visitor;
      await visitor.goto(`${edge.site}/shop`);
      await visitor.event("old");
      edge.script = accept;
      await visitor.page.route("**/v1/ingest", (route) => route.abort());
      await visitor.page.goto("about:blank");
      await visitor.context.clock.runFor(29 * DAY_MS + 1000);
      await visitor.page.unroute("**/v1/ingest");
      edge.received.length = 0;
      await visitor.goto(`${edge.site}/shop`);
      await visitor.pass(10_000);
      assert.deepEqual(edge.items.map(({ name }) => name), ["page_view"]);
      assert.deepEqual(visitor.warnings, ["hearback: too_old"]);
    }));

  test("a page that comes back from the browser's cache is another view, by the same producer", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      edge.config = settings({});
      await visitor.goto(`${edge.site}/shop`);
      await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
      await visitor.pass(5000);
      assert.deepEqual(edge.items.map(({ name, seq }) => [name, seq]), [["page_view", 1], ["page_view", 2]]);
    }));

  test("included twice, the loader runs once", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      edge.body = `<script src="${edge.url}/hearback.js" data-key="pk_demo" data-debug="off"></script>`;
      await visitor.goto(`${edge.site}/shop`);
      await visitor.event("once");
      await visitor.pass(5000);
      assert.deepEqual(edge.items.map(({ name }) => name), ["page_view", "once"]);
      assert.equal(await page.locator("hearback-widget").count(), 1);
    }));
});
