// The durable queue: an item is kept here, in memory and in IndexedDB, from before it is first sent until the edge
// has given a readable answer about it. The pair (producer, seq) names it for good, so sending it again is harmless.

import { type Context, kit } from "./kit";
import { data, landing, safe, warn } from "./page";
import { bytesOf, happens, here, within } from "./pure";

/** An item as its maker hands it over; the queue adds `seq`, `at` and, unless it has one, `url`. */
export interface Item {
  type: string;
  [field: string]: unknown;
}

/** Hears what becomes of an item: `kept`, `waiting`, then `accepted` or `rejected`. */
export type Tell = (state: string, detail: string) => unknown;

/** An item that waits for its answer; all but `tell` is stored. */
export interface Entry {
  producer: string;
  seq: number;
  /** When its page was loaded, in ms. */
  born: number;
  context: Context;
  /** A copy: nobody can change it later. */
  item: Item;
  /** When to send it, in ms: 0 is at once, infinite is not before it is written. */
  due: number;
  tell?: Tell | undefined;
}

const enum Limit {
  /** A page that stays open this long becomes a new producer, so that its items never come near the expiry. */
  RenewalMs = 14 * 24 * 60 * 60 * 1000,
  /** Half an hour of a very busy page. Feedback is kept beyond it. */
  Items = 1000,
  /** Fits a keepalive request of 64 KiB beside the largest context. */
  ItemBytes = 50_000,
  /** For how long an event waits for company. */
  GatherMs = 5000,
  /** A write that takes longer counts as failed: the item is kept in memory only. */
  WriteMs = 1000,
}

/** Everything that waits and is not under way, in the order of sending. */
export const entries: Entry[] = [];

const nameOf = ({ producer, seq }: Entry): string => producer + seq;

let born = 0;
let seq: number;

let opening: Promise<IDBDatabase> | undefined;

const open = async (): Promise<IDBDatabase> => {
  const request = indexedDB.open("hearback " + data.key, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("items");
  await happens(request, "success");
  const db = request.result;
  // Somebody may want to change or delete the database, such as the page when a person signs out.
  db.onversionchange = () => {
    db.close();
    opening = undefined;
  };
  return db;
};

// The answer to one request, once it is committed. Where storage fails, nothing, or it never comes.
export const stored = safe(async (ask: (store: IDBObjectStore) => IDBRequest): Promise<any> => {
  const transaction = (await (opening ??= open())).transaction("items", "readwrite");
  const request = ask(transaction.objectStore("items"));
  await happens(transaction, "complete");
  return request.result;
});

/** Takes an item in; resolves when it is as safe as it can be here. Somebody waits for those with `tell`. */
export const keep = async (item: Item, tell?: Tell): Promise<void> => {
  const at = Math.floor(Date.now());
  if (at - born > Limit.RenewalMs) {
    // 16 bytes: the minute of birth, big-endian, by which the edge knows what is too old, and 12 random ones.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    new DataView(bytes.buffer).setUint32(0, at / 60_000);
    kit.producer = btoa(String.fromCharCode(...bytes)).slice(0, 22).replace(/\W/g, (other) => (other > "+" ? "_" : "-"));
    born = at;
    seq = 0;
  }
  const url = item.url ?? here();
  const text = kit.json({ ...item, seq: seq + 1, at, url: url === landing ? undefined : url });
  const entry: Entry = { producer: kit.producer, context: kit.context, born, seq: ++seq, item: JSON.parse(text), due: Infinity, tell };
  if (bytesOf(text) > Limit.ItemBytes) return settle(entry, "rejected", "too_large");
  if (!tell && entries.length >= Limit.Items) return settle(entry, "rejected", "queue_full");
  entries.push(entry);
  kit.hold?.(kit.producer);
  const written = await within(
    Limit.WriteMs,
    stored((store) => store.put({ ...entry, due: 0, tell: undefined }, nameOf(entry))),
  );
  entry.due = tell ? 0 : at + Limit.GatherMs;
  entry.tell?.("kept", written ? "durable" : "memory");
};

/** Ends an item's stay: its fate is known. What is lost is not lost in silence. */
export const settle = (entry: Entry, state: string, detail: string): void => {
  if (state === "rejected") warn(detail);
  stored((store) => store.delete(nameOf(entry)));
  entry.tell?.(state, detail);
  entry.tell = undefined;
};
