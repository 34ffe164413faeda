// The collector's public interface as a stranger would call it: reading by the token, writing by the key.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Collector } from "./collector.ts";
import { eventually } from "./eventually.ts";

/** An item as sinks receive it. */
export interface Item {
  id: string;
  type: "event" | "feedback";
  name?: string;
  props?: Record<string, string | number | boolean | null>;
  kind?: string;
  text?: string;
  rating?: number;
  contact?: { email: string };
  attachments?: string[];
  element?: Record<string, string | number>;
  context: { url?: string; referrer?: string; lang?: string; screen?: [number, number]; release?: string; env?: string };
}

/** A row of `GET /api/v1/feedback`. */
export interface FeedbackRow {
  id: string;
  kind: string;
  text: string;
  rating: number | null;
  email: string | null;
  url: string | null;
  release: string | null;
  attachments?: string[];
  element?: Record<string, string | number>;
}

export interface FeedbackPage {
  items: FeedbackRow[];
  total: number;
  next: string | null;
}

const HOUR_MS = 3_600_000;

async function ask<T>(collector: Collector, path: string): Promise<T> {
  const answer = await fetch(`${collector.url}${path}`, { headers: { authorization: `Bearer ${collector.token}` } });
  assert.equal(answer.status, 200, `${path} answered ${answer.status}: ${await answer.clone().text()}`);
  return (await answer.json()) as T;
}

/** The newest feedback. */
export const feedback = (collector: Collector): Promise<FeedbackPage> => ask(collector, "/api/v1/feedback?limit=50");

/** The newest feedback, once this text is among it: the inbox is fed right after the sender has had its answer. */
export const fed = (collector: Collector, text: string): Promise<FeedbackPage> =>
  eventually(async () => {
    const page = await feedback(collector);
    assert.ok(page.items.some((item) => item.text === text), `no feedback says ${text}`);
    return page;
  });

/** How often the event was counted in the last hours. */
export async function eventTotal(collector: Collector, name: string): Promise<number> {
  const now = Date.now();
  const { series } = await ask<{ series: { name: string | null; total: number }[] }>(
    collector,
    `/api/v1/events/series?from=${now - 2 * HOUR_MS}&to=${now + HOUR_MS}&interval=hour`,
  );
  return series.find((one) => one.name === name)?.total ?? 0;
}

/** A producer born `minutesAgo`: four bytes of minutes since 1970, twelve random ones. */
export function producer(minutesAgo = 0): string {
  const bytes = randomBytes(16);
  bytes.writeUInt32BE(Math.floor(Date.now() / 60_000) - minutesAgo, 0);
  return bytes.toString("base64url");
}

export type Outgoing = { at?: number; url?: string } & (
  | { type: "event"; name: string; props?: Record<string, string | number | boolean> }
  | { type: "feedback"; kind: string; text: string; rating?: number; contact?: { email: string } }
);

/** What the collector says of an item. */
export interface Outcome {
  seq: number;
  status: "accepted" | "duplicate" | "rejected" | "retry";
  code?: string;
}

/** Sends items as a page would, whatever they are, and says what became of each. */
export async function post(collector: Collector, items: object[], context: Item["context"] = {}, by = producer()): Promise<Outcome[]> {
  const now = Date.now();
  const body = {
    key: collector.key,
    producer: by,
    sent_at: now,
    context,
    items: items.map((item, index) => ({ seq: index + 1, at: now, ...item })),
  };
  const answer = await fetch(`${collector.url}/v1/ingest`, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 202, await answer.clone().text());
  return ((await answer.json()) as { results: Outcome[] }).results;
}

/** Sends items as a page would; all must be accepted. */
export async function ingest(collector: Collector, items: Outgoing[], context: Item["context"] = {}): Promise<void> {
  const results = await post(collector, items, context);
  assert.ok(results.every((result) => result.status === "accepted"), JSON.stringify(results));
}
