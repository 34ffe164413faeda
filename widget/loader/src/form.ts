// Opens the form. It comes with the part `open` when somebody goes for the launcher. Where that cannot be fetched, a link
// to the plain form takes the launcher's place, which needs nothing below `/hb/`.

import type { Surface } from "./kit";
import { add, launcher, mount, root } from "./launcher";
import { base, data, safe } from "./page";
import { part } from "./parts";
import { here, within } from "./pure";

const enum Limit {
  /** A visitor waits no longer for the form. */
  FormMs = 8000,
}

let loading: Promise<Surface | undefined> | undefined;
let wanted: boolean;

// Once: where WASM is forbidden, each attempt would be reported to the page's owner.
const load = (): Promise<Surface | undefined> => (loading ??= within(Limit.FormMs, part("open")));

/** Shows the form. */
export const open = safe(async () => {
  wanted = true;
  launcher.ariaBusy = "true";
  const form = await load();
  launcher.ariaBusy = null;
  // It may have been closed again in the meantime.
  if (!wanted) return;
  // Pages throw away what they do not know.
  mount();
  if (form) return form.show();
  // The browser may refuse to follow it for us so late after the visitor's own click. Then it is there to be clicked.
  const href = base + "f/" + data.key + "?url=" + encodeURIComponent(here());
  const link = add(root, "a", { href, target: "_blank", textContent: launcher.textContent! });
  launcher.replaceWith(link);
  link.focus();
  link.click();
});

/** Hides the form. What was written in it stays. */
export const close = safe(async () => {
  wanted = false;
  (await loading)?.hide();
});

launcher.onclick = open;
launcher.onfocus = launcher.onpointerenter = load;
