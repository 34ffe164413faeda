/**
 * Hearback in a page: adds the one script tag, and passes commands on to it. Nothing happens at the import, and nothing
 * at all where there is no page (on a server). No function throws; what is wrong is said in the console, once.
 */

import { call, want, warn } from "./life.js";
import { listen, unlisten } from "./listeners.js";
import type { Consent, Happenings, Listener, Options, Props, User } from "./types.js";

export type { Consent, Happenings, Listener, Options, Props, User } from "./types.js";

/**
 * Starts Hearback. May be called before the page is ready, and again: with the same options it does nothing, with
 * others Hearback starts anew. Calls of the other functions wait for it.
 */
export function init(options: Options): void {
  for (const name of ["collector", "key"] as const) {
    if (!options?.[name]) return warn(`init needs \`${name}\`, as in init({ collector: "https://feedback.example.com", key: "pk_…" })`);
  }
  want({ ...options });
}

/** Opens the form. What was written in it is still there. */
export function open(): void {
  call("open");
}

/** Closes the form. What was written in it stays. */
export function close(): void {
  call("close");
}

/** Sends an event of your own. */
export function event(name: string, props?: Props): void {
  call("event", name, props);
}

/** Says who the visitor is; `null` when they sign out. Sent only at the consent `identified`. */
export function identify(user: User | null): void {
  call("identify", user);
}

/** Adds properties that go along with feedback; those of earlier calls stay. */
export function context(props: Props): void {
  call("context", props);
}

/** Says what the visitor agreed to; kept for the next page. */
export function consent(level: Consent): void {
  call("consent", level);
}

/** Calls `listener` whenever it happens, also where Hearback starts anew; gives a function that ends this. */
export function on<Name extends keyof Happenings>(name: Name, listener: Listener<Name>): () => void {
  listen(name, listener);
  return () => off(name, listener);
}

/** Ends what `on` began. */
export function off<Name extends keyof Happenings>(name: Name, listener: Listener<Name>): void {
  unlisten(name, listener);
}

/** Sends what waits and takes everything away. `init` starts anew. */
export function shutdown(): void {
  want(undefined);
}
