// Clicks of people who get nowhere: `rage_click`, again and again at one place; `dead_click`, after which nothing happens.

import type { Kit } from "../kit";
import { describe, hit } from "./_element";

const RAGE_CLICKS = 3;
const RAGE_MS = 1000;
const RAGE_PX = 30;
/** Longer than most pages take to show that something is going on. */
const DEAD_MS = 1000;

/** By one of these the page, or the browser, shows that the click did something. */
const SIGNS = ["scroll", "focusin", "focusout", "selectionchange", "input", "change", "submit", "toggle", "play"];

// A link may lead out of this page without anything to be seen in it.
const leadsOut = (element: HTMLElement): boolean =>
  element instanceof HTMLAnchorElement &&
  (!/^https?:$/.test(element.protocol) || !/^(_self)?$/.test(element.target) || element.hasAttribute("download"));

export default ({ on, commands, views, undo }: Kit): void => {
  let clicks: { at: number; x: number; y: number }[] = [];
  let stop: (() => void) | undefined;
  const alive = () => stop?.();

  const watch = (element: HTMLElement) => {
    alive();
    const observer = new MutationObserver(alive);
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(document, all);
    observer.observe(element.getRootNode(), all);
    const timer = setTimeout(() => {
      alive();
      commands.event("dead_click", { element: describe(element) });
    }, DEAD_MS);
    stop = () => {
      observer.disconnect();
      clearTimeout(timer);
      stop = undefined;
    };
  };

  on(
    document,
    "click",
    (event: MouseEvent) => {
      const { clientX: x, clientY: y, detail } = event;
      const element = hit(event, "*");
      // Without a place it came by keyboard or script.
      if (!element || !detail) return;
      const at = event.timeStamp;
      clicks = clicks.filter((one) => at - one.at < RAGE_MS && Math.hypot(one.x - x, one.y - y) <= RAGE_PX);
      clicks.push({ at, x, y });
      if (clicks.length === RAGE_CLICKS) commands.event("rage_click", { element: describe(hit(event, "a,button,[role=button]") ?? element) });
      const button = hit(event, "a,button,[role=button]");
      if (button && !leadsOut(button)) watch(button);
    },
    true,
  );
  for (const sign of SIGNS) on(document, sign, alive, true);
  for (const sign of ["blur", "pagehide", "beforeunload", "hashchange"]) on(window, sign, alive);
  views.push(alive);
  undo.push(alive);
};
