// A visit to one of `tests/host-pages`: what has to hold on all of them, and one test for each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from "playwright-core";
import { fed } from "./api.ts";
import { launch } from "./chromium.ts";
import { Collector } from "./collector.ts";
import { AWAY, type Defence, takeAway } from "./defences.ts";
import { PATIENCE_MS } from "./eventually.ts";
import { BARE, Host, type HostOptions } from "./host.ts";
import { dialog, fill, launcher, send, thanks, widget } from "./panel.ts";
import { Requests } from "./requests.ts";

/** Where the defence is taken away, nothing is waited for long: it does not come. */
const WAIT_MS = AWAY ? 6_000 : PATIENCE_MS;

/** What a page needs beside its file. */
export interface Odd {
  host?: HostOptions;
  context?: BrowserContextOptions;
  /** What the page is asked for as, where that is not its name with `.html`. */
  path?: string;
  /** What makes this page work. Without it the test has to fail. */
  defences: Defence[];
}

/** A visitor on a hostile or odd page. */
export class Visit {
  /** Errors that reached the page, and what it was told in its console of ours. */
  readonly errors: string[] = [];
  readonly requests: Requests;

  constructor(
    readonly collector: Collector,
    readonly host: Host,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly url: string,
  ) {
    this.requests = new Requests(context);
    context.on("weberror", (error) => {
      // What a page throws by itself is none of our business.
      if (!String(error.error()).includes("the page's own")) this.errors.push(String(error.error()));
    });
  }

  get launcher(): Locator {
    return launcher(this.page);
  }

  get dialog(): Locator {
    return dialog(this.page);
  }

  /** Opens the form by the button. */
  async open(opener = this.launcher): Promise<Locator> {
    await opener.click();
    await this.dialog.getByRole("textbox").first().waitFor();
    return this.dialog;
  }

  /** Says something in the form that is open, and sees that it arrives once and that the visitor is thanked. */
  async says(text: string, form: Locator = this.dialog): Promise<void> {
    await fill(form, { kind: "Idea", text });
    await send(form);
    await thanks(form).waitFor();
    await this.arrivedOnce(text);
  }

  /** Opens the form by the button and says something. */
  async speaks(text: string, opener?: Locator): Promise<void> {
    await this.open(opener);
    await this.says(text);
    await this.page.keyboard.press("Escape");
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** The plain form in its frame, once it is there. */
  async framed(opener = this.launcher): Promise<FrameLocator> {
    await opener.click();
    const frame = widget(this.page).frameLocator("iframe");
    await frame.getByRole("textbox").first().waitFor();
    return frame;
  }

  async arrivedOnce(text: string): Promise<void> {
    const { items } = await fed(this.collector, text);
    assert.equal(items.filter((item) => item.text === text).length, 1, "it arrived more than once");
  }

  /** The page's own elements lie where they lie without us, and it can be scrolled as far. */
  async layoutKept(): Promise<void> {
    const bare = await this.context.newPage();
    await bare.setViewportSize(this.page.viewportSize() ?? { width: 1280, height: 800 });
    await bare.goto(this.url + BARE);
    const [without, with_] = await Promise.all([layout(bare), layout(this.page)]);
    assert.deepEqual(with_, without, "the page's own layout changed");
    await bare.close();
  }
}

// The isolated world of a locator: pages here have patched what the main one has.
const layout = (page: Page): Promise<unknown> =>
  page.locator("html").evaluate((html) => ({
    boxes: [...document.body.querySelectorAll("*")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return `${element.localName} ${[x, y, width, height].map(Math.round)}`;
    }),
    extent: [html.scrollWidth, html.scrollHeight],
  }));

/** The stage of a file of such tests. */
export class Pages {
  private collector!: Collector;
  private browser!: Browser;
  private revoked = "";

  /** To be called where tests are described. */
  static set(): Pages {
    const pages = new Pages();
    before(async () => {
      pages.collector = await Collector.start();
      pages.browser = await launch();
    });
    after(async () => {
      await pages.browser?.close();
      await pages.collector?.stop();
    });
    return pages;
  }

  /** One test: what has to happen on this page; and that no error of ours escapes into it, and its layout stays. */
  test(name: string, must: string, odd: Odd, act: (visit: Visit) => Promise<unknown>): void {
    test(`${name}: ${must}`, async () => {
      const host = await Host.start(this.collector, { revoked: this.revoked, ...odd.host });
      const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...odd.context });
      context.setDefaultTimeout(WAIT_MS);
      try {
        const page = await context.newPage();
        const visit = new Visit(this.collector, host, context, page, `${host.url}/${odd.path ?? name + ".html"}`);
        if (AWAY) await takeAway(context, odd.defences);
        const judged = this.judge(visit, act);
        if (AWAY) await assert.rejects(judged, "it passes without what it should show");
        else await judged;
      } finally {
        await context.close();
        await host.stop();
      }
    });
  }

  /** A key of the project's that was valid and is revoked; to be called before the tests run. */
  revoke(): void {
    before(async () => {
      const headers = { authorization: `Bearer ${this.collector.token}` };
      const address = `${this.collector.url}/api/v1/keys`;
      const made = await fetch(address, { method: "POST", headers });
      // The newest cannot be revoked.
      await fetch(address, { method: "POST", headers });
      const { key, generation } = (await made.json()) as { key: string; generation: number };
      const ended = await fetch(`${address}/${generation}`, { method: "DELETE", headers });
      assert.ok(made.ok && ended.ok, "the key was not made and revoked");
      this.revoked = key;
    });
  }

  private async judge(visit: Visit, act: (visit: Visit) => Promise<unknown>): Promise<void> {
    await visit.page.goto(visit.url);
    await act(visit);
    assert.deepEqual(visit.errors, [], "an error escaped into the page");
  }
}
