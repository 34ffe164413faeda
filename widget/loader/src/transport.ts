// Carries waiting items to the edge in sealed batches. Only a readable answer about an item ends its stay in the
// queue; whatever else happens (no network, a proxy's error page, the page going away) it is sent again.

import { kit } from "./kit";
import { base, data, fetch, safe, warn } from "./page";
import { bytesOf } from "./pure";
import { type Entry, type Item, type Tell, entries, keep, settle } from "./queue";

/** The answer to one item; see `shared/src/wire.rs`. */
interface ItemResult {
  status: string;
  receipt?: string;
  code?: string;
  message?: string;
}

const enum Limit {
  /** The same as `BATCH_ITEMS` at the edge. */
  BatchItems = 500,
  /** Browsers let 64 KiB of keepalive requests be under way at a time. */
  FlyingBytes = 60_000,
  /** Room for what surrounds the items: mostly two addresses of the greatest length. */
  EnvelopeBytes = 5000,
  /** As many waiting items are worth a request of their own. */
  FullItems = 20,
  /** An answer that takes longer counts as none. */
  AnswerMs = 30_000,
  BackoffMs = 1000,
  LongestBackoffMs = 300_000,
  /** A server cannot silence a page for longer. */
  LongestHoldMs = 3_600_000,
}

let timer: ReturnType<typeof setTimeout>;
let backoff: number = Limit.BackoffMs;
let notBefore = 0;
let flyingBytes = 0;
/** How many items a batch may hold, though always one. */
let batchItems: number = Limit.BatchItems;

/** Takes an item in and sends it in its time. */
export const submit = safe(async (item: Item, tell?: Tell) => {
  await keep(item, tell && safe(tell));
  // Somebody waits for the answer: their words get one try at once, even while events are held back.
  tell ? hurry() : plan();
});

// Events stay until it is known whether they are wanted; feedback never has to wait for that.
const mayLeave = (entry: Entry): unknown => entry.item.type !== "event" || kit.counting;

/** Sets the clock for the next batch. */
export const plan = (): void => {
  const due = Math.min(...entries.filter(mayLeave).map((entry) => entry.due));
  clearTimeout(timer);
  if (due < Infinity) {
    timer = setTimeout(flush, Math.max(entries.length < Limit.FullItems ? due : 0, notBefore) - Date.now());
  }
};

/** There is a network again: no reason to hold back. */
export const hurry = (): void => {
  notBefore = 0;
  plan();
};

/** Sends one batch, or, when the page is being left, all that the browser lets us. */
export const flush = safe((leaving?: boolean) => {
  let batch;
  while ((leaving || !flyingBytes) && (batch = seal(leaving))[0]) send(batch);
});

// What a batch has in common.
const envelopeOf = ({ producer, context }: Entry): string => producer + kit.json(context);

// Takes a batch out of the queue.
const seal = (leaving?: boolean): Entry[] => {
  const batch: Entry[] = [];
  let bytes = flyingBytes + Limit.EnvelopeBytes;
  for (const entry of entries.splice(0)) {
    const fits =
      mayLeave(entry) &&
      (leaving || entry.due < Infinity) &&
      batch.length < batchItems &&
      envelopeOf(entry) === envelopeOf(batch[0] ?? entry) &&
      (bytes += bytesOf(kit.json(entry.item))) < Limit.FlyingBytes;
    (fits ? batch : entries).push(entry);
  }
  return batch;
};

const send = safe(async (batch: Entry[]) => {
  const { producer, context } = batch[0]!;
  const items = batch.map((entry) => entry.item);
  const body = kit.json({ key: data.key, producer, sent_at: Math.floor(Date.now()), context, items });
  const bytes = bytesOf(body);
  let left = batch;
  let hold = 0;
  flyingBytes += bytes;
  try {
    const response = await fetch(base + "v1/ingest", {
      method: "POST",
      body,
      signal: AbortSignal.timeout?.(Limit.AnswerMs),
      credentials: "omit",
      // The full address would carry the query along.
      referrerPolicy: "origin",
      // Always, so that a batch which is under way when the page is left arrives.
      keepalive: true,
    });
    // In seconds, as the edge says it. What else there may be is no number, and the backoff holds.
    hold = (response.headers.get("retry-after") as never) * 1000 || 0;
    if (response.status === 413) batchItems = batch.length / 2;
    // The other refusals of a whole request are not cured by time alone.
    else if (/4(?!29)../.test(response.status as never)) hold ||= Limit.LongestBackoffMs;
    const answer = await response.json();
    if (!response.ok) warn(answer.title);
    else
      left = batch.filter((entry, index) => {
        const { status, receipt, code, message }: ItemResult = answer.results[index];
        if (status === "accepted" || status === "duplicate") settle(entry, "accepted", receipt!);
        else if (status === "rejected") settle(entry, status, `${code}: ${message}`);
        // `retry`, and what we do not know, is no answer.
        else return true;
        return false;
      });
  } catch {
    // No readable answer: as if nothing had been sent.
  }
  flyingBytes -= bytes;
  // To the end of the queue, so that what the edge cannot take does not stop the rest.
  entries.push(...left);
  if (left[0]) {
    notBefore = Date.now() + Math.max(Math.random() * backoff, Math.min(hold, Limit.LongestHoldMs));
    backoff = Math.min(backoff * 2, Limit.LongestBackoffMs);
    for (const entry of entries) if (!entry.due) entry.tell?.("waiting", navigator.onLine ? "server" : "offline");
  } else backoff = Limit.BackoffMs;
  plan();
});
