// The button in the corner, in a shadow root that neither takes styles from the page nor gives any to it.

import { happens } from "./page";

// An important rule of the root itself beats the page's own important ones, wherever they stand; custom properties still
// come through. The other rules are for children of the root, because the panel lives in a div beside them. System
// colours follow the visitor's light or dark scheme. The mark is an open loop that ends in a small speech dot: a ring
// without its right quarter, and its shadow.
const css = `:host{all:initial!important;position:fixed!important;z-index:999999!important}
:host>:not(div){padding:9px 16px;border:1px solid #71717a;border-radius:var(--hb-radius,12px);color-scheme:light dark;background:var(--hb-surface,Canvas);color:var(--hb-text,CanvasText);font:16px/24px var(--hb-font,system-ui)}
:host>button{position:fixed;right:16px;bottom:16px;cursor:pointer}
:host>[aria-busy=true]{opacity:.6}
:host>button:before{content:"";float:left;margin:3px 12px 0 0;padding:6px;border:3px solid;border-radius:50%;color:var(--hb-accent,light-dark(#4f46e5,#a5b4fc));border-right-color:#0000;box-shadow:8px 8px 0 -6px}
:host>dialog>*{display:block;max-width:100%;min-height:44px;border:0;background:0 0;color:inherit;font:inherit}
@media print{:host{display:none!important}}`;

const host = document.createElement("hearback-widget");

/** Where all that is shown lives. */
export const root = host.attachShadow({ mode: "open" });

/** Adds an element. One by one, because pages with Trusted Types forbid `innerHTML`. */
export const add = <K extends keyof HTMLElementTagNameMap>(
  parent: Node,
  name: K,
  properties?: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] => parent.appendChild(Object.assign(document.createElement(name), properties));

export const launcher = add(root, "button", {
  textContent: "Feedback",
  ariaHasPopup: "dialog",
  ariaExpanded: "false",
});

/** Puts the launcher into the page. */
export const mount = (): void => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  // Beside the body: pages move, blur, replace and hide what is in it. Last, once the page is read.
  const place = () => document.documentElement.append(host);
  place();
  happens(document, "DOMContentLoaded").then(place);
};
