// The shop's own little server, for workerd: files, routes that the page draws itself, and a till with bad days.
// Bindings: FILES (disk service on public/), COLLECTOR (address of the collector), KEY (the project's public key).

const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
};

const RELEASE = "1.4.2";
const SLOW_MS = 1800;
// Addresses below which the page draws itself.
const ROUTES = /^\/(?:tea\/[a-z0-9-]+|cart|checkout)?$/;

let checkouts = 0;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const json = (body, status) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store" } });

const attribute = (text) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Where the page says `<!-- hearback -->`: calls made before the script has arrived wait in a queue. */
function integration(env) {
  const src = attribute(`${env.COLLECTOR.replace(/\/$/, "")}/hearback.js`);
  // Not a developer's page, though it runs on one's machine; `?hearback_debug` makes it one.
  return `<script>window.hearback=window.hearback||function(){(hearback.q=hearback.q||[]).push(arguments)}</script>
    <script async src="${src}" data-key="${attribute(env.KEY)}" data-release="${RELEASE}" data-env="demo" data-debug="off"></script>`;
}

async function file(env, path) {
  const found = await env.FILES.fetch(`http://files${path}`);
  if (!found.ok) return new Response("Not found\n", { status: 404, headers: { "content-type": "text/plain" } });
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const headers = { "content-type": type, "cache-control": "no-cache", "x-content-type-options": "nosniff" };
  if (!path.endsWith(".html")) return new Response(found.body, { headers });
  const page = (await found.text()).replace("<!-- hearback -->", () => integration(env));
  return new Response(page, { headers });
}

/** Every third payment fails; `?fail=1` and `?fail=0` decide it. */
function checkout(fail) {
  checkouts += 1;
  const fails = fail === null ? checkouts % 3 === 0 : fail === "1";
  if (fails) return json({ error: "the payment service did not answer" }, 502);
  return json({ order: `KL-${1000 + checkouts}` }, 201);
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/api/checkout") {
      if (request.method !== "POST") return json({ error: "POST only" }, 405);
      await request.arrayBuffer();
      await wait(400);
      return checkout(searchParams.get("fail"));
    }
    if (request.method !== "GET" && request.method !== "HEAD") return json({ error: "GET only" }, 405);
    if (pathname.startsWith("/slow/")) {
      await wait(SLOW_MS);
      return file(env, pathname.slice("/slow".length));
    }
    if (ROUTES.test(pathname)) return file(env, "/index.html");
    if (pathname === "/about") return file(env, "/about.html");
    return file(env, pathname);
  },
};
