// How the npm packages start Hearback, start it anew and end it: early, twice, with mistakes, and while pages change
// their mind.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, settings } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";
import { launcher, widget } from "../support/panel.ts";
import { REACT_18, bundled, unpacked } from "../support/unpacked.ts";

interface Web {
  init(options: object): void;
  event(name: string, props?: object): void;
  on(name: string, listener: (detail: unknown) => void): () => void;
  shutdown(): void;
}

declare global {
  interface Window {
    /** The package, in these pages. */
    web: Web;
    /** Mounts the React component with these props, or nothing. */
    show(props?: object): void;
    /** What listeners heard. */
    heard: string[];
  }
}

const COMPONENT = `
  import { Hearback, useHearback } from "@hearback/react";
  import { StrictMode } from "react";
  import { createRoot } from "react-dom/client";
  window.heard = [];
  const Listener = () => { useHearback({ onOpen: () => heard.push("hook") }); return null; };
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  window.show = (props) => root.render(<StrictMode>{props && <><Hearback {...props} onOpen={() => heard.push("component")} /><Listener /></>}</StrictMode>);
`;

describe("the packages in a page", () => {
  const folder = unpacked();
  const visit = clocked();

  /** A test on a page that has nothing of Hearback but this script, in its head. */
  const blank = (sentence: string, script: string, work: (visitor: Clocked) => Promise<void>) =>
    test(sentence, () =>
      visit(accept, async (visitor) => {
        const { edge, page } = visitor;
        edge.config = settings({ form: { context: false } });
        edge.page = `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script>${script.replaceAll("{{EDGE}}", edge.url)}</script><h1>Shop</h1>`;
        await page.goto(`${edge.site}/page`);
        await work(visitor);
      }),
    );

  const web = bundled(folder, 'export * from "@hearback/web";', { globalName: "web" });
  const init = (visitor: Clocked, options: object = {}) =>
    visitor.page.evaluate((options) => window.web.init(options), { collector: visitor.edge.url, key: "pk_demo", debug: "off", ...options });
  const names = ({ edge }: Clocked) => edge.items.map(({ name }) => name);
  const loads = ({ edge }: Clocked) => edge.asked.filter((path) => path === "/hearback.js").length;
  const tags = ({ page }: Clocked) => page.locator("script[data-key]");

  blank("started in the head, before there is a body, it waits for the page; calls from before are kept in their order",
    `${web}; web.event("first"); web.init({ collector: "{{EDGE}}/", key: "pk_demo", release: "7", env: "test", debug: "off" }); web.event("second")`,
    async (visitor) => {
      await launcher(visitor.page).waitFor();
      await visitor.pass(5000);
      assert.deepEqual(names(visitor), ["page_view", "first", "second"]);
      const { context } = visitor.edge.batches[0]!;
      assert.deepEqual([context["release"], context["env"]], ["7", "test"]);
      assert.deepEqual(visitor.warnings, []);
    });

  blank("started twice it is loaded once", web, async (visitor) => {
    await init(visitor);
    await init(visitor);
    await launcher(visitor.page).waitFor();
    await init(visitor);
    await visitor.settle();
    assert.deepEqual([loads(visitor), await tags(visitor).count()], [1, 1]);
  });

  blank("the script tag's own options are passed on", web, async (visitor) => {
    await init(visitor, { launcher: "none", nonce: "abc", debug: "off" });
    await visitor.configured();
    assert.equal(await launcher(visitor.page).isVisible(), false);
    assert.deepEqual(await tags(visitor).evaluate((tag: HTMLScriptElement) => [tag.nonce, tag.dataset["debug"], tag.async]), ["abc", "off", true]);
  });

  blank("where the page has the tag itself, no other is added", `${web}; document.write('<script src="{{EDGE}}/hearback.js" data-key="pk_demo" data-debug="off"><\\/script>')`, async (visitor) => {
    await init(visitor);
    await visitor.page.evaluate(() => window.web.event("here"));
    await launcher(visitor.page).waitFor();
    await visitor.pass(5000);
    assert.deepEqual([loads(visitor), names(visitor)], [1, ["page_view", "here"]]);
  });

  blank("with other options it starts anew, and what is said meanwhile goes to the new one", web, async (visitor) => {
    await init(visitor, { release: "1" });
    await launcher(visitor.page).waitFor();
    await visitor.page.evaluate((collector) => {
      window.web.event("old");
      window.web.init({ collector, key: "pk_demo", debug: "off", release: "2" });
      window.web.event("new");
    }, visitor.edge.url);
    await eventually(() => assert.equal(loads(visitor), 2));
    await launcher(visitor.page).waitFor();
    await visitor.pass(5000);
    const sent = visitor.edge.batches.map(({ context, items }) => [context["release"], items.map(({ name }) => name)]);
    assert.deepEqual(sent, [["1", ["page_view", "old"]], ["2", ["page_view", "new"]]]);
    assert.deepEqual([await tags(visitor).count(), await widget(visitor.page).count()], [1, 1]);
  });

  blank("ended before it has arrived, it leaves nothing in the page", web, async (visitor) => {
    await visitor.page.evaluate(async (collector) => {
      window.web.init({ collector, key: "pk_demo", debug: "off" });
      await undefined;
      await undefined;
      window.web.shutdown();
    }, visitor.edge.url);
    await eventually(() => assert.ok(visitor.edge.asked.some((path) => path.startsWith("/hb/api."))));
    await eventually(async () => assert.equal(await tags(visitor).count(), 0));
    await visitor.settle();
    assert.equal(await widget(visitor.page).count(), 0);
  });

  blank("ended before the page has loaded, it leaves nothing either", web, async (visitor) => {
    const { edge, page } = visitor;
    let load: () => unknown = () => {};
    await page.route("**/slow.png", (route) => (load = () => route.abort()));
    edge.page += '<img src="/slow.png">';
    await page.goto(`${edge.site}/page`, { waitUntil: "domcontentloaded" });
    await init(visitor);
    await eventually(async () => assert.ok(await page.evaluate(() => (window.hearback as { v?: number }).v), "not started"));
    await page.evaluate(() => window.web.shutdown());
    await eventually(async () => assert.equal(await tags(visitor).count(), 0));
    load();
    await page.waitForLoadState();
    await page.clock.runFor(10);
    await visitor.settle();
    assert.equal(await widget(page).count(), 0);
  });

  blank("who listens can stop listening", web, async (visitor) => {
    await init(visitor, { launcher: "none" });
    await visitor.configured();
    await visitor.page.evaluate(() => {
      window.heard = [];
      window.web.on("open", () => { throw "up"; });
      window.web.on("open", () => window.heard.push("stays"));
      window.web.on("open", () => window.heard.push("goes"))();
    });
    await visitor.settle();
    await visitor.call("open");
    await eventually(async () => assert.deepEqual(await visitor.page.evaluate(() => window.heard), ["stays"]));
    assert.deepEqual(visitor.warnings, ["hearback: up"]);
  });

  blank("without a key or a collector it says what is missing", web, async (visitor) => {
    await init(visitor, { key: "" });
    await init(visitor, { collector: undefined });
    await init(visitor, { collector: "ftp://feedback.example" });
    await init(visitor, { collector: "http://" });
    await visitor.settle();
    const [key, collector, scheme, address] = visitor.warnings;
    assert.match(key ?? "", /^hearback: init needs `key`/);
    assert.match(collector ?? "", /^hearback: init needs `collector`/);
    assert.match(scheme ?? "", /"ftp:\/\/feedback.example" is no address of http: or https:/);
    assert.match(address ?? "", /"http:\/\/" is no address/);
    assert.equal(await tags(visitor).count(), 0);
  });

  blank("where the loader cannot be had it says where it looked, and the next attempt has all that was said", web, async (visitor) => {
    await visitor.page.evaluate(() => window.web.event("kept"));
    await visitor.page.route("**/wrong/**", (route) => route.fulfill({ status: 404 }));
    await init(visitor, { collector: `${visitor.edge.url}/wrong` });
    await eventually(() => assert.match(visitor.warnings[0] ?? "", /\/wrong\/hearback\.js cannot be loaded/));
    assert.equal(await tags(visitor).count(), 0);
    await init(visitor);
    await launcher(visitor.page).waitFor();
    await visitor.pass(5000);
    assert.deepEqual(names(visitor), ["page_view", "kept"]);
  });

  for (const [version, options] of [["19", {}], ["18", REACT_18]] as const) {
    const script = `addEventListener("DOMContentLoaded", () => { ${bundled(folder, COMPONENT, options).replaceAll("</", "<\\/")} })`;
    blank(`React ${version} in StrictMode starts it once, listens once, changes it with its props and ends it`, script, async (visitor) => {
      const show = (props?: object) =>
        visitor.page.evaluate((props) => window.show(props), props && { collector: visitor.edge.url, projectKey: "pk_demo", debug: "off", ...props });
      await show({ release: "1" });
      await launcher(visitor.page).waitFor();
      assert.deepEqual([loads(visitor), await tags(visitor).count(), await widget(visitor.page).count()], [1, 1, 1]);
      await visitor.call("open");
      await eventually(async () => assert.deepEqual((await visitor.page.evaluate(() => window.heard)).sort(), ["component", "hook"]));
      await visitor.call("close");

      await visitor.page.evaluate(() => void (window.heard = []));
      await show({ release: "2", user: "ada", consent: "identified" });
      await eventually(() => assert.equal(loads(visitor), 2));
      await launcher(visitor.page).waitFor();
      await visitor.pass(5000);
      const { context } = visitor.edge.batches.at(-1)!;
      assert.deepEqual([context["release"], context["user"]], ["2", "ada"]);
      await visitor.call("open");
      await eventually(async () => assert.deepEqual((await visitor.page.evaluate(() => window.heard)).sort(), ["component", "hook"]));

      await show();
      await eventually(async () => assert.deepEqual([await tags(visitor).count(), await widget(visitor.page).count()], [0, 0]));
      assert.deepEqual(visitor.warnings, []);
    });
  }
});
