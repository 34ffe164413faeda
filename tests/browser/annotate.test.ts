// Marks on a picture: by mouse, finger and keyboard, and in the picture that arrives.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { noViolations } from "../support/axe.ts";
import { eventually } from "../support/eventually.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { launcher, open, thanks } from "../support/panel.ts";
import { annotator, arrived, black, blue, button, canvas, capture, draw, lime, panel, red, say, tool, use } from "../support/pictures.ts";

const yellow = (r: number, g: number, b: number): boolean => Math.min(r, g) - b > 30;

/** Name of what has the focus, through shadow roots. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });

async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${name}; it is on ${await focused(page)}`);
}

describe("the annotator", () => {
  const stage = Stage.set();

  async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
    const host = await stage.host();
    const visit = await stage.visit({ viewport: { width: 900, height: 700 }, ...options });
    await visit.page.goto(`${host.url}/masked.html`);
    await launcher(visit.page).waitFor();
    return visit;
  }

  const said = (page: Page, text: string | RegExp) => annotator(page).getByRole("status").filter({ hasText: text }).waitFor();

  async function sent(page: Page, text: string) {
    await say(page, text);
    const { row, pictures } = await arrived(stage.collector, stage.browser, text);
    return { row, picture: pictures[0]! };
  }

  test("a cover is burnt in, a highlight lets see, an arrow points", async () => {
    const { page, context, errors } = await visit();
    await open(page);
    await capture(page);
    // Over the heading, which is the only large blue thing there.
    await draw(page, "Cover", [0.01, 0.08], [0.6, 0.17]);
    await draw(page, "Highlight", [0.3, 0.5], [0.6, 0.6]);
    await draw(page, "Arrow", [0.9, 0.9], [0.7, 0.7]);
    await use(page);
    const { picture } = await sent(page, "Marked");
    assert.ok(picture.count(black) > 0.59 * 0.09 * 900 * 700 * 0.98, "the cover is opaque and as large as it was drawn");
    for (let x = 0.02; x < 0.6; x += 0.01) assert.ok(black(...picture.at(x, 0.12)), `${x}: ${picture.at(x, 0.12)}`);
    assert.ok(picture.count(yellow) > 0.3 * 0.1 * 900 * 700 * 0.5, "the highlight is there");
    assert.ok(picture.at(0.45, 0.55)[2] > 100, "and one can see through it");
    assert.ok(picture.count(red) > 200, "the arrow is there");
    assert.ok(red(...picture.at(0.705, 0.705)), `the arrow ends where it points: ${picture.at(0.705, 0.705)}`);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("what was cropped away does not arrive, and what was taken back neither", async () => {
    const { page, context } = await visit();
    await open(page);
    await capture(page);
    assert.equal(await tool(page, "Undo").getAttribute("aria-disabled"), "true");
    await draw(page, "Cover", [0, 0], [0.5, 0.5]);
    await tool(page, "Undo").click();
    await said(page, "Undone: Cover.");
    await draw(page, "Crop", [0.5, 0], [1, 0.5]);
    await draw(page, "Arrow", [0.1, 0.9], [0.5, 0.5]);
    await tool(page, "Undo").click();
    await tool(page, "Redo").click();
    await said(page, "Redone: Arrow.");
    await use(page);
    const { picture } = await sent(page, "Cropped");
    assert.ok(Math.abs(picture.width - 450) < 3 && Math.abs(picture.height - 350) < 3, `${picture.width} × ${picture.height}`);
    assert.equal(picture.count(black), 0, "the cover that was taken back is there");
    assert.ok(picture.count(red) > 200);
    assert.equal(picture.count(lime), 0, "what stays in the other corner is there");
    // The line below what sticks goes all across.
    assert.ok(picture.count(blue) > picture.width * 3, `${picture.count(blue)} pixels`);
    await context.close();
  });

  test("a cover that is only being placed counts when the picture is used", async () => {
    const { page, context } = await visit();
    await open(page);
    await capture(page);
    await tool(page, "Cover").focus();
    await page.keyboard.press("Enter");
    await said(page, /^Cover: arrow keys/);
    await use(page);
    const { picture } = await sent(page, "Not set yet");
    assert.ok(black(...picture.at(0.5, 0.5)));
    await context.close();
  });

  test("by keyboard alone, from the launcher to a picture that has arrived", async () => {
    const { page, context, errors } = await visit();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await tabTo(page, /^Feedback$/);
    await press("Enter");
    await panel(page).getByRole("textbox").first().waitFor();
    await tabTo(page, /^What went wrong|^$/);
    await panel(page).getByRole("textbox").first().focus();
    await page.keyboard.type("Marked without a mouse");
    await tabTo(page, /^Capture this page$/);
    await press("Enter");
    await canvas(page).waitFor();
    await eventually(async () => assert.equal(await focused(page), "Picture to draw on", "the picture has the focus"));

    // Crop to the left half, from the toolbar before the picture.
    await press("Shift+Tab", "Shift+Tab");
    await tabTo(page, /^Crop$/);
    await press("Enter");
    await said(page, /^Crop: arrow keys move it, Shift and arrow keys change its size, Enter sets it/);
    for (let step = 0; step < 60; step += 1) await press("ArrowLeft", "ArrowUp");
    await said(page, /^\u200e0, 0$/);
    for (let step = 0; step < 60; step += 1) await press("Shift+ArrowDown");
    await said(page, /\d+ × 700$/);
    await press("Enter");
    await said(page, "Crop: done.");

    // Enter begins another shape with the tool that is chosen; Escape takes it away and leaves nothing else.
    await press("Enter");
    await said(page, /^Crop: arrow keys/);
    await press("Escape");
    await said(page, "Taken away.");
    assert.ok(await annotator(page).isVisible());

    await press("Shift+Tab");
    await tabTo(page, /^Cover$/);
    for (let step = 0; step < 12 && (await focused(page)) !== "Cover"; step += 1) await press("Shift+Tab");
    await press("Enter");
    for (let step = 0; step < 60; step += 1) await press("ArrowLeft", "ArrowUp");
    await press("Shift+ArrowLeft", "Enter");
    await said(page, "Cover: done.");
    await press("Control+z");
    await said(page, "Undone: Cover.");
    await press("Control+y");
    await said(page, "Redone: Cover.");
    await tabTo(page, /^Use this picture$/);
    await press("Enter");
    await annotator(page).waitFor({ state: "detached" });
    assert.equal(await focused(page), "Capture this page", "the focus is back where it was");
    await tabTo(page, /^Send feedback$/);
    await press("Enter");
    await thanks(panel(page)).waitFor();
    const { row, pictures } = await arrived(stage.collector, stage.browser, "Marked without a mouse");
    const [picture] = pictures;
    assert.equal(row.attachments?.length, 1);
    assert.ok(Math.abs(picture!.width - 300) < 3 && picture!.height === 700, `${picture?.width} × ${picture?.height}`);
    assert.ok(black(...picture!.at(0.01, 0.01)) && black(...picture!.at(0.2, 0.2)) && !black(...picture!.at(0.9, 0.9)));
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("by touch on a phone, where it fills the screen", async () => {
    const { page, context } = await visit({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    await launcher(page).tap();
    await button(page, "Capture this page").tap();
    await canvas(page).waitFor();
    const sheet = (await annotator(page).boundingBox())!;
    assert.deepEqual([sheet.x, sheet.y, sheet.width, sheet.height], [0, 0, 390, 844]);
    for (const name of ["Highlight", "Cover", "Arrow", "Crop", "Undo", "Redo"]) {
      const box = (await tool(page, name).boundingBox())!;
      assert.ok(box.width >= 44 && box.height >= 44, `${name} is ${box.width} × ${box.height}`);
    }
    await tool(page, "Cover").tap();
    const box = (await canvas(page).boundingBox())!;
    const touch = await context.newCDPSession(page);
    const at = (x: number, y: number) => [{ x: box.x + x * box.width, y: box.y + y * box.height }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0.1, 0.1) });
    for (const part of [0.2, 0.3, 0.4, 0.5]) await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(part, part) });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await said(page, "Cover: done.");
    // No finger is back so soon, and Chromium takes a touch right after a quick one for the end of a fling, not for a tap.
    await page.waitForTimeout(700);
    await tool(page, "Use this picture").tap();
    await annotator(page).waitFor({ state: "detached" });
    const { picture } = await sent(page, "Drawn with a finger");
    assert.deepEqual([picture.width, picture.height], [780, 1688], "as sharp as the phone");
    assert.ok(black(...picture.at(0.3, 0.3)) && !black(...picture.at(0.6, 0.6)));
    await context.close();
  });

  test("leaving it leaves no picture, by its button and by Escape", async () => {
    const { page, context } = await visit();
    await open(page);
    for (const leave of [() => tool(page, "Discard").click(), () => page.keyboard.press("Escape")]) {
      await capture(page);
      await leave();
      await annotator(page).waitFor({ state: "detached" });
      assert.ok(await panel(page).isVisible());
    }
    await say(page, "No picture after all");
    const { row } = await arrived(stage.collector, stage.browser, "No picture after all");
    assert.deepEqual(row.attachments ?? [], []);
    await context.close();
  });

  for (const [name, options] of Object.entries<BrowserContextOptions>({
    light: {},
    dark: { colorScheme: "dark" },
    "on a phone": { viewport: { width: 390, height: 844 } },
    "zoomed in to 400 %": { viewport: { width: 320, height: 256 } },
  })) {
    test(`axe-core finds nothing wrong: ${name}`, async () => {
      const { page, context } = await visit({ reducedMotion: "reduce", ...options });
      // What is the page's own is not ours to mend.
      await page.evaluate(() => document.body.replaceChildren(Object.assign(document.createElement("main"), { innerHTML: "<h1>A page</h1>" })));
      await open(page);
      await capture(page);
      await noViolations(page);
      await tool(page, "Cover").focus();
      await page.keyboard.press("Enter");
      await said(page, /^Cover: arrow keys/);
      await noViolations(page);
      await page.keyboard.press("Enter");
      await said(page, "Cover: done.");
      await tool(page, "Use this picture").scrollIntoViewIfNeeded();
      await use(page);
      await panel(page).getByText("Picture 1", { exact: true }).waitFor();
      await noViolations(page);
      await context.close();
    });
  }
});
