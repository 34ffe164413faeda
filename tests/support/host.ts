// A customer's site: host pages on an origin of their own, with the headers a test wants, and, for sites that serve
// everything from themselves, a first-party proxy to the collector.
import { readFile } from "node:fs/promises";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import type { Collector } from "./collector.ts";
import { listen, readBody, shut } from "./http.ts";
import { ROOT } from "./root.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".xhtml": "application/xhtml+xml; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** What an address ends in to get the page without Hearback. */
export const BARE = "?bare";

const PROXIED = /^\/(?:hearback\.js$|hb\/|v1\/|f\/)/;

/** What the proxy does with `POST /v1/ingest`. */
export type Ingest =
  /** pass it on, and the answer back */
  | "pass"
  /** pass it on, but let the answer never arrive: the line breaks at the worst moment */
  | "swallow"
  /** take it and say nothing: it never reaches the collector */
  | "hold";

export interface HostOptions {
  /** Content-Security-Policy of every page. */
  csp?: string;
  /** Whether pages load Hearback from this origin, by the proxy, instead of the collector's. */
  firstParty?: boolean;
  /** Whether the browser may keep pages, as it must for going back in an instant. */
  cached?: boolean;
  /** A key that was revoked. */
  revoked?: string;
  /** What stands where pages say `{{TAG}}`. */
  tag?: string;
}

/** A site with Hearback on it. */
export class Host {
  /** Its origin. */
  url = "";
  ingest: Ingest = "pass";
  /** How many ingest requests the proxy has passed on and had answered. */
  passed = 0;
  /** How many it has taken and kept to itself. */
  held = 0;

  private constructor(
    private readonly server: Server,
    private readonly collector: Collector,
    private readonly options: HostOptions,
  ) {}

  static async start(collector: Collector, options: HostOptions = {}): Promise<Host> {
    const server = createServer();
    const host = new Host(server, collector, options);
    server.on("request", (request, response) => void host.answer(request, response));
    // Another *site* than the collector's 127.0.0.1, not only another origin.
    host.url = `http://localhost:${await listen(server)}`;
    return host;
  }

  async stop(): Promise<void> {
    await shut(this.server);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? "/", this.url);
    if (PROXIED.test(pathname)) return this.proxy(request, response);
    const name = /^\/([a-z-]+\.(?:html|xhtml|css|js))$/.exec(pathname)?.[1];
    const source = name && (await readFile(join(ROOT, "tests/host-pages", name), "utf8").catch(() => undefined));
    if (!name || !source) {
      response.writeHead(404, { "content-type": "text/plain" }).end("no such page");
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(name)],
      "cache-control": this.options.cached ? "no-cache" : "no-store",
      ...(this.options.csp ? { "content-security-policy": this.options.csp } : {}),
    });
    response.end(this.filled(source, search === BARE));
  }

  /** A page as it is served: with the script tag in its place, or without. */
  private filled(source: string, bare: boolean): string {
    const base = this.options.firstParty ? "" : this.collector.url;
    const tag = (key: string, more = "") =>
      bare ? "" : `<script async="" src="${base}/hearback.js"${key && ` data-key="${key}"`} data-debug="off"${more}></script>`;
    return source
      .replaceAll("{{HEARBACK}}", tag(this.collector.key))
      .replaceAll("{{HEARBACK nonce}}", tag(this.collector.key, ' nonce="abc123"'))
      .replaceAll("{{HEARBACK wrong}}", tag(this.collector.key.replace(/^pk_\w+?(?=[._]|$)/, "$&x")))
      .replaceAll("{{HEARBACK revoked}}", tag(this.options.revoked ?? ""))
      .replaceAll("{{HEARBACK keyless}}", tag(""))
      .replaceAll("{{OTHER}}", this.url.replace("localhost", "127.0.0.1"))
      .replaceAll("{{TAG}}", this.options.tag ?? "")
      .replaceAll("{{BASE}}", base)
      .replaceAll("{{KEY}}", this.collector.key);
  }

  private async proxy(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const ingest = request.method === "POST" && request.url?.startsWith("/v1/ingest");
    if (ingest && this.ingest === "hold") {
      this.held += 1;
      return;
    }
    const { host: _, connection: __, ...headers } = request.headers;
    const onward = forward(`${this.collector.url}${request.url}`, { method: request.method ?? "GET", headers }, (answer) => {
      if (ingest) this.passed += 1;
      if (ingest && this.ingest === "swallow") {
        answer.resume();
        response.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  }
}
