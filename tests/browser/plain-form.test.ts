// The plain form works where nothing else does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fed } from "../support/api.ts";
import { noViolations } from "../support/axe.ts";
import { eventually } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { fill, send } from "../support/panel.ts";

describe("the plain form", () => {
  const stage = Stage.set();

  const address = (page: string) => `${stage.collector.url}/f/${stage.collector.key}?url=${encodeURIComponent(page)}`;

  test("without JavaScript it delivers, and keeps what was typed when something is missing", async () => {
    const { collector, sink } = stage;
    const { page, context, requests } = await stage.visit({ javaScriptEnabled: false });
    await page.goto(address("https://shop.example/cart?session=secret-session"));
    const form = page.locator("body");
    await fill(form, { kind: "Problem", text: "   ", rating: 4, email: "nojs@example.org" });
    await send(form);
    await page.getByRole("alert").getByText("Not sent yet").waitFor();
    assert.equal(await page.getByLabel(/e-?mail/i).inputValue(), "nojs@example.org");
    assert.ok(await page.getByRole("radio", { name: /^4/ }).isChecked(), "the rating was forgotten");
    await page.getByRole("textbox").first().fill("The form sent without a script");
    // A form that comes back sooner than a person can write is held back (`FORM_MS`).
    await page.waitForTimeout(2_100);
    await send(form);
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    const receipt = (await page.locator("#receipt").textContent()) ?? "";

    const { items, total } = await fed(collector, "The form sent without a script");
    assert.equal(total, 1);
    const [row] = items;
    assert.deepEqual([row?.kind, row?.text, row?.rating, row?.email], ["bug", "The form sent without a script", 4, "nojs@example.org"]);
    assert.equal(row?.url, "https://shop.example/cart");
    await eventually(() => assert.deepEqual(sink.feedback().map(({ id }) => id), [row?.id]));
    const named = /rcp_[\w.-]+/.exec(receipt)?.[0];
    assert.ok(named, `no receipt in ${receipt}`);
    assert.equal((await fetch(`${collector.url}/v1/receipts/${named}`)).status, 200);

    requests.onlyOrigins(collector.url);
    await requests.noCookies("/f/");
    assert.ok(requests.all.every(({ url }) => !url.pathname.endsWith(".js") && !url.pathname.endsWith(".wasm")));
    await context.close();
  });

  test("sending the page of thanks again by reload makes no second row", async () => {
    const { collector } = stage;
    const { page, context } = await stage.visit({ javaScriptEnabled: false });
    await page.goto(address("https://shop.example/"));
    const form = page.locator("body");
    await fill(form, { kind: "Idea", text: "Only once, please" });
    await page.waitForTimeout(2_100);
    await send(form);
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    const { items } = await fed(collector, "Only once, please");
    assert.equal(items.filter(({ text }) => text === "Only once, please").length, 1);
    await context.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe-core finds nothing on the form and on its thanks (${colorScheme}, 390 px)`, async () => {
      const { page, context } = await stage.visit({ colorScheme, viewport: { width: 390, height: 844 } });
      await page.goto(address("https://shop.example/"));
      await noViolations(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the form scrolls sideways");
      const form = page.locator("body");
      await fill(form, { kind: "Praise", text: `A calm form in ${colorScheme}` });
      await send(form);
      await page.getByRole("heading", { name: "Thank you" }).waitFor();
      await noViolations(page);
      await context.close();
    });
  }
});
