// The packed npm packages, unpacked where packages of the repository (React, types) can be found from.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { buildSync, type BuildOptions } from "esbuild";
import { ROOT } from "./root.ts";

const PACKED = join(ROOT, "dist/npm");

/** A folder in which `@hearback/web` and `@hearback/react` are installed; gone after the tests. */
export function unpacked(): string {
  const folder = mkdtempSync(join(ROOT, "target/unpacked-"));
  after(() => rmSync(folder, { recursive: true }));
  for (const file of readdirSync(PACKED)) {
    const place = join(folder, "node_modules/@hearback", /^hearback-(\w+)-/.exec(file)![1]!);
    mkdirSync(place, { recursive: true });
    execFileSync("tar", ["-xzf", join(PACKED, file), "--strip-components=1", "-C", place]);
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}

/** What a bundler makes of a script there. */
export const bundled = (folder: string, contents: string, options: BuildOptions = {}): string =>
  buildSync({
    stdin: { contents, resolveDir: folder, loader: "jsx" },
    bundle: true,
    minify: true,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
    write: false,
    ...options,
  }).outputFiles![0]!.text;

/** As `options` of `bundled`: React 18 in place of 19. */
export const REACT_18: BuildOptions = { alias: { react: "react-18", "react-dom": "react-dom-18" }, nodePaths: [join(ROOT, "node_modules")] };
