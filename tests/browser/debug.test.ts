// Debug mode: the console says of each item what the edge will say, by the edge's own code, and nobody pays for it who is
// not a developer.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, ConsoleMessage, Page } from "playwright-core";
import { producer } from "../support/api.ts";
import { launch } from "../support/chromium.ts";
import { clocked, type Clocked } from "../support/clocked.ts";
import type { Collector } from "../support/collector.ts";
import { Edge, accept, settings } from "../support/edge.ts";
import { eventually } from "../support/eventually.ts";
import { Stage } from "../support/journey.ts";
import { panelStub } from "../support/panel-stub.ts";
import { ROOT } from "../support/root.ts";

const CORPUS = join(ROOT, "shared/tests/corpus");

/** How many codes have to occur for a comparison to be worth something. */
const CODES = 12;

/** A verdict: nothing where an item is accepted. */
interface Verdict {
  code?: string;
  field?: string | undefined;
  message?: string;
}

const read = (folder: string) => readdirSync(join(CORPUS, folder)).map((file) => [`${folder}/${file}`, readFileSync(join(CORPUS, folder, file), "utf8")] as const);

/** The bodies of the corpus, as `corpus/README.md` says, of a page opened just now. What is no UTF-8 is no text in a page either. */
const bodies = (key: string): [string, string][] =>
  ["items", "messages", "batches"].flatMap((folder) =>
    read(folder).flatMap(([name, text]): [string, string][] => {
      if (text.includes("\ufffd")) return [];
      if (folder === "batches") return [[name, text.replace("pk_demo", key)]];
      const by = folder === "items" ? `"producer":"${producer()}",` : "";
      return [[name, `{"key":"${key}",${by}"sent_at":${Date.now()},"items":[${text}]}`]];
    }),
  );

/** What the edge says of a body. */
const asked = async ({ url }: Collector, body: string): Promise<Verdict[] | "refused"> => {
  const answer = await fetch(`${url}/v1/ingest`, { method: "POST", body });
  if (answer.status === 400) return "refused";
  assert.equal(answer.status, 202, await answer.clone().text());
  const { results } = (await answer.json()) as { results: ({ status: string } & Verdict)[] };
  return results.map(({ status, code, field, message }) => (status === "rejected" ? verdict(code, field, message) : {}));
};

const verdict = (code?: string, field?: string, message?: string): Verdict => (code ? { code, field: field || "", message: message ?? "" } : {});

/** What the page's own copy of the rules says of bodies. */
const judged = (page: Page, address: string, bodies: string[]): Promise<(string | null)[]> =>
  page.evaluate(
    async ([address, bodies]) => {
      const glue = await import(`${address}.js`);
      await glue.default({ module_or_path: fetch(`${address}.wasm`) });
      return bodies.map((body) => {
        try {
          return glue.judge(body, Date.now()) as string;
        } catch {
          return null;
        }
      });
    },
    [address, bodies] as const,
  );

const validator = (): string => {
  const file = readdirSync(join(ROOT, "dist/assets/hb")).find((name) => /^validator\.\w+\.js$/.test(name));
  return `hb/${file!.replace(/\.js$/, "")}`;
};

