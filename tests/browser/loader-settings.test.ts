// What a project's settings make of a page: which files are asked for, which events leave, where the launcher stands.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, settings, type Edge, type Settings } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";
import { launcher } from "../support/panel.ts";

const names = ({ items }: Edge) => items.map(({ name }) => name);

describe("settings", () => {
  const visit = clocked();

  /** A test on a page of a project with these settings; `prepare` runs before the page is loaded. */
  const shop = (sentence: string, config: Settings | undefined, work: (visitor: Clocked) => Promise<void>, prepare?: (visitor: Clocked) => unknown) =>
    test(sentence, () =>
      visit(accept, async (visitor) => {
        visitor.edge.config = config;
        await prepare?.(visitor);
        await visitor.goto(`${visitor.edge.site}/shop`);
        await work(visitor);
      }),
    );

  const plain = settings({ form: { context: false } });

  shop("a page of a project without parts asks for the settings and the launcher, and for nothing else", plain, async ({ edge, page }) => {
    await launcher(page).waitFor();
    assert.deepEqual(edge.parts, ["launcher", "settings"]);
  });

  shop("without a launcher its part is not asked for, and the form opens by an element of the page", settings({ launcher: { shown: false }, form: { context: false } }),
    async ({ edge, page }) => {
      assert.equal(await launcher(page).isVisible(), false);
      assert.deepEqual(edge.parts, ["settings"]);
      await page.getByText("Say it").click();
      await eventually(() => assert.ok(edge.parts.includes("open")));
      assert.equal(new URL(page.url()).pathname, "/shop", "the link was followed");
    },
    ({ edge }) => (edge.body = '<a href="/elsewhere" data-hearback="open"><b>Say it</b></a>'),
  );

  shop("the script tag can do without a launcher, too", plain, async ({ edge, page }) => {
    assert.equal(await launcher(page).isVisible(), false);
    assert.deepEqual(edge.parts, ["settings"]);
  }, ({ edge }) => (edge.attributes = 'data-launcher="none"'));

  shop("where no configuration can be had, the launcher stands where it always does, and events wait", undefined, async (visitor) => {
    await launcher(visitor.page).waitFor();
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.received, []);
    assert.deepEqual(visitor.edge.parts, ["launcher", "settings"]);
  });

  test("a configuration that does not come within three seconds holds up events, and not the launcher", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      edge.config = plain;
      let answer: () => unknown = () => {};
      await page.route("**/v1/config/*", (route) => (answer = () => route.continue()));
      await page.goto(`${edge.site}/shop`);
      await eventually(() => assert.deepEqual(edge.parts, ["settings"]));
      await page.waitForTimeout(100);
      await page.clock.runFor(2900);
      assert.equal(await launcher(page).isVisible(), false);
      await page.clock.runFor(101);
      await launcher(page).waitFor();
      await page.waitForTimeout(100);
      await page.clock.runFor(20_000);
      assert.deepEqual(edge.received, []);
      await answer();
      await page.waitForTimeout(100);
      await page.clock.runFor(5000);
      await eventually(() => assert.deepEqual(names(edge), ["page_view"]));
    }));

  shop("no event leaves before it is known whether events are wanted", plain, async ({ edge, page }) => {
    // All below /hb/ is blocked, so it never becomes known.
    for (let i = 0; i < 25; i += 1) await page.evaluate(() => window.hearback("event", "e"));
    await page.clock.runFor(20_000);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide")));
    await page.waitForTimeout(100);
    assert.deepEqual(edge.received, []);
    await launcher(page).waitFor();
  }, ({ edge }) => (edge.blocked = true));

  shop("where nothing below /hb/ can be had, the launcher becomes a link to the plain form, which opens beside the page", plain, async ({ edge, page, context }) => {
    await page.clock.runFor(10_000);
    const opened = context.waitForEvent("page");
    await launcher(page).click();
    const form = await opened;
    assert.equal(form.url(), `${edge.url}/f/pk_demo?url=${encodeURIComponent(`${edge.site}/shop`)}`);
    assert.equal(await page.locator("hearback-widget").getByRole("link").getAttribute("href"), form.url());
  }, ({ edge }) => (edge.blocked = true));

  shop("position, offset, label, icon and colour are the project's", settings({ launcher: { position: "top-left", offset: [30, 40], label: "Sag was", icon: false, color: "#aa0000" } }),
    async ({ page }) => {
      const button = page.getByRole("button", { name: "Sag was" });
      await button.waitFor();
      const { x, y } = (await button.boundingBox())!;
      assert.deepEqual([x, y], [30, 40]);
      assert.equal(await button.evaluate((element) => getComputedStyle(element, "::before").content), "none");
      assert.equal(await button.evaluate((element) => getComputedStyle(element).getPropertyValue("--hb-accent")), "#aa0000");
    });

  shop("the page's own accent beats the project's", settings({ launcher: { color: "#aa0000" } }), async ({ page }) => {
    await launcher(page).waitFor();
    assert.equal(await launcher(page).evaluate((element) => getComputedStyle(element).getPropertyValue("--hb-accent")), "#00aa00");
  }, ({ page }) => page.addInitScript(() => document.addEventListener("DOMContentLoaded", () => document.documentElement.style.setProperty("--hb-accent", "#00aa00"))));

  shop("the launcher is hidden while an element that the project names is on the page", settings({ launcher: { hide_on: ".cart-open" } }), async (visitor) => {
    const { page } = visitor;
    await launcher(page).waitFor();
    await page.evaluate(() => document.body.classList.add("cart-open"));
    await visitor.pass(50);
    assert.equal(await launcher(page).isVisible(), false);
    await page.evaluate(() => document.body.classList.remove("cart-open"));
    await visitor.pass(50);
    assert.equal(await launcher(page).isVisible(), true);
  });

  shop("with views off no view is counted, also none of before the settings came", settings({ usage: { parts: [] } }), async (visitor) => {
    await visitor.page.evaluate(() => history.pushState(null, "", "/next"));
    await visitor.event("kept");
    await visitor.pass(5000);
    assert.deepEqual(names(visitor.edge), ["kept"]);
  });

  shop("a page that is not in the sample sends no events and asks for no part", settings({ usage: { parts: ["views", "links"], sample_percent: 40 }, form: { context: false } }),
    async (visitor) => {
      await visitor.event("e", {}, 30);
      await visitor.pass(60_000);
      assert.deepEqual(visitor.edge.received, []);
      assert.deepEqual(visitor.edge.parts, ["launcher", "settings"]);
      assert.deepEqual(visitor.warnings, []);
    },
    ({ page }) => page.addInitScript(() => (Math.random = () => 0.59)));

  shop("a page that is in the sample does", settings({ usage: { parts: ["views", "links"], sample_percent: 40 }, form: { context: false } }),
    async (visitor) => {
      await visitor.pass(5000);
      assert.deepEqual(names(visitor.edge), ["page_view"]);
      assert.deepEqual(visitor.edge.parts, ["launcher", "links", "settings"]);
    },
    ({ page }) => page.addInitScript(() => (Math.random = () => 0.61)));

  shop("a page sends as many events as it may, the first ones, and says once what it drops", settings({ usage: { events_per_page: 5 } }), async (visitor) => {
    for (const name of ["a", "b", "c", "d", "e", "f"]) await visitor.event(name);
    await visitor.pass(5000);
    assert.deepEqual(names(visitor.edge), ["page_view", "a", "b", "c", "d"]);
    assert.deepEqual(visitor.warnings, ["hearback: events_per_page: e and all events after it are dropped"]);
  });

  shop("with Global Privacy Control no event leaves and no usage part is asked for", settings({ usage: { parts: ["views", "links"] }, form: { context: false } }),
    async (visitor) => {
      await visitor.event("e", {}, 30);
      await visitor.pass(60_000);
      assert.deepEqual(visitor.edge.received, []);
      assert.deepEqual(visitor.edge.parts, ["launcher", "settings"]);
    },
    ({ page }) => page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true })));

  shop("campaign tags go with the page's items, those of before the settings came too", plain, async (visitor) => {
    await visitor.page.goto(`${visitor.edge.site}/shop?utm_source=news&utm_campaign=may&secret=1`);
    await visitor.configured();
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.batches.at(-1)!.context["utm"], { source: "news", campaign: "may" });
  });
});
