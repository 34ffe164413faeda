// Where the repository is, whichever folder the bundled test lies in.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function find(start: string): string {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "hearback") return folder;
  }
  throw new Error(`no repository above ${start}`);
}

/** The repository's root folder. */
export const ROOT = find(dirname(fileURLToPath(import.meta.url)));
