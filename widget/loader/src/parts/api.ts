// The commands that few pages call, and what a visitor agreed to.

import type { Kit, Level } from "../kit";
import { amend, withhold, write } from "./_amend";
import { cut } from "../pure";
import { typed } from "./_events";

type User = string | { token: string } | null;

/** The same as `PROPS` in `shared/src/limits.rs`. */
const PROPS = 32;

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
  kit.context = { ...kit.context, ...NOBODY };
  withhold(
    kit,
    (entry) => kit.level === "identified" || (kit.level !== "none" && !entry.context["visitor"]),
    (entry) => {
      // Feedback goes on, but says no longer whose it is.
      if (kit.level === "identified" || !entry.context["visitor"]) return;
      entry.context = { ...entry.context, ...NOBODY };
      write(kit, entry);
    },
  );
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
        storing(() => sessionStorage.removeItem("hearback draft " + kit.data["key"]));
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
    const all = Object.entries({ ...kit.props, ...typed(kit, props) });
    if (all.length > PROPS) kit.warn(`context has at most ${PROPS} properties`);
    // What the edge would refuse, it would refuse together with the visitor's words.
    const fits = all.slice(0, PROPS).filter(([name]) => /^.{1,64}$/.test(name) && !/^(__proto__|constructor|prototype)$/.test(name));
    kit.props = Object.fromEntries(fits.map(([name, value]) => [name, typeof value === "string" ? cut(value, 1024) : value]));
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
    const { host } = kit.launcher.getRootNode() as ShadowRoot;
    host.remove();
    // The eager file puts it into a page that has loaded, which may be later than this.
    if (document.readyState !== "complete") addEventListener("load", () => setTimeout(() => host.remove()));
    identity = {};
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
