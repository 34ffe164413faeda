// What needs nothing of the page's state, so that parts may have copies.

// The browser's own: the page may have put another in its place.
const Native = (async () => {})().constructor as PromiseConstructor;

/** Resolves at the next event of this type. */
export const happens = (target: EventTarget, type: string): Promise<unknown> =>
  new Native((resolve) => target.addEventListener(type, resolve));

/** What comes of it, or nothing when the time is up before. */
export const within = <R>(ms: number, work: Promise<R>): Promise<R | undefined> =>
  Native.race([work, new Native<undefined>((resolve) => setTimeout(resolve, ms))]);

/** Bytes of a text on the wire. A Blob would ask another process. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The beginning of a text; never with half a character at its end, which the edge would refuse. */
export const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, "");

/** An address without what may be secret. Browsers, proxies and the edge (`URL_CHARS`) refuse longer ones. */
export const bare = (address: string): string => address.split(/[?#]/)[0]!.slice(0, 2048);

/** The page's address at this moment. */
export const here = (): string => bare(location.href);
