// Opening the form: what the panel is given, what listeners hear, and the breadcrumbs.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clocked, type Clocked } from "../support/clocked.ts";
import { accept, each, settings, type Script } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";
import { dialog, launcher, widget } from "../support/panel.ts";
import { panelStub } from "../support/panel-stub.ts";

/** Opens the form, in whose place is the stub. */
async function open({ page }: Clocked): Promise<void> {
  await page.evaluate(() => window.hearback("open"));
  await eventually(async () => assert.ok(await page.evaluate(() => window.told?.includes("show"))));
}

const crumbs = ({ page }: Clocked): Promise<string[]> => page.evaluate(() => window.bridge.breadcrumbs());

describe("the form", () => {
  const visit = clocked();

  const shop = (sentence: string, body: string, work: (visitor: Clocked) => Promise<void>, script: Script = accept, config = settings({})) =>
    test(sentence, () =>
      visit(script, async (visitor) => {
        const { edge, page } = visitor;
        edge.body = body;
        edge.config = config;
        edge.attributes = 'data-release="1.4.2" data-env="test"';
        await panelStub(page);
        await visitor.goto(`${edge.site}/shop`);
        await work(visitor);
      }),
    );

  shop("the panel is given the settings, where it is, and what the page said of itself", "", async (visitor) => {
    const { page, edge } = visitor;
    await visitor.call("context", { plan: "pro", seats: 3 });
    await visitor.call("context", { seats: 4, bad: {} });
    await open(visitor);
    await page.evaluate(() => history.pushState(null, "", "/shop/cart?secret=1"));
    assert.deepEqual(
      await page.evaluate(() => {
        const { config, base, lang } = window.bridge;
        return { config, base, lang, page: window.bridge.page(), props: window.bridge.props() };
      }),
      {
        config: edge.config,
        base: `${edge.url}/`,
        lang: "de",
        page: { url: `${edge.site}/shop/cart`, screen: [390, 844], release: "1.4.2", env: "test" },
        props: { plan: "pro", seats: 4 },
      },
    );
    assert.deepEqual(visitor.warnings, ["hearback: bad is dropped: no text, finite number, boolean or null"]);
  });

  shop("coming near the launcher fetches the panel and shows nothing", "", async (visitor) => {
    const { page, edge } = visitor;
    await launcher(page).hover();
    await eventually(async () => assert.deepEqual(await page.evaluate(() => window.told), []));
    await visitor.settle();
    assert.equal(await page.evaluate(() => typeof window.bridge), "undefined", "the panel was mounted");
    assert.ok(edge.parts.includes("open"));
  });

  shop("listeners hear of opening, sending and closing, until they are taken off", "", async (visitor) => {
    const { page } = visitor;
    await page.evaluate(() => {
      const heard: string[] = [];
      const hear = (name: string) => (detail: unknown) => heard.push(detail ? `${name} ${JSON.stringify(detail)}` : name);
      const handlers = Object.fromEntries(["open", "close", "sent", "error"].map((name) => [name, hear(name)]));
      Object.assign(window, { heard, handlers });
      for (const [name, handler] of Object.entries(handlers)) window.hearback("on", name, handler);
      window.hearback("on", "open", () => { throw new Error("the page's own"); });
    });
    await open(visitor);
    await page.evaluate(() => window.bridge.send({ type: "feedback", kind: "bug", text: "t" }));
    await visitor.pass(1);
    await visitor.call("close");
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    assert.deepEqual(await heard(), ["open", 'sent {"receipt":"rcp_1"}', "close"]);
    await page.evaluate(() => window.hearback("off", "open", (window as unknown as { handlers: Record<string, unknown> }).handlers["open"]));
    await visitor.settle();
    await visitor.call("open");
    assert.equal((await heard()).length, 3);
  }, each({ status: "accepted", receipt: "rcp_1" }));

  shop("feedback that the edge rejects is an error to listeners", "", async (visitor) => {
    const { page } = visitor;
    await page.evaluate(() => window.hearback("on", "error", (detail: object) => Object.assign(window, { detail })));
    await open(visitor);
    await page.evaluate(() => window.bridge.send({ type: "feedback", kind: "bug", text: "t" }));
    await visitor.pass(1);
    assert.deepEqual(await page.evaluate(() => (window as unknown as { detail: object }).detail), { reason: "text_empty: no words" });
  }, each({ status: "rejected", code: "text_empty", message: "no words" }));

  shop("what is masked within the thing that was clicked, or around its component, is not in its name",
    `<button>Pay <b data-hearback-mask>SECRET</b> now</button><label>Plan <select><option>SECRET</option></select></label><x-card data-hearback-mask></x-card>`,
    async (visitor) => {
      const { page } = visitor;
      await page.evaluate(() => {
        const button = Object.assign(document.createElement("button"), { textContent: "SECRET" });
        document.querySelector("x-card")!.attachShadow({ mode: "open" }).append(button);
      });
      await page.getByText("Pay").click({ position: { x: 4, y: 4 } });
      await page.locator("select").click();
      await page.locator("x-card button").click();
      await open(visitor);
      assert.deepEqual((await crumbs(visitor)).map((line) => line.replace(/^\d+ /, "")), ["click button Pay now", "click list Plan", "click button"]);
    });

  shop("breadcrumbs name what was done, never what was typed or is masked, with the seconds since",
    `<button aria-label="Pay now">x</button><label>Card <input value="4111"></label><p data-hearback-mask><button>Secret name</button></p><a href="#a">Terms</a>`,
    async (visitor) => {
      const { page, edge } = visitor;
      await page.getByRole("button", { name: "Pay now" }).click();
      await visitor.pass(3000);
      await page.getByRole("textbox").click();
      await page.getByText("Secret name").click();
      await page.getByText("Terms").click();
      await page.evaluate(() => history.pushState(null, "", "/shop/done?secret=1"));
      await page.evaluate(() => fetch("/v1/config/", { method: "HEAD" }));
      await page.evaluate(() => console.error("no tea:", new Error("sold out"), { secret: 1 }));
      await visitor.pass(9000);
      await page.waitForTimeout(100);
      await open(visitor);
      const lines = await crumbs(visitor);
      assert.equal(lines[0], "12 click button Pay now");
      assert.deepEqual(lines.slice(1).map((line) => line.replace(/^9 /, "")).sort(), [
        "click button",
        "click input Card",
        "click link Terms",
        "error no tea: sold out …",
        "navigation /shop/done",
      ].concat(lines.filter((line) => line.includes("request")).map((line) => line.replace(/^\d+ /, ""))).sort());
      assert.ok(!lines.join().includes("4111") && !lines.join().includes("ecret"), lines.join("\n"));
      assert.deepEqual(edge.items.filter((item) => JSON.stringify(item).includes("Pay now")), [], "breadcrumbs left the page by themselves");
    });

  shop("a request that failed is a breadcrumb, without its query", "", async (visitor) => {
    const { page } = visitor;
    await page.evaluate(() => fetch("/hb/nothing?secret=1"));
    await page.waitForTimeout(300);
    await open(visitor);
    assert.deepEqual(await crumbs(visitor), ["0 request 404 /hb/nothing"]);
  });

  shop("the last twenty are kept, of 256 characters at most", "<button>Again</button>", async (visitor) => {
    await visitor.page.evaluate(() => {
      for (let i = 0; i < 30; i += 1) console.error(`${i} ${"x".repeat(500)}`);
    });
    await open(visitor);
    const lines = await crumbs(visitor);
    assert.deepEqual([lines.length, lines[0]!.slice(0, 10)], [20, "0 error 10"]);
    assert.ok(Math.max(...lines.map(({ length }) => length)) <= 256);
  });

  shop("a page's console.error does what it did: same object, same arguments, whatever they are", "", async (visitor) => {
    const said = await visitor.page.evaluate(() => {
      const nasty = { toString() { throw new Error("the page's own"); } };
      console.error("a", nasty, Symbol("b"));
      return [console.error.name, console.error.length];
    });
    assert.deepEqual(said, ["error", 0]);
  });

  shop("without `form.context` nothing is watched", "", async (visitor) => {
    assert.ok(!visitor.edge.parts.includes("breadcrumbs"));
    await open(visitor);
    assert.deepEqual(await crumbs(visitor), []);
  }, accept, settings({ form: { context: false } }));

  test("where WASM is forbidden the plain form comes in a frame, and its close button gives the focus back", () =>
    visit(accept, async (visitor) => {
      const { edge, page } = visitor;
      edge.headers = { "content-security-policy": `script-src ${edge.url}` };
      await visitor.goto(`${edge.site}/shop`);
      await launcher(page).click();
      await dialog(page).waitFor();
      assert.match((await widget(page).locator("iframe").getAttribute("src"))!, /\/f\/pk_demo\?url=/);
      await dialog(page).getByRole("button", { name: "Close" }).click();
      await dialog(page).waitFor({ state: "hidden" });
      assert.equal(await launcher(page).evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button), true);
    }));
});
