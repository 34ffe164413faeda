// Somebody who never touches a mouse says what they have to say.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { fed } from "../support/api.ts";
import { Stage } from "../support/journey.ts";
import { dialog, launcher, thanks } from "../support/panel.ts";

/** Role or tag, and name, of what has the focus, through shadow roots. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const input = element instanceof HTMLInputElement ? element : undefined;
    return {
      tag: element?.localName ?? "",
      type: input?.type ?? "",
      name: element?.getAttribute("aria-label") ?? input?.labels?.[0]?.textContent ?? element?.textContent ?? "",
      inPanel: Boolean(element?.closest("[role=dialog], dialog")),
    };
  });

/** Presses Tab until the focus is on what is wanted. */
async function tabTo(page: Page, wanted: (at: Awaited<ReturnType<typeof focused>>) => boolean, key = "Tab"): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if (wanted(await focused(page))) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the focus never came there; it is on ${JSON.stringify(await focused(page))}`);
}

describe("by keyboard alone", () => {
  const stage = Stage.set();

  test("the panel opens, holds the focus, sends, closes by Escape and gives the focus back", async () => {
    const { collector } = stage;
    const host = await stage.host();
    const { page, context, requests } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    await launcher(page).waitFor();
    await tabTo(page, ({ name, inPanel }) => !inPanel && /feedback/i.test(name));
    await page.keyboard.press("Enter");
    await dialog(page).getByRole("textbox").first().waitFor();
    assert.ok((await focused(page)).inPanel, "opening moves the focus into the panel");

    // The trap: once around and the focus has never been on the host page. (Between the last and the first it may be
    // with the browser itself, where the page then says `body`.)
    const seen = new Set<string>();
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press(step < 12 ? "Tab" : "Shift+Tab");
      const at = await focused(page);
      assert.ok(at.inPanel || at.tag === "body", `Tab left the panel for ${at.tag} “${at.name}”`);
      seen.add(`${at.tag} ${at.type}`);
    }
    assert.ok(seen.has("textarea "), `the text is on the way of Tab: ${[...seen].join(", ")}`);

    await tabTo(page, ({ type }) => type === "radio");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, ({ tag }) => tag === "textarea");
    await page.keyboard.type("Typed, never clicked");
    await tabTo(page, ({ tag, name }) => tag === "button" && /^send/i.test(name.trim()));
    await page.keyboard.press("Enter");
    await thanks(dialog(page)).waitFor();
    assert.ok((await focused(page)).inPanel, "the thanks keep the focus in the panel");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "hidden" });
    assert.match((await focused(page)).name, /feedback/i, "the launcher has the focus again");

    const { items } = await fed(collector, "Typed, never clicked");
    assert.deepEqual(items.map(({ text }) => text), ["Typed, never clicked"]);
    requests.oneSeqFor(({ type }) => type === "feedback");
    await context.close();
  });

  test("a screen reader is told once what became of the feedback", async () => {
    const host = await stage.host();
    const { page, context } = await stage.visit();
    await page.goto(`${host.url}/site.html`);
    await launcher(page).click();
    await dialog(page).getByRole("textbox").first().fill("Tell me when it is there");
    const live = dialog(page).locator("[aria-live=polite], [role=status]").first();
    await live.waitFor({ state: "attached" });
    await live.evaluate((region) => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => {
        const text = region.textContent?.trim() ?? "";
        if (text && said.at(-1) !== text) said.push(text);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    });
    await dialog(page).getByRole("button", { name: /^send/i }).click();
    await thanks(dialog(page)).waitFor();
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.equal(said.filter((text) => /has arrived/.test(text)).length, 1, said.join(" | "));
    await context.close();
  });
});
