// Exceptions and rejections that nobody caught: `js_error`, each once, ten a page at most.

import type { Kit } from "../kit";
import { bare, cut } from "../pure";

const MOST = 10;
const MESSAGE_CHARS = 300;

export default ({ on, commands }: Kit): void => {
  const seen = new Set<string>();
  const tell = (kind: string, message: string, source = "", line = 0, column = 0) => {
    const key = [message, source, line].join("\n");
    if (seen.has(key) || seen.size >= MOST) return;
    seen.add(key);
    commands.event("js_error", { message: cut(message, MESSAGE_CHARS), source: bare(source), line, column, kind });
  };

  on(window, "error", ({ message, filename, lineno, colno }: ErrorEvent) => {
    // Of a script from elsewhere the browser says nothing more. Without a message it is a file that did not load.
    if (message && !/^Script error\.?$/.test(message)) tell("error", message, filename, lineno, colno);
  });
  on(window, "unhandledrejection", ({ reason }: PromiseRejectionEvent) => {
    // Where it came from stands in the stack only, which each browser writes in its own way.
    const [, source, line, column] = /((?:https?|file):\S+?):(\d+):(\d+)/.exec(reason?.stack ?? "") ?? [];
    tell("rejection", String(reason), source, +(line ?? 0), +(column ?? 0));
  });
};
