// Pages that forbid, frame or lack what others have. One test a page of `tests/host-pages`.
import assert from "node:assert/strict";
import { describe } from "node:test";
import type { FrameLocator } from "playwright-core";
import { fill, send } from "../support/panel.ts";
import { Pages, type Visit } from "../support/hostile.ts";

/** Below this a plain form was not filled in by a person; see `FORM_MS`. */
const PERSON_MS = 2_100;

/** Says something in the plain form, in a frame or a tab of its own. */
async function saysPlainly(visit: Visit, form: FrameLocator, text: string): Promise<void> {
  await fill(form, { kind: "Idea", text });
  await visit.page.waitForTimeout(PERSON_MS);
  await send(form);
  await form.getByRole("heading", { name: "Thank you" }).waitFor();
  await visit.arrivedOnce(text);
}

/** The same in a page's frame as elsewhere on a page. */
async function speaksInFrame(visit: Visit, text: string): Promise<void> {
  const frame = visit.page.frameLocator("iframe");
  const widget = frame.locator("hearback-widget");
  await widget.getByRole("button", { name: /feedback/i }).first().click();
  const form = widget.getByRole("dialog");
  await form.getByRole("textbox").first().waitFor();
  await visit.says(text, form);
}

describe("pages that forbid", () => {
  const pages = Pages.set();

  pages.test("policy-self", "feedback arrives once, all from the page's own origin", { host: { firstParty: true }, defences: [["page.ts", "script?.src.replace(/[^/]*$/, \"\") as string", "\"http://127.0.0.1:9/\""]] }, async (visit) => {
    await visit.speaks("Said under a policy of its own");
    visit.requests.onlyOrigins(visit.host.url);
  });

  pages.test("policy-nonce", "feedback arrives once, with scripts by nonce alone", { defences: [["launcher.ts", "sheet.replaceSync(css);\nroot.adoptedStyleSheets = [sheet];", "add(root, \"style\", { textContent: css });"]] }, async (visit) => {
    const box = await visit.launcher.boundingBox();
    assert.ok(box && box.y > 700, `the button is at ${box?.y}`);
    await visit.speaks("Said by nonce");
  });

  pages.test("policy-no-wasm", "the plain form comes in a frame", { defences: [["parts/open.ts", "__PANEL_DIGEST__).catch(warn)", "__PANEL_DIGEST__)"]] }, async (visit) =>
    saysPlainly(visit, await visit.framed(), "Said without WASM"),
  );

  pages.test("no-wasm", "the plain form comes in a frame", { defences: [["parts/open.ts", "__PANEL_DIGEST__).catch(warn)", "__PANEL_DIGEST__)"]] }, async (visit) =>
    saysPlainly(visit, await visit.framed(), "Said in an old browser"),
  );

  pages.test("policy-no-frames", "the plain form comes in a tab of its own", { defences: [["parts/_plain.ts", 'add(dialog, "a", { href: src, target: "_blank", textContent: "Open in a new tab" });', ""]] }, async (visit) => {
    await visit.launcher.click();
    const link = visit.dialog.getByRole("link").first();
    await link.waitFor();
    const opened = visit.context.waitForEvent("page");
    await link.click();
    await (await opened).getByRole("textbox").first().waitFor();
  });

  pages.test("policy-no-connect", "the visitor is told that it could not be sent", { defences: [["transport.ts", 'entry.tell?.("waiting"', 'if (0) entry.tell?.("waiting"']] }, async (visit) => {
    const form = await visit.open();
    await fill(form, { kind: "Idea", text: "Said to nobody" });
    await send(form);
    await form.getByRole("status").filter({ hasText: /is kept in this browser/ }).waitFor();
  });

  pages.test("trusted-types", "feedback arrives once", { defences: [["launcher.ts", "parent.appendChild(Object.assign(document.createElement(name), properties))", "(((parent as Element).innerHTML = `<${name}></${name}>`), Object.assign(parent.firstChild!, properties) as any)"]] }, (visit) => visit.speaks("Said with trusted types"));

  pages.test("other-base", "feedback arrives once", { defences: [["page.ts", "script?.src.replace(/[^/]*$/, \"\") as string", "\"\""]] }, (visit) => visit.speaks("Said from elsewhere"));

  pages.test("sandboxed-frame", "feedback arrives once from a frame without origin or storage", { defences: [["queue.ts", "export const stored = safe(", "export const stored = ("]] }, (visit) =>
    speaksInFrame(visit, "Said in a sandbox"),
  );

  pages.test("cross-origin-frame", "feedback arrives once from a frame on another site", { defences: [["page.ts", "script?.src.replace(/[^/]*$/, \"\") as string", "top!.location.href"]] }, (visit) =>
    speaksInFrame(visit, "Said in a frame"),
  );
});

describe("pages that cannot store", () => {
  const pages = Pages.set();

  pages.test("throwing-storage", "feedback arrives once", { defences: [["queue.ts", "export const stored = safe(", "export const stored = ("]] }, (visit) => visit.speaks("Said without storage"));

  pages.test("hanging-storage", "feedback arrives once", { defences: [["queue.ts", "await within(\n    Limit.WriteMs,\n    stored(", "await within(\n    1e9,\n    stored("]] }, (visit) =>
    visit.speaks("Said while storage hangs"),
  );

  pages.test("full-storage", "feedback arrives once", { defences: [["queue.ts", "export const stored = safe(", "export const stored = ("]] }, (visit) => visit.speaks("Said with a full disk"));

  pages.test("no-indexeddb", "feedback arrives once", { defences: [["queue.ts", "export const stored = safe(", "export const stored = ("]] }, (visit) => visit.speaks("Said without IndexedDB"));
});
