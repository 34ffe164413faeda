// Journey 3: the server dies by kill -9, and the visitor's words outlive it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fed } from "../support/api.ts";
import { eventually, never } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { fill, kept, open, send, thanks } from "../support/panel.ts";

const TEXT = "The kettle page is slow today";

/** Attempts that a page may make in the first seconds of an outage. */
const PATIENT_ATTEMPTS = 6;

describe("the server is down", () => {
  const stage = Stage.set();

  test("the panel says that the feedback is kept, thanks only when the server is back, and it arrives once", async () => {
    const { collector, sink } = stage;
    const host = await stage.host();
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    const panel = await open(page);
    await fill(panel, { kind: "Problem", text: TEXT });
    await collector.kill9();
    const before = requests.posts().length;

    await send(panel);
    await kept(panel).waitFor();
    await never(async () => {
      assert.ok(!(await thanks(panel).isVisible()), "the panel thanked for what nobody has");
    }, 2_000);
    const attempts = requests.posts().length - before;
    assert.ok(attempts <= PATIENT_ATTEMPTS, `${attempts} attempts within two seconds of an outage`);

    await collector.resume();
    await thanks(panel).waitFor({ timeout: 45_000 });
    const { items, total } = await fed(collector, TEXT);
    assert.deepEqual([total, items[0]?.text], [1, TEXT]);
    await eventually(() => assert.deepEqual(sink.feedback().map(({ text }) => text), [TEXT]));

    requests.oneSeqFor((item) => item.text === TEXT);
    requests.onlyOrigins(collector.url, host.url);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("what was acknowledged before kill -9 reaches the sink after it, once", async () => {
    const { collector, sink } = stage;
    const host = await stage.host();
    const { page, context, requests } = await stage.visit();
    sink.fail(503);
    await page.goto(`${host.url}/site.html`);
    const panel = await open(page);
    await fill(panel, { kind: "Praise", text: "Said just before the fall" });
    await send(panel);
    await thanks(panel).waitFor();
    await collector.kill9();
    sink.store();
    await collector.resume();

    await eventually(() => assert.equal(sink.feedback().filter(({ text }) => text === "Said just before the fall").length, 1), 45_000);
    const { items } = await fed(collector, "Said just before the fall");
    assert.equal(items.filter(({ text }) => text === "Said just before the fall").length, 1);
    requests.oneSeqFor((item) => item.type === "feedback");
    await context.close();
  });
});
