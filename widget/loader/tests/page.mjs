// A page without a screen: just enough of a browser for queue and transport, in which a test decides what the network
// does and what time it is. The real browser has its turn in `tests/browser`.
import { mock } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const bundle = buildSync({
  stdin: {
    contents: 'export * from "./queue"; export * from "./transport";',
    resolveDir: fileURLToPath(new URL("../src", import.meta.url)),
  },
  bundle: true,
  format: "esm",
  write: false,
}).outputFiles[0].text;

/** When every page is loaded. */
export const LOADED = Date.UTC(2026, 10, 23, 8);

const define = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

/** How an edge answers that takes everything. */
export const accept = ({ items }) => json(202, { results: items.map(({ seq }) => ({ seq, status: "accepted" })) });

export const json = (status, body, headers = {}) => () => new Response(JSON.stringify(body), { status, headers });

export const problem = (status, headers) => json(status, { title: `Title of ${status}` }, headers);

export const noNetwork = () => () => {
  throw new TypeError("Failed to fetch");
};

let pages = 0;

/** A freshly loaded page. `answer` makes, of each batch, a function that returns the response. */
export async function load(answer = accept) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: LOADED });
  const page = { answer, batches: [], requests: [], warnings: [] };
  define("document", Object.assign(new EventTarget(), {
    currentScript: { src: "https://edge.example/hearback.js", dataset: { key: "pk_demo" } },
    documentElement: { lang: "de" },
    referrer: "https://search.example/?q=secret",
  }));
  define("location", { href: "https://shop.example/cart?coupon=secret#secret" });
  define("navigator", { language: "en", onLine: true });
  define("innerWidth", 390);
  define("innerHeight", 844);
  define("window", globalThis);
  define("fetch", async (url, init) => {
    const batch = JSON.parse(init.body);
    page.batches.push(batch);
    page.requests.push({ url, ...init });
    return page.answer(batch)();
  });
  // There is no storage either: that the loader says so is not what these tests are about.
  mock.method(console, "warn", (text) => text.includes("indexedDB") || page.warnings.push(text));
  // Retries are drawn at random from a widening interval; here always its end.
  mock.method(Math, "random", () => 1);
  const loader = await import(`data:text/javascript,${encodeURIComponent(bundle)}//${pages++}`);
  return Object.assign(page, loader, {
    event: (name = "e", props) => loader.submit({ type: "event", name, props }),
    /** Sends feedback; returns the list of states it will have gone through. */
    feedback: (text = "t") => {
      const states = [];
      loader.submit({ type: "feedback", kind: "bug", text }, (...state) => states.push(state.join(" ")));
      return states;
    },
  });
}

// What is promised without a timer comes about between two turns of the event loop.
const settle = async () => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
};

/** Lets `ms` pass, and all that hangs on it happen. In steps, because one timer leads to the next. */
export async function pass(ms) {
  for (let left = ms; left > 0; left -= 500) {
    await settle();
    mock.timers.tick(Math.min(left, 500));
  }
  await settle();
}

export const seqs = ({ items }) => items.map(({ seq }) => seq);
