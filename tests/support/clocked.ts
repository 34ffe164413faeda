// A page in Chromium whose clock stands until a test lets time pass. Storage, locks and network are the real ones and
// take the time they take: after each step of the clock we wait until all of it has happened.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { launch } from "./chromium.ts";
import { Edge, type Script } from "./edge.ts";
import { PATIENCE_MS, eventually } from "./eventually.ts";

/** When every page is loaded. */
export const LOADED = Date.UTC(2026, 10, 23, 8);

const HOUR_MS = 3_600_000;

/** What a script takes that has arrived, to run and to ask for the next one. */
const MOMENT_MS = 30;

/** How many steps of the clock something may take. */
const STEPS = 40;

declare global {
  interface Window {
    /** What the loader puts there. */
    hearback(command: string, ...args: any[]): void;
  }
}

// Resolves when everything that the page has asked of its storage is done and told: transactions on one store run one
// after the other. Must not make the database itself.
const stored = async (): Promise<void> => {
  const db = await new Promise<IDBDatabase | undefined>((resolve) => {
    const request = indexedDB.open("hearback pk_demo", 1);
    request.onupgradeneeded = () => request.transaction!.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      resolve(undefined);
    };
  });
  if (db) {
    const transaction = db.transaction("items", "readwrite");
    transaction.objectStore("items").count();
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    db.close();
  }
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  }
};

/** A page, and the edge that it talks to. */
export class Clocked {
  /** What the developer is told. */
  readonly warnings: string[] = [];
  /** What was thrown into the page. */
  readonly errors: string[] = [];
  private readonly open = new Set<Request>();

  private constructor(
    readonly edge: Edge,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on("console", (message) => message.text().startsWith("hearback") && this.warnings.push(message.text()));
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("request", (request) => this.open.add(request));
    page.on("requestfinished", (request) => this.open.delete(request));
    page.on("requestfailed", (request) => this.open.delete(request));
  }

  /** A visitor who has seen nothing yet. */
  static async arrive(browser: Browser, edge: Edge): Promise<Clocked> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.clock.install({ time: LOADED - HOUR_MS });
    await context.clock.pauseAt(LOADED);
    // Pauses are drawn at random from a widening interval; here always its end.
    await context.addInitScript(() => (Math.random = () => 1));
    return new Clocked(edge, context, await context.newPage());
  }

  /** Goes to a page, and lets the loader learn how the project wants it. */
  async goto(address: string): Promise<void> {
    const before = this.edge.asked.length;
    await this.page.goto(address);
    if (/\/shop\b/.test(address) && !this.edge.blocked) await this.configured(before);
    await this.settle();
  }

  /** Waits until the loader has its settings, and has done what follows from them. */
  async configured(since = 0): Promise<void> {
    await eventually(() => assert.ok(this.edge.asked.slice(since).some((path) => path.startsWith("/v1/config/")), "never configured"));
    await this.settle();
    await sleep(MOMENT_MS);
  }

  /** Calls the loader. What is in a part of its own is there afterwards. */
  async call(command: string, ...args: unknown[]): Promise<void> {
    await this.page.evaluate(([command, args]) => window.hearback(command, ...args), [command, args] as const);
    await this.settle();
    await sleep(MOMENT_MS);
    await this.settle();
  }

  /** Calls the loader `times` times. */
  async event(name = "e", props?: object, times = 1): Promise<void> {
    await this.page.evaluate(
      ([name, props, times]) => {
        for (let i = 0; i < times; i += 1) window.hearback("event", name, props);
      },
      [name, props, times] as const,
    );
    await this.settle();
  }

  /** Lets `ms` pass by the clock, and all that hangs on it happen. */
  async pass(ms: number): Promise<void> {
    await this.page.clock.runFor(ms);
    await this.settle();
  }

  /** Lets time pass in steps of `ms` until `done`. */
  async passUntil(done: () => boolean, ms: number): Promise<void> {
    for (let step = 0; step < STEPS && !done(); step += 1) await this.pass(ms);
    assert.ok(done(), `not done after ${STEPS} steps: ${done}`);
  }

  /** Lets everything happen that is under way. */
  async settle(): Promise<void> {
    await eventually(async () => {
      await this.page.evaluate(stored);
      assert.equal(this.open.size, this.edge.hanging, "requests without their answer");
    });
    await this.page.evaluate(stored);
  }
}

/** One Chromium for the tests of a file; each test gets a visitor and an edge of its own. */
export function clocked(): (script: Script, work: (visitor: Clocked) => Promise<void>) => Promise<void> {
  let browser: Browser;
  before(async () => void (browser = await launch()));
  after(() => browser?.close());
  return async (script, work) => {
    const edge = await Edge.start(script);
    const visitor = await Clocked.arrive(browser, edge);
    try {
      await work(visitor);
      assert.deepEqual(visitor.errors, [], "something was thrown into the page");
    } finally {
      await visitor.context.close();
      await edge.stop();
    }
  };
}
