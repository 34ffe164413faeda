// Sees what happens in the page: views, at load and at each navigation within the page.

import { kit } from "./kit";
import { on, safe } from "./page";
import { here } from "./pure";

let viewed: string | undefined;

// Query and hash are not part of the address, so a change of them alone is no view.
const view = safe(() => {
  if (viewed === here()) return;
  viewed = here();
  for (const hear of kit.views) hear();
  // The same name as `PAGE_VIEW` in `shared/src/item.rs`.
  kit.commands.event("page_view");
});

/** Counts this view and watches for the next ones. */
export const watchViews = (): void => {
  view();
  on(window, "popstate", view);
  on(window, "pageshow", (event: PageTransitionEvent) => {
    // Back in an instant, from the browser's cache: viewed again, by the same producer.
    if (!event.persisted) return;
    viewed = "";
    view();
  });
  for (const name of ["pushState", "replaceState"] as const) {
    // Replaced where it is found: an own property would hide what others put on the prototype later.
    const owner = history.hasOwnProperty(name) ? history : History.prototype;
    const before = owner[name];
    const ours = new Proxy(before, {
      apply(navigate, self, args) {
        const result = Reflect.apply(navigate, self, args);
        view();
        return result;
      },
    });
    // The page may have made it so that it cannot be set. Then its navigations are not seen.
    Reflect.set(owner, name, ours);
    // Somebody may have wrapped ours; then it stays, and hears nothing.
    kit.undo.push(() => owner[name] === ours && (owner[name] = before));
  }
};
