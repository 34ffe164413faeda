// Journey 4: a tab that is closed right after a click loses nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { eventTotal } from "../support/api.ts";
import { eventually, never } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { launcher } from "../support/panel.ts";

/** Clicks and closes the tab, with no time between for anything but what the page does on its own. */
async function clickAndClose(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Click" }).evaluate((button: HTMLElement) => button.click());
  await page.close({ runBeforeUnload: true });
}

describe("the last chance", () => {
  const stage = Stage.set();

  test("a click right before the tab is closed arrives, by the last chance or on the next visit, and counts once", async () => {
    const { collector, sink } = stage;
    const host = await stage.host();
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    await launcher(page).waitFor();
    await eventually(() => assert.equal(sink.events("page_view").length, 1));
    await clickAndClose(page);

    const again = await context.newPage();
    await again.goto(`${host.url}/site.html`);
    await eventually(() => assert.equal(sink.events("clicked").length, 1));
    await eventually(() => assert.equal(sink.events("page_view").length, 2));
    assert.equal(await eventTotal(collector, "clicked"), 1);

    requests.noPanel();
    requests.onlyOrigins(collector.url, host.url);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("without a next visit the last chance alone delivers", async () => {
    const { collector, sink } = stage;
    const host = await stage.host();
    const { page, context } = await stage.visit();
    // A name of its own: the click of the journey before is in the same count.
    await page.goto(`${host.url}/site.html`);
    await launcher(page).waitFor();
    await page.evaluate(() => document.querySelector<HTMLElement>("[data-event]")!.dataset["event"] = "parting");
    await clickAndClose(page);
    await eventually(() => assert.equal(sink.events("parting").length, 1));
    assert.equal(await eventTotal(collector, "parting"), 1);
    await context.close();
  });

  test("a tab closed while offline sends its click on the next visit, under the number it had", async () => {
    const { collector, sink } = stage;
    const host = await stage.host({ firstParty: true });
    const { page, context, requests } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    await launcher(page).waitFor();
    await page.evaluate(() => document.querySelector<HTMLElement>("[data-event]")!.dataset["event"] = "offline_click");
    host.ingest = "hold";
    await page.getByRole("button", { name: "Click" }).click();
    // In the durable queue, not only in memory: a write that nobody can wait for takes a moment.
    await eventually(() => assert.ok(host.held > 0));
    await page.close({ runBeforeUnload: true });
    await never(() => assert.equal(sink.events("offline_click").length, 0), 300);

    host.ingest = "pass";
    const again = await context.newPage();
    await again.goto(`${host.url}/strict.html`);
    const [event] = await eventually(() => {
      const events = sink.events("offline_click");
      assert.equal(events.length, 1);
      return events;
    });
    assert.equal(event?.context.url, `${host.url}/site.html`, "it belongs to the page on which it happened");
    assert.equal(await eventTotal(collector, "offline_click"), 1);
    requests.oneSeqFor(({ name }) => name === "offline_click");
    await context.close();
  });
});
