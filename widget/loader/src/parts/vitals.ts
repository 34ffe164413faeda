// How the page felt, by the standard definitions: `web_vital`, one of five numbers each.

import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
import type { Kit } from "../kit";

export default ({ commands }: Kit): void => {
  // Milliseconds; CLS has no unit. The names are those of `WEB_VITALS` in `shared/src/rollup/mod.rs`.
  for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB])
    watch(({ name, value, rating }) => commands.event("web_vital", { [name]: Math.round(value * 1000) / 1000, rating }));
};
