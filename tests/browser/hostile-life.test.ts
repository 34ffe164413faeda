// Pages that are rewritten, frozen or cut off. One test a page of `tests/host-pages`.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { eventually, never } from "../support/eventually.ts";
import { PANEL } from "../support/defences.ts";
import { Pages, type Visit } from "../support/hostile.ts";
import { fill, kept, send, thanks } from "../support/panel.ts";

const count = (visit: Visit): Promise<number> => visit.page.locator("hearback-widget").count();

describe("pages that change under us", () => {
  const pages = Pages.set();

  pages.test("double-inclusion", "one button, and feedback arrives once", { defences: [["index.ts", "if (early?.v) return;", ""]] }, async (visit) => {
    await visit.launcher.waitFor();
    await never(async () => assert.equal(await count(visit), 1), 500);
    await visit.speaks("Said where we are twice");
  });

  pages.test("removed-widget", "the form opens again", { defences: [["form.ts", "  mount();\n", ""]] }, async (visit) => {
    await visit.speaks("Said before");
    await visit.page.evaluate(() => (window as any).clear());
    assert.equal(await count(visit), 0);
    await visit.page.evaluate(() => window.hearback?.("open"));
    await visit.dialog.getByRole("textbox").first().waitFor();
    await visit.says("Said after");
  });

  pages.test("replaced-body", "the button stays", { defences: [["launcher.ts", "document.documentElement.append(host)", "document.body.append(host)"]] }, async (visit) => {
    await visit.launcher.waitFor();
    await visit.page.evaluate(() => (window as any).swap());
    await visit.page.getByRole("heading", { name: "Another page" }).waitFor();
    await visit.speaks("Said on the other body");
  });

  pages.test("rewritten-page", "the form opens in the new document", { defences: [["launcher.ts", "host.isConnected || document.documentElement.append(host)", "0"]] }, async (visit) => {
    await visit.launcher.waitFor();
    await visit.page.evaluate(() => (window as any).rewrite());
    await visit.speaks("Said in the rewritten page", visit.page.getByRole("button", { name: "Say it" }));
  });

  pages.test("cleaning-page", "the form opens although the page removes us", { defences: [["form.ts", "  mount();\n", ""]] }, (visit) =>
    visit.speaks("Said while being cleaned away", visit.page.getByRole("link", { name: "Say it" })),
  );

  pages.test("frozen-tab", "what was said before the tab was frozen arrives", { host: { firstParty: true }, defences: [["transport.ts", "let left = batch;", "let left: Entry[] = [];"]] }, async (visit) => {
    const form = await visit.open();
    visit.host.ingest = "swallow";
    await fill(form, { kind: "Idea", text: "Said before the frost" });
    await send(form);
    await eventually(() => assert.ok(visit.host.passed > 0));
    const tab = await visit.context.newCDPSession(visit.page);
    await tab.send("Page.setWebLifecycleState", { state: "frozen" });
    await visit.page.waitForTimeout(500);
    visit.host.ingest = "pass";
    await tab.send("Page.setWebLifecycleState", { state: "active" });
    await thanks(form).waitFor();
    await visit.arrivedOnce("Said before the frost");
  });

  pages.test("restored-tab", "going back is a view, and what is said then arrives", { host: { cached: true }, defences: [["capture.ts", "if (!event.persisted) return;", "return;"]] }, async (visit) => {
    await visit.launcher.waitFor();
    await visit.page.goto(`${visit.host.url}/framed.html`);
    await visit.page.goBack({ waitUntil: "commit" });
    assert.equal(await visit.page.evaluate(() => (window as any).restored), true, "it was loaded anew");
    await visit.speaks("Said after going back");
    const sent = visit.requests.posts().flatMap(({ items }) => items.filter(({ text }) => text === "Said after going back"));
    assert.equal(sent[0]?.seq, 3, "it comes after two views");
  });
});

