// The usage parts: what each of them notices and sends, and that one which is off is not asked for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, settings } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";

const ALL = ["clicks", "engagement", "errors", "forms", "frustration", "links", "vitals"];

describe("usage parts", () => {
  const visit = clocked();

  /** A test on a page of a project that counts by `part` alone. */
  const on = (part: string, sentence: string, body: string, work: (visitor: Clocked) => Promise<void>, init?: () => void) =>
    test(`${part}: ${sentence}`, () =>
      visit(accept, async (visitor) => {
        const { edge, page } = visitor;
        edge.config = settings({ usage: { parts: [part] }, launcher: { shown: false }, form: { context: false } });
        edge.body = body;
        if (init) await page.addInitScript(init);
        // Links lead nowhere: the page has to be there for the assertions.
        await page.addInitScript(() => addEventListener("click", (event) => (event.target as Element).closest("a") && event.preventDefault()));
        await visitor.goto(`${edge.site}/shop`);
        assert.deepEqual(edge.parts, [part, "settings"].sort());
        await work(visitor);
        assert.deepEqual(edge.parts, [part, "settings"].sort(), "another part was asked for");
      }),
    );

  test("all of them together, each once", () =>
    visit(accept, async (visitor) => {
      visitor.edge.config = settings({ usage: { parts: [...ALL, "views"] } });
      await visitor.goto(`${visitor.edge.site}/shop`);
      assert.deepEqual(visitor.edge.parts, [...ALL, "breadcrumbs", "launcher", "settings"].sort());
    }));

  on("links", "links to elsewhere and files, without query and hash, and no link within the site",
    `<a href="https://elsewhere.example/page?secret=1#secret"><b>Out</b></a> <a href="/shop/next">In</a> <a href="/files/price.PDF?v=2">File</a> <a href="mailto:a@b.example">Mail</a>`,
    async (visitor) => {
      for (const name of ["Out", "In", "File", "Mail"]) await visitor.page.getByText(name).click();
      await visitor.pass(5000);
      assert.deepEqual(visitor.edge.items.map(({ name, props }) => ({ name, props })), [
        { name: "outbound_link", props: { url: "https://elsewhere.example/page" } },
        { name: "download", props: { file: "pdf", url: `${visitor.edge.site}/files/price.PDF` } },
      ]);
    });

  on("forms", "a form's name and where it goes, and nothing that is in it",
    `<form name="order" action="/buy?secret=1" onsubmit="event.preventDefault()"><input name="name" value="secret"><input name="action" value="secret"><button>Buy</button></form>`,
    async (visitor) => {
      await visitor.page.getByText("Buy").click();
      await visitor.pass(5000);
      assert.deepEqual(visitor.edge.events("form_submit"), [{ form: "order", action: "/buy" }]);
      assert.ok(!JSON.stringify(visitor.edge.batches).includes("secret"));
    });

  on("clicks", "what the page has marked, with its properties, and nothing else",
    `<button data-hearback-event="signup" data-hearback-prop-plan="pro" data-hearback-prop-from-page="home"><b>Sign up</b></button> <button>Other</button>`,
    async (visitor) => {
      await visitor.page.getByText("Sign up").click();
      await visitor.page.getByText("Other").click();
      await visitor.pass(5000);
      assert.deepEqual(visitor.edge.items.map(({ name, props }) => ({ name, props })), [
        { name: "signup", props: { plan: "pro", "from-page": "home" } },
      ]);
    });

  on("engagement", "seconds in view and the deepest place, for each view under its own address",
    `<div style="height:3000px">long</div>`,
    async (visitor) => {
      const { page, edge } = visitor;
      await visitor.pass(3000);
      await page.evaluate(() => scrollTo(0, 1000));
      await page.waitForTimeout(300);
      await visitor.pass(4000);
      await page.evaluate(() => history.pushState(null, "", "/shop/second"));
      await visitor.pass(2000);
      await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide")));
      const engagements = () => edge.items.filter(({ name }) => name === "engagement");
      // The second goes with the page, or right after where it is not really left.
      await visitor.passUntil(() => engagements().length === 2, 1000);
      const sent = engagements();
      assert.deepEqual(sent.map(({ url, props }) => [url, props!["seconds"]]), [[undefined, 7], [`${edge.site}/shop/second`, 2]]);
      const depth = sent[0]!.props!["scroll_percent"] as number;
      assert.ok(depth > 55 && depth < 65, `${depth} percent`);
    });

  on("engagement", "no time while the page has not the focus", "", async (visitor) => {
    const { page, edge } = visitor;
    await visitor.pass(2000);
    await page.evaluate(() => {
      document.hasFocus = () => false;
      window.dispatchEvent(new Event("blur"));
    });
    await visitor.pass(60_000);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pagehide")));
    await visitor.pass(5000);
    assert.deepEqual(edge.events("engagement").map((props) => props!["seconds"]), [2]);
  });

  on("errors", "each exception and rejection once, without query, and ten at most", "", async (visitor) => {
    const { page, edge } = visitor;
    const raise = (message: string, filename: string) =>
      page.evaluate(([message, filename]) => {
        window.dispatchEvent(new ErrorEvent("error", { message, filename, lineno: 7, colno: 3 }));
      }, [message, filename] as const);
    await raise("Error: no cart", "https://shop.example/cart.js?secret=1");
    await raise("Error: no cart", "https://shop.example/cart.js?secret=1");
    await raise("Script error.", "");
    await page.evaluate(() => window.dispatchEvent(new PromiseRejectionEvent("unhandledrejection", { promise: Promise.resolve(), reason: "no tea" })));
    await visitor.pass(5000);
    assert.deepEqual(edge.events("js_error"), [
      { message: "Error: no cart", source: "https://shop.example/cart.js", line: 7, column: 3, kind: "error" },
      { message: "no tea", source: "", line: 0, column: 0, kind: "rejection" },
    ]);
    for (let i = 0; i < 20; i += 1) await raise(`Error ${i}`, "a.js");
    await visitor.pass(5000);
    assert.equal(edge.events("js_error").length, 10);
  });

  const LIVELY = `<button id="dead">Dead</button> <button onclick="this.textContent='Done'">Lively</button> <div style="height:3000px"><button onclick="window.scrollTo(0,500)">Scroll</button><a href="#x" target="_blank">Beside</a><p>words</p></div>`;

  on("frustration", "a click after which nothing happens; not one after which something does", LIVELY, async (visitor) => {
    const { page, edge } = visitor;
    for (const name of ["Lively", "Scroll", "Beside", "words"]) {
      await page.getByText(name).click();
      // A frame, in which the browser tells of scrolling, takes real time.
      await page.waitForTimeout(300);
      await visitor.pass(2000);
    }
    await visitor.pass(5000);
    assert.deepEqual(edge.events("dead_click"), []);
    await page.getByText("Dead").click();
    await visitor.pass(999);
    await visitor.pass(5002);
    assert.deepEqual(edge.events("dead_click"), [{ element: "button Dead" }]);
    assert.deepEqual(edge.events("rage_click"), []);
  });

  on("frustration", "three clicks within a second at one place; neither slower nor further apart", LIVELY, async (visitor) => {
    const { page, edge } = visitor;
    const click = (x: number) => page.mouse.click(x, 300);
    for (const x of [20, 80, 140]) await click(x);
    await visitor.pass(1001);
    for (const x of [20, 25, 30, 30]) await click(x);
    await visitor.pass(5000);
    assert.equal(edge.events("rage_click").length, 1);
    await visitor.pass(1001);
    for (const x of [20, 20]) await click(x);
    await visitor.pass(1001);
    await click(20);
    await visitor.pass(5000);
    assert.equal(edge.events("rage_click").length, 1);
  });

  on("vitals", "numbers under the names that the collector keeps percentiles of", "<p>words</p>", async (visitor) => {
    const { page, edge } = visitor;
    await page.waitForTimeout(200);
    await page.getByText("words").click();
    await page.waitForTimeout(200);
    await visitor.pass(5000);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden" });
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await visitor.pass(5000);
    await eventually(() => {
      const sent = edge.events("web_vital").map((props) => props!);
      const names = sent.flatMap((props) => Object.keys(props)).filter((name) => name !== "rating");
      // Without TTFB: by this page's clock, which stands, the answer came after now.
      for (const name of ["FCP", "LCP", "CLS"]) assert.ok(names.includes(name), `${name} is not among ${names}`);
      for (const { rating, ...rest } of sent) {
        assert.match(String(rating), /^(good|needs-improvement|poor)$/);
        assert.deepEqual(Object.values(rest).map((value) => typeof value), ["number"]);
      }
    });
  });
});
