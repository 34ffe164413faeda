// Pointing at something on the page: by mouse, finger or keyboard. The panel makes way meanwhile.

import type { Kit, Props } from "../kit";
import type { Described } from "./element";

/** What Tab goes through. */
const STOPS = "a,button,summary,input,select,textarea,label,img,video,canvas,iframe,h1,h2,h3,p,li,td,[role],[tabindex]";

const bar = "position:fixed;inset:auto 0 0;margin:16px auto;width:fit-content;max-width:calc(100% - 32px);box-sizing:border-box;padding:8px 8px 8px 16px;display:flex;gap:12px;align-items:center;border:1px solid #71717a;border-radius:var(--hb-radius,12px);background:var(--hb-surface,Canvas);color:var(--hb-text,CanvasText);font:14px/20px var(--hb-font,system-ui);cursor:default";
const button = "min-width:44px;min-height:44px;padding:0 16px;border:1px solid;border-radius:8px;background:0 0;color:inherit;font:inherit;cursor:pointer";
const ring = "position:fixed;pointer-events:none;outline:3px solid #4f46e5;outline-offset:1px;border-radius:2px;box-shadow:0 0 0 6px #fff";

export default async (
  { launcher, part }: Kit,
  panel: HTMLDialogElement,
  say: (name: string) => string,
  { lang, dir }: { lang: string; dir: string },
): Promise<Props | null> => {
  const { describe, told }: Described = await part("element");
  const root = launcher.getRootNode() as ShadowRoot;
  const add = (parent: Node, name: string, style: string, properties: object) => {
    const made = Object.assign(parent.appendChild(document.createElement(name)), properties);
    made.style.cssText = style;
    return made;
  };
  const layer = add(root, "div", "all:initial;color-scheme:light dark;position:fixed;inset:0;width:100%;height:100%;cursor:crosshair;touch-action:manipulation", {
    popover: "manual", tabIndex: 0, role: "application", ariaLabel: say("point_help"), lang, dir,
  });
  const outline = add(layer, "div", ring, { hidden: true });
  const foot = add(layer, "div", bar, {});
  const said = add(foot, "span", "overflow-wrap:anywhere", { textContent: say("point_help"), ariaLive: "polite" });
  const leave = add(foot, "button", button, { textContent: say("leave") });

  let at: HTMLElement | undefined;
  const go = (to?: Element | null) => {
    if (!to || to === root.host || to === document.documentElement) return;
    at = to as HTMLElement;
    said.textContent = describe(at);
    follow();
  };
  const follow = () => {
    const box = at?.getBoundingClientRect();
    if (box) for (const side of ["left", "top", "width", "height"] as const) outline.style[side] = box[side] + "px";
    outline.hidden = !box;
  };
  const under = ({ clientX, clientY }: MouseEvent): Element | undefined => {
    let found: Element | undefined;
    for (let tree: DocumentOrShadowRoot | null | undefined = document; tree; tree = found?.shadowRoot) {
      const next: Element | undefined = tree.elementsFromPoint(clientX, clientY).find((one) => one !== root.host);
      if (!next || next === found) break;
      found = next;
    }
    return found;
  };
  const walk = (key: string, back: boolean): Element | null | undefined => {
    if (key === "Tab") {
      const stops = [...document.querySelectorAll(STOPS)].filter((one) => one.getClientRects()[0]);
      const from = stops.findIndex((one) => at && (one === at || one.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_PRECEDING));
      const here = stops[from] === at;
      return stops.at(back ? from - 1 : (from + (here ? 1 : 0)) % stops.length);
    }
    const { parentElement, firstElementChild, nextElementSibling, previousElementSibling } = at ?? ({ firstElementChild: document.body } as unknown as Element);
    return { ArrowUp: parentElement, ArrowDown: firstElementChild, ArrowRight: nextElementSibling, ArrowLeft: previousElementSibling }[key];
  };

  return new Promise((resolve) => {
    // The panel only makes way: nobody has to hear that it closes.
    root.addEventListener("close", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
    panel.close();
    launcher.style.visibility = "hidden";
    layer.showPopover?.();
    layer.focus();
    const end = (found?: HTMLElement) => {
      window.removeEventListener("scroll", follow, true);
      layer.remove();
      launcher.style.visibility = "";
      // Unless the page has closed it meanwhile.
      if (launcher.ariaExpanded !== "false") panel[panel.ariaModal ? "showModal" : "show"]();
      panel.querySelector<HTMLElement>("[value=point]")?.focus();
      resolve(found ? told(found) : null);
    };
    window.addEventListener("scroll", follow, true);
    leave.onclick = () => end();
    layer.onpointermove = (event: PointerEvent) => foot.contains(event.target as Node) || go(under(event));
    layer.onclick = (event: MouseEvent) => {
      if (foot.contains(event.target as Node)) return;
      go(under(event));
      if (at) end(at);
    };
    layer.onkeydown = (event: KeyboardEvent) => {
      const { key, target } = event;
      event.stopPropagation();
      if (key === "Escape") end();
      else if (key === "Enter" && target === layer && at) end(at);
      else if (/^(Tab|Arrow)/.test(key)) {
        go(walk(key, event.shiftKey));
        at?.scrollIntoView({ block: "nearest" });
        follow();
      } else return;
      event.preventDefault();
    };
  });
};
