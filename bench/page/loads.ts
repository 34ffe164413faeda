// What a view of a page pays.
import type { Browser } from "playwright-core";
import type { Contestant, Site } from "./site.ts";
import { Trace } from "./trace.ts";

/** How long a page is watched once it has loaded: the first batches of all contestants have gone by then. */
const WATCHED_MS = 5_500;

/** CPU time of the main thread from navigation until the page is at rest, in ms. */
export async function mainThreadMs(browser: Browser, site: Site, contestant: Contestant): Promise<number> {
  const trace = await watched(browser, site, contestant);
  return trace.cpuMs();
}

/** The longest task in which a script of ours ran, on a processor four times slower, in ms that passed. */
export async function longestTaskMs(browser: Browser, site: Site, scripts: string): Promise<number> {
  const trace = await watched(browser, site, "hearback", 4);
  return trace.longestMs(scripts);
}

// A context of its own has a process of its own and an empty cache.
async function watched(browser: Browser, site: Site, contestant: Contestant, slowness = 1): Promise<Trace> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  try {
    if (slowness > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowness });
    return await Trace.of(browser, page, site.page(contestant), async () => {
      await page.goto(site.page(contestant), { waitUntil: "load" });
      await page.waitForTimeout(WATCHED_MS);
    });
  } finally {
    await context.close();
  }
}

/** Sum of all layout shifts while the page loads and its form is opened and closed. */
export async function layoutShift(browser: Browser, site: Site): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  try {
    await page.addInitScript(() => {
      (window as any).shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) (window as any).shifts += (entry as any).value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(site.page("hearback"), { waitUntil: "load" });
    const widget = page.locator("hearback-widget");
    await widget.getByRole("button", { name: "Feedback" }).click();
    await widget.getByRole("dialog").getByRole("textbox").first().waitFor();
    await page.keyboard.press("Escape");
    await widget.getByRole("dialog").waitFor({ state: "hidden" });
    await page.waitForTimeout(300);
    return await page.evaluate(() => (window as any).shifts as number);
  } finally {
    await context.close();
  }
}
