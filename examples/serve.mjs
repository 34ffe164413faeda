// A folder over HTTP, for looking at the examples: `node serve.mjs FOLDER [PORT]`. Says its address when it is there.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** Serves `folder`; `prepare(text, headers)` may change a page and the headers it goes with. */
export function serve(folder, port = 0, prepare = (page) => page) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = join(resolve(folder), pathname.endsWith("/") ? pathname + "index.html" : pathname);
    const body = await readFile(path).catch(() => undefined);
    if (!body) return response.writeHead(404).end("Not found\n");
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" };
    const content = type === "text/html" ? prepare(body.toString(), headers) : body;
    response.writeHead(200, headers).end(content);
  });
  server.listen(port, "127.0.0.1", () => console.log(`http://localhost:${server.address().port}/`));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) serve(process.argv[2] ?? "dist", Number(process.argv[3] ?? 8080));
