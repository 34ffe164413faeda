// The form: the panel, which is Rust; or, where it cannot run, the plain form.

import defaults from "../defaults.json";
import type { Config, Kit, Props, Surface } from "../kit";
import { here, within } from "../pure";
import type { Item, Tell } from "../queue";
import { plainForm } from "./_plain";
import { rust } from "./_wasm";

// The built panel's name and digest, put in by esbuild.
declare const __PANEL__: string;
declare const __PANEL_DIGEST__: string;

/** A visitor waits no longer for the panel. The eager file waits a second longer for both. */
const PANEL_MS = 7000;

/** What the panel has of the page; see `widget/src/browser/bridge.rs`. */
interface Bridge {
  /** Takes an item into the queue; `tell` hears how far it comes. `omit` names what the visitor does not want along. */
  send(item: Item, tell?: Tell, options?: { omit?: string[] }): unknown;
  /** To be called when the visitor closed it. */
  closed(): unknown;
  /** The page's language, or the browser's. */
  lang: string;
  /** The project's settings, or those of a project without any. */
  config: Config;
  /** The address below which everything of ours lies, with a slash at its end. */
  base: string;
  /** The name under which a draft is kept; `consent` clears it. */
  draft: string;
  /** What happened before, oldest first, as `Feedback.breadcrumbs` has it. */
  breadcrumbs(): string[];
  /** What the page said by `context`. */
  props(): Props;
  /** Where the visitor is. */
  page(): { url: string; screen: [number, number]; release: string | undefined; env: string | undefined };
  /** Lets the visitor add a picture or point at something; see the part `pictures`. */
  picture(how: string, asked: object): unknown;
  /** What they have added so far. */
  added(): object | undefined;
}

interface PanelModule extends Surface {
  mount(container: Element, bridge: Bridge): void;
}

/** The context without what these switches of the panel are about. */
const without = (context: Kit["context"], omit: string[]): Kit["context"] => {
  const rest = { ...context };
  for (const name of omit) delete rest[name];
  // The version: of what, and where it runs. The page: and how the visitor came to it.
  if (omit.includes("release")) delete rest["env"];
  if (omit.includes("url")) for (const name of ["referrer", "utm"]) delete rest[name];
  return rest;
};

export default async (kit: Kit): Promise<Surface> => {
  const { launcher, safe, part, warn } = kit;
  const root = launcher.getRootNode() as ShadowRoot;
  const base = new URL("..", import.meta.url).href;
  const emit = (name: string, detail?: unknown): void =>
    kit.handlers?.[name]?.forEach((hear) => void safe(hear)(detail));
  let shown = false;
  let opener: Element | null;

  // A page's shortcuts are not meant for those who write, nor what it does about clicks on itself.
  for (const type of ["keydown", "keypress", "keyup", "click"]) root.addEventListener(type, (event) => event.stopPropagation());

  const closed = safe(() => {
    if (!shown) return;
    shown = false;
    launcher.ariaExpanded = "false";
    // The second does nothing where nothing had the focus or it is gone; then the first holds.
    launcher.focus();
    (opener as HTMLElement | null)?.focus();
    emit("close");
  });

  const bridge: Bridge = {
    send(item, tell, { omit = [] } = {}) {
      const hand = (tell?: Tell) => {
        const { context } = kit;
        kit.context = without(context, omit);
        // An item says its address where that is not its context's.
        const url = omit.includes("url") ? (context["url"] as string) : undefined;
        let heard = false;
        const hear: Tell = (state, detail) => {
          heard = true;
          if (state === "accepted") emit("sent", { receipt: detail });
          if (state === "rejected") emit("error", { reason: detail });
          // A server without receipts.
          tell?.(state, detail ?? "");
        };
        // It is taken in at once, with the context of this moment.
        kit.submit({ ...item, url }, hear).then(() => {
          // What the page has done to the browser may be too much for the queue.
          if (!heard) hear("rejected", "page: this page prevents it");
        });
        kit.context = context;
      };
      kit.carry ? kit.carry(item, hand, tell) : hand(tell);
    },
    closed,
    lang: kit.context["lang"] as string,
    config: kit.config ?? (defaults as unknown as Config),
    base,
    draft: "hearback draft " + kit.data["key"],
    breadcrumbs: () => kit.breadcrumbs?.() ?? [],
    props: () => kit.props ?? {},
    page: () => ({ url: here(), screen: [innerWidth, innerHeight], release: kit.context.release, env: kit.context.env }),
    picture: (how, asked) => part("pictures", base, how, asked),
    added: () => kit.added?.(),
  };

  // Without a launcher nobody has dressed what is below it.
  if (launcher.hidden && document.readyState === "complete") part("launcher");
  const panel = await within(PANEL_MS, rust<PanelModule>(kit, base + __PANEL__, __PANEL_DIGEST__).catch(warn));
  let form: Surface | undefined;
  // Mounted at the first showing: this was fetched when somebody came near the launcher, who may not want it.
  const made = (): Surface => {
    const place = root.appendChild(document.createElement("div"));
    try {
      panel!.mount(place, bridge);
      return panel!;
    } catch (error) {
      // It was not to be had, or this browser cannot show it.
      if (panel) warn(error);
      place.remove();
      return plainForm(kit, root, base, closed);
    }
  };
  return {
    show() {
      if (shown) return;
      form ??= made();
      shown = true;
      opener = document.activeElement;
      launcher.ariaExpanded = "true";
      form.show();
      emit("open");
    },
    hide() {
      form?.hide();
      closed();
    },
  };
};
