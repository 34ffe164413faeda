// Pages whose styles reach for everything. One test a page of `tests/host-pages`.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { Locator } from "playwright-core";
import { type Defence, PANEL } from "../support/defences.ts";
import { eventually } from "../support/eventually.ts";
import { Pages } from "../support/hostile.ts";

/** Whether this is what a visitor would hit at its middle. */
const isOnTop = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const root = element.getRootNode() as ShadowRoot;
    const hit = root.elementFromPoint(x + width / 2, y + height / 2);
    return !!hit && (element === hit || element.contains(hit)) && document.elementFromPoint(x + width / 2, y + height / 2) === root.host;
  });

const fontPx = (locator: Locator): Promise<number> => locator.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));

/** Neither launcher nor panel takes anything over from the page. */
const OWN_STYLE: Defence[] = [
  ["launcher.ts", "all:initial!important;", ""],
  [PANEL, "all:initial", "all:unset;;"],
];

describe("pages that style everything", () => {
  const pages = Pages.set();

  pages.test("unset-all", "button and form are seen and work", { defences: [["launcher.ts", "all:initial!important;", ""]] }, async (visit) => {
    await visit.launcher.waitFor();
    assert.ok(await isOnTop(visit.launcher), "the button is not where a visitor can reach it");
    await visit.speaks("Said without a style");
  });

  pages.test("named-out", "button and form are seen and work", { defences: [["launcher.ts", "all:initial!important;", ""]] }, async (visit) => {
    await visit.launcher.waitFor();
    assert.ok(await isOnTop(visit.launcher));
    await visit.speaks("Said although named");
  });

  pages.test("z-index-wars", "the form lies above all of the page", { defences: [[PANEL, "showModal", "show"]] }, async (visit) => {
    await visit.launcher.waitFor();
    await visit.page.evaluate(() => window.hearback?.("open"));
    const form = visit.dialog;
    await form.getByRole("textbox").first().waitFor();
    assert.ok(await isOnTop(form.getByRole("textbox").first()), "the form lies below");
    await visit.says("Said on top");
    await visit.page.keyboard.press("Escape");
    await visit.layoutKept();
  });

  pages.test("transformed-root", "button and form are in the window", { defences: [["launcher.ts", "document.documentElement.append(host)", "document.body.append(host)"]] }, async (visit) => {
    const box = await visit.launcher.boundingBox();
    assert.ok(box && box.y + box.height <= 800 && box.y > 600, `the button is at ${box?.y}`);
    await visit.speaks("Said in a transformed page");
  });

  pages.test("tiny-type", "the form's letters are as large as ever", { defences: OWN_STYLE }, async (visit) => {
    assert.equal(await fontPx(visit.launcher), 16);
    const form = await visit.open();
    const type = await form.getByRole("heading").first().evaluate((heading) => {
      const { letterSpacing, textTransform, wordSpacing } = getComputedStyle(heading);
      return [letterSpacing, textTransform, wordSpacing];
    });
    assert.deepEqual(type, ["normal", "none", "0px"]);
    assert.ok((await fontPx(form.getByRole("textbox").first())) >= 16);
    await visit.says("Said in large letters");
  });

  pages.test("page-dialogs", "the page's styles for dialogs and buttons are not ours", { defences: [["parts/open.ts", 'root.appendChild(document.createElement("div"))', 'document.body.appendChild(document.createElement("div"))']] }, async (visit) => {
    const form = await visit.open();
    const box = await form.getByRole("textbox").first().boundingBox();
    assert.ok(box && box.width > 200, `the field is ${box?.width} wide`);
    await visit.says("Said in a dialog");
  });

  pages.test("rtl-page", "the form speaks the page's language, from right to left", { defences: [["page.ts", "document.documentElement.lang || ", ""]] }, async (visit) => {
    await visit.page.locator("hearback-widget").getByRole("button").first().click();
    const form = visit.dialog;
    await form.getByRole("textbox").first().waitFor();
    assert.equal(await form.evaluate((element) => getComputedStyle(element).direction), "rtl");
    await form.getByRole("textbox").first().fill("قيلت في صفحة عربية");
    await form.getByRole("button").last().click();
    await visit.arrivedOnce("قيلت في صفحة عربية");
  });

  pages.test("vertical-page", "the form reads as ever", { defences: OWN_STYLE }, async (visit) => {
    const form = await visit.open();
    const mode = await form.evaluate((element) => getComputedStyle(element).writingMode + getComputedStyle(element).direction);
    assert.equal(mode, "horizontal-tbltr");
    await visit.says("Said from left to right");
  });

  pages.test("long-words", "nothing sticks out of the form", { defences: [[PANEL, "overflow-wrap:anywhere", "white-space:nowrap;/**/"]] }, async (visit) => {
    const form = await visit.open();
    const word = "Donaudampfschifffahrtsgesellschaft".repeat(20);
    await form.getByRole("textbox").first().fill(word);
    const over = await form.evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.ok(over <= 0, `${over} px stick out`);
    await visit.says(word);
  });

  const narrow = { viewport: { width: 320, height: 256 } };
  pages.test("narrow-page", "at a zoom of 400 % all of the form can be reached", { context: narrow, defences: [[PANEL, "overflow:visible", "overflow-y: auto"]] }, async (visit) => {
    const form = await visit.open();
    for (const control of await form.locator("button, input, textarea").all()) {
      const box = await control.boundingBox();
      if (box) assert.ok(box.x >= 0 && box.x + box.width <= 320, `a control is at ${box.x}, ${box.width} wide`);
    }
    await visit.page.mouse.move(160, 128);
    await visit.page.mouse.wheel(0, 3_000);
    await eventually(async () => {
      const box = await form.getByRole("button", { name: /^send/i }).boundingBox();
      assert.ok(box && box.y >= 0 && box.y + box.height <= 256, `it is sent at ${box?.y}`);
    }, 3_000);
    await visit.says("Said at 400 %");
    await visit.layoutKept();
  });

  pages.test("xhtml-page", "feedback arrives once", { path: "xhtml-page.xhtml", defences: [["launcher.ts", "document.documentElement.append(host)", 'document.querySelector("HTML")!.append(host)']] }, async (visit) => {
    assert.equal(await visit.page.evaluate(() => document.contentType), "application/xhtml+xml");
    await visit.speaks("Said in XHTML");
  });
});
