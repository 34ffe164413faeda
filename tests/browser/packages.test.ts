// The npm packages as they are packed: installed and built into the examples, and met there by visitors.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { fed } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { buildAll, complaints, folder, serve, type Name } from "../support/example.ts";
import { Stage } from "../support/journey.ts";
import { dialog, fill, launcher, open, send, thanks, widget } from "../support/panel.ts";

/** Vite's part of what CI may take. */
const BUILD_MS = 20_000;

/** What Chromium says of every sandbox like that of the example. */
const SANDBOX = /allow-scripts and allow-same-origin/;

describe("the packages in real builds", () => {
  const stage = Stage.set();
  let viteMs = 0;
  before(async () => void (viteMs = await buildAll(stage.collector.url, stage.collector.key)));

  /** A visitor of an example; `work` gets its page, and afterwards nothing may have gone wrong in it. */
  const example = (name: Name, sentence: string, work: (page: Page, url: string) => Promise<void>) =>
    test(`${name}: ${sentence}`, async () => {
      const served = await serve(name, stage.collector.url);
      const { page, context, errors, requests } = await stage.visit();
      const violations: string[] = [];
      page.on("console", (message) => /warning|error/.test(message.type()) && !SANDBOX.test(message.text()) && violations.push(message.text()));
      try {
        await page.goto(`${served.url}/index.html`);
        await work(page, served.url);
        requests.onlyOrigins(stage.collector.url, served.url);
        assert.deepEqual(errors, []);
        assert.deepEqual(violations, []);
      } finally {
        await context.close();
        served.stop();
      }
    });

  /** Says something by the panel, and sees it arrive once, from this page and release. */
  const say = async (page: Page, text: string, url: string): Promise<void> => {
    const panel = await open(page);
    await fill(panel, { kind: "Idea", text });
    await send(panel);
    await thanks(panel).waitFor();
    const { items } = await fed(stage.collector, text);
    const found = items.filter((item) => item.text === text);
    assert.deepEqual(found.map(({ url, release }) => [url, release]), [[url, "1.0.0"]]);
    await dialog(page).getByRole("button", { name: /close/i }).first().click();
  };

  /** Events of this name that came from this page: their properties. */
  const events = (name: string, url: string) =>
    stage.sink.events(name).filter(({ context }) => context.url?.startsWith(url)).map(({ props }) => props);

  test("vite-react: the compiler has no complaints", async () => {
    assert.equal(await complaints(folder("vite-react")), "");
  });

  example("html", "feedback and an event arrive, and the page hears that feedback is stored", async (page, url) => {
    await page.getByRole("button", { name: "Order" }).click();
    await launcher(page).waitFor();
    await say(page, "From a bundle of plain HTML", `${url}/index.html`);
    await page.getByRole("status").filter({ hasText: "Your receipt: rcp_" }).waitFor();
    await page.getByRole("button", { name: "Tell us what you think" }).click();
    await dialog(page).getByRole("textbox").first().waitFor();
    await eventually(() => assert.deepEqual([events("ordered", url), events("page_view", url).length], [[{ items: 3 }], 1]));
  });

  example("strict-csp", "nonce, 'strict-dynamic' and Trusted Types let the panel through, and nothing is reported", async (page, url) => {
    await page.getByRole("button", { name: "Order" }).click();
    await say(page, "From behind a strict policy", `${url}/index.html`);
    await eventually(() => assert.deepEqual(events("ordered", url), [{ items: 3 }]));
  });

  example("iframe", "the page inside has everything, and the one around it nothing", async (page, url) => {
    const frame = page.frames().find((frame) => frame.url().endsWith("/app.html"))!;
    const inside = frame as unknown as Page;
    await frame.getByRole("button", { name: "Order" }).click();
    await say(inside, "From inside a frame", `${url}/app.html`);
    await eventually(() => assert.deepEqual(events("ordered", url), [{ items: 3 }]));
    assert.equal(await widget(page).count(), 0);
    assert.deepEqual(await page.evaluate(() => Object.keys(window).filter((name) => /hearback/.test(name))), []);
  });

  example("vite-react", "StrictMode mounts twice and starts once; unmounting takes everything away, mounting brings it back", async (page, url) => {
    assert.ok(viteMs < BUILD_MS, `Vite built for ${viteMs} ms`);
    await launcher(page).waitFor();
    const tags = page.locator("script[data-key]");
    assert.deepEqual([await tags.count(), await widget(page).count()], [1, 1]);
    await page.getByLabel("What is missing?").fill("Tea");
    await page.getByRole("button", { name: "Add" }).click();
    await say(page, "From Vite and React", `${url}/index.html`);
    await page.getByRole("status").filter({ hasText: "Your receipt: rcp_" }).waitFor();

    const mounted = page.getByLabel("Let us hear from you");
    await mounted.uncheck();
    await widget(page).waitFor({ state: "detached" });
    await tags.waitFor({ state: "detached" });
    await eventually(() => assert.deepEqual([events("added", url), events("page_view", url).length], [[{ things: 1 }], 1]));

    // Said while nothing runs: for when something does again.
    await page.getByLabel("What is missing?").fill("Milk");
    await page.getByRole("button", { name: "Add" }).click();
    await mounted.check();
    await launcher(page).waitFor();
    await page.getByRole("button", { name: "Tell us what you think" }).click();
    await dialog(page).getByRole("textbox").first().waitFor();
    assert.deepEqual([await tags.count(), await widget(page).count()], [1, 1]);
    await eventually(() => assert.deepEqual([events("added", url), events("page_view", url).length], [[{ things: 1 }, { things: 2 }], 2]));
  });
});
