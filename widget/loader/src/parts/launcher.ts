// How launcher and plain form look, as the project and the page want it, and when the launcher hides.

import type { Config, Kit } from "../kit";

// System colours follow the visitor's light or dark scheme. The mark is an open loop that ends in a small speech dot: a
// ring without its right quarter, and its shadow.
const css = `:host>:not(div){padding:9px 16px;border:1px solid #71717a;border-radius:var(--hb-radius,12px);color-scheme:light dark;background:var(--hb-surface,Canvas);color:var(--hb-text,CanvasText);font:16px/24px var(--hb-font,system-ui)}
:host>:not(div,dialog){cursor:pointer;text-decoration:none}
:host>[aria-busy=true]{opacity:.6}
@media print{:host{display:none!important}}`;
const mark = `:host>:not(div,dialog):before{content:"";float:left;margin:3px 12px 0 0;padding:6px;border:3px solid;border-radius:50%;color:var(--hb-accent,light-dark(#4f46e5,#a5b4fc));border-right-color:#0000;box-shadow:8px 8px 0 -6px}`;

const hiding = ({ launcher, life }: Kit, selector: string): void => {
  let asked = false;
  const look = () => {
    asked = false;
    launcher.hidden = !!document.querySelector(selector);
  };
  // Throws here where it is no selector; then the launcher is not hidden.
  look();
  const observer = new MutationObserver(() => {
    // Once a frame: pages change a lot at a time.
    if (!asked) requestAnimationFrame(look);
    asked = true;
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  life.signal.addEventListener("abort", () => observer.disconnect());
};

/** Dresses the launcher and, where there is one, shows it. */
export default (kit: Kit, shown?: boolean): void => {
  const { launcher, config } = kit;
  const { position, offset, label, icon, color, hide_on } = (config?.launcher ?? {}) as Partial<Config["launcher"]>;
  const root = launcher.getRootNode() as ShadowRoot;
  const [vertical, horizontal] = (position ?? "bottom-right").split("-");
  const [x, y] = offset ?? [16, 16];
  let rules = css + `:host>:not(div,dialog){inset:auto;${vertical}:${y}px;${horizontal}:${x}px}`;
  if (icon !== false) rules += mark;
  // What the page itself has set holds.
  if (color && !getComputedStyle(root.host).getPropertyValue("--hb-accent")) rules += `:host{--hb-accent:${color}}`;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  if (label) launcher.textContent = label;
  Object.assign(launcher, { ariaHasPopup: "dialog", ariaExpanded: "false" });
  if (!shown) return;
  launcher.hidden = false;
  if (hide_on) hiding(kit, hide_on);
};
