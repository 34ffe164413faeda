// Pictures of the page and of the screen: what is in them, and what never is.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launch } from "../support/chromium.ts";
import { eventually } from "../support/eventually.ts";
import type { HostOptions } from "../support/host.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { launcher, open, send, widget } from "../support/panel.ts";
import { accent, annotator, arrived, blue, button, canvas, capture, draw, lime, note, panel, pink, pixels, say, use } from "../support/pictures.ts";

const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; img-src 'self'";

describe("pictures", () => {
  const stage = Stage.set();

  async function visit(options: HostOptions = {}, prepare?: (page: Page) => Promise<unknown>): Promise<Visit> {
    const host = await stage.host(options);
    const visit = await stage.visit({ viewport: { width: 900, height: 700 } });
    await visit.page.addInitScript(() =>
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => console.error("policy", violatedDirective, blockedURI)),
    );
    visit.page.on("console", (said) => said.type() === "error" && visit.errors.push(said.text()));
    await prepare?.(visit.page);
    await visit.page.goto(`${host.url}/masked.html`);
    await launcher(visit.page).waitFor();
    return visit;
  }

  test("the page as it is seen, but without passwords, fields, what can be edited and what is masked", async () => {
    const { page, context, errors, requests } = await visit();
    const seen = await pixels(stage.browser, await page.screenshot());
    assert.ok(seen.count(pink) > 1_000, "there is something to hide");
    await open(page);
    await capture(page);
    await use(page);
    assert.equal(requests.to("/v1/attachments").length, 0, "nothing leaves before it is sent");
    await say(page, "All that can be seen");
    const { pictures } = await arrived(stage.collector, stage.browser, "All that can be seen");
    const [picture] = pictures;
    assert.deepEqual([pictures.length, picture?.width, picture?.height], [1, 900, 700]);
    assert.equal(picture!.count(pink), 0, "a secret is in the picture");
    assert.equal(picture!.count(accent), 0, "our widget is in the picture");
    // What may be seen is there, letter by letter.
    assert.ok(Math.abs(picture!.count(blue) / seen.count(blue) - 1) < 0.1, `${picture!.count(blue)} of ${seen.count(blue)}`);
    assert.ok(Math.abs(picture!.count(lime) / seen.count(lime) - 1) < 0.1);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("where the visitor has scrolled, with what sticks and what stays", async () => {
    const { page, context } = await visit();
    await page.evaluate(() => scrollTo(0, 200));
    const seen = await pixels(stage.browser, await page.screenshot());
    await open(page);
    await capture(page);
    await use(page);
    await say(page, "Further down");
    const { pictures } = await arrived(stage.collector, stage.browser, "Further down");
    const [picture] = pictures;
    assert.equal(picture!.count(pink), 0);
    // The line, and the word above it.
    for (let y = 0; y < 44; y += 1)
      for (let x = 16; x < 60; x += 3) assert.deepEqual(blue(...picture!.at(x / 900, (y + 0.5) / 700)), blue(...seen.at(x / 900, (y + 0.5) / 700)), `${x}, ${y}`);
    assert.ok(lime(...picture!.at(22 / 900, 695 / 700)), "what stays at the bottom is not there");
    await context.close();
  });

  test("a long page, in its middle, with something from a box that is out of view itself", async () => {
    const { page, context } = await visit();
    await page.evaluate(() => {
      const main = document.querySelector("main")!;
      for (let row = 0; row < 3_000; row += 1) main.append(Object.assign(document.createElement("p"), { className: "seen", innerHTML: `Row <b>${row}</b> <i>of many</i>` }));
      const held = Object.assign(document.createElement("p"), { className: "stays seen", textContent: "Held", style: "left:200px" });
      main.append(Object.assign(document.createElement("div"), { id: "portal" }));
      document.querySelector("#portal")!.append(held);
      scrollTo(0, document.documentElement.scrollHeight / 2);
    });
    const seen = await pixels(stage.browser, await page.screenshot());
    await open(page);
    await capture(page);
    await use(page);
    await say(page, "In the middle");
    const { pictures } = await arrived(stage.collector, stage.browser, "In the middle");
    assert.ok(Math.abs(pictures[0]!.count(blue) / seen.count(blue) - 1) < 0.1, `${pictures[0]!.count(blue)} of ${seen.count(blue)}`);
    assert.ok(Math.abs(pictures[0]!.count(lime) / seen.count(lime) - 1) < 0.1);
    for (const y of [100, 212, 333, 480])
      for (let x = 16; x < 120; x += 4) assert.deepEqual(blue(...pictures[0]!.at(x / 900, y / 700)), blue(...seen.at(x / 900, y / 700)), `${x}, ${y}`);
    await context.close();
  });

  test("what secrets lie outside of what is masked is in the picture: the covers are what hides them", async () => {
    const { page, context } = await visit();
    await page.evaluate(() => document.querySelector("h1")!.classList.add("secret"));
    await open(page);
    await capture(page);
    await use(page);
    await say(page, "A bare secret");
    const { pictures } = await arrived(stage.collector, stage.browser, "A bare secret");
    assert.ok(pictures[0]!.count(pink) > 500);
    await context.close();
  });

  test("the page is as it was afterwards", async () => {
    const { page, context } = await visit();
    const look = () => page.evaluate(() => document.body.outerHTML);
    const before = await look();
    await page.evaluate(() => {
      const changes: string[] = [];
      Object.assign(window, { changes });
      new MutationObserver((all) => all.forEach(({ type, target }) => changes.push(`${type} ${target.nodeName}`))).observe(document.body, {
        attributes: true, childList: true, subtree: true,
      });
    });
    await open(page);
    await capture(page);
    await use(page);
    assert.equal(await look(), before);
    assert.deepEqual(await page.evaluate(() => (window as unknown as { changes: string[] }).changes), []);
    await context.close();
  });

  test("under a strict policy with Trusted Types, which lets `data:` pictures be", async () => {
    const { page, context, errors } = await visit({ csp: `${STRICT} data:`, firstParty: true });
    await open(page);
    await capture(page);
    await draw(page, "Cover", [0.1, 0.1], [0.3, 0.3]);
    await use(page);
    await say(page, "Behind a policy");
    const { pictures } = await arrived(stage.collector, stage.browser, "Behind a policy");
    assert.equal(pictures[0]!.count(pink), 0);
    assert.ok(pictures[0]!.count(blue) > 500, "the page is in the picture");
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("where `data:` pictures are forbidden the visitor is told, and can add one of their own", async () => {
    const { page, context } = await visit({ csp: STRICT, firstParty: true });
    const file = await page.screenshot();
    await open(page);
    await button(page, "Capture this page").click();
    await note(page).filter({ hasText: "That did not work. You can add a picture of your own" }).waitFor();
    await panel(page).getByLabel("Add a picture").setInputFiles({ name: "mine.png", mimeType: "image/png", buffer: file });
    await canvas(page).waitFor();
    await use(page);
    await say(page, "My own picture");
    const { pictures } = await arrived(stage.collector, stage.browser, "My own picture");
    assert.deepEqual([pictures.length, pictures[0]?.width, pictures[0]?.height], [1, 900, 700]);
    await context.close();
  });

  test("without rasteriser and annotator a file goes along as it is", async () => {
    const { page, context } = await visit({}, (page) => page.route(/\/hb\/(raster|annotate)\./, (route) => route.abort()));
    const file = await page.screenshot();
    await open(page);
    await button(page, "Capture this page").click();
    await note(page).filter({ hasText: "That did not work" }).waitFor();
    await panel(page).getByLabel("Add a picture").setInputFiles({ name: "mine.png", mimeType: "image/png", buffer: file });
    await note(page).filter({ hasText: "Picture 1 was added." }).waitFor();
    await say(page, "As it is");
    const { pictures } = await arrived(stage.collector, stage.browser, "As it is");
    assert.equal(pictures[0]?.width, 900);
    await context.close();
  });

  test("a file that is no picture is refused, and nothing is lost", async () => {
    const { page, context } = await visit();
    await open(page);
    await panel(page).getByRole("textbox").first().fill("Still here");
    await panel(page).getByLabel("Add a picture").setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await note(page).filter({ hasText: "That did not work" }).waitFor();
    assert.equal(await panel(page).getByRole("textbox").first().inputValue(), "Still here");
    await context.close();
  });

  test("a page that is too slow to be captured is given up after ten seconds", async () => {
    const { page, context } = await visit();
    await open(page);
    // A picture that never comes is waited for, but not for long.
    await page.clock.install();
    await page.route("**/never.png", () => {});
    await page.evaluate(() => {
      document.querySelector("main")!.prepend(...Array.from({ length: 4 }, () => Object.assign(new Image(), { src: "/never.png" })));
      Object.defineProperty(HTMLImageElement.prototype, "decode", { value: () => new Promise(() => {}) });
    });
    await button(page, "Capture this page").click();
    await note(page).filter({ hasText: "The picture is being taken" }).waitFor();
    await page.clock.runFor(11_000);
    await note(page).filter({ hasText: "That did not work" }).waitFor();
    await context.close();
  });

  test("a picture that cannot be uploaded keeps the words, and can be taken out", async () => {
    const { page, context } = await visit();
    await page.route("**/v1/attachments*", (route) => route.abort());
    await open(page);
    await capture(page);
    await use(page);
    const text = panel(page).getByRole("textbox").first();
    await text.fill("Without a picture then");
    await send(panel(page));
    await panel(page).getByText("The picture could not be uploaded.").waitFor();
    assert.equal(await text.inputValue(), "Without a picture then");
    await button(page, "Remove: Picture 1").click();
    await say(page, "Without a picture then");
    const { row } = await arrived(stage.collector, stage.browser, "Without a picture then");
    assert.deepEqual(row.attachments ?? [], []);
    await context.close();
  });

  test("five pictures are the most, the preview names them, and after sending there are none", async () => {
    const { page, context } = await visit();
    const file = { name: "mine.png", mimeType: "image/png", buffer: await page.screenshot() };
    await open(page);
    for (let which = 1; which <= 6; which += 1) {
      await panel(page).getByLabel("Add a picture").setInputFiles(file);
      if (which === 6) break;
      await canvas(page).waitFor();
      await use(page);
      await panel(page).getByText(`Picture ${which}`, { exact: true }).waitFor();
    }
    await note(page).filter({ hasText: "There is no room for more pictures." }).waitFor();
    await panel(page).getByText("What will be sent").click();
    await panel(page).locator("dd").filter({ hasText: "Picture 1\nPicture 2" }).or(panel(page).getByText(/Picture 4\s+Picture 5/)).first().waitFor();
    await say(page, "A whole album");
    assert.equal((await arrived(stage.collector, stage.browser, "A whole album")).pictures.length, 5);
    await panel(page).getByRole("button", { name: "Send another" }).click();
    await panel(page).getByLabel("Add a picture").waitFor();
    assert.equal(await panel(page).getByText("Picture 1", { exact: true }).count(), 0);
    await context.close();
  });

  test("a page inside a frame captures what is in the frame", async () => {
    const host = await stage.host();
    const { page, context } = await stage.visit({ viewport: { width: 1000, height: 900 } });
    await page.goto(`${host.url}/site.html`);
    await page.evaluate(() => {
      document.body.replaceChildren(Object.assign(document.createElement("iframe"), { src: "/masked.html", width: "800", height: "760" }));
    });
    const frame = page.frameLocator("iframe");
    const inner = frame.locator("hearback-widget");
    await inner.getByRole("button", { name: /feedback/i }).first().click();
    await inner.getByRole("button", { name: "Capture this page" }).click();
    await inner.getByRole("button", { name: "Use this picture" }).click();
    await inner.getByRole("textbox").first().fill("From within a frame");
    await inner.getByRole("button", { name: "Send feedback" }).click();
    await inner.getByRole("heading", { name: "Thank you" }).waitFor();
    const { pictures } = await arrived(stage.collector, stage.browser, "From within a frame");
    assert.deepEqual([pictures[0]?.width, pictures[0]?.height, pictures[0]?.count(pink)], [800, 760, 0]);
    await context.close();
  });

  test("with `form.screenshot` off nothing of it is there", async () => {
    const { page, context } = await visit({}, (page) =>
      page.route("**/v1/config/*", async (route) => {
        const answer = await route.fetch();
        const config = (await answer.json()) as { form: { screenshot: boolean } };
        config.form.screenshot = false;
        await route.fulfill({ response: answer, json: config });
      }),
    );
    await open(page);
    assert.equal(await button(page, "Capture this page").count(), 0);
    assert.equal(await panel(page).getByLabel("Add a picture").isVisible(), false);
    await context.close();
  });
});

describe("pictures of the screen", () => {
  const stage = Stage.set();
  let sharing: Browser;
  before(async () => {
    // The browser's own question is answered for the visitor.
    sharing = await launch(["--auto-accept-this-tab-capture"]);
  });
  after(() => sharing?.close());

  test("what is masked is covered on the page before the browser takes it, and no longer afterwards", async () => {
    const host = await stage.host();
    const context = await sharing.newContext({ viewport: { width: 900, height: 700 } });
    const page = await context.newPage();
    await page.goto(`${host.url}/masked.html`);
    await launcher(page).waitFor();
    await page.evaluate(() => scrollTo(0, 40));
    await open(page);
    // Something that is put into the page in between is covered as well.
    await page.evaluate(() => {
      const take = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getDisplayMedia = async (wanted) => {
        const stream = await take(wanted);
        document.querySelector("main")!.prepend(Object.assign(document.createElement("input"), { className: "secret", value: "SECRET-LATE" }));
        return stream;
      };
    });
    await capture(page, "Capture the screen");
    assert.equal(await widget(page).locator("[popover]").count(), 0, "the covers are still there");
    await use(page);
    assert.ok(await launcher(page).isVisible());
    await say(page, "The screen itself");
    const { pictures } = await arrived(stage.collector, stage.browser, "The screen itself");
    assert.equal(pictures[0]!.count(pink), 0, "a secret is in the picture");
    assert.equal(pictures[0]!.count(accent), 0, "our widget is in the picture");
    assert.ok(pictures[0]!.count(blue) > 500, "the page is in the picture");
    assert.ok((await pixels(stage.browser, await page.screenshot())).count(pink) > 1_000, "the page is as it was");
    await context.close();
  });

  test("it is offered only where there is such a thing, and a refusal is no dead end", async () => {
    const host = await stage.host();
    const without = await stage.visit();
    await without.page.addInitScript(() => Object.defineProperty(MediaDevices.prototype, "getDisplayMedia", { value: undefined }));
    await without.page.goto(`${host.url}/masked.html`);
    await open(without.page);
    assert.ok(await button(without.page, "Capture this page").isVisible());
    assert.equal(await button(without.page, "Capture the screen").count(), 0);
    await without.context.close();

    const refused = await stage.visit();
    await refused.page.addInitScript(() => {
      MediaDevices.prototype.getDisplayMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    });
    await refused.page.goto(`${host.url}/masked.html`);
    await open(refused.page);
    await button(refused.page, "Capture the screen").click();
    await note(refused.page).filter({ hasText: "You can add a picture of your own" }).waitFor();
    await eventually(async () => assert.ok(await panel(refused.page).isVisible()));
    assert.equal(await annotator(refused.page).count(), 0);
    await refused.context.close();
  });
});
