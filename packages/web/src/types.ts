// What goes in and out. docs/widget.md is the guide to all of it.

/** Where Hearback is, and what it should know of this application. */
export interface Options {
  /** The collector's address, such as `https://feedback.example.com`; relative to the page where it lies behind your own server. */
  collector: string;
  /** The project's public key, `pk_…`. */
  key: string;
  /** Your application's release; goes with every event and all feedback. */
  release?: string | undefined;
  /** Its environment, such as `prod`. */
  env?: string | undefined;
  /** `"none"`: no button on this page, whatever the project's settings say. */
  launcher?: "none" | undefined;
  /** `"off"`: the console stays silent on localhost. */
  debug?: "off" | undefined;
  /** The nonce of the page's content security policy, where it has one. */
  nonce?: string | undefined;
  /** The loader's path below the collector, to pin a release: what `cargo xtask integrity` prints. */
  loader?: string | undefined;
  /** The digest of that loader, `sha384-…`. */
  integrity?: string | undefined;
}

/** Details of an event or a page, flat. */
export type Props = Record<string, string | number | boolean | null>;

/** What a visitor agreed to; each level includes the ones before. */
export type Consent = "none" | "usage" | "identified";

/** Who the visitor is: a text, which the team sees as unverified, or a token that your server signed. */
export type User = string | { token: string };

/** What can be listened to, and what listeners are told. */
export interface Happenings {
  /** The form is shown. */
  open: undefined;
  /** The form is hidden. */
  close: undefined;
  /** Feedback is stored. */
  sent: { receipt: string };
  /** Feedback was refused. */
  error: { reason: string };
}

/** Hears of one of them. */
export type Listener<Name extends keyof Happenings> = (detail: Happenings[Name]) => unknown;

/** The global that the loader answers, and that keeps calls until it is there. */
export interface Global {
  (...args: unknown[]): unknown;
  /** Calls that wait for the loader. */
  q?: ArrayLike<unknown>[];
  /** Set by a loader that runs. */
  v?: number;
}
