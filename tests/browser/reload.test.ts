// Journey 6: the page is reloaded while the feedback is on its way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { feedback } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import type { Ingest } from "../support/host.ts";
import { Stage } from "../support/journey.ts";
import { fill, launcher, open, send } from "../support/panel.ts";

describe("reload during the send", () => {
  const stage = Stage.set();

  const journey = async (text: string, ingest: Ingest) => {
    const { collector, sink } = stage;
    const host = await stage.host({ firstParty: true });
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    const panel = await open(page);
    await eventually(() => assert.ok(host.passed > 0, "the page view has gone before"));
    await fill(panel, { kind: "Idea", text });
    const before = host.passed;
    host.ingest = ingest;
    await send(panel);
    await eventually(() => assert.ok(host.held + host.passed > before, "the feedback is on its way"));
    // What is held stays held; the next page finds a healthy line from its first request on.
    host.ingest = "pass";
    await page.reload();
    await launcher(page).waitFor();

    await eventually(async () => assert.ok((await feedback(collector)).items.some((item) => item.text === text)));
    await eventually(() => assert.equal(sink.feedback().filter((item) => item.text === text).length, 1));
    // The queue is empty again: whatever it still had to say has been said and changed nothing.
    await eventually(() => assert.ok(host.passed > before + (ingest === "swallow" ? 1 : 0)));
    assert.equal((await feedback(collector)).items.filter((item) => item.text === text).length, 1);
    requests.oneSeqFor((item) => item.text === text);
    requests.onlyOrigins(host.url);
    assert.deepEqual(errors, []);
    await context.close();
  };

  test("an answer that never arrived: the repeat is recognised, and there is one row", async () => {
    await journey("Sell refills by weight", "swallow");
  });

  test("a request that never arrived: the last chance or the next page sends it, and there is one row", async () => {
    await journey("Sell the lid alone", "hold");
  });
});
