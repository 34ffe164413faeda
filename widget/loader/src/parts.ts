// Fetches what not every page needs. All parts bear one hash in their names, that of all of them together, so that the
// eager file names none of them.

import { kit } from "./kit";
import { base, life, safe } from "./page";

// Put in by esbuild.
declare const __PARTS__: string;

const fetched: Record<string, Promise<any>> = {};

/**
 * Fetches a part, once, and calls it; nothing where it cannot be had, or comes after `shutdown`. One promise for each:
 * browsers settle several imports of one module in any order, and calls have to keep theirs.
 */
export const part = safe((name: string, ...args: unknown[]): Promise<any> =>
  (fetched[name] ??= import(base + "hb/" + name + "." + __PARTS__ + ".js")).then((part) => life.signal.aborted || part.default(kit, ...args)),
);
