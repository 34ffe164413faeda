// Journey 2: what a visitor says appears in front of the team and at the sink.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fed } from "../support/api.ts";
import { go, shown as inConsole, signIn } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { dialog, fill, launcher, open, send, thanks } from "../support/panel.ts";

// Feedback is text: were it parsed as HTML anywhere, the page would ask for /parsed.
const TEXT = 'The tin <img src="/parsed" onerror="location=\'/parsed\'"> has a dent & the lid “won’t” close 🫖';

describe("feedback", () => {
  const stage = Stage.set();

  test("feedback from the launcher appears in the open console without reload, and once at the sink", async () => {
    const { collector, sink } = stage;
    const team = await stage.visit();
    await signIn(team.page, collector);
    await go(team.page, "Feedback");
    await team.page.evaluate(() => Object.assign(window, { loaded: "once" }));
    const asked = team.requests.to("/api/v1/feedback").length;

    const visitor = await stage.visit();
    await visitor.page.goto(`${collector.shop}/tea/slow-train?coupon=secret-coupon`);
    await launcher(visitor.page).waitFor();
    visitor.requests.noPanel();
    await launcher(visitor.page).hover();
    await eventually(() => assert.ok(visitor.requests.all.some(({ url }) => url.pathname.endsWith(".wasm")), "hover loads the panel"));

    const panel = await open(visitor.page);
    await fill(panel, { kind: "Problem", text: TEXT, rating: 2, email: "ada@example.org" });
    await send(panel);
    await thanks(panel).waitFor();

    await inConsole(team.page, TEXT).waitFor();
    assert.equal(await team.page.evaluate(() => (window as { loaded?: string }).loaded), "once", "the console was reloaded");
    const { items, total } = await fed(collector, TEXT);
    assert.equal(total, 1);
    const [shown] = items;
    assert.deepEqual([shown?.kind, shown?.text, shown?.rating, shown?.email], ["bug", TEXT, 2, "ada@example.org"]);
    assert.equal(shown?.url, `${collector.shop}/tea/slow-train`);
    const [delivered] = await eventually(() => {
      const delivered = sink.feedback();
      assert.equal(delivered.length, 1);
      return delivered;
    });
    assert.equal(delivered?.id, shown?.id);
    assert.deepEqual(
      [delivered?.kind, delivered?.text, delivered?.rating, delivered?.contact?.email],
      ["bug", TEXT, 2, "ada@example.org"],
    );

    const polls = team.requests.to("/api/v1/feedback").length - asked;
    assert.ok(polls <= 1, `the console polled ${polls} times`);
    for (const { requests, errors } of [visitor, team]) {
      assert.deepEqual(requests.to("/parsed"), []);
      requests.onlyOrigins(collector.url, collector.shop);
      assert.deepEqual(errors, []);
    }
    assert.ok(!team.requests.all.some(({ url }) => url.href.includes(collector.token)), "the token stands in an address");
    visitor.requests.oneSeqFor((item) => item.type === "feedback");
    await visitor.requests.noCookies("/v1/", "/hb/");
    await visitor.requests.noLeak(collector.url, "secret-coupon");
    await Promise.all([team.context.close(), visitor.context.close()]);
  });

  test("a page's own button opens the panel, and closing it gives the focus back and keeps the draft", async () => {
    const host = await stage.host();
    const { page, context, requests } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    await launcher(page).waitFor();
    await page.getByRole("button", { name: "Say something" }).click();
    const text = dialog(page).getByRole("textbox").first();
    await text.fill("half a thought");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Say something");
    await page.getByRole("button", { name: "Say something" }).click();
    assert.equal(await text.inputValue(), "half a thought");
    assert.deepEqual(requests.posts().flatMap(({ items }) => items.filter(({ type }) => type === "feedback")), []);
    await context.close();
  });
});
