// How long a view was looked at, and how far it was scrolled: `engagement`, when the view ends or is left for a while.

import type { Kit } from "../kit";
import { here } from "../pure";

/** How often at most the page is asked how far it is scrolled: the answer may cost a layout. */
const SCROLL_MS = 200;

export default ({ on, views, commands, undo }: Kit): void => {
  let url = here();
  let looked = 0;
  let since: number | undefined;
  let depth = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const measure = () => {
    timer = undefined;
    const { scrollHeight } = document.documentElement;
    depth = Math.max(depth, Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100)));
  };

  // In view and with the focus: a window beside the one that somebody works in does not count.
  const look = () => {
    const now = performance.now();
    if (since !== undefined) looked += now - since;
    since = !document.hidden && document.hasFocus() ? now : undefined;
  };

  const send = () => {
    look();
    const seconds = Math.round(looked / 1000);
    // Less is no look. It stays for the next time.
    if (!seconds) return;
    commands.event("engagement", { seconds, scroll_percent: depth }, url);
    looked = 0;
  };

  look();
  measure();
  on(window, "focus", look);
  on(window, "blur", look);
  on(document, "scroll", () => (timer ??= setTimeout(measure, SCROLL_MS)), true);
  // Before the loader's own listeners, which send what waits.
  on(document, "visibilitychange", () => (document.hidden ? send() : look()), true);
  on(window, "pagehide", send, true);
  views.push(() => {
    send();
    url = here();
    looked = depth = 0;
    timer ??= setTimeout(measure, SCROLL_MS);
  });
  undo.push(() => clearTimeout(timer));
};
