// Fetches what not every page needs. All parts bear one hash in their names, that of all of them together, so that the
// eager file names none of them.

import { kit } from "./kit";
import { base, life, safe } from "./page";

// Put in by esbuild.
declare const __PARTS__: string;

/**
 * Fetches a part, once, and calls it; nothing where it cannot be had, or comes after `shutdown`. One promise for each:
 * browsers settle several imports of one module in any order, and calls have to keep theirs. It is kept on the function
 * itself, under the part's name.
 */
export const part: (name: string, ...args: unknown[]) => Promise<any> = safe((name, ...args) =>
  ((part as unknown as Record<string, Promise<any>>)[name] ??= import(base + "hb/" + name + "." + __PARTS__ + ".js")).then(
    (part) => life.signal.aborted || part.default(kit, ...args),
  ),
);
