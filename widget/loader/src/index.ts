// The whole integration: `<script async src="…/hearback.js" data-key="…"></script>`. Here the parts meet the page.

import { watchViews } from "./capture";
import { mount } from "./launcher";
import { data, happens, on, safe, warn } from "./page";
import { closePanel, openPanel } from "./panel";
import { recover } from "./queue";
import { flush, hurry, plan, submit } from "./transport";

type Command = (...args: any[]) => unknown;

interface Hearback {
  (name: string, ...args: unknown[]): void;
  /** Calls that came before the script did. */
  q?: Iterable<IArguments>;
  /** Set by a running loader, so that a second one leaves it alone. */
  v?: number;
}

declare global {
  interface Window {
    hearback?: Hearback;
  }
}

const commands: Record<string, Command> = {
  event: (name: string, props?: object) => submit({ type: "event", name, props }),
  open: openPanel,
  close: closePanel,
};

const run = safe((name: string, ...args: unknown[]) =>
  commands[name] ? commands[name](...args) : warn(`no command ${name}, only ${Object.keys(commands)}`),
);

const start = safe(() => {
  const early = window.hearback;
  if (early?.v) return;
  const hearback: Hearback = (...args) => void run(...args);
  (window.hearback = hearback).v = 1;
  if (!data.key) return warn("no data-key");

  recover(plan);
  watchViews();
  for (const args of early?.q ?? []) run(...(args as unknown as [string]));
  on(window, "online", hurry);
  on(window, "pagehide", () => flush(true));
  on(document, "visibilitychange", () => flush(document.hidden));
  mount();
});

// A page that is only being prerendered has no visitor yet.
if ((document as { prerendering?: boolean }).prerendering) happens(document, "prerenderingchange").then(start);
else start();
