// The examples, as somebody builds and serves them who has unpacked their folder: npm and node, nothing of ours.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ROOT } from "./root.ts";

const run = promisify(execFile);

const NAMES = ["html", "strict-csp", "iframe", "vite-react"] as const;
export type Name = (typeof NAMES)[number];

export const folder = (name: Name): string => join(ROOT, "examples", name);

/** Where a built example finds its collector; both spellings, since Vite passes on nothing but `VITE_…`. */
const environment = (collector: string, key: string) => ({
  ...process.env,
  HEARBACK_COLLECTOR: collector,
  HEARBACK_KEY: key,
  VITE_HEARBACK_COLLECTOR: collector,
  VITE_HEARBACK_KEY: key,
});

/** Installs the packed packages and builds all examples; gives the milliseconds that Vite's build took. */
export async function buildAll(collector: string, key: string): Promise<number> {
  let vite = 0;
  const build = async (name: Name) => {
    const options = { cwd: folder(name), env: environment(collector, key) };
    await run("npm", ["ci", "--prefer-offline"], options);
    const started = Date.now();
    await run("npm", ["run", "build"], options);
    if (name === "vite-react") vite = Date.now() - started;
  };
  await Promise.all(NAMES.map(build));
  return vite;
}

/** An example that is being served. */
export interface Served {
  url: string;
  stop(): void;
}

/** Runs `npm start` of an example on a free port. */
export async function serve(name: Name, collector: string): Promise<Served> {
  const script = name === "strict-csp" ? ["serve.js", "0"] : ["../serve.mjs", "dist", "0"];
  const child: ChildProcess = spawn("node", script, { cwd: folder(name), env: environment(collector, ""), stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server of ${name} ended with ${code}`)));
    createInterface({ input: child.stdout! }).once("line", resolve);
  });
  return { url: url.replace(/\/$/, ""), stop: () => void child.kill() };
}

/** What the TypeScript compiler complains about in a folder. */
export const complaints = (project: string): Promise<string> =>
  run(join(ROOT, "node_modules/.bin/tsc"), ["--project", project]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
