// What every journey starts with: a sink, a collector that delivers to it, a browser.
import { after, before } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "./chromium.ts";
import { Collector } from "./collector.ts";
import { PATIENCE_MS } from "./eventually.ts";
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

/** The stage of one file's journeys: set before the first of its tests, cleared away after the last. */
export class Stage {
  sink!: Sink;
  collector!: Collector;
  browser!: Browser;
  private readonly hosts: Host[] = [];

  /** To be called where tests are described; what it holds is there once they run. */
  static set(): Stage {
    const stage = new Stage();
    before(async () => {
      stage.sink = await Sink.start();
      stage.collector = await Collector.start({ sink: stage.sink });
      stage.browser = await launch();
    });
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
    context.setDefaultTimeout(PATIENCE_MS);
    const requests = new Requests(context);
    const errors: string[] = [];
    context.on("weberror", (error) => errors.push(String(error.error())));
    return { context, page: await context.newPage(), requests, errors };
  }

  // Each part may be missing: what was started is cleared away even where the rest did not start.
  private async clear(): Promise<void> {
    await this.browser?.close();
    for (const host of this.hosts) await host.stop();
    await this.collector?.stop();
    await this.sink?.stop();
  }
}
