// The one script tag, as somebody would have written it into the page.

import type { Options } from "./types.js";

/** What `require-trusted-types-for 'script'` asks for; not all browsers and type libraries know it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The policy of this name has to be allowed where the page has `trusted-types`. */
const POLICY = "hearback";

let trusted: ((url: string) => string) | undefined;

// A policy may be made once only. Where ours is not allowed the page may have a default one, which judges the text.
const trust = (url: string): string => {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!trusted && types) {
    try {
      const policy = types.createPolicy(POLICY, { createScriptURL: (url) => url });
      trusted = (url) => policy.createScriptURL(url);
    } catch {
      // Said by the browser in its own words.
    }
  }
  return trusted ? trusted(url) : url;
};

/** The loader's address; throws where there is none to be made of what was given. */
export const address = ({ collector, loader = "hearback.js" }: Options): string => {
  let url;
  try {
    // Below the collector's own path, with or without a slash at its end.
    url = new URL(loader, new URL(collector.replace(/\/?$/, "/"), document.baseURI));
  } catch {}
  if (!/^https?:$/.test(url?.protocol ?? "")) throw `the collector "${collector}" is no address of http: or https:`;
  return url!.href;
};

/** A tag that loads Hearback once it is put into the page. */
export const tag = (options: Options): HTMLScriptElement => {
  const { key, release, env, launcher, debug, nonce, integrity } = options;
  const script = document.createElement("script");
  script.async = true;
  for (const [name, value] of Object.entries({ key, release, env, launcher, debug })) {
    if (value) script.dataset[name] = value;
  }
  if (nonce) script.nonce = nonce;
  if (integrity) {
    script.integrity = integrity;
    script.crossOrigin = "anonymous";
  }
  script.src = trust(address(options));
  return script;
};
