// What a page can say to the loader, and what a visitor agreed to.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, breaks, settings, type Settings } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";
import { launcher } from "../support/panel.ts";
import { panelStub } from "../support/panel-stub.ts";

const PLAIN = settings({ form: { context: false } });
const VISITOR = "hearback visitor pk_demo";
const CHOICE = "hearback consent pk_demo";

const stored = ({ page }: Clocked): Promise<Record<string, string>> => page.evaluate(() => ({ ...localStorage }));

/** Who the batches say the visitor is, by event. */
const people = ({ edge }: Clocked): Record<string, unknown> =>
  Object.fromEntries(
    edge.batches.flatMap(({ context, items }) => items.map(({ name }) => [name, context["user"] ?? context["user_token"] ?? (context["visitor"] ? "somebody" : "nobody")])),
  );

/** Calls the loader at a time of its own: what a command says goes for items since the call. */
const say = async (visitor: Clocked, ...call: [string, ...unknown[]]): Promise<void> => {
  await visitor.pass(1);
  await visitor.call(...call);
};

/** Lets everything go that waits: a batch for each context, one after the other. */
const sent = async (visitor: Clocked): Promise<void> => {
  for (const ms of [5000, 1, 1]) await visitor.pass(ms);
};

/** A visitor who agreed to be identified has the form open. */
const openAsSomebody = async (visitor: Clocked): Promise<void> => {
  visitor.edge.config = PLAIN;
  await visitor.goto(`${visitor.edge.site}/shop`);
  await visitor.call("consent", "identified");
  await visitor.call("identify", "u1");
  await panelStub(visitor.page);
  await visitor.call("open");
};

