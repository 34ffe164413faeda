// What was built is what runs: the loader by the digest in the page's tag, Rust by the digest in who fetches it, and
// scripts in between by an import map. Each is changed on its way by a byte that would do no harm.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { fed } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { Stage, type Visit } from "../support/journey.ts";
import { fill, launcher, open, send, thanks, widget } from "../support/panel.ts";
import { ROOT } from "../support/root.ts";

const XTASK = process.env["HEARBACK_XTASK"] ?? join(ROOT, "target/debug/xtask");

/** A custom section named `x`: it means nothing, and engines take a module with it as they took it without. */
const SECTION = Buffer.from([0, 2, 1, 0x78]);

/** Lets what lies at such an address arrive with something at its end. */
const changed = (page: Page, address: RegExp, end: Buffer): Promise<unknown> =>
  page.route(address, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: Buffer.concat([await answer.body(), end]) });
  });

describe("integrity", () => {
  const stage = Stage.set();

  const printed = async (...options: string[]): Promise<string> => {
    const { collector } = stage;
    const args = ["integrity", "--collector", collector.url, "--key", collector.key, ...options];
    return (await promisify(execFile)(XTASK, args, { cwd: ROOT })).stdout.replace("<script async", '<script async data-debug="off"');
  };

  /** A visitor of a page with this tag; `prepare` comes first. */
  const visit = async (tag: string, prepare?: (page: Page) => Promise<unknown>): Promise<Visit & { complaints: string[] }> => {
    const host = await stage.host({ tag });
    const visit = await stage.visit();
    const complaints: string[] = [];
    visit.page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await prepare?.(visit.page);
    await visit.page.goto(`${host.url}/pinned.html`);
    return { ...visit, complaints };
  };

  test("the printed tag loads the loader for good under its hash, and finds everything from there", async () => {
    const tag = await printed();
    const { page, context, requests, errors, complaints } = await visit(tag);
    const panel = await open(page);
    await fill(panel, { kind: "Praise", text: "Pinned" });
    await send(panel);
    await thanks(panel).waitFor();
    const { items } = await fed(stage.collector, "Pinned");
    assert.equal(items.filter(({ text }) => text === "Pinned").length, 1);
    assert.deepEqual(requests.to("/hearback.js"), []);
    const [loader] = requests.to("/hb/hearback.");
    const answer = await fetch(loader!.url);
    assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
    assert.deepEqual([errors, complaints], [[], []]);
    await context.close();
  });

  test("a loader of another digest is refused", async () => {
    const tag = await printed();
    const { page, context, requests, complaints } = await visit(tag, (page) => changed(page, /\/hb\/hearback\./, Buffer.from("//")));
    await eventually(() => assert.match(complaints.join(), /integrity/));
    assert.equal(await page.evaluate(() => typeof window.hearback), "undefined");
    assert.equal(await widget(page).count(), 0);
    assert.deepEqual(requests.to("/v1/"), []);
    await context.close();
  });

  test("a panel that was changed on its way is not compiled: the plain form comes in its place", async () => {
    const { page, context, complaints } = await visit(await printed(), (page) => changed(page, /\/hb\/panel\.\w+\.wasm$/, SECTION));
    await launcher(page).click();
    await widget(page).frameLocator("iframe").getByRole("textbox").first().waitFor();
    assert.match(complaints.join(), /digest.*panel\.\w+\.wasm/);
    await context.close();
  });

  test("the same change does no harm where nobody looks", async () => {
    const bytes = Buffer.concat([Buffer.from("\0asm\x01\0\0\0", "latin1"), SECTION]);
    assert.ok(await WebAssembly.compile(bytes));
  });

  test("a preview that was changed on its way is not run: the form says that there is none", async () => {
    const { page, context, complaints } = await visit(await printed(), (page) => changed(page, /\/hb\/preview\.\w+\.wasm$/, SECTION));
    const panel = await open(page);
    await fill(panel, { kind: "Idea", text: "Show me" });
    await panel.getByText("What will be sent").click();
    await panel.getByText("The preview could not be loaded").waitFor();
    assert.match(complaints.join(), /digest.*preview\.\w+\.wasm/);
    await context.close();
  });

  test("with --parts the scripts in between are held to their digests, too", async () => {
    const tag = await printed("--parts");
    const whole = await visit(tag);
    await open(whole.page);
    assert.deepEqual(whole.complaints, []);
    await whole.context.close();

    const { page, context, complaints } = await visit(tag, (page) => changed(page, /\/hb\/panel\.\w+\.js$/, Buffer.from("//")));
    await launcher(page).click();
    await widget(page).frameLocator("iframe").getByRole("textbox").first().waitFor();
    assert.match(complaints.join(), /digest.*panel\.\w+\.js/);
    await context.close();
  });
});
