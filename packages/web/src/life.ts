// Starts Hearback and ends it. Both take a while, and a page may change its mind meanwhile (React's StrictMode always
// does): what is wanted is noted, and reached one step after the other.

import { tag } from "./tag.js";
import type { Global, Options } from "./types.js";

declare global {
  interface Window {
    hearback?: Global | undefined;
  }
}

/** As many calls wait for the loader at most; its own queue takes no more either. */
const CALLS = 1000;

/** What should run. */
let wanted: Options | undefined;
/** What runs, or is on its way. */
let started: { options: Options; script?: HTMLScriptElement } | undefined;
/** Calls from when that was to end. */
let held: unknown[][] = [];
/** Whether a step is under way, which looks again at its end. */
let stepping: boolean | undefined;

/** To be called at each start. */
const atStart: (() => void)[] = [];

/** Has something called whenever Hearback starts. */
export const starts = (work: () => void): void => {
  atStart.push(work);
};

const warned: Record<string, true> = {};

/** Tells the developer, once for each message. */
export const warn = (message: string): void => {
  if (!warned[message]) console.warn("hearback: " + message);
  warned[message] = true;
};

// Until the loader is there.
const stub: Global = (...args) => {
  const calls = (stub.q ??= []);
  if (calls.length < CALLS) calls.push(args);
  else warn("too many calls before init");
};

/** Calls the loader, or keeps the call for it. Does nothing where there is no page. */
export const call = (...args: unknown[]): void => {
  if (typeof window === "undefined") return;
  // What runs is on its way out: this is for the next one.
  if (started && !same(started.options, wanted)) held.push(args);
  else (window.hearback ??= stub)(...args);
};

const same = (one: Options, other: Options | undefined): boolean =>
  !!other && (["collector", "key", "release", "env", "launcher", "debug", "loader"] as const).every((name) => one[name] === other[name]);

/** Puts the tag into the page; resolves when the loader runs, and rejects when it cannot be had. */
const start = (options: Options): Promise<void> =>
  new Promise((resolve, reject) => {
    started = { options };
    for (const work of atStart) work();
    // Somebody has written the tag into the page: then that one holds.
    if (window.hearback?.v) return resolve();
    const script = (started.script = tag(options));
    script.onload = () => resolve();
    script.onerror = () => reject(`${script.src} cannot be loaded: is the address right, and does the page's policy allow it?`);
    (document.head ?? document.documentElement).append(script);
  });

const release = (): void => {
  const calls = held;
  held = [];
  for (const args of calls) call(...args);
};

const end = (): void => {
  started?.script?.remove();
  started = undefined;
  release();
};

const step = async (): Promise<void> => {
  if (stepping) return;
  stepping = true;
  // At the end of this turn: what is wanted may change within it.
  await undefined;
  while (started ? !same(started.options, wanted) : wanted) {
    const options = wanted;
    try {
      if (started) {
        await window.hearback?.("shutdown");
        end();
      } else await start(options!);
    } catch (error) {
      warn(String(error));
      // Not tried again by itself, but by the next call of `init`.
      if (wanted === options) wanted = undefined;
      end();
    }
  }
  stepping = false;
};

/** Starts Hearback with these options, and anew where it runs with others. */
export const want = (options: Options | undefined): void => {
  if (typeof document === "undefined") return;
  wanted = options;
  // It stays after all.
  if (started && same(started.options, wanted)) release();
  void step();
};
