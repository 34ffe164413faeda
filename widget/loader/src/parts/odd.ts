// For pages on which texts and lists turn themselves into JSON, as Prototype.js 1.6 taught them: what such a page writes as
// JSON is a text about a text, which nobody can read.

import type { Kit } from "../kit";
import type { Item } from "../queue";

const PROTOTYPES: { toJSON?: unknown }[] = [String, Array, Number, Boolean, Object].map(({ prototype }) => prototype as object);

export default (kit: Kit): void => {
  const { json } = kit;
  kit.json = (value) => {
    const taken = PROTOTYPES.filter((prototype) => Object.hasOwn(prototype, "toJSON")).map((prototype) => {
      const { toJSON } = prototype;
      delete prototype.toJSON;
      return () => (prototype.toJSON = toJSON);
    });
    try {
      return json(value);
    } finally {
      for (const giveBack of taken) giveBack();
    }
  };
  // What was taken in before.
  for (const entry of kit.entries) entry.item = mended(entry.item) as Item;
};

const mended = (value: unknown): unknown => {
  if (typeof value === "string") return value[0] === '"' ? JSON.parse(value) : value;
  if (typeof value !== "object" || !value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mended(inner)]));
};
