// A visit to one of `tests/host-pages`: what has to hold on all of them, and one test for each.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from "playwright-core";
import { fed } from "./api.ts";
import type { Collector } from "./collector.ts";
import { AWAY, type Defence, takeAway } from "./defences.ts";
import { PATIENCE_MS } from "./eventually.ts";
import { BARE, type Host, type HostOptions } from "./host.ts";
import { Stage, type Visit as Visited } from "./journey.ts";
import { dialog, fill, launcher, send, thanks, widget } from "./panel.ts";
import type { Requests } from "./requests.ts";

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
  readonly context: BrowserContext;
  readonly page: Page;
  readonly requests: Requests;

  constructor(
    readonly collector: Collector,
    readonly host: Host,
    private readonly visited: Visited,
    readonly url: string,
  ) {
    ({ context: this.context, page: this.page, requests: this.requests } = visited);
  }

  /** Errors of ours that reached the page; what it throws by itself is none of our business. */
  get errors(): string[] {
    return this.visited.errors.filter((error) => !error.includes("the page's own"));
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
  private revoked = "";

  private constructor(private readonly stage: Stage) {}

  /** To be called where tests are described. */
  static set(): Pages {
    return new Pages(Stage.set());
  }

  /** One test: what has to happen on this page; and that no error of ours escapes into it, and its layout stays. */
  test(name: string, must: string, odd: Odd, act: (visit: Visit) => Promise<unknown>): void {
    test(`${name}: ${must}`, async () => {
      const host = await this.stage.host({ revoked: this.revoked, ...odd.host });
      const { context, ...visited } = await this.stage.visit({ locale: "en-GB", ...odd.context });
      context.setDefaultTimeout(WAIT_MS);
      try {
        const visit = new Visit(this.stage.collector, host, { context, ...visited }, `${host.url}/${odd.path ?? name + ".html"}`);
        if (AWAY) await takeAway(context, odd.defences);
        const judged = this.judge(visit, act);
        if (AWAY) await assert.rejects(judged, "it passes without what it should show");
        else await judged;
      } finally {
        await context.close();
      }
    });
  }

  /** A key of the project's that was valid and is revoked; to be called before the tests run. */
  revoke(): void {
    before(async () => {
      const { collector } = this.stage;
      const headers = { authorization: `Bearer ${collector.token}` };
      const address = `${collector.url}/api/v1/keys`;
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
