// The console's ledger: where every item of a page went, and what a sink refused for good is sent again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { ingest } from "../support/api.ts";
import { noViolations } from "../support/axe.ts";
import { Collector } from "../support/collector.ts";
import { go, picture, shown, signIn } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { balance, letterPart, letters, refresh, sinkCard, terms } from "../support/ledger.ts";
import { fill, launcher, open, send, thanks } from "../support/panel.ts";

// Feedback is text: were it parsed as HTML anywhere, the page would ask for /parsed.
const POISON = 'The lid <img src="/parsed"> is poison to this sink';

const LOOKS: [string, BrowserContextOptions][] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["390 px", { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true }],
];

const is = (text: string) => (item: { text?: string }) => item.text === text;

async function toLedger(page: Page, collector: Collector): Promise<void> {
  await signIn(page, collector);
  await go(page, "Ledger");
}

/** The sum's first term is the sum of the others. */
async function addsUp(sum: Locator): Promise<Map<string, number>> {
  const found = await terms(sum);
  const [total, ...parts] = found.values();
  assert.equal(total, parts.reduce((all, part) => all + part, 0), JSON.stringify([...found]));
  return found;
}

/** Presses Refresh until the page says so. */
const eventuallyShown = (page: Page, check: () => Promise<void>): Promise<void> =>
  eventually(async () => {
    await refresh(page);
    await check();
  });

