// What an act of the visitor, or a call of the page, pays: in a page that has come to rest.
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Contestant, Site } from "./site.ts";
import { mark, Trace } from "./trace.ts";

/** For a page to come to rest. */
const REST_MS = 3_000;
/** Calls in a row, fewer than what makes a contestant send at once, and the pause after each. */
const CALLS = 15;
const PAUSE_MS = 50;

/** A context in which a contestant has been seen before, so that its files and what is compiled of them are cached. */
export async function warm(browser: Browser, site: Site, contestant: Contestant): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  // Compiled code is cached from the second or third time on.
  for (let visit = 0; visit < 3; visit += 1) await opened(browser, context, site, contestant);
  return context;
}

/** CPU time of the main thread from where the pointer sets out for the button to the form's first paint, in ms. */
export async function opened(browser: Browser, context: BrowserContext, site: Site, contestant: Contestant): Promise<number> {
  const page = await context.newPage();
  try {
    await page.goto(site.page(contestant), { waitUntil: "load" });
    const host = contestant === "hearback" ? "hearback-widget" : "#sentry-feedback";
    const button = page.locator(host).getByRole("button", { name: contestant === "hearback" ? "Feedback" : "Report a Bug" });
    const box = await button.boundingBox({ timeout: 20_000 });
    if (!box) throw new Error(`${contestant} shows no button`);
    await page.waitForTimeout(REST_MS);
    const trace = await Trace.of(browser, page, page.url(), async () => {
      await page.evaluate(watchForPaint, host);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForFunction(() => performance.getEntriesByName("bench painted").length, undefined, { timeout: 20_000, polling: 200 });
    });
    return trace.cpuMs("go", "painted");
  } finally {
    await page.close();
  }
}

// Marks the start, and the frame after the one in which the form is first laid out.
function watchForPaint(host: string): void {
  const look = () => {
    const form = document.querySelector(host)?.shadowRoot?.querySelector("dialog[open], form");
    const box = form?.getBoundingClientRect();
    if (!box?.height || !form?.querySelector("textarea")) return void requestAnimationFrame(look);
    // After this frame has been painted.
    requestAnimationFrame(() => setTimeout(() => performance.mark("bench painted")));
  };
  performance.mark("bench go");
  requestAnimationFrame(look);
}

/** CPU time of the main thread for a call of `event`, with all that it causes, in ms. */
export async function eventCall(browser: Browser, site: Site, contestant: Contestant): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  try {
    await page.goto(site.page(contestant), { waitUntil: "load" });
    await page.waitForTimeout(REST_MS * 2);
    const trace = await Trace.of(browser, page, page.url(), async () => {
      // The first calls make what the others use, and the timer without a call is what the measuring itself takes.
      await calls(page, "warming", true);
      await page.waitForTimeout(REST_MS * 2);
      await calls(page, "with", true);
      await page.waitForTimeout(REST_MS * 2);
      await calls(page, "without", false);
    });
    return (trace.cpuMs("with", "with end") - trace.cpuMs("without", "without end")) / CALLS;
  } finally {
    await context.close();
  }
}

async function calls(page: Page, name: string, doing: boolean): Promise<void> {
  await mark(page, name);
  await page.evaluate(
    async ({ calls, pause, doing }) => {
      const window_ = window as any;
      const call = window_.contestant?.event ?? ((name: string) => window_.hearback("event", name, { plan: "pro" }));
      for (let index = 0; index < calls; index += 1) {
        if (doing) call("signup");
        await new Promise((done) => setTimeout(done, pause));
      }
    },
    { calls: CALLS, pause: PAUSE_MS, doing },
  );
  await mark(page, name + " end");
}
