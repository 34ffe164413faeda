// What the loader knows of the page it runs in, and the rules by which it stays out of the page's way.

// Only readable while the script itself runs, so it is read first.
const script = document.currentScript as HTMLScriptElement | null;

/** What the script tag says: `data-key`, `data-release`, `data-env`. */
export const data: DOMStringMap = script?.dataset ?? {};

/** Every address is relative to the script's own. */
export const base = script?.src.replace(/[^/]*$/, "");

// Query and hash are where secrets live. Browsers, proxies and the edge (`URL_CHARS`) refuse longer addresses.
const bare = (address: string): string => address.split(/[?#]/)[0]!.slice(0, 2048);

/** The page's address at this moment. */
export const here = (): string => bare(location.href);

/** The address at which the page was loaded. */
export const landing = here();

/** The page's language, or the browser's. */
export const lang = document.documentElement.lang || navigator.language;

// What the link says of itself, before the query is dropped: `utm_source`, `utm_medium`, `utm_campaign`.
const query = new URLSearchParams(location.search);
const tag = (name: string): string | undefined => query.get("utm_" + name)?.slice(0, 128) || undefined;

/** Where the page's items arise. What is unknown is left out. */
export const context = {
  url: landing,
  referrer: bare(document.referrer) || undefined,
  lang,
  screen: [innerWidth | 0, innerHeight | 0],
  release: data.release || undefined,
  env: data.env || undefined,
  utm: /[?&]utm_/.test(location.search)
    ? { source: tag("source"), medium: tag("medium"), campaign: tag("campaign") }
    : undefined,
};

const warned = new Set<string>();

/** Tells the developer, once for each message: a visitor's console is not ours to fill. */
export const warn = (message: unknown): undefined => {
  const text = "hearback: " + message;
  if (!warned.has(text)) console.warn(text);
  warned.add(text);
  return;
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

/** Listens without ever throwing into the host page. */
export const on = (target: EventTarget, type: string, listener: (event: any) => unknown): void =>
  target.addEventListener(type, safe(listener));

/** Resolves at the next event of this type. */
export const happens = (target: EventTarget, type: string): Promise<unknown> =>
  new Promise((resolve) => target.addEventListener(type, resolve));

/** What comes of it, or nothing when the time is up before. */
export const within = <R>(ms: number, work: Promise<R>): Promise<R | undefined> =>
  Promise.race([work, new Promise<undefined>((resolve) => setTimeout(resolve, ms))]);

/** Bytes of a text on the wire. */
export const bytesOf = (text: string): number => new Blob([text]).size;
