// The panel as projects set it up, on a bridge that the test holds: every field, language and state.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { noViolations } from "../support/axe.ts";
import { launch } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import { ROOT } from "../support/root.ts";
import { handed, mount, Stand, tell, type Given } from "../support/stand.ts";

/** Pictures for people to look at; none is compared. */
const PICTURES = process.env["HEARBACK_PICTURES"];

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

const EVERYTHING: Given = {
  form: {
    fields: [
      { name: "order", label: "Order number", type: "text", options: [], required: false, kinds: ["bug"] },
      { name: "size", label: "Which size?", type: "choice", options: ["Small", "Medium", "Large"], required: true, kinds: [] },
      { name: "used", label: "What did you use?", type: "choices", options: ["Search", "Cart", "Checkout"], required: false, kinds: [] },
      { name: "ease", label: "How easy was it?", type: "rating", options: [], required: true, kinds: [] },
    ],
    email: "required",
    consent_line: "You may store my answers to improve the shop.",
  },
  breadcrumbs: ["12 navigation /cart", "3 click button Pay", "1 request failed POST /pay 502"],
  props: { plan: "pro", seats: 3 },
};

describe("the panel on its own", () => {
  let browser: Browser;
  let stand: Stand;
  before(async () => {
    browser = await launch();
    stand = await Stand.start();
  });
  after(async () => {
    await browser?.close();
    await stand?.stop();
  });

  test("every kind of field is asked, missed where it must be answered, and sent", async () => {
    const { page, panel, errors, close } = await stand.open(browser, EVERYTHING, { viewport: { width: 1000, height: 1400 } });
    await picture(page, "all-fields");
    await panel.getByRole("button", { name: "Send feedback" }).click();
    assert.equal(await panel.getByRole("textbox").first().evaluate((text) => text.matches(":focus")), true);
    await panel.getByText("Please write a few words first.").waitFor();
    for (const missed of ["Please answer this question.", "Please choose a rating.", "Please tick this to go on."]) {
      await panel.getByText(missed).waitFor();
    }
    await noViolations(page);
    await picture(page, "problems");
    assert.deepEqual(await handed(page), []);

    await panel.getByLabel("What went wrong?").fill("The cart forgets my tea");
    await panel.getByLabel("Order number").fill("A-17");
    await panel.getByRole("radio", { name: "Medium" }).check();
    await panel.getByRole("checkbox", { name: "Checkout" }).check();
    await panel.getByRole("checkbox", { name: "Search" }).check();
    await panel.getByRole("radiogroup", { name: "How easy was it?" }).getByRole("radio", { name: "4 of 5" }).check();
    await panel.getByLabel(/E-mail/).fill("ada@example.org");
    await panel.getByLabel(/You may store/).check();
    await panel.getByRole("button", { name: "Send feedback" }).click();
    await eventually(async () => {
      const [{ item, omit }] = (await handed(page)) as [Awaited<ReturnType<typeof handed>>[0]];
      assert.deepEqual(item, {
        type: "feedback",
        kind: "bug",
        text: "The cart forgets my tea",
        answers: { order: "A-17", size: "Medium", used: "Search\nCheckout".replace("Cart\n", ""), ease: 4 },
        contact: { email: "ada@example.org" },
        breadcrumbs: EVERYTHING.breadcrumbs,
        props: EVERYTHING.props,
      });
      assert.deepEqual(omit, { omit: [] });
    });
    await tell(page, 0, "kept", "durable");
    await tell(page, 0, "accepted", "rcp_Zm9vYmFy");
    await panel.getByRole("heading", { name: "Thank you" }).waitFor();
    await panel.locator('a[href*="/r/rcp_Zm9vYmFy?lang="]').waitFor();
    await noViolations(page);
    await picture(page, "receipt");
    assert.deepEqual(errors, []);
    await close();
  });

  test("what is switched off does not go along, and the preview shows the rest without secrets", async () => {
    const { page, panel, errors, close } = await stand.open(browser, EVERYTHING, { viewport: { width: 1000, height: 1700 } });
    await panel.getByLabel("What went wrong?").fill("Mail bob@secret.example, token ghp_0123456789abcdefghijABCDEFGHIJ012345");
    await panel.getByText("What goes along").click();
    await panel.getByText("3 click button Pay").waitFor();
    await panel.getByRole("switch", { name: "Device" }).click();
    await panel.getByRole("switch", { name: "What happened before" }).click();
    await panel.getByText("What will be sent").click();
    const shown = panel.locator("dl");
    await shown.getByText("[email]").waitFor();
    const text = await shown.innerText();
    assert.match(text, /shop\.example\/cart/);
    assert.doesNotMatch(text, /bob@|ghp_|click button|1000/);
    await panel.getByLabel("What went wrong?").fill("Call +49 170 1234567");
    await shown.getByText("[phone]").waitFor();
    await noViolations(page);
    await picture(page, "preview");
    await panel.getByRole("radio", { name: "Small" }).check();
    await panel.getByRole("radiogroup", { name: "How easy was it?" }).getByRole("radio", { name: "1 of 5" }).check();
    await panel.getByLabel(/E-mail/).fill("ada@example.org");
    await panel.getByLabel(/You may store/).check();
    await panel.getByRole("button", { name: "Send feedback" }).click();
    await eventually(async () => {
      const [{ item, omit }] = (await handed(page)) as [Awaited<ReturnType<typeof handed>>[0]];
      assert.equal(item["text"], "Call [phone]");
      assert.equal(item["breadcrumbs"], undefined);
      assert.deepEqual(item["contact"], { email: "ada@example.org" });
      assert.deepEqual(omit, { omit: ["screen"] });
    });
    assert.deepEqual(errors, []);
    await close();
  });

  test("a draft survives a reload until it is sent", async () => {
    const { page, panel, close } = await stand.open(browser);
    await panel.getByRole("radio", { name: "Idea" }).check();
    await panel.getByRole("textbox").first().fill("More green tea");
    await eventually(async () => assert.match(await page.evaluate(() => sessionStorage.getItem("hearback draft") ?? ""), /green/));
    await page.reload();
    await mount(page, stand.url, {});
    assert.equal(await panel.getByRole("textbox").first().inputValue(), "More green tea");
    assert.equal(await panel.getByRole("radio", { name: "Idea" }).isChecked(), true);
    await panel.getByRole("button", { name: "Send feedback" }).click();
    await tell(page, 0, "accepted", "rcp_x");
    await eventually(async () => assert.equal(await page.evaluate(() => sessionStorage.getItem("hearback draft")), null));
    await close();
  });

  test("another can be sent while one waits", async () => {
    const { page, panel, close } = await stand.open(browser);
    await panel.getByRole("textbox").first().fill("One");
    await panel.getByRole("button", { name: "Send feedback" }).click();
    await tell(page, 0, "waiting", "offline");
    await panel.getByRole("heading", { name: "Not sent yet" }).waitFor();
    await noViolations(page);
    await picture(page, "waiting");
    await panel.getByRole("button", { name: "Send another" }).click();
    await panel.getByRole("textbox").first().fill("Two");
    await panel.getByRole("button", { name: "Send feedback" }).click();
    assert.deepEqual((await handed(page)).map(({ item }) => item["text"]), ["One", "Two"]);
    await tell(page, 0, "accepted", "rcp_1");
    assert.equal(await panel.getByRole("heading", { name: "Thank you" }).count(), 0);
    await tell(page, 1, "accepted", "rcp_2");
    await panel.locator('a[href*="/r/rcp_2?lang="]').waitFor();
    await close();
  });

  test("as a popover it leaves the page usable and closes by Escape", async () => {
    const { page, panel, close } = await stand.open(browser, { form: { style: "popover", rating: "emoji" } });
    await panel.getByRole("textbox").first().fill("It");
    await page.getByRole("button", { name: "Elsewhere" }).click();
    assert.equal(await panel.isVisible(), true);
    await noViolations(page);
    await picture(page, "popover");
    await panel.getByRole("button", { name: "Send feedback" }).click();
    await page.getByRole("button", { name: "Elsewhere" }).focus();
    await tell(page, 0, "accepted", "rcp_1");
    await panel.locator('a[href*="/r/rcp_1?lang="]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Elsewhere", "the focus stays where the visitor went");
    await panel.getByRole("button", { name: "Close" }).last().focus();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    await eventually(async () => assert.equal(await page.title(), "closed"));
    await close();
  });

  for (const lang of ["ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "zh"]) {
    test(`every word is there in ${lang}, and fits on a phone`, async () => {
      const words = JSON.parse(await readFile(join(ROOT, `widget/locales/${lang}.json`), "utf8")) as Record<string, string>;
      const { page, panel, close } = await stand.open(browser, { lang }, { viewport: { width: 390, height: 844 }, hasTouch: true });
      await panel.getByRole("heading", { name: words["title"]! }).waitFor();
      assert.equal(await panel.getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
      await panel.getByRole("textbox").first().fill("x".repeat(9_999));
      const one = new Intl.PluralRules(lang).select(1);
      const expected = (words["left"]!.split(`[${one}]`)[1] ?? words["left"]!.split("[other]")[1])!.split("[")[0]!;
      await panel.getByText(expected.replace("{n}", (1).toLocaleString(lang))).waitFor();
      await panel.getByRole("textbox").first().fill("");
      await panel.getByRole("button", { name: words["send"]! }).click();
      await panel.getByText(words["empty_text"]!).waitFor();
      await noViolations(page);
      assert.ok(await panel.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth), "it scrolls sideways");
      await picture(page, `phone-${lang}`);
      await close();
    });
  }

  test("in a language twice as long nothing is cut off and nothing stays English", async () => {
    const english = JSON.parse(await readFile(join(ROOT, "widget/locales/en.json"), "utf8")) as Record<string, string>;
    const long = (words: string) => words.replace(/(\{\w+\}|\[\w+\])|[a-z]/gi, (letter, kept) => kept ?? (ACCENTED[letter] ?? letter).repeat(/[aeiou]/i.test(letter) ? 2 : 1));
    const pseudo = Object.fromEntries(Object.entries(english).map(([name, words]) => [name, long(words)]));
    const { page, panel, close } = await stand.open(browser, { lang: "en-XA", strings: { "en-XA": pseudo } }, { viewport: { width: 320, height: 1200 } });
    await panel.getByText(pseudo["context"]!).click();
    await panel.getByText(pseudo["preview"]!).click();
    await picture(page, "pseudo");
    await panel.locator("dd").first().waitFor();
    const cut = await panel.evaluate((dialog) =>
      [...dialog.querySelectorAll("button, label, legend, p, summary, h2, span")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline" && !element.closest("[data-ask=stars]"))
        .map((element) => element.textContent),
    );
    assert.deepEqual(cut, []);
    const said = await panel.evaluate((dialog) => {
      const walk = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
      const texts: string[] = [];
      while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest("dd, details div p")) texts.push(walk.currentNode.textContent ?? "");
      return texts;
    });
    const plain = said.filter((text) => /[a-z]{3}/i.test(text) && !["kind", "env"].includes(text));
    assert.deepEqual(plain, [], "these escaped translation");
    await picture(page, "pseudo");
    await close();
  });

  test("a project's words take the place of ours", async () => {
    const { panel, close } = await stand.open(browser, {
      lang: "de-AT",
      strings: { de: { title: "Sag’s uns" }, "*": { kind_bug: "Bug", title: "Tell us" } },
    });
    await panel.getByRole("heading", { name: "Sag’s uns" }).waitFor();
    await panel.getByRole("radio", { name: "Bug" }).waitFor();
    await panel.getByRole("button", { name: "Feedback senden" }).waitFor();
    await close();
  });

  for (const [name, options] of [
    ["dark", { colorScheme: "dark" }],
    ["forced-colours", { forcedColors: "active" }],
    ["zoom-400", { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
  ] as const) {
    test(`it can be used in ${name}`, async () => {
      const { page, panel, close } = await stand.open(browser, { ...EVERYTHING, form: { ...EVERYTHING.form, rating: "numbers" } }, options);
      await noViolations(page);
      await panel.getByRole("radiogroup", { name: "Rating" }).getByRole("radio", { name: "4 of 5" }).check();
      await picture(page, name);
      assert.ok(await panel.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth), "it scrolls sideways");
      await close();
    });
  }
});

const ACCENTED: Record<string, string> = Object.fromEntries(
  [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((letter, at) => [
    letter,
    [..."áƀćđéƒǵĥíĵķĺḿńóṕɋŕśťúṽẃẋýźÁɃĆĐÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"][at]!,
  ]),
);
