// The panel alone on a page, with the bridge that a test hands it: what the loader would hand over is its input.
import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { PATIENCE_MS } from "./eventually.ts";
import { listen, shut } from "./http.ts";
import { ROOT } from "./root.ts";

const ASSETS = join(ROOT, "dist/assets");
const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A stand</title><link rel="icon" href="data:,"><main><h1>A stand</h1><p>The panel is beside this.</p>
<button type="button">Elsewhere</button></main></html>`;

/** What the loader would say of a project and a page. */
export interface Given {
  lang?: string;
  form?: Record<string, unknown>;
  strings?: Record<string, Record<string, string>>;
  breadcrumbs?: string[];
  props?: Record<string, unknown>;
}

/** What the panel handed to the bridge. */
export interface Sent {
  item: Record<string, unknown>;
  omit: { omit: string[] };
}

/** Form settings as `GET /v1/config` gives them, every field there. */
export const FORM = {
  style: "modal",
  kinds: ["bug", "idea", "praise", "question"],
  rating: "stars",
  email: "optional",
  fields: [],
  consent_line: "",
  screenshot: true,
  context: true,
};

export class Stand {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Stand> {
    const server = createServer((request, response) => {
      const name = (request.url ?? "/").slice(1);
      if (!name) return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
      return readFile(join(ASSETS, name)).then(
        (bytes) => response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "text/plain" }).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    return new Stand(server, `http://127.0.0.1:${await listen(server)}/`);
  }

  stop(): Promise<void> {
    return shut(this.server);
  }

  /** Opens a page with the panel on it. */
  async open(browser: Browser, given: Given = {}, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1000, height: 1000 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const errors: string[] = [];
    context.on("weberror", (error) => errors.push(String(error.error())));
    await page.goto(this.url);
    await mount(page, this.url, given);
    return { page, errors, panel: page.getByRole("dialog"), close: () => context.close() };
  }
}

export interface Visitor {
  page: Page;
  errors: string[];
  panel: Locator;
  close(): Promise<void>;
}

/** Mounts the panel, as the loader does. */
export async function mount(page: Page, base: string, given: Given): Promise<void> {
  const hb = await readdir(join(ASSETS, "hb"));
  const name = (end: RegExp) => base + "hb/" + hb.find((file) => end.test(file));
  const files = { js: name(/^panel\..*\.js$/), wasm: name(/^panel\..*\.wasm$/) };
  await page.evaluate(
    async ({ base, files, given, form }) => {
      const panel = await import(files.js);
      await panel.default({ module_or_path: files.wasm });
      const host = document.body.appendChild(document.createElement("hearback-widget"));
      const place = host.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
      const sent: unknown[] = [];
      const bridge = {
        send: (item: unknown, told: unknown, omit: unknown) => void sent.push({ item, told, omit }),
        closed: () => (document.title = "closed"),
        lang: given.lang ?? "en",
        base,
        config: { form: { ...form, ...given.form }, strings: given.strings ?? {} },
        breadcrumbs: () => given.breadcrumbs ?? [],
        props: () => given.props ?? {},
        page: () => ({ url: "https://shop.example/cart", screen: [innerWidth, innerHeight], release: "1.4.2", env: "prod" }),
      };
      Object.assign(window, { sent, panel });
      panel.mount(place, bridge);
      panel.show();
    },
    { base, files, given, form: FORM },
  );
  await page.getByRole("dialog").waitFor();
}

/** All that was handed to the bridge so far. */
export const handed = (page: Page): Promise<Sent[]> =>
  page.evaluate(() => (window as unknown as { sent: { item: never; omit: never }[] }).sent.map(({ item, omit }) => ({ item, omit })));

/** Says what became of a piece of feedback, as the loader would. */
export const tell = (page: Page, which: number, state: string, detail: string): Promise<void> =>
  page.evaluate(
    ({ which, state, detail }) => {
      (window as unknown as { sent: { told(state: string, detail: string): void }[] }).sent[which]?.told(state, detail);
    },
    { which, state, detail },
  );
