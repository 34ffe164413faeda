// Journey 1: the script tag alone counts page views, in-page navigation included.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventTotal } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { launcher } from "../support/panel.ts";

describe("page views", () => {
  const stage = Stage.set();

  test("a page with the script tag is counted once, and once more for each view by pushState", async () => {
    const { collector, sink } = stage;
    const { page, context, requests, errors } = await stage.visit();
    // The shop is on the collector's host name: its own cookie is one that a careless request would carry.
    await context.addCookies([{ name: "basket", value: "secret-cookie", url: collector.shop }]);
    await page.addInitScript(() => {
      Object.defineProperty(window, "before", { value: Object.getOwnPropertyNames(window) });
    });

    await page.goto(`${collector.shop}/?utm=secret-query#secret-hash`);
    await launcher(page).waitFor();
    await page.getByRole("link", { name: /First Light/ }).click();
    await page.getByRole("heading", { name: "First Light" }).waitFor();

    const urls = await eventually(() => {
      const urls = sink.events("page_view").map((item) => item.context.url);
      assert.equal(urls.length, 2);
      return urls;
    });
    assert.deepEqual(urls.sort(), [`${collector.shop}/`, `${collector.shop}/tea/first-light`]);
    assert.equal(await eventTotal(collector, "page_view"), 2);
    const [first] = sink.events("page_view");
    assert.equal(first?.context.release, "1.4.2");
    assert.equal(first?.context.env, "demo");

    requests.noPanel();
    requests.onlyOrigins(collector.url, collector.shop);
    await requests.noCookies("/v1/");
    await requests.noLeak(collector.url, "secret-query", "secret-hash");
    assert.ok(requests.posts().length <= 2, `two views took ${requests.posts().length} requests`);
    assert.deepEqual(await context.cookies(collector.url).then((all) => all.map(({ name }) => name)), ["basket"]);
    assert.deepEqual(
      await page.evaluate(() => {
        const { before } = window as unknown as { before: string[] };
        return Object.getOwnPropertyNames(window).filter((name) => name !== "before" && !before.includes(name));
      }),
      ["hearback"],
    );
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("an event called before the script has arrived is not lost, and no address gives its query or hash away", async () => {
    const { collector, sink } = stage;
    const host = await stage.host();
    const { page, context, requests, errors } = await stage.visit();
    await page.goto(`${host.url}/site.html?from=secret-query`);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Click" }).click();

    await eventually(() => assert.deepEqual([sink.events("early").length, sink.events("clicked").length], [1, 1]));
    const [early, clicked] = [...sink.events("early"), ...sink.events("clicked")];
    assert.deepEqual(early?.props, { before: "the script" });
    assert.deepEqual(clicked?.props, { by: "click" });
    assert.equal(clicked?.context.url, `${host.url}/site.html`);
    assert.equal(await eventTotal(collector, "early"), 1);
    assert.equal(await eventTotal(collector, "clicked"), 1);

    // The address changed in its query and hash alone: that is no new view.
    assert.equal(sink.events("page_view").filter((item) => item.context.url === `${host.url}/site.html`).length, 1);
    requests.noPanel();
    requests.onlyOrigins(collector.url, host.url);
    await requests.noCookies("/");
    await requests.noLeak(collector.url, "secret-query", "secret-step", "secret-hash");
    assert.deepEqual(errors, []);
    await context.close();
  });

  test("nothing of the host page moves or is styled when the widget arrives", async () => {
    const { collector } = stage;
    const look = async (block: boolean) => {
      const { page, context } = await stage.visit();
      if (block) await page.route("**/hearback.js", (route) => route.abort());
      await page.goto(`${collector.shop}/tea/slow-train`);
      if (!block) await launcher(page).waitFor();
      const boxes = await page.evaluate(() =>
        [...document.querySelectorAll("header, h1, .product-words, .cards, footer")].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const { font, color, margin } = getComputedStyle(element);
          return { x, y, width, height, font, color, margin };
        }),
      );
      await context.close();
      return boxes;
    };
    assert.deepEqual(await look(false), await look(true));
  });
});
