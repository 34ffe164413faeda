// What every journey starts with: a sink, a collector that delivers to it, a browser.
import { after } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "./chromium.ts";
import { Collector } from "./collector.ts";
import { Host, type HostOptions } from "./host.ts";
import { Requests } from "./requests.ts";
import { Sink } from "./sink.ts";

/** A visitor: one context with one page, and everything it asked for and complained about. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  requests: Requests;
  /** Uncaught errors of the page. */
  errors: string[];
}

/** The stage of one file's journeys. It is cleared away when the file's tests are over. */
export class Stage {
  private readonly hosts: Host[] = [];

  private constructor(
    readonly sink: Sink,
    readonly collector: Collector,
    readonly browser: Browser,
  ) {}

  static async set(): Promise<Stage> {
    const sink = await Sink.start();
    const [collector, browser] = await Promise.all([Collector.start({ sink }), launch()]);
    const stage = new Stage(sink, collector, browser);
    after(() => stage.clear());
    return stage;
  }

  async host(options: HostOptions = {}): Promise<Host> {
    const host = await Host.start(this.collector, options);
    this.hosts.push(host);
    return host;
  }

  async visit(options: BrowserContextOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const requests = new Requests(context);
    const errors: string[] = [];
    context.on("weberror", (error) => errors.push(String(error.error())));
    return { context, page: await context.newPage(), requests, errors };
  }

  private async clear(): Promise<void> {
    await this.browser.close();
    for (const host of this.hosts) await host.stop();
    await this.collector.stop();
    await this.sink.stop();
  }
}