describe("the commands", () => {
  const visit = clocked();

  test("commands keep their order, those too that were called before their part was there", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      edge.config = PLAIN;
      const levels = ["none", "identified", "usage", "identified", "none", "usage", "identified", "none", "identified", "usage"];
      // Several times: with as many imports at once the last one would be the last by chance.
      for (let load = 0; load < 8; load += 1) {
        await visitor.goto(`${edge.site}/shop`);
        await page.evaluate((levels) => {
          localStorage.clear();
          for (const level of levels) window.hearback("consent", level);
        }, levels);
        await visitor.settle();
        await page.waitForTimeout(100);
        assert.equal((await stored(visitor))[CHOICE], "usage");
      }
    }));

  const shop = (sentence: string, work: (visitor: Clocked) => Promise<void>, config: Settings = PLAIN, prepare?: (visitor: Clocked) => unknown) =>
    test(sentence, () =>
      visit(accept, async (visitor) => {
        visitor.edge.config = config;
        await prepare?.(visitor);
        await visitor.goto(`${visitor.edge.site}/shop`);
        await work(visitor);
      }),
    );

  shop("event takes texts, finite numbers, booleans and nothing; other properties are dropped and named once", async (visitor) => {
    await visitor.page.evaluate(() => {
      for (let i = 0; i < 2; i += 1) window.hearback("event", "e", { text: "a", number: 1.5, yes: true, none: null, list: [1], far: Infinity, call() {} });
    });
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.events("e"), Array(2).fill({ text: "a", number: 1.5, yes: true, none: null }));
    assert.deepEqual(visitor.warnings, ["list", "far", "call"].map((name) => `hearback: ${name} is dropped: no text, finite number, boolean or null`));
  });

  shop("a command that there is not is said", async (visitor) => {
    await visitor.call("evnt", "typo");
    assert.deepEqual(visitor.warnings, ["hearback: no command evnt"]);
  });

  shop("no page asks for the part of the commands that does not call them", async (visitor) => {
    await visitor.event();
    await visitor.pass(5000);
    assert.ok(!visitor.edge.parts.includes("api"));
    assert.deepEqual(await stored(visitor), {}, "something was stored without consent");
  });

  shop("calls from before the script work: who the visitor is goes with the page's first view", async (visitor) => {
    await visitor.pass(5000);
    assert.deepEqual(people(visitor), { page_view: "u1", early: "u1" });
  }, PLAIN, ({ page }) => page.addInitScript(() => {
    const q: unknown[] = [["identify", "u1"], ["consent", "identified"], ["event", "early"]];
    Object.assign(window, { hearback: { q } });
  }));

  shop("an identity is not sent before the visitor agrees; then with all that follows, under a random number that stays", async (visitor) => {
    await say(visitor, "identify", "u1");
    await visitor.event("before");
    await say(visitor, "consent", "identified");
    await visitor.event("after");
    await sent(visitor);
    assert.deepEqual(people(visitor), { page_view: "nobody", before: "nobody", after: "u1" });
    const { [VISITOR]: id, ...rest } = await stored(visitor);
    assert.match(id!, /^[\w-]{22}$/);
    assert.deepEqual(rest, { [CHOICE]: "identified" });
    assert.equal(visitor.edge.batches.at(-1)!.context["visitor"], id);
    assert.equal(new Set(visitor.edge.batches.map(({ producer }) => producer)).size, 1);

    // The choice holds on the next page, whose first view is the visitor's; who they are has to be said anew.
    await visitor.goto(`${visitor.edge.site}/shop`);
    await sent(visitor);
    assert.deepEqual(visitor.edge.batches.at(-1)!.context["visitor"], id);
    assert.equal(visitor.edge.batches.at(-1)!.context["user"], undefined);
  });

  shop("a signed identity goes as it is, and signing out ends it", async (visitor) => {
    await say(visitor, "consent", "identified");
    await say(visitor, "identify", { token: "a.b.c" });
    await visitor.event("in");
    await say(visitor, "identify", null);
    await visitor.event("out");
    await sent(visitor);
    assert.deepEqual(people(visitor), { page_view: "nobody", in: "a.b.c", out: "somebody" });
  });

  shop("withdrawing to usage forgets who the visitor is, and what waits of them", async (visitor) => {
    await say(visitor, "consent", "identified");
    await say(visitor, "identify", "u1");
    await visitor.event("named");
    await say(visitor, "consent", "usage");
    await visitor.event("after");
    await sent(visitor);
    assert.deepEqual(people(visitor), { page_view: "nobody", after: "nobody" });
    assert.deepEqual(await stored(visitor), { [CHOICE]: "usage" });
    await say(visitor, "consent", "identified");
    await visitor.event("again");
    await sent(visitor);
    assert.equal(people(visitor)["again"], "somebody", "the identity was not forgotten");
  });

  shop("withdrawing to none drops what waits and clears what is stored; no event leaves, also not of the next page", async (visitor) => {
    await visitor.page.evaluate(() => (sessionStorage["hearback draft pk_demo"] = "half a sentence"));
    await visitor.call("consent", "none");
    assert.equal(await visitor.page.evaluate(() => sessionStorage["hearback draft pk_demo"]), undefined);
    await visitor.event("after", {}, 30);
    await visitor.pass(60_000);
    assert.deepEqual(await stored(visitor), { [CHOICE]: "none" });
    await visitor.goto(`${visitor.edge.site}/shop`);
    await visitor.pass(60_000);
    assert.deepEqual(visitor.edge.received, []);
    await visitor.call("consent", "usage");
    await visitor.event("agreed");
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.items.map(({ name }) => name), ["agreed"]);
  });

  shop("where the project asks first, nothing is counted and no usage part asked for before the visitor agrees", async (visitor) => {
    await visitor.event("before");
    await visitor.pass(60_000);
    assert.deepEqual(visitor.edge.received, []);
    assert.ok(!visitor.edge.parts.includes("links"));
    await visitor.call("consent", "usage");
    await visitor.event("after");
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.items.map(({ name }) => name), ["after"]);
    assert.ok(visitor.edge.parts.includes("links"));
  }, settings({ consent: "none", usage: { parts: ["views", "links"] } }));

  shop("storage that throws stops nothing", async (visitor) => {
    await visitor.call("consent", "identified");
    await visitor.event("after");
    await visitor.pass(5000);
    assert.equal(people(visitor)["after"], "somebody");
    await visitor.call("consent", "none");
    await visitor.event("withdrawn");
    await visitor.pass(5000);
    assert.equal(people(visitor)["withdrawn"], undefined, "an event left after the visitor had withdrawn");
    assert.deepEqual(visitor.warnings, []);
  }, PLAIN, ({ page }) => page.addInitScript(() => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } })));

  shop("shutdown takes everything away, sends what waits, and a later inclusion starts anew", async (visitor) => {
    const { page, edge } = visitor;
    await launcher(page).waitFor();
    await visitor.event("waits");
    await visitor.call("shutdown");
    await eventually(() => assert.deepEqual(edge.items.map(({ name }) => name), ["page_view", "waits"]));
    assert.equal(await page.locator("hearback-widget").count(), 0);
    assert.deepEqual(
      await page.evaluate(() => {
        const { before } = window as unknown as { before: unknown[] };
        return [History.prototype.pushState, History.prototype.replaceState, console.error].map((now, index) => now === before[index]);
      }),
      [true, true, true],
    );
    await page.evaluate(() => history.pushState(null, "", "/shop/later"));
    await visitor.event("between");
    await visitor.pass(60_000);
    assert.equal(edge.items.length, 2, "something was noticed after the end");

    const asked = edge.asked.length;
    await page.evaluate((url) => {
      const script = document.createElement("script");
      script.src = url;
      script.dataset["key"] = "pk_demo";
      document.body.append(script);
    }, `${edge.url}/hearback.js`);
    await visitor.configured(asked);
    await visitor.pass(5000);
    assert.deepEqual(edge.items.slice(2).map(({ name }) => name), ["page_view", "between"]);
    assert.equal(await page.locator("hearback-widget").count(), 1);
  }, settings({}), ({ page }) => page.addInitScript(() => {
    Object.assign(window, { before: [History.prototype.pushState, History.prototype.replaceState, console.error] });
  }));

  shop("history that somebody else has wrapped since stays as it is", async (visitor) => {
    await visitor.page.evaluate(() => {
      const before = History.prototype.pushState;
      History.prototype.pushState = function theirs(...args) {
        return before.apply(this, args);
      };
    });
    await visitor.call("shutdown");
    assert.equal(await visitor.page.evaluate(() => History.prototype.pushState.name), "theirs");
    await visitor.page.evaluate(() => history.pushState(null, "", "/shop/x"));
    assert.equal(new URL(visitor.page.url()).pathname, "/shop/x");
  });

  test("feedback that waits is not dropped when the visitor withdraws, but says no longer whose it is", () =>
    visit(breaks, async (visitor) => {
      const { edge, page } = visitor;
      await openAsSomebody(visitor);
      await eventually(() => page.evaluate(() => void window.bridge.send({ type: "feedback", kind: "bug", text: "t" })));
      await visitor.pass(1);
      await visitor.call("consent", "none");
      edge.received.length = 0;
      edge.script = accept;
      await visitor.passUntil(() => edge.items.length > 0, 1000);
      const [{ context, items }] = edge.batches as [(typeof edge.batches)[0]];
      assert.deepEqual([items.map(({ text }) => text), context["user"], context["visitor"]], [["t"], undefined, undefined]);
    }));

  test("what is under way when the visitor withdraws says no longer whose it is when it has to go again", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      await openAsSomebody(visitor);
      let lose: (() => unknown) | undefined;
      await page.route("**/v1/ingest", (route) => (lose = () => route.abort()));
      await eventually(() => page.evaluate(() => void window.bridge.send({ type: "feedback", kind: "bug", text: "t" })));
      await eventually(async () => {
        await page.clock.runFor(1);
        assert.ok(lose, "it is under way");
      });
      await page.evaluate(() => window.hearback("consent", "none"));
      await eventually(async () => assert.equal(await page.evaluate((name) => localStorage[name], CHOICE), "none"));
      await page.unroute("**/v1/ingest");
      edge.received.length = 0;
      await lose!();
      await visitor.passUntil(() => edge.items.some(({ text }) => text === "t"), 1000);
      const again = edge.batches.filter(({ items }) => items.some(({ text }) => text === "t"));
      assert.deepEqual(again.map(({ context }) => [context["user"], context["visitor"]]), [[undefined, undefined]]);
    }));
});
