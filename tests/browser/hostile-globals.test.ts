// Pages that have changed what every script relies on. One test a page of `tests/host-pages`.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { fed } from "../support/api.ts";
import { PANEL } from "../support/defences.ts";
import { eventually } from "../support/eventually.ts";
import { Pages } from "../support/hostile.ts";
import { fill, send } from "../support/panel.ts";

const WORDS = "Said on an odd page";

describe("pages that change the language", () => {
  const pages = Pages.set();

  pages.test("patched-array", "feedback arrives once", { defences: [["transport.ts", "batch.map((entry) => entry.item)", "Array.from(batch, (entry) => entry.item)"]] }, async (visit) => {
    await visit.speaks(`${WORDS}: arrays`);
    await visit.layoutKept();
  });

  pages.test("prototype-js", "feedback arrives once", { defences: [["parts/settings.ts", 'await part("odd")', "0"]] }, async (visit) => {
    await visit.speaks(`${WORDS}: prototype`);
    await visit.layoutKept();
  });

  pages.test("patched-promise", "feedback arrives once", { defences: [["pure.ts", "(async () => {})().constructor as PromiseConstructor", "Promise"]] }, (visit) => visit.speaks(`${WORDS}: promises`));

  pages.test(
    "patched-fetch",
    "feedback arrives once, by the fetch that was there when we came",
    { defences: [["page.ts", "export const { fetch } = window;", "export const fetch: typeof window.fetch = (...args) => window.fetch(...args);"]] },
    (visit) => visit.speaks(`${WORDS}: fetch`),
  );

  pages.test(
    "broken-json",
    "feedback arrives once, by what was there when we came",
    { defences: [["kit.ts", "json: JSON.stringify", "json: (value: unknown) => JSON.stringify(value)"]] },
    (visit) => visit.speaks(`${WORDS}: broken JSON`),
  );

  pages.test("no-json", "the visitor is told that it could not be kept", { defences: [["parts/open.ts", "if (!heard) hear(", "if (0) hear("]] }, async (visit) => {
    const form = await visit.open();
    await fill(form, { kind: "Idea", text: `${WORDS}: no JSON` });
    await send(form);
    await form.getByText("this page prevents it").waitFor();
    assert.equal(await form.getByRole("textbox").first().inputValue(), `${WORDS}: no JSON`, "the words were lost");
  });

  pages.test("patched-date", "feedback arrives once", { defences: [["queue.ts", "Math.floor(Date.now())", "Date.now()"]] }, (visit) => visit.speaks(`${WORDS}: dates`));

  pages.test("clock-ahead", "feedback arrives once, under the time of its sending", { defences: [["transport.ts", "sent_at: Math.floor(Date.now())", "sent_at: Math.floor(Date.now()) + 7_200_000"]] }, async (visit) => {
    const text = `${WORDS}: clock`;
    await visit.speaks(text);
    const { items } = await fed(visit.collector, text);
    const at = (items.find((item) => item.text === text) as unknown as { at: number }).at;
    assert.ok(Math.abs(at - Date.now()) < 60_000, `stored under ${new Date(at).toISOString()}`);
  });

  pages.test("frozen-builtins", "feedback arrives once", { defences: [["capture.ts", "Reflect.set(owner, name, ours)", "owner[name] = ours"]] }, (visit) => visit.speaks(`${WORDS}: frozen`));

  pages.test("no-intl", "feedback arrives once", { defences: [[PANEL, /(toLocaleString\(\w\)\})catch\{\}/g, "$1finally{}"]] }, async (visit) => {
    const form = await visit.open();
    // So long that what is left is counted.
    const text = `${WORDS}: no Intl `.padEnd(9_990, "x");
    await form.getByRole("textbox").first().fill(text);
    await form.getByText(/10 characters/).waitFor();
    await visit.says(text);
  });

  const own = { host: { firstParty: true } };
  pages.test("no-locks", "what an earlier view could not send arrives once", { ...own, defences: [["parts/_recover.ts", "    : held?.()", "    : 0"]] }, async (visit) => {
    const text = `${WORDS}: plain http`;
    visit.host.ingest = "hold";
    const form = await visit.open();
    await fill(form, { kind: "Idea", text });
    await send(form);
    await eventually(() => assert.ok(visit.host.held > 0));
    await visit.page.close();
    const next = await visit.context.newPage();
    visit.host.ingest = "pass";
    await next.goto(visit.url);
    await visit.arrivedOnce(text);
  });

  pages.test("taken-name", "feedback arrives once", { defences: [["index.ts", "early?.q ?? []", "early!.q!"]] }, async (visit) => {
    await visit.speaks(`${WORDS}: taken name`);
    assert.equal(await visit.page.evaluate(() => typeof window.hearback), "function");
  });

  pages.test("silent-console", "feedback arrives once", { defences: [["page.ts", /try \{\s*(if \(!warned\[text\]\) console.warn\(text\);)\s*\} catch \{[^}]*\}/g, "$1"]] }, (visit) => visit.speaks(`${WORDS}: console`));

  pages.test("fixed-history", "feedback arrives once", { defences: [["capture.ts", "Reflect.set(owner, name, ours)", "owner[name] = ours"]] }, (visit) => visit.speaks(`${WORDS}: history`));

  pages.test(
    "closed-shadows",
    "feedback arrives once",
    { defences: [["launcher.ts", 'export const root = host.attachShadow({ mode: "open" })', 'host.attachShadow({ mode: "open" });\nexport const root = host.shadowRoot!']] },
    async ({ page, collector }) => {
      // Nobody can look inside, the test neither: it goes by places, and by what the page keeps for itself.
      const inside = <T>(ask: (root: ShadowRoot) => T) => page.waitForFunction(`(${ask})(document.querySelector("hearback-widget")?.shadow)`);
      await inside((root) => root?.querySelector("button")?.getBoundingClientRect().width);
      await page.mouse.click(1210, 762);
      await inside((root) => root?.querySelector("textarea"));
      await page.evaluate(`document.querySelector("hearback-widget").shadow.querySelector("textarea").focus()`);
      await page.keyboard.type(`${WORDS}: shadows`);
      await page.evaluate(`document.querySelector("hearback-widget").shadow.querySelector("form").requestSubmit()`);
      await fed(collector, `${WORDS}: shadows`);
    },
  );

  pages.test("listening-page", "no key that is typed reaches the page's shortcuts", { defences: [["parts/open.ts", "event.stopPropagation()", "0"]] }, async (visit) => {
    const form = await visit.open();
    const text = form.getByRole("textbox").first();
    await text.pressSequentially("jk");
    assert.equal(await text.inputValue(), "jk", "the page took the keys away");
    assert.deepEqual(await visit.page.evaluate(() => (window as any).shortcuts), []);
    await visit.says(`${WORDS}: shortcuts`);
  });

  pages.test("focus-trap", "the form keeps the focus, and feedback arrives once", { defences: [[PANEL, "showModal", "show"]] }, async (visit) => {
    const form = await visit.open();
    await form.getByRole("textbox").first().click();
    await visit.page.keyboard.type("Typed");
    assert.equal(await form.getByRole("textbox").first().inputValue(), "Typed");
    await visit.says(`${WORDS}: trap`);
  });

  pages.test("failing-handlers", "feedback arrives once", { defences: [["parts/open.ts", "event.stopPropagation()", "0"]] }, (visit) => visit.speaks(`${WORDS}: handlers`));
});
