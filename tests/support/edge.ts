// An edge that answers as a test says, and a site with the loader on it. The real collector never answers as badly as
// what may stand between it and a page.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { listen, readBody, shut } from "./http.ts";
import { ROOT } from "./root.ts";

/** A batch as it came over the wire. */
export interface Batch {
  key: string;
  producer: string;
  sent_at: number;
  context: object;
  items: { seq: number; name?: string; props?: Record<string, unknown> }[];
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

// Queue and transport without the rest of the loader, as a global `parts`.
const parts = (): string =>
  buildSync({
    stdin: { contents: 'export * from "./queue"; export * from "./transport";', resolveDir: join(ROOT, "widget/loader/src") },
    bundle: true,
    format: "iife",
    globalName: "parts",
    write: false,
  }).outputFiles[0]!.text;

const page = (script: string): string =>
  `<!doctype html><html lang="de"><title>Shop</title><link rel="icon" href="data:,"><h1>Shop</h1>${script}</html>`;

/** Started for one test. */
export class Edge {
  readonly received: Received[] = [];
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
    if (pathname === "/hearback.js") return this.give(response, "text/javascript", await readFile(join(ROOT, "dist/assets/hearback.js"), "utf8"));
    if (pathname === "/parts.js") return this.give(response, "text/javascript", parts());
    const script = { "/shop": "hearback.js", "/parts": "parts.js" }[pathname];
    const tag = script ? `<script src="${this.url}/${script}" data-key="pk_demo"></script>` : "";
    this.give(response, "text/html", page(tag));
  }

  private give(response: ServerResponse, type: string, body: string): void {
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" }).end(body);
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
