// What happened before somebody had something to say. Kept in memory only; it leaves the page with feedback, if the
// visitor lets it, and in no other way.

import type { Kit } from "../kit";
import { bare, cut, here } from "../pure";
import { clicked, describe } from "./_element";

/** The same as `BREADCRUMBS` and `BREADCRUMB_CHARS` in `shared/src/limits.rs`. */
const MOST = 20;
const CHARS = 256;
/** Room for the seconds. */
const TEXT_CHARS = CHARS - 16;

const path = (address: string): string => {
  const url = new URL(address, location.href);
  return url.origin === location.origin ? bare(url.pathname) : url.origin + bare(url.pathname);
};

export default (kit: Kit): void => {
  const { on, safe, views, undo } = kit;
  const crumbs: { at: number; text: string }[] = [];
  const add = (text: string) => {
    crumbs.push({ at: performance.now(), text: cut(text, TEXT_CHARS) });
    if (crumbs.length > MOST) crumbs.shift();
  };
  kit.breadcrumbs = () => crumbs.map(({ at, text }) => `${Math.round((performance.now() - at) / 1000)} ${text}`);

  views.push(() => add("navigation " + path(here())));
  on(document, "click", (event) => {
    const element = clicked(event);
    if (element) add("click " + describe(element));
  }, true);

  // What the browser itself has noted, so that nothing of the page is replaced.
  const failed = safe((list: PerformanceObserverEntryList) => {
    for (const { name, responseStatus } of list.getEntries() as PerformanceResourceTiming[])
      if (responseStatus >= 400) add(`request ${responseStatus} ${path(name)}`);
  });
  const observer = new PerformanceObserver(failed);
  observer.observe({ type: "resource" });
  undo.push(() => observer.disconnect());

  // The one thing of the page that a part replaces, since nothing else tells of it.
  const before = console.error;
  const ours = new Proxy(before, {
    apply(tell, self, args: unknown[]) {
      // Only texts: an object's own `toString` may do anything.
      safe(() => add("error " + args.map((arg) => (arg instanceof Error ? arg.message : typeof arg === "string" ? arg : "…")).join(" ")))();
      return Reflect.apply(tell, self, args);
    },
  });
  console.error = ours;
  undo.push(() => console.error === ours && (console.error = before));
};
