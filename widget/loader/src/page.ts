// What the loader knows of the page it runs in, and the rules by which it stays out of the page's way.

import { kit } from "./kit";
import { bare, here } from "./pure";

// Only readable while the script itself runs, so it is read first.
const script = document.currentScript as HTMLScriptElement | null;

/** What the script tag says: `data-key`, `data-release`, `data-env`, `data-launcher`, `data-debug`. */
export const data: DOMStringMap = script?.dataset ?? {};

/** Every address is relative to the script's own. The pinned one lies among the parts: `xtask/src/build/loader.rs` has it
 * look from there. */
export const base = script?.src.replace(/[^/]*$/, "") as string;

// The host page may wrap or replace it later.
export const { fetch } = window;

/** The address at which the page was loaded. */
export const landing = here();

/** Where the page's items arise. What is unknown is left out; the part `settings` adds to it,
 * for the first time once the page has loaded: to ask for its size before would lay it out once more. */
kit.context = {
  url: landing,
  referrer: bare(document.referrer) || undefined,
  lang: document.documentElement.lang || navigator.language,
  release: data.release || undefined,
  env: data.env || undefined,
};

const warned: Record<string, unknown> = {};

/** Tells the developer, once for each message: a visitor's console is not ours to fill. */
export const warn = (message: unknown): any => {
  const text = "hearback: " + message;
  try {
    if (!warned[text]) console.warn(text);
  } catch {
    // A console that pages have put in its place.
  }
  warned[text] = 1;
};

/**
 * Wraps whatever the browser or the host page calls: being async, it turns an exception into a rejection, and
 * neither gets out.
 */
export const safe =
  <A extends unknown[], R>(work: (...args: A) => R) =>
  async (...args: A): Promise<Awaited<R> | undefined> => {
    try {
      return await work(...args);
    } catch (error) {
      return warn(error);
    }
  };

/** Ended by `shutdown`, and with it every listener. */
export const life = new AbortController();

/** Listens without ever throwing into the host page. */
export const on = (target: EventTarget, type: string, listener: (event: any) => unknown, capture = false): void =>
  target.addEventListener(type, safe(listener), { signal: life.signal, capture });
