// Fetches what not every page needs. All parts bear one hash in their names, that of all of them together, so that the
// eager file names none of them.

import { kit } from "./kit";
import { base, life, safe } from "./page";

// Put in by esbuild.
declare const __PARTS__: string;

/** Fetches a part, once, and calls it; nothing where it cannot be had, or comes after `shutdown`. */
export const part = safe((name: string, ...args: unknown[]): Promise<any> =>
  import(base + "hb/" + name + "." + __PARTS__ + ".js").then((part) => life.signal.aborted || part.default(kit, ...args)),
);