describe("pages that are cut off", () => {
  const pages = Pages.set();
  pages.revoke();

  /** Says something, and sees what the visitor is told when nobody took it. */
  const refused = async (visit: Visit): Promise<void> => {
    const form = await visit.open();
    await fill(form, { kind: "Idea", text: "Said with the wrong key" });
    await send(form);
    await kept(form).or(form.getByRole("alert")).waitFor();
    assert.equal(await form.getByRole("heading", { name: "Thank you" }).count(), 0);
  };

  pages.test("blocked-sending", "the visitor is told that it could not be sent", { defences: [["transport.ts", 'entry.tell?.("waiting"', 'if (0) entry.tell?.("waiting"']] }, async (visit) => {
    await visit.page.route("**/v1/ingest*", (route) => route.abort("blockedbyclient"));
    const form = await visit.open();
    await fill(form, { kind: "Idea", text: "Said behind a blocker" });
    await send(form);
    await kept(form).waitFor();
  });

  pages.test("blocked-parts", "the plain form comes in a tab of its own", { defences: [["form.ts", "link.click();", ""]] }, async (visit) => {
    await visit.page.route("**/hb/**", (route) => route.abort("blockedbyclient"));
    await visit.page.reload();
    await visit.launcher.waitFor();
    const opened = visit.context.waitForEvent("page");
    await visit.launcher.click();
    await (await opened).getByRole("textbox").first().waitFor();
  });

  pages.test("blocked-settings", "feedback arrives once", { defences: [["parts/settings.ts", ".catch(() => {})", ""], ["index.ts", 'launcher.hidden = data.launcher === "none"', "0"]] }, async (visit) => {
    await visit.page.route("**/v1/config/**", (route) => route.abort("blockedbyclient"));
    await visit.page.reload();
    await visit.speaks("Said without settings");
  });

  pages.test("wrong-key", "the visitor is told that it was not taken", { defences: [["transport.ts", 'entry.tell?.("waiting"', 'if (0) entry.tell?.("waiting"']] }, refused);
  pages.test("revoked-key", "the visitor is told that it was not taken", { defences: [["transport.ts", 'entry.tell?.("waiting"', 'if (0) entry.tell?.("waiting"']] }, refused);

  pages.test("keyless-page", "there is no button and no request, and the developer is told why", { defences: [["index.ts", 'if (!data.key) return warn("no data-key");', ""]] }, async (visit) => {
    const said: string[] = [];
    visit.page.on("console", (message) => said.push(message.text()));
    await visit.page.reload();
    await never(async () => assert.equal(await count(visit), 0), 500);
    assert.deepEqual(said, ["hearback: no data-key"]);
    assert.deepEqual(visit.requests.to("/v1/"), []);
  });

  const framedAfter = async (visit: Visit): Promise<void> => {
    await visit.launcher.click();
    await visit.page.locator("hearback-widget").frameLocator("iframe").getByRole("textbox").first().waitFor();
  };

  pages.test("slow-panel", "the plain form comes", { defences: [["parts/open.ts", "within(PANEL_MS, rust<PanelModule>(kit, base + __PANEL__, __PANEL_DIGEST__).catch(warn))", "rust<PanelModule>(kit, base + __PANEL__, __PANEL_DIGEST__)"]] }, async (visit) => {
    await visit.page.route("**/hb/panel.*", () => {});
    await framedAfter(visit);
  });

  pages.test("truncated-panel", "the plain form comes", { defences: [["parts/open.ts", "__PANEL_DIGEST__).catch(warn)", "__PANEL_DIGEST__)"]] }, async (visit) => {
    await visit.page.route("**/hb/panel.*.wasm", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.body()).subarray(0, 20_000) });
    });
    await framedAfter(visit);
  });

  pages.test("missing-words", "the form comes in English", { defences: [[PANEL, /(\.json\(\)\}[^{}]*\})catch\{\}/g, "$1finally{}"]] }, async (visit) => {
    await visit.page.route("**/hb/words.*", (route) => route.fulfill({ status: 404, body: "gone" }));
    await visit.launcher.or(visit.page.locator("hearback-widget").getByRole("button").first()).first().click();
    await visit.dialog.getByRole("textbox").first().waitFor();
    await visit.says("Said in English after all");
  });

  pages.test("prerendered-page", "a page that nobody has seen sends nothing", { defences: [["index.ts", "(document as { prerendering?: boolean }).prerendering", "false"]] }, async (visit) => {
    await never(async () => {
      assert.equal(await count(visit), 0);
      assert.deepEqual(visit.requests.to("/v1/"), []);
    }, 800);
    await visit.page.evaluate(() => (window as any).see());
    await visit.speaks("Said once it was seen");
  });
});
