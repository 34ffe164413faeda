// axe-core finds nothing on the panel and on the console. The plain form has its own journeys.
import { before, describe, test } from "node:test";
import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { ingest } from "../support/api.ts";
import { noViolations } from "../support/axe.ts";
import { row, signIn } from "../support/console.ts";
import { Stage } from "../support/journey.ts";
import { fill, open, send, thanks } from "../support/panel.ts";

const LOOKS: [string, BrowserContextOptions][] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["390 px", { colorScheme: "light", viewport: { width: 390, height: 844 }, hasTouch: true }],
];

describe("axe-core finds nothing", () => {
  const stage = Stage.set();
  before(async () => {
    await ingest(
      stage.collector,
      [
        { type: "feedback", kind: "bug", text: "The cart forgets my tea", rating: 2, contact: { email: "a@example.org" } },
        { type: "feedback", kind: "praise", text: "Lovely tins", rating: 5 },
        { type: "event", name: "page_view" },
        { type: "event", name: "checkout", props: { total: 29 } },
      ],
      { url: "https://shop.example/cart", release: "1.4.2", env: "prod", lang: "en", screen: [390, 844] },
    );
  });

  for (const [look, options] of LOOKS) {
    test(`on the panel: open, complaining and thanking (${look})`, async () => {
      const host = await stage.host();
      const { page, context } = await stage.visit(options);
      await page.goto(`${host.url}/site.html`);
      const panel = await open(page);
      await noViolations(page, "html");
      await send(panel);
      await noViolations(page, "html");
      await fill(panel, { kind: "Idea", text: `A panel in ${look}` });
      await send(panel);
      await thanks(panel).waitFor();
      await noViolations(page, "html");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls sideways");
      await context.close();
    });

    test(`on the console: sign-in, list and chart (${look})`, async () => {
      const { page, context } = await stage.visit(options);
      await page.goto(`${stage.collector.url}/console`);
      await page.getByLabel(/token/i).waitFor();
      await noViolations(page, "html");
      await signIn(page, stage.collector);
      await row(page, "Lovely tins").waitFor();
      await noViolations(page, "html");
      await page.getByRole("link", { name: /events|usage/i }).first().click();
      await page.getByRole("main").getByText("page_view").first().waitFor();
      await noViolations(page, "html");
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the console scrolls sideways");
      await context.close();
    });
  }
});
