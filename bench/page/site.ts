// A page with nothing on it but one contestant, and whatever the contestants' own servers would answer.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import type { Collector } from "../../tests/support/collector.ts";
import { listen, readBody, shut } from "../../tests/support/http.ts";

/** Whose script is on the page. */
export type Contestant = "empty" | "hearback" | "plausible" | "posthog" | "sentry" | "pushfeedback";

const TYPES: Record<string, string> = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

// What PostHog's server says to a project that has switched nothing on but what is on by default.
const FLAGS = JSON.stringify({
  flags: {},
  errorsWhileComputingFlags: false,
  supportedCompression: ["gzip", "gzip-js"],
  sessionRecording: false,
  surveys: false,
  heatmaps: false,
  capturePerformance: false,
  autocaptureExceptions: false,
  hasFeatureFlags: false,
});

const page = (tag: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title>
<link rel="icon" href="data:,">
${tag}
</head>
<body>
<main>
<h1>A page</h1>
<p>It has a heading, a paragraph and forty buttons.</p>
<p>${Array.from({ length: 40 }, (_, index) => `<button type="button">Button ${index}</button>`).join("\n")}</p>
</main>
</body>
</html>`;

export class Site {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** Serves pages that load Hearback from this collector, and the others' bundles from this folder. */
  static async start(collector: Collector, bundles: string): Promise<Site> {
    const server = createServer((request, response) => void answer(request, response, collector, bundles));
    return new Site(server, `http://localhost:${await listen(server)}`);
  }

  /** The page with this contestant's script. */
  page(contestant: Contestant): string {
    return `${this.url}/${contestant}.html`;
  }

  stop(): Promise<void> {
    return shut(this.server);
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, collector: Collector, bundles: string): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const contestant = /^\/([a-z]+)\.html$/.exec(pathname)?.[1];
  if (contestant) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    return void response.end(page(tag(contestant as Contestant, collector)));
  }
  if (pathname.startsWith("/bundles/")) {
    const name = pathname.slice("/bundles/".length);
    const bytes = await readFile(join(bundles, name)).catch(() => undefined);
    if (!bytes || name.includes("..")) return void response.writeHead(404).end();
    // As a CDN would: the contestants' files are cached, and so is the code made of them.
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "text/plain", "cache-control": "public, max-age=3600" });
    return void response.end(bytes);
  }
  await readBody(request);
  if (pathname.includes("/flags")) return json(response, FLAGS);
  if (pathname.endsWith("/config")) return json(response, FLAGS);
  // Extensions that a project's settings would ask for are not there: it has switched on none.
  if (pathname.startsWith("/stub/posthog/static") || pathname.endsWith(".js")) return void response.writeHead(404).end();
  if (pathname === "/stub/plausible") return void response.writeHead(202).end("ok");
  json(response, '{"status":1}');
}

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json" }).end(body);
}

function tag(contestant: Contestant, collector: Collector): string {
  switch (contestant) {
    case "empty":
      return "";
    case "hearback":
      // On localhost it would help its developer, which no visitor's page pays for.
      return `<script async src="${collector.url}/hearback.js" data-key="${collector.key}" data-debug="off"></script>`;
    default:
      return `<script type="module" async src="/bundles/${contestant}.js"></script>`;
  }
}
