// Journey 5: a page whose policy forbids WASM still hears its visitors.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fed } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { dialog, fill, launcher, open, send, thanks, widget } from "../support/panel.ts";

describe("a strict content security policy", () => {
  const stage = Stage.set();

  test("with script-src 'self' and without 'wasm-unsafe-eval' the plain form delivers", async () => {
    const { collector, sink } = stage;
    const host = await stage.host({ csp: "default-src 'self'; script-src 'self'; img-src 'self' data:", firstParty: true });
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/strict.html?visit=secret-visit`);
    await launcher(page).waitFor();
    requests.noPanel();
    await launcher(page).click();

    const form = widget(page).frameLocator("iframe");
    await fill(form, { kind: "Question", text: "Do you ship to Jan Mayen?", email: "skipper@example.org" });
    // A form that comes back sooner than a person can write is held back (`FORM_MS`).
    await page.waitForTimeout(2_100);
    await send(form);
    await form.getByRole("heading", { name: "Thank you" }).waitFor();
    assert.match((await form.locator("#receipt").getAttribute("href")) ?? "", /^\/r\/rcp_/);

    const { items, total } = await fed(collector, "Do you ship to Jan Mayen?");
    assert.equal(total, 1);
    assert.deepEqual([items[0]?.kind, items[0]?.text], ["question", "Do you ship to Jan Mayen?"]);
    assert.equal(items[0]?.url, `${host.url}/strict.html`);
    await eventually(() => assert.deepEqual(sink.feedback().map(({ id }) => id), [items[0]?.id]));

    requests.onlyOrigins(host.url);
    await requests.noCookies("/v1/", "/f/", "/hb/");
    assert.deepEqual(requests.posts().flatMap(({ items }) => items.filter(({ type }) => type === "feedback")), [], "the form posts by itself");
    assert.ok(!requests.to("/f/").some(({ url }) => url.href.includes("secret-visit")), "the page's query is in the form's address");
    assert.deepEqual(errors, []);
    assert.equal(await page.title(), "A host page with a strict policy", "the host page was left");
    await context.close();
  });

  test("with Trusted Types and 'wasm-unsafe-eval' the panel itself works", async () => {
    const { collector } = stage;
    const csp = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; require-trusted-types-for 'script'";
    const host = await stage.host({ csp, firstParty: true });
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/strict.html`);
    const panel = await open(page);
    await fill(panel, { kind: "Praise", text: "Works behind our policy" });
    await send(panel);
    await thanks(panel).waitFor();
    const { items } = await fed(collector, "Works behind our policy");
    assert.equal(items.filter(({ text }) => text === "Works behind our policy").length, 1);
    assert.deepEqual(requests.to("/f/"), [], "the plain form was loaded where the panel works");
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("a page that cannot reach the panel's files gets the plain form in its place", async () => {
    const { collector } = stage;
    const host = await stage.host();
    const { page, context, requests } = await stage.visit();
    await page.route("**/hb/panel.*", (route) => route.abort());
    await page.goto(`${host.url}/site.html`);
    await launcher(page).click();
    await widget(page).frameLocator("iframe").getByRole("textbox").first().waitFor();
    await dialog(page).getByRole("button", { name: /close/i }).click();
    await dialog(page).waitFor({ state: "hidden" });
    assert.equal(await launcher(page).evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button), true);
    requests.onlyOrigins(collector.url, host.url);
    await context.close();
  });

  test("a page that can reach nothing but the script itself gets the plain form in a tab of its own", async () => {
    const { collector } = stage;
    const host = await stage.host();
    const { page, context, requests } = await stage.visit();
    await page.route("**/hb/**", (route) => route.abort());
    await page.goto(`${host.url}/site.html`);
    const opened = context.waitForEvent("page");
    await launcher(page).click();
    const form = await opened;
    await form.getByRole("textbox").first().waitFor();
    assert.equal(new URL(form.url()).searchParams.get("url"), `${host.url}/site.html`);
    requests.onlyOrigins(collector.url, host.url);
    await context.close();
  });
});
