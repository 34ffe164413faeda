// Two tabs share one queue. A page in view holds the lock of each producer whose items wait in it, so that other tabs
// leave them alone. It does so no longer, because a lock keeps a page from being frozen, and from coming back in an
// instant.

import type { Kit } from "../kit";
import { happens } from "../pure";
import type { Entry } from "../queue";

const { locks } = navigator;

const hold = (name: string, held?: () => unknown): unknown =>
  // Plain http has no locks: two tabs may then send the same item, which the edge notices.
  locks
    ? locks.request("hearback " + name, { ifAvailable: true }, (lock) => {
        if (!lock) return;
        held?.();
        return happens(document, "visibilitychange");
      })
    : held?.();

/** Takes in what earlier pages left behind, unless a tab that still lives is about to send it. */
export const recover = async (kit: Kit): Promise<void> => {
  const { producer, safe, stored } = kit;
  kit.hold = safe(hold);
  kit.hold(producer);
  const kept: Entry[] = (await stored((store) => store.getAll())) ?? [];
  const left = kept.filter((entry) => entry.producer !== producer);
  if (left[0]) await kit.part("recover", left);
};
