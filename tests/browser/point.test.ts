// Pointing at something on the page: what goes along of it, and what never does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noViolations } from "../support/axe.ts";
import { eventually } from "../support/eventually.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { launcher, open, widget } from "../support/panel.ts";
import { arrived, button, panel, say } from "../support/pictures.ts";

describe("pointing at something", () => {
  const stage = Stage.set();

  async function visit(options = {}): Promise<Visit> {
    const host = await stage.host();
    const visit = await stage.visit({ viewport: { width: 900, height: 700 }, ...options });
    await visit.page.goto(`${host.url}/masked.html`);
    await launcher(visit.page).waitFor();
    return visit;
  }

  const layer = (page: Page) => widget(page).getByRole("application", { name: /^Click what you mean/ });

  async function begin(page: Page): Promise<void> {
    await button(page, "Point at something").click();
    await layer(page).waitFor();
    assert.equal(await panel(page).isVisible(), false, "the panel is in the way");
  }

  /** What was pointed at, as it arrives with these words. */
  async function pointed(page: Page, text: string) {
    await panel(page).getByText(/^You pointed at/).waitFor();
    await say(page, text);
    return (await arrived(stage.collector, stage.browser, text)).row.element;
  }

  test("by mouse: selector, role, name and box arrive, and the page notices nothing", async () => {
    const { page, context, errors } = await visit();
    await page.evaluate(() => {
      Object.assign(window, { heard: [] });
      for (const type of ["click", "pointerdown", "mousedown", "keydown"])
        addEventListener(type, ({ target }) => (target as Element).localName !== "hearback-widget" && (window as any).heard.push(type), true);
    });
    await open(page);
    await begin(page);
    const link = page.getByRole("link", { name: "More" });
    const box = (await link.boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await layer(page).getByText("link More").waitFor();
    await page.mouse.click(box.x + 5, box.y + 5);
    await panel(page).getByText("You pointed at link More.").waitFor();
    assert.equal(new URL(page.url()).hash, "", "the link was followed");
    assert.deepEqual(await page.evaluate(() => (window as any).heard), []);
    await panel(page).getByText("What will be sent").click();
    await panel(page).locator("dt", { hasText: "element.selector" }).waitFor();
    const element = await pointed(page, "This link");
    assert.deepEqual(element, {
      selector: "body>main>p:nth-of-type(3)>a", role: "link", name: "More",
      x: Math.round(box.x), y: Math.round(box.y), width: Math.round(box.width), height: Math.round(box.height),
    });
    assert.equal(await page.locator(element!["selector"] as string).count(), 1);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("what is masked gives no text, nor does a field its value", async () => {
    const { page, context } = await visit();
    await open(page);
    const wanted: [string, Record<string, unknown>][] = [
      ["span[data-hearback-mask]", { role: "span" }],
      ["#pay", { selector: "#pay", role: "button", name: "Pay" }],
      ["input[name=name]", { role: "input", name: "Name" }],
      ["select", { role: "list", name: "Plan" }],
      ["[contenteditable]", { role: "textbox", name: "Note" }],
    ];
    for (const [selector, expected] of wanted) {
      await begin(page);
      // At its edge: in the middle of the button lies what is masked.
      await page.mouse.click(...(await page.locator(selector).boundingBox().then((box) => [box!.x + 3, box!.y + 3] as const)));
      const element = await pointed(page, `Pointed at ${selector}`);
      assert.ok(!JSON.stringify(element).includes("SECRET"), JSON.stringify(element));
      for (const [name, value] of Object.entries(expected)) assert.equal(element?.[name], value, selector);
      if (!("name" in expected)) assert.ok(!("name" in element!));
      await panel(page).getByRole("button", { name: "Send another" }).click();
    }
    await context.close();
  });

  test("by keyboard: Tab goes on, arrows go in and out, Enter chooses, each is said", async () => {
    const { page, context } = await visit();
    await open(page);
    await button(page, "Point at something").focus();
    await page.keyboard.press("Enter");
    await layer(page).waitFor();
    const said = (text: string) => eventually(async () => assert.equal(await layer(page).locator("[aria-live]").textContent(), text));
    await page.keyboard.press("Tab");
    await said("paragraph Sticks");
    await page.keyboard.press("Tab");
    await said("heading Secrets are pink, the rest is blue");
    await page.keyboard.press("Shift+Tab");
    await said("paragraph Sticks");
    await page.keyboard.press("ArrowUp");
    await said("header Sticks");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await said("heading Secrets are pink, the rest is blue");
    await page.keyboard.press("Enter");
    assert.deepEqual((await pointed(page, "By keys"))?.["selector"], "body>main>h1");
    await context.close();
  });

  test("in a component: what lies within it", async () => {
    const { page, context } = await visit();
    await open(page);
    await begin(page);
    await page.getByLabel("In a component").click({ force: true, position: { x: 5, y: 5 }, noWaitAfter: true });
    const element = await pointed(page, "Within a component");
    assert.deepEqual([element?.["selector"], element?.["name"]], ["body>main>hearback-test-field >>> input", "In a component"]);
    await context.close();
  });

  test("by touch; and leaving it by Escape or by its button chooses nothing and closes nothing", async () => {
    const { page, context } = await visit({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const closed = () => page.evaluate(() => (window as any).closed_);
    await page.evaluate(() => (window as any).hearback("on", "close", () => ((window as any).closed_ = true)));
    await open(page);
    for (const leave of [() => page.keyboard.press("Escape"), () => layer(page).getByRole("button", { name: "Leave" }).tap()]) {
      await begin(page);
      await leave();
      await panel(page).getByRole("textbox").first().waitFor();
      assert.equal(await panel(page).getByText(/^You pointed at/).count(), 0);
    }
    assert.equal(await closed(), undefined, "the page was told that the form was closed");
    await begin(page);
    const heading = (await page.getByRole("heading").first().boundingBox())!;
    await page.touchscreen.tap(heading.x + 20, heading.y + 10);
    await panel(page).getByText("You pointed at heading Secrets are pink").waitFor();
    await panel(page).getByRole("button", { name: /^Remove: You pointed at/ }).tap();
    assert.equal(await panel(page).getByText(/^You pointed at/).count(), 0);
    await context.close();
  });

  test("a page that closes the form meanwhile keeps it closed", async () => {
    const { page, context } = await visit();
    await open(page);
    await begin(page);
    await page.evaluate(() => (window as any).hearback("close"));
    await page.keyboard.press("Escape");
    await layer(page).waitFor({ state: "detached" });
    assert.equal(await panel(page).isVisible(), false);
    await open(page);
    await context.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe-core finds nothing wrong: ${colorScheme}`, async () => {
      const { page, context } = await visit({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => document.body.replaceChildren(Object.assign(document.createElement("main"), { innerHTML: "<h1>A page</h1>" })));
      await open(page);
      await begin(page);
      await noViolations(page);
      await page.keyboard.press("Tab");
      await noViolations(page);
      await page.keyboard.press("Enter");
      await panel(page).getByText("You pointed at heading A page.").waitFor();
      await noViolations(page);
      await context.close();
    });
  }
});
