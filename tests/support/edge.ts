// An edge that answers as a test says, and a site with the loader on it. The real collector never answers as badly as
// what may stand between it and a page.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buildSync } from "esbuild";
import defaults from "../../widget/loader/src/defaults.json" with { type: "json" };
import { listen, readBody, shut } from "./http.ts";
import { ROOT } from "./root.ts";

/** A batch as it came over the wire. */
export interface Batch {
  key: string;
  producer: string;
  sent_at: number;
  context: Record<string, unknown>;
  items: { seq: number; type?: string; name?: string; url?: string; props?: Record<string, unknown>; [field: string]: unknown }[];
}

/** A request to `/v1/ingest`. */
export interface Received {
  method: string;
  headers: IncomingHttpHeaders;
  bytes: number;
  batch: Batch;
}

export type Reply =
  | { status: number; body: string; headers?: Record<string, string> }
  /** the line breaks before the answer */
  | "break"
  /** no answer ever comes */
  | "hang";

export type Script = (batch: Batch) => Reply;

export const json = (status: number, body: object, headers: Record<string, string> = {}): Reply => ({
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...headers },
});

/** What a proxy or a captive portal says. */
export const html = (status: number): Reply => ({ status, body: `<h1>${status}</h1>`, headers: { "content-type": "text/html" } });

export const problem = (status: number, headers?: Record<string, string>): Reply => json(status, { title: `Title of ${status}` }, headers);

/** The same answer for each item. */
export const each =
  (result: object): Script =>
  ({ items }) =>
    json(202, { results: items.map(({ seq }) => ({ seq, ...result })) });

/** How an edge answers that takes everything. */
export const accept = each({ status: "accepted" });

export const breaks: Script = () => "break";

// Queue and transport without the rest of the loader, as a global `parts`. Nobody has to say that events are wanted.
const parts = (): string =>
  buildSync({
    stdin: { contents: 'export * from "./queue"; export * from "./transport"; import { kit } from "./kit"; kit.counting = true;', resolveDir: join(ROOT, "widget/loader/src") },
    bundle: true,
    format: "iife",
    globalName: "parts",
    define: { __PINNED__: "false" },
    write: false,
  }).outputFiles[0]!.text;

const page = (script: string, body: string): string =>
  `<!doctype html><html lang="de"><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>${body}${script}</html>`;

/** A project's configuration, as the edge gives it. */
export type Settings = typeof defaults;

/** Settings of a project that has changed some. */
export const settings = (change: { [part in keyof Settings]?: Settings[part] extends object ? Partial<Settings[part]> : Settings[part] }): Settings => {
  const all = structuredClone(defaults) as Record<string, unknown>;
  for (const [name, part] of Object.entries(change))
    all[name] = typeof part === "object" ? { ...(all[name] as object), ...(part as object) } : part;
  return all as Settings;
};

/** Started for one test. */
export class Edge {
  readonly received: Received[] = [];
  /** The paths of everything else that was asked for. */
  readonly asked: string[] = [];
  /** What `GET /v1/config/<key>` gives; an error where there is nothing. */
  config: Settings | undefined = defaults;
  /** What the shop's pages have in them. */
  body = "";
  /** A page of the test's own, at `/page`. */
  page = "";
  /** Their `data-debug`: on localhost everything is a developer's. */
  debug = "off";
  /** More attributes of their script tag. */
  attributes = "";
  /** Headers of every page. */
  headers: Record<string, string> = {};
  /** Whether nothing below `/hb/` can be had. */
  blocked = false;
  /** How many requests hang. */
  hanging = 0;
  /** The origin of the edge. */
  url = "";
  /** The origin of a site that is another *site* than the edge. */
  site = "";

  private constructor(
    private readonly server: Server,
    /** May be replaced at any time. */
    public script: Script,
  ) {}

  static async start(script: Script): Promise<Edge> {
    const server = createServer();
    const edge = new Edge(server, script);
    server.on("request", (request, response) => void edge.answer(request, response));
    const port = await listen(server);
    edge.url = `http://127.0.0.1:${port}`;
    edge.site = `http://localhost:${port}`;
    return edge;
  }

  /** The parts that were asked for since the last page, by their names. */
  get parts(): string[] {
    const since = this.asked.lastIndexOf("/shop") + 1;
    return this.asked.slice(since).flatMap((path) => /^\/hb\/(\w+)\./.exec(path)?.[1] ?? []).sort();
  }

  /** All items that came, in their order, whatever the batch. */
  get items(): Batch["items"] {
    return this.batches.flatMap(({ items }) => items);
  }

  /** The events of a name: their properties. */
  events(name: string): (Record<string, unknown> | undefined)[] {
    return this.items.filter((item) => item.name === name).map(({ props }) => props);
  }

  get batches(): Batch[] {
    return this.received.map(({ batch }) => batch);
  }

  /** The numbers in each batch. */
  get seqs(): number[][] {
    return this.batches.map(({ items }) => items.map(({ seq }) => seq));
  }

  async stop(): Promise<void> {
    await shut(this.server);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // On a connection of its own each: browsers repeat by themselves what breaks on a connection they use again.
    response.setHeader("connection", "close");
    const { pathname } = new URL(request.url ?? "/", this.url);
    if (pathname === "/v1/ingest") return this.ingest(request, response);
    this.asked.push(pathname);
    if (pathname.startsWith("/v1/config/") && this.config) return this.give(response, "application/json", JSON.stringify(this.config));
    if (pathname.startsWith("/hb/") && !this.blocked) {
      const file = await readFile(join(ROOT, "dist/assets", pathname)).catch(() => undefined);
      if (file) return this.give(response, pathname.endsWith(".wasm") ? "application/wasm" : "text/javascript", file);
    }
    if (/^\/(v1\/config|hb)\//.test(pathname)) return void response.writeHead(404, { "access-control-allow-origin": "*" }).end("no");
    if (pathname === "/hearback.js") return this.give(response, "text/javascript", await readFile(join(ROOT, "dist/assets/hearback.js"), "utf8"));
    if (pathname === "/page") return this.give(response, "text/html", this.page);
    if (pathname === "/parts.js") return this.give(response, "text/javascript", parts());
    const script = { "/shop": "hearback.js", "/parts": "parts.js" }[pathname];
    const tag = script ? `<script src="${this.url}/${script}" data-key="pk_demo" data-debug="${this.debug}" ${this.attributes}></script>` : "";
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    this.give(response, "text/html", page(tag, this.body));
  }

  private give(response: ServerResponse, type: string, body: string | Buffer): void {
    const charset = /^text|json/.test(type) ? "; charset=utf-8" : "";
    const cors = { "access-control-allow-origin": "*" };
    response.writeHead(200, { "content-type": type + charset, "cache-control": "no-store", ...cors }).end(body);
  }

  private async ingest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const batch = JSON.parse(body.toString()) as Batch;
    this.received.push({ method: request.method ?? "", headers: request.headers, bytes: body.length, batch });
    const reply = this.script(batch);
    if (reply === "break") response.destroy();
    else if (reply === "hang") this.hanging += 1;
    else {
      const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" };
      response.writeHead(reply.status, { ...cors, ...reply.headers }).end(reply.body);
    }
  }
}
