// The cart: slug → number of tins, kept in this browser only.
import { teaBySlug } from "./teas.js";

const PLACE = "kettle-cart";
const MOST = 9;

function read() {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "{}");
  } catch {
    return {};
  }
}

let tins = read();

function keep() {
  try {
    localStorage.setItem(PLACE, JSON.stringify(tins));
  } catch {
    // A browser that keeps nothing still has a cart until the page is left.
  }
  showCount();
}

/** Lines of the cart, in the order in which they were added. */
export const lines = () =>
  Object.entries(tins).flatMap(([slug, count]) => {
    const tea = teaBySlug(slug);
    return tea ? [{ tea, count }] : [];
  });

export const count = () => lines().reduce((sum, line) => sum + line.count, 0);

export const total = () => lines().reduce((sum, line) => sum + line.count * line.tea.price, 0);

/** @param {string} slug @param {number} change may be negative */
export function add(slug, change) {
  const next = Math.min(MOST, (tins[slug] ?? 0) + change);
  if (next > 0) tins[slug] = next;
  else delete tins[slug];
  keep();
}

export function empty() {
  tins = {};
  keep();
}

export function showCount() {
  for (const place of document.querySelectorAll("[data-cart-count]")) {
    place.textContent = String(count());
  }
}
