// A visit as people make it, and how it ends.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { eventTotal } from "../../tests/support/api.ts";
import type { Collector } from "../../tests/support/collector.ts";
import type { Site } from "./site.ts";

const INTERACTIONS = 40;
/** Moments after the last interaction at which the tab is closed. */
const LATEST_CLOSE_MS = 500;

/** What a visit with forty interactions asked of the edge. */
export interface Visit {
  /** Requests that carry or fetch data. */
  requests: number;
  /** Scripts, which never change under their names and are cached for good, but for the loader. */
  scripts: number;
}

/** A visit: forty interactions, each an event, in about ten seconds. */
export async function visited(browser: Browser, site: Site, collector: Collector): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked: string[] = [];
  context.on("request", (request) => request.url().startsWith(collector.url) && asked.push(new URL(request.url()).pathname));
  await page.goto(site.page("hearback"), { waitUntil: "load" });
  await page.locator("hearback-widget").getByRole("button").waitFor();
  for (let index = 0; index < INTERACTIONS; index += 1) {
    await interact(page, "bench_session", index);
    await page.waitForTimeout(200);
  }
  await page.close({ runBeforeUnload: true });
  await context.waitForEvent("request", { timeout: 1_000 }).catch(() => {});
  await context.close();
  const data = asked.filter((path) => path.startsWith("/v1/"));
  return { requests: data.length, scripts: asked.length - data.length };
}

/** Closes a tab at so many moments after its last interaction; which of the interactions never arrived. */
export async function closed(browser: Browser, site: Site, collector: Collector, moments: number): Promise<{ lost: number; late: number }> {
  const name = "bench_closing";
  const context = await browser.newContext();
  for (let moment = 0; moment < moments; moment += 1) {
    const page = await context.newPage();
    await page.goto(site.page("hearback"), { waitUntil: "load" });
    await page.locator("hearback-widget").getByRole("button").waitFor();
    await interact(page, name, moment);
    await page.waitForTimeout((moment * LATEST_CLOSE_MS) / moments);
    await page.close({ runBeforeUnload: true });
  }
  const atOnce = await counted(collector, name, moments);
  // What the last chance did not bring is in the browser, for the next page.
  if (atOnce < moments) await later(context, site);
  const all = await counted(collector, name, moments);
  await context.close();
  return { lost: moments - all, late: all - atOnce };
}

async function interact(page: Page, name: string, index: number): Promise<void> {
  await page.evaluate(
    ({ name, index }) => {
      document.querySelectorAll("button")[index % 40]?.click();
      (window as any).hearback("event", name, { index });
    },
    { name, index },
  );
}

async function later(context: BrowserContext, site: Site): Promise<void> {
  const page = await context.newPage();
  await page.goto(site.page("hearback"), { waitUntil: "load" });
  await page.waitForTimeout(8_000);
  await page.close();
}

// Waits a while for what is under way.
async function counted(collector: Collector, name: string, expected: number): Promise<number> {
  let count = 0;
  for (let attempt = 0; attempt < 25 && count < expected; attempt += 1) {
    await new Promise((done) => setTimeout(done, 200));
    count = await eventTotal(collector, name);
  }
  return count;
}
