// The loader without one of its defences. A host page's test has to fail with it: or it shows nothing.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build, type Plugin } from "esbuild";
import type { BrowserContext } from "playwright-core";
import { ROOT } from "./root.ts";

const SOURCES = join(ROOT, "widget/loader/src");
const ASSETS = join(ROOT, "dist/assets");

/** What stands in a file of `widget/loader/src`, or in the panel's built files, and what stands there when the defence is
 * taken away; as long as before where it is in the module. */
export type Defence = [file: string, present: string | RegExp, absent: string];

/** As a file's name: the panel's module and its glue. */
export const PANEL = "panel";

/** Whether tests run without what they defend, and have to fail: `cargo xtask test defences`. */
export const AWAY = process.env["HEARBACK_DEFENCES"] === "away";

/** Lets the pages of this context load the loader without these. */
export async function takeAway(context: BrowserContext, defences: Defence[]): Promise<void> {
  const files = await readdir(join(ASSETS, "hb"));
  const hash = files.map((name) => /^settings\.(\w+)\.js$/.exec(name)?.[1]).find(Boolean);
  if (!hash) throw new Error("the loader is not built");
  const define: Record<string, string> = { __PARTS__: JSON.stringify(hash), __DEBUG__: '""', __DEBUG_DIGEST__: '""' };
  const made = async (entry: string, format: "iife" | "esm"): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format,
      define,
      target: "es2022",
      plugins: [without(defences)],
    });
    return outputFiles[0]!.text;
  };
  const ofPanel = defences.filter(([file]) => file === PANEL);
  let found = ofPanel.length === 0;
  for (const name of files.filter((name) => /^panel\..*\.(?:js|wasm)$/.test(name))) {
    const before = await readFile(join(ASSETS, "hb", name), "latin1");
    const after = ofPanel.reduce((text, [, present, absent]) => text.replaceAll(present, absent), before);
    found ||= after !== before;
    const contentType = name.endsWith(".js") ? "text/javascript" : "application/wasm";
    const body = Buffer.from(after, "latin1");
    if (name.endsWith(".wasm")) {
      define["__PANEL__"] = JSON.stringify("hb/" + name.slice(0, -".wasm".length));
      define["__PANEL_DIGEST__"] = JSON.stringify("sha384-" + createHash("sha384").update(body).digest("base64"));
    }
    await context.route(`**/hb/${name}`, (route) => route.fulfill({ contentType, headers: { "access-control-allow-origin": "*" }, body }));
  }
  if (!found) throw new Error(`the panel has no longer this defence: ${ofPanel}`);
  const parts = (await readdir(join(SOURCES, "parts"))).filter((name) => !name.startsWith("_"));
  // All of it now: a defence that is not there any more is to be told here, and not to pass for a failure.
  const scripts: [address: string, body: string][] = [["**/hearback.js", await made(join(SOURCES, "index.ts"), "iife")]];
  for (const name of parts) scripts.push([`**/hb/${name.replace(/ts$/, "")}${hash}.js`, await made(join(SOURCES, "parts", name), "esm")]);
  for (const [address, body] of scripts)
    await context.route(address, (route) => route.fulfill({ contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body }));
}

const without = (defences: Defence[]): Plugin => ({
  name: "without",
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [file, present, absent] of defences) {
        if (file !== relative(SOURCES, path)) continue;
        const bare = contents.replaceAll(present, absent);
        if (bare === contents) throw new Error(`${file} has no longer this defence: ${present}`);
        contents = bare;
      }
      return { contents, loader: "ts" };
    });
  },
});
