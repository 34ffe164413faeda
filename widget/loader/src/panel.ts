// Opens the panel, which is Rust and comes only when somebody goes for the launcher; or, where it cannot run, the
// plain form.

import { add, launcher, root } from "./launcher";
import { base, data, here, lang, safe, warn, within } from "./page";
import { submit } from "./transport";

// The built panel's file names, put in by esbuild.
declare const __PANEL_JS__: string;
declare const __PANEL_WASM__: string;

/** What can be shown and hidden: the panel or the plain form. */
interface Surface {
  show(): void;
  hide(): void;
}

interface Bridge {
  send: typeof submit;
  closed(): void;
  lang: string;
}

interface PanelModule extends Surface {
  default(options: { module_or_path: string }): Promise<unknown>;
  mount(container: Element, bridge: Bridge): void;
}

const enum Limit {
  /** A visitor waits no longer for the panel. */
  PanelMs = 8000,
}

let loading: Promise<PanelModule | void> | undefined;
let surface: Surface | undefined;
let shown = false;
let opener: Element | null;

// Once, and nothing where it cannot be had: where WASM is forbidden, each attempt would be reported to the page's owner.
const load = (): Promise<PanelModule | void> =>
  (loading ??= import(base + __PANEL_JS__)
    .then(async (panel: PanelModule) => {
      await panel.default({ module_or_path: base + __PANEL_WASM__ });
      return panel;
    })
    .catch(warn));

const closed = safe(() => {
  shown = false;
  launcher.ariaExpanded = "false";
  // The second does nothing where nothing had the focus or it is gone; then the first holds.
  launcher.focus();
  (opener as HTMLElement).focus();
});

const panel = safe(async () => {
  const panel = await within(Limit.PanelMs, load());
  panel?.mount(add(root, "div"), { send: submit, closed, lang });
  return panel;
});

// A native dialog takes the focus and closes on Escape by itself.
const plainForm = (): Surface => {
  const src = base + "f/" + data.key + "?url=" + encodeURIComponent(here());
  const title = "Feedback";
  const dialog = add(root, "dialog", { ariaLabel: title, onclose: closed });
  const hide = () => dialog.close();
  add(dialog, "button", { textContent: "Close", onclick: hide });
  add(dialog, "iframe", { src, title, width: "360", height: "540" });
  // Some pages forbid frames.
  add(dialog, "a", { href: src, target: "_blank", textContent: "Open in a new tab" });
  return { show: () => dialog.showModal(), hide };
};

/** Shows the panel. */
export const openPanel = safe(async () => {
  if (shown) return;
  shown = true;
  opener = document.activeElement;
  launcher.ariaBusy = "true";
  surface ??= (await panel()) ?? plainForm();
  launcher.ariaBusy = "false";
  // It may have been closed again in the meantime.
  launcher.ariaExpanded = shown + "";
  surface[shown ? "show" : "hide"]();
});

/** Hides the panel. What was written in it stays. */
export const closePanel = safe(() => {
  surface?.hide();
  if (shown) closed();
});

launcher.onclick = openPanel;
launcher.onpointerenter = launcher.onfocus = load;
