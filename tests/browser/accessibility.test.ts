// axe-core finds nothing on the panel and on the console. The plain form has its own journeys.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { ingest, type Outgoing } from "../support/api.ts";
import { noViolations } from "../support/axe.ts";
import { go, picture, shown, signIn } from "../support/console.ts";
import { Stage } from "../support/journey.ts";
import { fill, launcher, open, send, thanks } from "../support/panel.ts";

const LOOKS: [string, BrowserContextOptions][] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["390 px", { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true }],
];

const SAID: Outgoing[] = [
  { type: "feedback", kind: "bug", text: "The cart forgets my tea", rating: 2, contact: { email: "a@example.org" } },
  { type: "feedback", kind: "praise", text: "Lovely tins", rating: 5 },
  { type: "event", name: "page_view" },
  { type: "event", name: "checkout", props: { total: 29 } },
];

const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe("axe-core finds nothing", () => {
  const stage = Stage.set();

  test("on the console before anybody has said anything", async () => {
    const { page, context } = await stage.visit();
    await signIn(page, stage.collector);
    for (const view of ["Overview", "Feedback", "Usage", "Ledger"] as const) {
      await go(page, view);
      await noViolations(page);
    }
    await context.close();
    await ingest(stage.collector, SAID, { url: "https://shop.example/cart", release: "1.4.2", env: "prod", lang: "en", screen: [390, 844] });
  });

  for (const [look, options] of LOOKS) {
    test(`on the console: sign-in, list and chart (${look})`, async () => {
      const { page, context } = await stage.visit(options);
      await page.goto(`${stage.collector.url}/console`);
      await page.getByLabel("Token", { exact: true }).fill("not a token");
      await page.getByRole("button", { name: "Sign in" }).click();
      await noViolations(page);
      await signIn(page, stage.collector);
      await shown(page, "Lovely tins").waitFor();
      await noViolations(page);
      await go(page, "Feedback");
      await shown(page, "Lovely tins").waitFor();
      await noViolations(page);
      await go(page, "Usage");
      await picture(page).waitFor();
      await page.getByText("The numbers as a table").click();
      await noViolations(page);
      assert.ok(await fits(page), "the console scrolls sideways");
      await context.close();
    });

    test(`on the panel: open, complaining and thanking (${look})`, async () => {
      const host = await stage.host();
      const { page, context } = await stage.visit(options);
      await page.goto(`${host.url}/site.html`);
      const panel = await open(page);
      await noViolations(page);
      await send(panel);
      await noViolations(page);
      await fill(panel, { kind: "Idea", text: `A panel in ${look}` });
      await send(panel);
      await thanks(panel).waitFor();
      await noViolations(page);
      assert.ok(await fits(page), "the page scrolls sideways");
      await context.close();
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test(`on the demo shop with the widget on it (${colorScheme}, 390 px)`, async () => {
      const { page, context, errors } = await stage.visit({ colorScheme, viewport: { width: 390, height: 844 } });
      await page.goto(`${stage.collector.shop}/`);
      await launcher(page).waitFor();
      await noViolations(page);
      await page.getByRole("link", { name: /Glass Lake/ }).click();
      await page.getByRole("button", { name: /Add to cart/ }).click();
      await noViolations(page);
      await page.getByRole("banner").getByRole("link", { name: /Cart/ }).click();
      await noViolations(page);
      await page.getByRole("link", { name: "Check out" }).click();
      await noViolations(page);
      await page.goto(`${stage.collector.shop}/about`);
      await noViolations(page);
      assert.ok(await fits(page), "the shop scrolls sideways");
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
});
