// Bundles an example into its `dist`: `node ../build.mjs` in its folder. The collector and the key are put in here, those
// of `cargo xtask demo` unless HEARBACK_COLLECTOR and HEARBACK_KEY name others.
import { cp, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The example's own esbuild.
const { build } = await import(pathToFileURL(createRequire(join(process.cwd(), "package.json")).resolve("esbuild")).href);
const { HEARBACK_COLLECTOR: collector = "http://localhost:8787", HEARBACK_KEY: key = "pk_demo" } = process.env;

await build({
  entryPoints: ["main.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: "dist",
  define: { COLLECTOR: JSON.stringify(collector), KEY: JSON.stringify(key) },
});
for (const name of await readdir(".")) if (name.endsWith(".html")) await cp(name, join("dist", name));
