// Who listens to what. Kept here and not by the loader, which forgets it when it ends: a component that is still there
// hears of the next one, too.

import { call, starts, warn } from "./life.js";
import type { Happenings, Listener } from "./types.js";

type Name = keyof Happenings;

const all: { [name in Name]?: Set<Listener<any>> } = {};
/** The one that the loader knows, of each name: it takes the same one once only. */
const ours: { [name in Name]?: (detail: never) => void } = {};

const tell = (name: Name) => (ours[name] ??= (detail) => {
  for (const listener of [...all[name]!]) {
    try {
      listener(detail);
    } catch (error) {
      warn(String(error));
    }
  }
});

/** Adds a listener. */
export const listen = <N extends Name>(name: N, listener: Listener<N>): void => {
  if (!all[name]) {
    all[name] = new Set();
    call("on", name, tell(name));
    starts(() => call("on", name, tell(name)));
  }
  all[name]!.add(listener);
};

/** Takes it away. */
export const unlisten = <N extends Name>(name: N, listener: Listener<N>): void => {
  all[name]?.delete(listener);
};
