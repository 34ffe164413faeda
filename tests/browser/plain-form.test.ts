// The plain form works where nothing else does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { fed } from "../support/api.ts";
import { noViolations } from "../support/axe.ts";
import { eventually } from "../support/eventually.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { fill, send } from "../support/panel.ts";
import { configure } from "../support/settings.ts";

const NO_SCRIPT = { javaScriptEnabled: false };
/** A form that comes back sooner than a person can write is held back (`FORM_MS`). */
const WRITING_MS = 2_100;
/** What each language calls the form. */
const TITLES = {
  ar: "رأيك يهمنا", de: "Ihr Feedback", en: "Your feedback", es: "Tu opinión", fr: "Votre avis", it: "Il tuo parere",
  ja: "ご意見・ご感想", nl: "Je feedback", pl: "Twoja opinia", pt: "A sua opinião", ru: "Ваш отзыв", zh: "您的反馈",
};
/** A question of each type, one of them for one kind alone. */
const FORM = {
  rating: "emoji",
  email: "required",
  consent_line: "You may write to me about this.",
  fields: [
    { name: "order", label: "Which order?", type: "text", required: true, kinds: ["bug"] },
    { name: "size", label: "Which size?", type: "choice", options: ["Small", "Large"] },
    { name: "used", label: "What did you use?", type: "choices", options: ["Search", "Cart", "Checkout"], required: true },
    { name: "ease", label: "How easy was it?", type: "rating", required: true },
  ],
};
/** The smallest PNG. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

describe("the plain form", () => {
  const stage = Stage.set();

  const address = (query = "") => `${stage.collector.url}/f/${stage.collector.key}${query}`;
  const about = (page: string) => address(`?url=${encodeURIComponent(page)}`);

  /** A visitor at the form. */
  const at = async (url: string, options: BrowserContextOptions = NO_SCRIPT): Promise<Visit> => {
    const visit = await stage.visit(options);
    await visit.page.goto(url);
    return visit;
  };
  const thanked = (page: Page) => page.locator("#receipt").waitFor();

  test("without JavaScript it delivers, and keeps what was typed when something is missing", async () => {
    const { collector, sink } = stage;
    const { page, context, requests } = await at(about("https://shop.example/cart?session=secret-session"));
    const form = page.locator("body");
    await fill(form, { kind: "Problem", text: "   ", rating: 4, email: "nojs@example.org" });
    await send(form);
    await page.getByRole("alert").getByText("Not sent yet").waitFor();
    await page.getByText("Please write a few words first.").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "What went wrong?" }).getAttribute("aria-invalid"), "true");
    assert.equal(await page.getByLabel(/e-?mail/i).inputValue(), "nojs@example.org");
    assert.ok(await page.getByRole("radio", { name: /^4/ }).isChecked(), "the rating was forgotten");
    await page.getByRole("textbox").first().fill("The form sent without a script");
    await page.waitForTimeout(WRITING_MS);
    await send(form);
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    const link = page.getByRole("link", { name: "See what became of it" });
    const receipt = /rcp_[\w.-]+/.exec((await link.getAttribute("href")) ?? "")?.[0];

    const { items, total } = await fed(collector, "The form sent without a script");
    assert.equal(total, 1);
    const [row] = items;
    assert.deepEqual([row?.kind, row?.text, row?.rating, row?.email], ["bug", "The form sent without a script", 4, "nojs@example.org"]);
    assert.equal(row?.url, "https://shop.example/cart");
    await eventually(() => assert.deepEqual(sink.feedback().map(({ id }) => id), [row?.id]));
    assert.equal((await fetch(`${collector.url}/v1/receipts/${receipt}`)).status, 200);

    requests.onlyOrigins(collector.url);
    await requests.noCookies("/f/");
    assert.ok(requests.all.every(({ url }) => !url.pathname.endsWith(".js") && !url.pathname.endsWith(".wasm")));
    await context.close();
  });

  test("sending the page of thanks again by reload makes no second row", async () => {
    const { collector } = stage;
    const { page, context } = await at(about("https://shop.example/"));
    const form = page.locator("body");
    await fill(form, { kind: "Idea", text: "Only once, please" });
    await page.waitForTimeout(WRITING_MS);
    await send(form);
    await thanked(page);
    await page.reload();
    await thanked(page);
    const { items } = await fed(collector, "Only once, please");
    assert.equal(items.filter(({ text }) => text === "Only once, please").length, 1);
    await context.close();
  });

  test("a link in an e-mail fills it in, and sends nothing by being followed", async () => {
    const { page, context, requests } = await at(address("?kind=praise&text=So%20quick&lang=de&consent=yes"));
    await page.getByRole("heading", { name: TITLES.de }).waitFor();
    assert.ok(await page.getByRole("radio", { name: "Lob" }).isChecked());
    assert.equal(await page.getByRole("textbox", { name: "Was gefällt Ihnen?" }).inputValue(), "So quick");
    assert.ok(requests.all.every(({ method }) => method === "GET"));
    await context.close();
  });

  test("every question of the project's arrives, a picture too, and what is for another kind is not seen", async () => {
    const { collector } = stage;
    await configure(collector, { widget: { form: FORM } }, address(), "Which order?");
    const { page, context } = await at(address());
    const form = page.locator("body");
    const order = page.getByRole("textbox", { name: "Which order?" });
    await order.waitFor();
    await page.getByRole("radio", { name: "Idea" }).check();
    await order.waitFor({ state: "hidden" });
    await page.getByRole("textbox", { name: "What would make it better?" }).fill("A basket that remembers");
    await page.getByLabel("Picture").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
    await page.getByRole("radio", { name: "Large" }).check();
    await page.getByRole("group", { name: "How easy" }).getByRole("radio", { name: /^4/ }).check();
    await page.getByLabel(/e-?mail/i).fill("ada@example.org");
    await page.getByRole("checkbox", { name: /You may write/ }).check();
    await send(form);

    const alert = page.getByRole("alert");
    await alert.waitFor();
    await page.getByRole("group", { name: "What did you use?" }).getByText("Please answer this question.").waitFor();
    await page.getByText("Please choose a PNG, JPEG or WebP picture.").waitFor();
    assert.ok(await page.getByRole("radio", { name: "Large" }).isChecked());
    await page.getByLabel("Picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PIXEL });
    await send(form);

    await page.getByText("Your picture is kept.").waitFor();
    await page.getByRole("checkbox", { name: "Search" }).check();
    await page.getByRole("checkbox", { name: "Checkout" }).check();
    await page.waitForTimeout(WRITING_MS);
    await send(form);
    await thanked(page);
    const { items } = await fed(collector, "A basket that remembers");
    const row = items.find(({ text }) => text === "A basket that remembers") as unknown as Record<string, unknown>;
    assert.deepEqual(row["answers"], { size: "Large", used: "Search\nCheckout", ease: 4 });
    assert.equal(row["email"], "ada@example.org");
    const names = row["attachments"] as string[];
    assert.equal(names.length, 1);
    const picture = await fetch(`${collector.url}/api/v1/attachments/${names[0]}`, { headers: { authorization: `Bearer ${collector.token}` } });
    assert.deepEqual([picture.status, picture.headers.get("content-type")], [200, "image/png"]);
    await context.close();
    await configure(collector, {}, address(), undefined, "Which order?");
  });

  test("it is filled in and sent by the keyboard alone", async () => {
    const { page, context } = await at(address());
    const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    await press("Tab", "ArrowRight", "Tab");
    await page.keyboard.type("Typed with no mouse");
    await press("Tab", "ArrowRight", "ArrowRight");
    assert.ok(await page.getByRole("radio", { name: /^2/ }).isChecked());
    await press("Tab", "Tab", "Tab");
    assert.equal(await page.locator("button:focus").textContent(), "Send feedback");
    await page.waitForTimeout(WRITING_MS);
    await press("Enter");
    await thanked(page);
    const { items } = await fed(stage.collector, "Typed with no mouse");
    const row = items.find(({ text }) => text === "Typed with no mouse");
    assert.deepEqual([row?.kind, row?.rating], ["idea", 2]);
    await context.close();
  });

  for (const [lang, title] of Object.entries(TITLES)) {
    test(`it speaks ${lang}`, async () => {
      const { page, context } = await at(address(`?lang=${lang}`), { ...NO_SCRIPT, viewport: { width: 390, height: 844 } });
      await page.getByRole("heading", { name: title, exact: true }).waitFor();
      const html = page.locator("html");
      assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], [lang, lang === "ar" ? "rtl" : "ltr"]);
      await context.close();
      // The browser's language, where the address names none.
      const answer = await fetch(address(), { headers: { "accept-language": `tlh,${lang};q=0.9,en;q=0.1` } });
      assert.ok((await answer.text()).includes(`<h1>${title}</h1>`));
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe-core finds nothing on the form, its complaints, its thanks and what became of it (${colorScheme}, 390 px)`, async () => {
      const { page, context } = await at(about("https://shop.example/"), { colorScheme, viewport: { width: 390, height: 844 } });
      const narrow = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      await noViolations(page);
      assert.ok(await narrow(), "the form scrolls sideways");
      const form = page.locator("body");
      await fill(form, { kind: "Problem", text: "  " });
      await send(form);
      await page.getByRole("alert").waitFor();
      await noViolations(page);
      await fill(form, { kind: "Praise", text: `A calm form in ${colorScheme}` });
      await send(form);
      await thanked(page);
      await noViolations(page);
      const [fate] = await Promise.all([context.waitForEvent("page"), page.locator("#receipt").click()]);
      await fate.getByText("It has arrived").waitFor();
      await noViolations(fate);
      await context.close();
    });
  }

  test("what became of it is a page in the visitor's language, with which they delete what they sent", async () => {
    const { collector } = stage;
    const { page, context } = await at(address("?lang=fr"));
    await page.getByRole("textbox").first().fill("Rien ne reste");
    await page.waitForTimeout(WRITING_MS);
    await page.getByRole("button", { name: "Envoyer mon avis" }).click();
    await thanked(page);
    await fed(collector, "Rien ne reste");
    const href = await page.locator("#receipt").getAttribute("href");
    await page.goto(`${collector.url}${href}`);
    await page.getByRole("heading", { name: "Ce que votre avis est devenu" }).waitFor();
    await page.getByText(/ 20\d\d .* UTC/).waitFor();
    const answer = await page.reload();
    const headers = answer!.headers();
    assert.deepEqual([headers["cache-control"], headers["referrer-policy"], headers["x-robots-tag"]], ["no-store", "no-referrer", "noindex"]);

    await page.getByText("Supprimer ce que vous avez envoyé").click();
    await page.getByRole("button", { name: "Supprimer définitivement" }).click();
    await page.getByRole("heading", { name: "Supprimé" }).waitFor();
    const left = await fetch(`${collector.url}/api/v1/feedback?limit=50`, { headers: { authorization: `Bearer ${collector.token}` } });
    assert.ok(!(await left.text()).includes("Rien ne reste"));
    await page.goto(`${collector.url}${href}`);
    await page.getByRole("heading", { name: "Rien n’est conservé ici" }).waitFor();
    await context.close();
  });

  test("a receipt that is none has a kind page, too", async () => {
    for (const path of ["/r/rcp_demo_a.AAAA", "/r/x"]) {
      const answer = await fetch(stage.collector.url + path, { headers: { "accept-language": "nl" } });
      assert.equal(answer.status, 404);
      assert.match(await answer.text(), /Hier is niets bewaard/);
      assert.equal((await fetch(`${stage.collector.url}${path}/delete`, { method: "POST" })).status, 404);
    }
  });
});
