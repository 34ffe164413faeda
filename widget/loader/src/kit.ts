// What the eager file and its parts share. A part is a file of its own below `/hb/`, fetched only where it is needed;
// it gets this one object and has nothing else of the loader.

import type { Entry, Item, Tell } from "./queue";

/** The project's configuration as `GET /v1/config/<key>` gives it; see `shared/src/settings/widget.rs`. */
export interface Config {
  launcher: {
    shown: boolean;
    position: string;
    offset: [number, number];
    label: string;
    icon: boolean;
    color: string;
    hide_on: string;
  };
  form: { context: boolean; [setting: string]: unknown };
  usage: { parts: string[]; sample_percent: number; events_per_page: number };
  consent: Level;
  strings: Record<string, Record<string, string>>;
}

/** What a visitor agreed to; each level includes the ones before. */
export type Level = "none" | "usage" | "identified";

/** Where a page's items arise; see `Context` in `shared/src/item.rs`. */
export interface Context {
  url: string;
  screen?: [number, number];
  release?: string | undefined;
  env?: string | undefined;
  [field: string]: unknown;
}

/** Details, flat. */
export type Props = Record<string, string | number | boolean | null>;

/** What can be shown and hidden: the panel or the plain form. */
export interface Surface {
  show(): void;
  hide(): void;
}

export interface Kit {
  /** Of this page, as of now. Replaced and never changed, because items that wait share it. */
  context: Context;
  /** The query with which the page was loaded; nothing but `utm_…` is read from it. */
  query: string;
  /** This page's; see `shared/src/producer.rs`. */
  producer: string;
  /** Whether events may leave. Until that is known they are kept. */
  counting?: boolean;
  /** What `hearback` does without a part. The part `settings` puts a stricter `event` in place of the eager one. */
  commands: { event(name: string, props?: object, url?: string): unknown; [name: string]: (...args: any[]) => unknown };
  /** The command whose part is on its way, if there is one. */
  busy?: Promise<unknown>;
  /** To be called when another view has begun, whose address is the page's by then. */
  views: (() => unknown)[];
  /** What `shutdown` has to undo. */
  undo: (() => unknown)[];

  /** Of the part `settings`, once it is there: where the configuration has come. */
  config?: Config | undefined;
  /** Of `settings`: keeps other tabs from the items of a producer. */
  hold?(producer: string, held?: () => unknown): unknown;
  /** Of `settings`: lets events go, and begins to notice what the project wants noticed. */
  begin?(): void;
  /** Of `api`: what the page agreed to by `consent`. */
  level?: Level;
  /** Of `api`: who listens to what. */
  handlers?: Record<string, Set<(detail?: unknown) => unknown>>;
  /** Of `api`: what goes along with feedback, by `hearback('context', …)`. */
  props?: Props;
  /** Of `breadcrumbs`: what happened before. */
  breadcrumbs?(): string[];
  /** Of `pictures`: what of an item they are. */
  added?(): object;
  /** Of `pictures`: uploads them, and then has the item taken in. */
  carry?(item: Item, hand: (tell: Tell) => unknown, tell?: Tell): unknown;

  /** The browser's, as it was when the script came; to be called without `this`. */
  fetch: typeof fetch;
  /** `JSON.stringify`, as it was then; the part `odd` mends it. */
  json(value: unknown): string;
  part(name: string, ...args: unknown[]): Promise<any>;
  submit(item: Item, tell?: Tell): Promise<void>;
  settle(entry: Entry, state: string, detail: string): void;
  stored(ask: (store: IDBObjectStore) => IDBRequest): Promise<any>;
  plan(): void;
  flush(leaving?: boolean): Promise<unknown>;
  warn(message: unknown): undefined;
  safe<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => Promise<Awaited<R> | undefined>;
  on(target: EventTarget, type: string, listener: (event: any) => unknown, capture?: boolean): void;
  entries: Entry[];
  launcher: HTMLElement;
  life: AbortController;
  data: DOMStringMap;
}

/** Filled by the files that own what is in it. */
export const kit = { json: JSON.stringify, views: [], undo: [] } as unknown as Kit;