describe("debug mode and the edge", () => {
  const stage = Stage.set();

  test("the validator says of every body of the corpus what the edge says", async () => {
    const { collector } = stage;
    const host = await stage.host();
    const { page, context } = await stage.visit();
    await page.goto(`${host.url}/strict.html`);
    const all = bodies(collector.key);
    const here = await judged(page, `${collector.url}/${validator()}`, all.map(([, body]) => body));
    const codes = new Set<string>();
    for (const [index, [name, body]] of all.entries()) {
      const there = await asked(collector, body);
      const records = here[index] === null ? "refused" : here[index]!.split("\x1e").map((record) => verdict(...(record.split("\x1f") as [string])));
      // A batch without items has no records, which is the same text as one record that says nothing.
      assert.deepEqual(there.length ? records : [], there, name);
      if (there !== "refused") for (const { code } of there) if (code) codes.add(code);
    }
    assert.ok(codes.size >= CODES, [...codes].join());
    await context.close();
  });

  test("what the console says of what a page submits is what the edge answers", async () => {
    const host = await stage.host();
    const { page, context } = await stage.visit();
    const here = new Map<number, string>();
    const there = new Map<number, string>();
    const hear = async (message: ConsoleMessage) => {
      const [, code, field] = /will be rejected: (\w+)(?: \((.*?)\))?: /.exec(message.text()) ?? [];
      if (code) here.set(((await message.args()[1]!.jsonValue()) as { seq: number }).seq, `${code} ${field ?? ""}`);
    };
    page.on("console", (message) => void hear(message));
    page.on("response", async (response) => {
      if (!response.url().endsWith("/v1/ingest")) return;
      const { results } = (await response.json()) as { results: { status: string; code: string; field?: string }[] };
      const { items } = response.request().postDataJSON() as { items: { seq: number }[] };
      // In the order of the items; a seq that could not be read is not in the answer.
      for (const [index, { status, code, field }] of results.entries()) there.set(items[index]!.seq, status === "rejected" ? `${code} ${field ?? ""}` : "");
    });
    await panelStub(page);
    // On localhost, but switched off in the tag; what somebody asks for goes before that.
    await page.goto(`${host.url}/site.html?hearback_debug`);
    await page.waitForEvent("console", (message) => message.text().startsWith("hearback: debug mode"));
    await page.evaluate(() => window.hearback("open"));
    await page.waitForFunction(() => window.bridge);

    const items = read("items").flatMap(([name, text]) => {
      try {
        const item = JSON.parse(text) as unknown;
        return typeof item === "object" && item && !Array.isArray(item) && !name.includes("beyond-any-stack") ? [text] : [];
      } catch {
        return [];
      }
    });
    await page.evaluate((items) => items.forEach((item) => window.bridge.send(JSON.parse(item))), items);
    await eventually(() => assert.ok(there.size >= items.length, `${there.size} of ${items.length} are answered`));
    const rejected = [...there].filter(([, code]) => code).sort(([a], [b]) => a - b);
    await eventually(() => assert.deepEqual([...here].sort(([a], [b]) => a - b), rejected));
    assert.ok(new Set(rejected.map(([, code]) => code.split(" ")[0])).size >= CODES, rejected.join());
    await context.close();
  });
});

describe("debug mode under a policy", () => {
  const stage = Stage.set();

  test("where WebAssembly is forbidden it says what it can, and that it cannot judge", async () => {
    const host = await stage.host({ csp: "default-src 'self'; img-src data:", firstParty: true });
    const { page, context, errors } = await stage.visit();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    await page.goto(`${host.url}/strict.html?hearback_debug`);
    await eventually(() => assert.ok(said.some((line) => /^hearback: what is sent cannot be judged here: CompileError/.test(line)), said.join("\n")));
    assert.ok(said.some((line) => line.startsWith("hearback: debug mode; events are sent")));
    assert.deepEqual(errors, []);
    await context.close();
  });
});

