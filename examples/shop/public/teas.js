// What the shop sells. `tone` names a colour set in shop.css, `motif` a drawing in art.js.

/** @typedef {{slug: string, name: string, family: string, origin: string, price: number, grams: number, degrees: number,
 *   minutes: string, tone: string, motif: string, line: string, story: string}} Tea */

/** @type {Tea[]} */
export const TEAS = [
  { slug: "first-light", name: "First Light", family: "Green", origin: "Uji, Japan", price: 14.5, grams: 60, degrees: 70,
    minutes: "1–2", tone: "sage", motif: "sprig", line: "Steamed sencha, sweet as cut grass.",
    story: "Picked in the first week of May and steamed within the hour. The first pour is bright and grassy; the second, which we like better, is all melon." },
  { slug: "slow-train", name: "Slow Train", family: "Black", origin: "Kangra, India", price: 11, grams: 100, degrees: 95,
    minutes: "3–4", tone: "clay", motif: "rails", line: "A copper-red morning tea that takes milk well.",
    story: "Named after the narrow-gauge line that still carries it down the valley. Malt first, then orange peel, then the feeling that there is time." },
  { slug: "paper-lantern", name: "Paper Lantern", family: "Oolong", origin: "Nantou, Taiwan", price: 18, grams: 50, degrees: 90,
    minutes: "2–3", tone: "rose", motif: "blossom", line: "High-mountain oolong with orchid and cream.",
    story: "Rolled tight as seeds and opening over six steeps. Give it a wide pot: by the fourth cup the leaves fill it." },
  { slug: "north-harbour", name: "North Harbour", family: "Black", origin: "Wuyi, China", price: 13, grams: 80, degrees: 95,
    minutes: "3", tone: "ink", motif: "waves", line: "Pine-smoked, dark, for rain on windows.",
    story: "Dried over pine embers in a three-storey smokehouse. Some of us drink it, some of us cook with it; nobody is neutral." },
  { slug: "orchard-gate", name: "Orchard Gate", family: "Herbal", origin: "Alto Adige, Italy", price: 9.5, grams: 90, degrees: 100,
    minutes: "6–8", tone: "honey", motif: "apple", line: "Apple, linden and a little lemon peel. No caffeine.",
    story: "What grows on one farm between the house and the river. Children ask for it by name, which is why the big bag exists." },
  { slug: "night-garden", name: "Night Garden", family: "Herbal", origin: "Provence, France", price: 10, grams: 70, degrees: 100,
    minutes: "5–7", tone: "plum", motif: "moon", line: "Lavender, verbena, chamomile. For the last hour.",
    story: "Three flowers and nothing else. Cover the cup while it steeps: the scent is half of it." },
  { slug: "glass-lake", name: "Glass Lake", family: "White", origin: "Fuding, China", price: 21, grams: 40, degrees: 80,
    minutes: "4–5", tone: "sky", motif: "needle", line: "Silver buds, apricot, hay. Barely there, then all there.",
    story: "Only buds, only dry mornings, only ten days a year. It forgives a forgotten kettle better than any tea we know." },
  { slug: "common-room", name: "Common Room", family: "Green", origin: "Mashhad blend", price: 8.5, grams: 120, degrees: 80,
    minutes: "2–3", tone: "mint", motif: "mint", line: "Gunpowder green with spearmint, by the pot.",
    story: "For the table that never quite empties. Takes sugar, takes company, takes a second kettle." },
];

/** @param {string} slug */
export const teaBySlug = (slug) => TEAS.find((tea) => tea.slug === slug);

/** Families in the order in which they first appear. */
export const FAMILIES = [...new Set(TEAS.map((tea) => tea.family))];

const EURO = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** @param {number} amount in euro */
export const price = (amount) => EURO.format(amount);
