// The plain form in a frame, for pages where the panel cannot run.

import type { Kit, Surface } from "../kit";
import { here } from "../pure";

const css = `:host>dialog{inset:0}
:host>dialog>*{display:block;max-width:100%;min-height:44px;border:0;background:0 0;color:inherit;font:inherit}`;

// One by one, because pages with Trusted Types forbid `innerHTML`.
const add = <K extends keyof HTMLElementTagNameMap>(
  parent: Node,
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] => parent.appendChild(Object.assign(document.createElement(name), properties));

/** A native dialog: it takes the focus and closes on Escape by itself. */
export const plainForm = ({ data, context }: Kit, root: ShadowRoot, base: string, onclose: () => unknown): Surface => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const src = base + "f/" + data["key"] + "?url=" + encodeURIComponent(here()) + "&lang=" + context["lang"];
  const title = "Feedback";
  const dialog = add(root, "dialog", { ariaLabel: title, onclose });
  const hide = () => dialog.close();
  add(dialog, "button", { textContent: "Close", onclick: hide });
  add(dialog, "iframe", { src, title, width: "360", height: "540" });
  // Some pages forbid frames.
  add(dialog, "a", { href: src, target: "_blank", textContent: "Open in a new tab" });
  return { show: () => dialog.showModal(), hide };
};
