// A believable week at the shop, the same every time, for pictures.
import { ingest, type Outgoing } from "./api.ts";
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

/** Visits in each of the last hours, oldest first: quiet nights, busy evenings. */
const VISITS = [9, 7, 4, 3, 2, 2, 3, 5, 8, 12, 15, 17, 16, 14, 15, 18, 21, 24, 28, 31, 29, 22, 15, 11];

function visits(hoursAgo: number, count: number, now: number): Outgoing[] {
  const at = (index: number) => now - hoursAgo * HOUR_MS - ((index * 7) % 50) * MINUTE_MS;
  const times = (name: string, of: number): Outgoing[] =>
    Array.from({ length: of }, (_, index) => ({ type: "event", name, at: at(index), url: "https://kettle.example/" }));
  return [
    ...times("page_view", count * 3),
    ...times("add_to_cart", Math.round(count * 0.6)),
    ...times("checkout", Math.round(count * 0.3)),
    ...times("checkout_failed", Math.round(count * 0.12)),
  ];
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
  for (const [index, count] of VISITS.entries()) {
    await ingest(collector, visits(VISITS.length - index, count, now), { release: "1.4.2", env: "prod", lang: "en", screen: [1440, 900] });
  }
}
