// The commands that few pages call, and what a visitor agreed to.

import type { Kit, Level } from "../kit";
import { amend, discard } from "./_amend";
import { typed } from "./_events";

type User = string | { token: string } | null;

const LEVELS: Level[] = ["none", "usage", "identified"];

/** Who the page says the visitor is. In memory only, and sent only where the visitor agreed to be identified. */
let identity: { user?: string; user_token?: string } = {};

const NOBODY = { visitor: undefined, user: undefined, user_token: undefined };

// 16 random bytes in base64url.
const random = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .slice(0, 22)
    .replace(/\W/g, (other) => (other === "+" ? "-" : "_"));

const names = (kit: Kit) => ({ choice: "hearback consent " + kit.data["key"], id: "hearback visitor " + kit.data["key"] });

// Where storage is forbidden, what is stored is gone with the page.
const storing = (work: () => unknown): void => {
  try {
    work();
  } catch {}
};

const level = (kit: Kit, level: Level, since: number): void => {
  const { id } = names(kit);
  if (level === "identified") {
    let visitor = random();
    storing(() => (localStorage[id] = visitor = localStorage[id] ?? visitor));
    amend(kit, { visitor, ...identity }, since);
    return;
  }
  storing(() => localStorage.removeItem(id));
  identity = {};
  const { context } = kit;
  discard(kit, (entry) => level !== "none" && !entry.context["visitor"]);
  // Feedback that waits goes on, but says no longer whose it is.
  for (const other of new Set([context, ...kit.entries.map((entry) => entry.context)])) {
    if (!other["visitor"]) continue;
    kit.context = other;
    amend(kit, NOBODY);
  }
  kit.context = { ...context, ...NOBODY };
};

const commands: Record<string, (kit: Kit, since: number, ...args: any[]) => unknown> = {
  /** `isDefault`: the page has not said it, so it is not kept. */
  consent(kit, since, to: Level, isDefault?: boolean) {
    if (!LEVELS.includes(to)) return kit.warn(`consent is one of ${LEVELS}`);
    const { choice } = names(kit);
    if (!isDefault) {
      storing(() => (localStorage[choice] = to));
      // Withdrawn: what is kept for the visitor's own comfort goes too.
      if (to === "none") {
        storing(() => {
          for (const name of Object.keys(localStorage))
            if (/^hearback /.test(name) && name.endsWith(" " + kit.data["key"]) && name !== choice) localStorage.removeItem(name);
        });
        // The form's; see `widget/src/browser/page.js`.
        storing(() => sessionStorage.removeItem("hearback draft"));
      }
    }
    kit.level = to;
    // What is kept since the page was loaded is the visitor's too, unless they were asked meanwhile.
    level(kit, to, isDefault ? 0 : since);
    if (to === "none") kit.counting = false;
    // Before the settings are there, they do it.
    else kit.begin?.();
    return;
  },

  identify(kit, since, user: User) {
    identity = typeof user === "string" ? { user } : user ? { user_token: user.token } : {};
    if (kit.level === "identified") amend(kit, { ...NOBODY, visitor: kit.context["visitor"], ...identity }, since);
  },

  context(kit, _since, props: object) {
    kit.props = { ...kit.props, ...typed(kit, props) };
  },

  on(kit, _since, name: string, hear: () => unknown) {
    ((kit.handlers ??= {})[name] ??= new Set()).add(hear);
  },

  off(kit, _since, name: string, hear: () => unknown) {
    kit.handlers?.[name]?.delete(hear);
  },

  async shutdown(kit) {
    kit.life.abort();
    for (const undo of kit.undo) undo();
    (kit.launcher.getRootNode() as ShadowRoot).host.remove();
    // Later calls wait for the next inclusion, as those before the first.
    const calls: unknown[][] = [];
    window.hearback = Object.assign((...args: unknown[]) => void calls.push(args), { q: calls as never });
    await kit.flush(true);
    kit.counting = false;
    // What stays unanswered is in the queue, for a later page.
    kit.entries.length = 0;
    kit.entries.push = () => 0;
    kit.plan();
  },
};

export default (kit: Kit, since: number, name: string, args: unknown[], ...more: unknown[]): unknown =>
  Object.hasOwn(commands, name) ? commands[name]!(kit, since, ...args, ...more) : kit.warn(`no command ${name}`);
