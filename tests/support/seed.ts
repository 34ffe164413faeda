// A believable week at the shop, the same every time, for pictures.
import { ingest, post, producer, type Outgoing } from "./api.ts";
import type { Collector } from "./collector.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Voice {
  kind: "bug" | "idea" | "praise" | "question";
  text: string;
  page: string;
  minutesAgo: number;
  rating?: number;
  email?: string;
  lang?: string;
  phone?: boolean;
}

/** Oldest first. */
const VOICES: Voice[] = [
  { kind: "praise", text: "Paper Lantern is the best oolong I have had outside Taiwan. Thank you for the steeping notes.", page: "/tea/paper-lantern", minutesAgo: 5100, rating: 5 },
  { kind: "idea", text: "Please sell refills without the tin. I have six tins now and a small kitchen.", page: "/tea/common-room", minutesAgo: 4260, rating: 4, email: "mara@example.org" },
  { kind: "question", text: "Versendet ihr auch nach Österreich? An der Kasse steht nichts dazu.", page: "/cart", minutesAgo: 3900, lang: "de", phone: true },
  { kind: "bug", text: "The plus button in the cart stops at nine. I wanted twelve tins for a wedding.", page: "/cart", minutesAgo: 2760, rating: 3, email: "jo@example.org" },
  { kind: "praise", text: "Very calm shop. It loads on the train.", page: "/", minutesAgo: 1850, rating: 5, phone: true },
  { kind: "idea", text: "A caffeine note on every tea, not only the herbal ones?", page: "/tea/glass-lake", minutesAgo: 1320, phone: true },
  { kind: "bug", text: "Search finds nothing for “jasmin”. Is that spelled differently here?", page: "/", minutesAgo: 410, rating: 3 },
  { kind: "bug", text: "Payment failed twice, then it worked. Was I charged three times?", page: "/checkout", minutesAgo: 34, rating: 1, email: "sam@example.org", phone: true },
];

/** Visits in each hour of a day, from midnight UTC: quiet nights, busy evenings. */
export const BY_HOUR = [2, 1, 1, 0, 0, 1, 2, 4, 6, 7, 8, 7, 7, 8, 8, 9, 10, 12, 14, 15, 14, 11, 7, 4];

/** How busy each of the last days is, today first. */
export const BY_DAY = [1, 0.9, 1.15, 1.4, 1.3, 0.95, 0.8, 0.85];

/** What a hundred visits bring. */
const PER_HUNDRED: [string, number][] = [
  ["page_view", 310],
  ["add_to_cart", 64],
  ["search", 38],
  ["checkout", 31],
  ["checkout_failed", 12],
];

/** Items of one batch, within the edge's limit. */
const BATCH = 400;

function events(now: number): Outgoing[] {
  const midnight = now - (now % (24 * HOUR_MS));
  return BY_DAY.flatMap((busy, daysAgo) =>
    BY_HOUR.flatMap((visits, hour) => {
      const start = midnight - daysAgo * 24 * HOUR_MS + hour * HOUR_MS;
      return PER_HUNDRED.flatMap(([name, times]) =>
        Array.from({ length: Math.round((visits * busy * times) / 100) }, (_, index) => ({
          type: "event" as const,
          name,
          at: start + ((index * 7) % 60) * MINUTE_MS,
          url: "https://kettle.example/",
        })),
      );
    }),
  ).filter(({ at }) => at < now);
}

/** Sends the week to the collector by its public interface. */
export async function seed(collector: Collector): Promise<void> {
  const now = Date.now();
  for (const voice of VOICES) {
    const { page, minutesAgo, email, lang = "en", phone, ...said } = voice;
    const item: Outgoing = { type: "feedback", ...said, at: now - minutesAgo * MINUTE_MS, ...(email ? { contact: { email } } : {}) };
    await ingest(collector, [item], {
      url: `https://kettle.example${page}`,
      lang,
      screen: phone ? [390, 844] : [1440, 900],
      release: "1.4.2",
      env: "prod",
    });
  }
  const all = events(now);
  for (let from = 0; from < all.length; from += BATCH) {
    await ingest(collector, all.slice(from, from + BATCH), { release: "1.4.2", env: "prod", lang: "en", screen: [1440, 900] });
  }
}

/** What goes wrong in a believable week: batches whose answer was lost come twice, and a release sends wrong items. */
export async function mishaps(collector: Collector): Promise<void> {
  const context = { release: "1.4.3", env: "prod" };
  const twice = Array.from({ length: 290 }, () => ({ type: "event", name: "page_view", url: "https://kettle.example/" }));
  const page = producer();
  await post(collector, twice, context, page);
  await post(collector, twice, context, page);
  await post(
    collector,
    [
      ...Array.from({ length: 21 }, () => ({ type: "event", name: "cart", props: { items: ["first-light", "glass-lake"] } })),
      ...Array.from({ length: 8 }, () => ({ type: "event", name: "checkout", props: { order: 1e300 } })),
      ...Array.from({ length: 3 }, () => ({ type: "feedback", kind: "idea", text: "" })),
    ],
    context,
  );
}
