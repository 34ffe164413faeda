// The whole integration: `<script async src="…/hearback.js" data-key="…"></script>`. Here the parts meet the page.

import { watchViews } from "./capture";
import { close, open } from "./form";
import { type Kit, kit } from "./kit";
import { launcher, mount } from "./launcher";
import { data, fetch, life, on, safe, warn } from "./page";
import { part } from "./parts";
import { happens, within } from "./pure";
import { entries, settle, stored } from "./queue";
import { flush, hurry, plan, submit } from "./transport";

interface Hearback {
  (name: string, ...args: unknown[]): unknown;
  /** Calls that came before the script did. */
  q?: Iterable<IArguments>;
  /** Set by a running loader, so that a second one leaves it alone. */
  v?: number;
}

declare global {
  interface Window {
    hearback?: Hearback | undefined;
  }
}

const enum Limit {
  /** For the page to load, and again for the settings to come. */
  WaitMs = 8000,
}

const commands: Kit["commands"] = {
  event: (name: string, props?: object, url?: string) => submit({ type: "event", name, props, url }),
  open,
  close,
};

// What few pages call is in a part. What it says of the page goes for items since the call, hence the time.
const run: Hearback = safe((name: string, ...args: unknown[]) =>
  commands[name] ? commands[name](...args) : (kit.busy = part("api", Date.now(), name, args)),
);

const start = safe(async () => {
  const early = window.hearback;
  if (early?.v) return;
  (window.hearback = run).v = 1;
  if (!data.key) return warn("no data-key");

  watchViews();
  for (const args of early?.q ?? []) run(...(args as unknown as [string]));
  on(window, "online", hurry);
  on(window, "pagehide", () => flush(true));
  on(document, "visibilitychange", () => flush(document.hidden));
  document.readyState === "complete" || await within(Limit.WaitMs, happens(window, "load"));
  mount();
  // Without them nobody knows whether events are wanted, and they wait. The form is there in any case.
  if (!(await within(Limit.WaitMs, part("settings")))) launcher.hidden = data.launcher === "none";
});

Object.assign(kit, { data, commands, entries, flush, fetch, launcher, life, on, safe, part, plan, settle, stored, submit, warn, query: location.search });

// A page that is only being prerendered has no visitor yet.
if ((document as { prerendering?: boolean }).prerendering) happens(document, "prerenderingchange").then(start);
else start();