describe("the ledger", () => {
  const stage = Stage.set();

  test("before anything was sent it teaches the first step, and the sink is well", async () => {
    const { page, context } = await stage.visit();
    await toLedger(page, stage.collector);
    await shown(page, "Nothing was received in the last 7 days").waitFor();
    await sinkCard(page).getByText("Well", { exact: true }).waitFor();
    await letterPart(page).getByText(/^None\./).waitFor();
    await context.close();
  });

  test("a page's events and feedback add up, with what it repeated and what was refused", async () => {
    const { collector, sink } = stage;
    sink.refuse(422, is(POISON));
    const host = await stage.host({ firstParty: true });
    host.ingest = "swallow";
    const visitor = await stage.visit();
    await visitor.page.goto(`${host.url}/site.html`);
    // The first answer is lost on its way: the page sends the same again.
    await eventually(() => assert.ok(host.passed > 0));
    host.ingest = "pass";
    await visitor.page.evaluate(() => {
      (window as unknown as { hearback(...words: string[]): void }).hearback("event", "x".repeat(65));
    });
    await launcher(visitor.page).waitFor();
    const panel = await open(visitor.page);
    await fill(panel, { kind: "Problem", text: POISON });
    await send(panel);
    await thanks(panel).waitFor();
    await visitor.context.close();

    const { page, context, requests, errors } = await stage.visit();
    await toLedger(page, collector);
    await eventuallyShown(page, async () => {
      const sum = await addsUp(balance(page));
      assert.ok((sum.get("repeats") ?? 0) + (sum.get("repeat") ?? 0) > 0, "the repeats are counted");
      assert.equal(sum.get("refused"), 1);
      assert.equal((await addsUp(sinkCard(page))).get("dead letter"), 1);
    });
    await shown(page, "Everything is explained").waitFor();
    await picture(page).waitFor();

    // Why it was refused: from the hour's number to the words of docs/rejections.md.
    await page.getByText("The hours as a table").click();
    await page.getByRole("button", { name: /^1 refused on .*: why$/ }).click();
    await page.getByRole("link", { name: "name_invalid" }).click();
    await shown(page, "longer than 64 characters").waitFor();
    assert.match(page.url(), /#refused-name_invalid$/);
    assert.deepEqual(requests.to("/parsed"), []);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("what the sink refused for good is looked into as text, sent again by keyboard, and arrives", async () => {
    const { collector, sink } = stage;
    const { page, context, requests, errors } = await stage.visit();
    await toLedger(page, collector);
    const letter = letters(page);
    await letter.getByText("It refused what was sent as wrong (422)").waitFor();
    await letter.getByRole("button", { name: "Look inside" }).click();
    await letter.getByLabel("The item as the sink got it").getByText('"type": "feedback"').waitFor();
    assert.ok((await letter.innerText()).includes(JSON.stringify(POISON)), "the item is shown as it is");

    // Refused once more, it stays.
    await letter.getByRole("button", { name: "Send again" }).click();
    await page.getByRole("status").getByText("1 was refused again and is still here.").waitFor();
    assert.equal(sink.feedback().length, 0);

    sink.store();
    await letter.getByRole("button", { name: "Send again" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("1 dead letter was delivered.").waitFor();
    await letterPart(page).getByText(/^None\./).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Dead letters", "the focus is not lost");
    assert.deepEqual(sink.feedback().map(({ text }) => text), [POISON]);
    // The numbers follow without a press of a button.
    await eventually(async () => {
      const sum = await addsUp(sinkCard(page));
      assert.equal(sum.get("dead letter"), undefined);
      assert.equal(sum.get("delivered"), sum.get("items stored"));
    });
    assert.deepEqual(requests.to("/parsed"), []);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("many dead letters go out again at one press", async () => {
    const { collector, sink } = stage;
    sink.refuse(400, ({ name }) => name === "bad");
    await ingest(collector, [1, 2, 3, 4, 5].map((number) => ({ type: "event", name: "bad", props: { number } })));
    const { page, context } = await stage.visit();
    await toLedger(page, collector);
    const all = page.getByRole("button", { name: "Send all 5 again" });
    await eventuallyShown(page, async () => assert.equal(await all.count(), 1));
    assert.equal(await letters(page).count(), 5);
    sink.store();
    await all.click();
    await page.getByRole("status").getByText(/delivered\.$/).waitFor();
    await letterPart(page).getByText(/^None\./).waitFor();
    assert.equal(sink.events("bad").length, 5);
    await context.close();
  });

  test("a test delivery says what came back, and a sink that does not let us in says until when it is left alone", async () => {
    const { collector, sink } = stage;
    const { page, context } = await stage.visit();
    await toLedger(page, collector);
    const card = sinkCard(page);
    const press = () => card.getByRole("button", { name: /^Send a test delivery/ }).click();
    await press();
    await card.getByText("It arrived: it took the delivery (204).").waitFor();
    assert.equal(sink.events("hearback_test").length, 1);
    sink.fail(503);
    await press();
    await card.getByText("It did not arrive: it had trouble of its own (503).").waitFor();

    sink.fail(401);
    await ingest(collector, [{ type: "event", name: "late" }]);
    await eventuallyShown(page, async () => assert.equal(await card.getByText("Paused", { exact: true }).count(), 1));
    await card.getByText(/^Paused until \d\d:\d\d, with 1 item waiting: it refused our credentials \(401\)\./).waitFor();
    assert.equal((await addsUp(card)).get("waiting"), 1);
    await context.close();
  });

  for (const [look, options] of LOOKS) {
    test(`axe-core finds nothing on it, full of everything (${look})`, async () => {
      const { page, context } = await stage.visit(options);
      await toLedger(page, stage.collector);
      await picture(page).waitFor();
      await page.getByText("The hours as a table").click();
      await page.getByRole("button", { name: /^1 refused on .*: why$/ }).click();
      await noViolations(page);
      await page.getByRole("radio", { name: "24 hours" }).check();
      await page.getByText(/Where every item went in the last 24 hours\. As of/).waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the ledger scrolls sideways");
      await context.close();
    });
  }

  test("what could not be loaded says so, beside what could, and is tried again", async () => {
    const { page, context }: Visit = await stage.visit();
    await signIn(page, stage.collector);
    await page.route("**/api/v1/ledger?*", (route) => route.abort());
    await go(page, "Ledger");
    const alert = page.getByRole("alert").filter({ hasText: "The ledger could not be loaded" });
    await alert.waitFor();
    await sinkCard(page).waitFor();
    await noViolations(page);
    await page.unroute("**/api/v1/ledger?*");
    await alert.getByRole("button", { name: "Try again" }).click();
    await shown(page, "Everything is explained").waitFor();
    await context.close();
  });

  test("without a sink it shows the setting that makes one", async () => {
    const collector = await Collector.start();
    try {
      const { page, context } = await stage.visit();
      await toLedger(page, collector);
      await shown(page, "No sink yet").waitFor();
      await page.getByRole("button", { name: "Copy the setting" }).waitFor();
      assert.equal(await letterPart(page).count(), 0);
      await noViolations(page);
      await context.close();
    } finally {
      await collector.stop();
    }
  });
});