describe("debug mode in a page", () => {
  const visit = clocked();

  /** A page on localhost. `said` is all that the console was told. */
  const page = (sentence: string, work: (visitor: Clocked, said: string[]) => Promise<void>) =>
    test(sentence, () =>
      visit(accept, async (visitor) => {
        visitor.edge.debug = "";
        visitor.edge.config = settings({ form: { context: false }, usage: { parts: ["views", "links"] } });
        const said: string[] = [];
        visitor.page.on("console", (message) => said.push(message.text()));
        await work(visitor, said);
      }),
    );

  const introduced = (said: string[]) => eventually(() => assert.ok(said.some((line) => line.startsWith("hearback: debug mode")), said.join("\n")));

  page("on localhost it says once what there is: key, release, settings, consent, and that events are sent", async (visitor, said) => {
    visitor.edge.attributes = 'data-release="1.4.2"';
    await visitor.goto(`${visitor.edge.site}/shop`);
    await introduced(said);
    const [title, key, config, consent, , off] = said.slice(said.findIndex((line) => line.startsWith("hearback: debug mode")));
    assert.equal(title, "hearback: debug mode; events are sent");
    assert.equal(key, "key pk_demo · release 1.4.2 · environment none");
    assert.match(config!, /^settings \{launcher/);
    assert.equal(consent, "consent usage");
    assert.match(off!, /^data-debug="off"/);
  });

  page("an event that is right is mentioned where only developers look, one that is not is a warning", async (visitor, said) => {
    await visitor.goto(`${visitor.edge.site}/shop`);
    await introduced(said);
    const types: string[] = [];
    visitor.page.on("console", (message) => types.push(message.type()));
    await visitor.event("signup", { plan: "pro" });
    await visitor.event("x".repeat(65));
    await eventually(() => assert.deepEqual(types, ["debug", "warning"]));
    assert.match(said.at(-2)!, /^hearback: event signup is as it should be/);
    assert.match(said.at(-1)!, /^hearback: event x{65} will be rejected: name_invalid \(name\): /);
  });

  page("events from before it was there are judged, too, and none is judged twice", async (visitor, said) => {
    visitor.edge.script = () => ({ status: 503, body: "" });
    await visitor.goto(`${visitor.edge.site}/shop`);
    await introduced(said);
    await visitor.passUntil(() => visitor.edge.batches.length > 2, 3000);
    assert.equal(said.filter((line) => line.startsWith("hearback: event page_view is as it should be")).length, 1);
  });

  const silent = (why: string, prepare: (visitor: Clocked) => unknown) =>
    page(`it says why events are not sent: ${why}`, async (visitor, said) => {
      await prepare(visitor);
      await visitor.goto(`${visitor.edge.site}/shop`);
      await introduced(said);
      assert.ok(said.some((line) => line.startsWith("hearback: debug mode; events ") && line.includes(why)), said.join("\n"));
      await visitor.event("signup");
      if (visitor.edge.config) await eventually(() => assert.ok(said.some((line) => line.startsWith("hearback: event signup: events are not sent") && line.includes(why)), said.join("\n")));
      await visitor.pass(20_000);
      assert.deepEqual(visitor.edge.received, []);
    });

  silent("Global Privacy Control", ({ page }) => page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true })));
  silent("the consent is none", ({ edge }) => void (edge.config = settings({ consent: "none" })));
  silent("not in the sample (40 %)", ({ edge, page }) => {
    edge.config = settings({ usage: { parts: [], sample_percent: 40 } });
    return page.addInitScript(() => (Math.random = () => 0.59));
  });
  silent("the settings could not be had", ({ edge }) => void (edge.config = undefined));

  page('with data-debug="off" nothing of it is loaded and nothing is said', async (visitor, said) => {
    visitor.edge.debug = "off";
    await visitor.goto(`${visitor.edge.site}/shop`);
    await visitor.pass(5000);
    assert.deepEqual(visitor.edge.parts, ["launcher", "links", "settings"]);
    assert.deepEqual(said, []);
  });
});

describe("debug mode on other hosts than one's own", () => {
  let browser: Browser;
  let edge: Edge;
  before(async () => {
    browser = await launch(["--host-resolver-rules=MAP shop.example 127.0.0.1"]);
    edge = await Edge.start(accept);
    edge.debug = "";
  });
  after(async () => {
    await browser?.close();
    await edge?.stop();
  });

  for (const [query, expected] of [["", false], ["?hearback_debugger", false], ["?a=1&hearback_debug", true]] as const) {
    test(`${expected ? "it is loaded, digest and all, on plain http" : "nothing of it is loaded"} with ${query || "no query"}`, async () => {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      await page.goto(`${edge.site.replace("localhost", "shop.example")}/shop${query}`);
      assert.equal(await page.evaluate(() => isSecureContext), false);
      const fetched = () => edge.parts.filter((name) => name === "debug" || name === "validator");
      await eventually(() => assert.ok(edge.parts.includes("launcher")));
      if (expected) await eventually(() => assert.ok(said.some((line) => line.startsWith("hearback: debug mode"))));
      else await page.waitForTimeout(300);
      // Here and not above: where the clock is a test's, the browser's own record of what was loaded is gone.
      if (expected) assert.ok(said.some((line) => /^parts (?=.*settings)(?=.*launcher)(?=.*debug)/.test(line)), said.join("\n"));
      assert.deepEqual(fetched(), expected ? ["debug", "validator", "validator"] : []);
      await page.close();
    });
  }
});
