// What is learnt of a page goes for its items that still wait, too.

import type { Context, Kit } from "../kit";
import type { Entry } from "../queue";

export const write = ({ stored }: Kit, entry: Entry): unknown =>
  stored((store) => store.put({ ...entry, due: 0, tell: undefined }, entry.producer + entry.seq));

/** Changes where the page's items arise, for those to come and those that wait and were kept since `since`. */
export const amend = (kit: Kit, change: Partial<Context>, since = 0): void => {
  const { context } = kit;
  kit.context = { ...context, ...change };
  for (const entry of kit.entries) {
    // The items of earlier pages have contexts of their own.
    if (entry.context !== context || (entry.item["at"] as number) < since) continue;
    entry.context = kit.context;
    write(kit, entry);
  }
};

/** Drops events that wait and are not wanted after all, without a word. Feedback stays. */
export const discard = ({ entries, settle }: Kit, wanted: (entry: Entry) => unknown): void => {
  for (const entry of entries.splice(0)) {
    if (entry.item.type !== "event" || wanted(entry)) entries.push(entry);
    else settle(entry, "dropped", "");
  }
};

/** The same from now on: also for what is under way and comes back unanswered, and for what earlier pages left. */
export const withhold = (kit: Kit, wanted: (entry: Entry) => unknown, fit?: (entry: Entry) => unknown): void => {
  const { entries } = kit;
  const { push } = entries;
  entries.push = (...more) => {
    for (const entry of more) {
      if (entry.item.type === "event" && !wanted(entry)) kit.settle(entry, "dropped", "");
      else {
        fit?.(entry);
        push.call(entries, entry);
      }
    }
    return entries.length;
  };
  entries.push(...entries.splice(0));
};
