// What earlier pages could not send. Here only where there is some.

import type { Kit } from "../kit";
import type { Entry } from "../queue";

/** The edge forgets after 30 days which items it has seen, and refuses producers a day earlier. */
const EXPIRY_MS = 29 * 24 * 60 * 60 * 1000;

/** Takes in what is left, unless a tab that still lives is about to send it. */
export default ({ settle, entries, hold, plan }: Kit, left: Entry[]): void => {
  const pages: Record<string, Entry[]> = {};
  for (const entry of left) {
    if (Date.now() - entry.born > EXPIRY_MS) settle(entry, "rejected", "too_old");
    else (pages[entry.producer] ??= []).push(entry);
  }
  for (const name in pages)
    hold!(name, () => {
      entries.push(...pages[name]!);
      plan();
    });
};
