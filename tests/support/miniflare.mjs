// The built collector in Miniflare, with an R2 bucket and a queue, and a Worker beside it that consumes the queue and
// shows what is in both. Miniflare is here for these two bindings alone: it says nothing about durability.
//
// Reads SIGNING_KEYS from the environment, prints one line of JSON when it is ready, and ends with its standard input.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BUILD = `${ROOT}collector/build/`;
const [, compatibilityDate] = readFileSync(`${ROOT}wrangler.toml`, "utf8").match(/^compatibility_date = "(.*)"$/m);

/** Keeps messages in the bucket's neighbour, so that a test can ask for them. */
const READER = `
  export default {
    async queue(batch, env) {
      await Promise.all(batch.messages.map(({ id, body }) => env.MESSAGES.put(id, body)));
    },
    async fetch(request, env) {
      const bucket = new URL(request.url).pathname === "/messages" ? env.MESSAGES : env.LAKE;
      const found = [];
      for (let cursor; ; ) {
        const page = await bucket.list({ cursor, include: ["httpMetadata"] });
        const read = async ({ key, httpMetadata }) => {
          const bytes = new Uint8Array(await (await bucket.get(key)).arrayBuffer());
          return { key, type: httpMetadata?.contentType, base64: btoa(String.fromCharCode(...bytes)) };
        };
        found.push(...(await Promise.all(page.objects.map(read))));
        if (!page.truncated) return Response.json(found);
        cursor = page.cursor;
      }
    },
  };
`;

const direct = [{ host: "127.0.0.1", port: 0 }];
const shared = { compatibilityDate, unsafeDirectSockets: direct };
const objects = (className) => ({ className, useSQLite: true });

const miniflare = new Miniflare({
  host: "127.0.0.1",
  port: 0,
  workers: [
    {
      ...shared,
      name: "collector",
      modules: [
        { type: "ESModule", path: "index.js", contents: readFileSync(`${BUILD}index.js`, "utf8") },
        { type: "CompiledWasm", path: "index_bg.wasm", contents: readFileSync(`${BUILD}index_bg.wasm`) },
      ],
      durableObjects: { SHARD: objects("ShardObject"), PROJECT: objects("ProjectObject") },
      serviceBindings: { ASSETS: { disk: { path: `${ROOT}dist/assets` } } },
      r2Buckets: { LAKE: "lake" },
      queueProducers: { ITEMS: "items" },
      bindings: {
        SIGNING_KEYS: process.env.SIGNING_KEYS,
        DEMO: "1",
        SINK_DELAY_MS: "0",
        SINKS: JSON.stringify([
          { name: "bucket", type: "r2", binding: "LAKE" },
          { name: "queue", type: "queue", binding: "ITEMS" },
        ]),
      },
    },
    {
      ...shared,
      name: "reader",
      modules: true,
      script: READER,
      r2Buckets: { LAKE: "lake", MESSAGES: "messages" },
      queueConsumers: { items: { maxBatchSize: 100, maxBatchTimeout: 0 } },
    },
  ],
});

const url = async (name) => (await miniflare.unsafeGetDirectURL(name)).origin;
console.log(JSON.stringify({ collector: await url("collector"), reader: await url("reader") }));
process.stdin.resume();
process.stdin.once("end", async () => {
  await miniflare.dispose();
  process.exit(0);
});
