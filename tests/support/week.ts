// For pictures alone: a collector that was started a minute ago has received everything within one hour. Its own
// numbers, spread over the hours of a week as a shop has its visitors; not one of them is added or lost.
import type { Page } from "playwright-core";
import { BY_DAY, BY_HOUR } from "./seed.ts";

const HOUR_MS = 3_600_000;

interface Row {
  hour: number;
  received: number;
  accepted: number;
  duplicate: number;
  rejected: Record<string, number>;
  apart: Record<string, number>;
  lost: number;
  difference: number;
  sinks: Record<string, object>;
}

interface Answer {
  from: number;
  to: number;
  hours: Row[];
  total: Row;
}

/** Shares `count` out by weights, in whole numbers that add up to it. */
function share(count: number, weights: number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let [upTo, given] = [0, 0];
  return weights.map((weight) => {
    upTo += weight;
    const part = Math.round((count * upTo) / all) - given;
    given += part;
    return part;
  });
}

/** Where a number of the total falls into few hours: an outage, a bad release. */
const during = (hours: number[], from: number, length: number, weights: number[]): number[] =>
  hours.map((_, place) => (place >= hours.length * from && place < hours.length * from + length ? (weights[place] ?? 0) : 0));

function overTheWeek({ from, to, total }: Answer): Answer {
  const now = Date.now();
  const hours = Array.from({ length: (to - from) / HOUR_MS }, (_, place) => from + place * HOUR_MS).filter((hour) => hour <= now);
  const weights = hours.map((hour) => {
    const daysAgo = Math.floor((now - (now % (24 * HOUR_MS)) - hour + 24 * HOUR_MS - 1) / (24 * HOUR_MS));
    return 0.2 + (BY_HOUR[new Date(hour).getUTCHours()] ?? 0) * (BY_DAY[daysAgo] ?? 1);
  });
  const accepted = share(total.accepted, weights);
  const duplicate = share(total.duplicate, during(hours, 0.42, 3, weights));
  const rejected = Object.entries(total.rejected).map(([code, count], place) => ({ code, counts: share(count, during(hours, 0.7, 4 + place, weights)) }));
  const rows = hours.map((hour, place): Row => {
    const reasons = rejected.map(({ code, counts }) => [code, counts[place] ?? 0] as const).filter(([, count]) => count > 0);
    const refused = reasons.reduce((sum, [, count]) => sum + count, 0);
    const [stored, repeats] = [accepted[place] ?? 0, duplicate[place] ?? 0];
    return { ...total, hour, received: stored + repeats + refused, accepted: stored, duplicate: repeats, rejected: Object.fromEntries(reasons), sinks: {} };
  });
  return { from, to, total, hours: rows.filter(({ received }) => received > 0).reverse() };
}

/** The page sees the collector's ledger spread over a week. */
export async function spread(page: Page): Promise<void> {
  await page.route("**/api/v1/ledger?*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: overTheWeek((await answer.json()) as Answer) });
  });
}
