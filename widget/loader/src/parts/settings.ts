// What the project wants of this page. The one part that every page loads, after everything of its own. Where the
// configuration does not come, the form is there as it is without any, and events wait: nobody knows whether they are
// wanted, or whether the visitor has to be asked first.

import type { Config, Kit, Level } from "../kit";
import { cut, within } from "../pure";
import { amend, discard, withhold } from "./_amend";
import { limit, typed } from "./_events";
import { recover } from "./_recover";

/** For the configuration to come before the form is shown without it. */
const WAIT_MS = 3000;
/** For what earlier pages left behind. */
const STORED_MS = 1000;
/** Events of a page at most, where the project has not said how many. */
const EVENTS = 500;

const ask = async ({ data, fetch }: Kit): Promise<Config | undefined> => {
  const answer = await fetch(new URL("../v1/config/" + data["key"], import.meta.url), { credentials: "omit", referrerPolicy: "origin" })
    .then((response) => response.json())
    .catch(() => {});
  // Whatever else may have answered.
  return answer?.usage && answer;
};

const utm = (query: string): object => {
  const tags = new URLSearchParams(query);
  const tag = (name: string) => cut(tags.get("utm_" + name) ?? "", 128) || undefined;
  return { source: tag("source"), medium: tag("medium"), campaign: tag("campaign") };
};

const choice = (key: string): Level | undefined => {
  try {
    return localStorage["hearback consent " + key];
  } catch {
    // Forbidden, so nobody can have stored anything.
    return;
  }
};

export default async (kit: Kit): Promise<true> => {
  const { commands, data, on, part, plan, query } = kit;
  // Old libraries teach texts and lists to turn themselves into JSON, and wrongly.
  if ("toJSON" in String.prototype || "toJSON" in Array.prototype) await part("odd");
  on(document, "click", (event: MouseEvent) => {
    if (!(event.composedPath()[0] as Element).closest?.("[data-hearback=open]")) return;
    event.preventDefault();
    commands["open"]!();
  });
  // Into what waits already, too; a copy that is stored without it is not worth a write.
  kit.context.screen = [innerWidth, innerHeight];
  if (/[?&]utm_/.test(query)) amend(kit, { utm: utm(query) });
  const recovered = recover(kit);
  const asked = ask(kit);
  const isShown = (config?: Config): boolean => data["launcher"] !== "none" && config?.launcher.shown !== false;
  const early = await within(WAIT_MS, asked);
  kit.config = early;
  if (isShown(early)) part("launcher", true);
  const config = (kit.config = early ?? (await asked));
  if (!isShown(config)) kit.launcher.hidden = true;
  if (config?.form.context) part("breadcrumbs");
  const { usage } = config ?? {};
  const parts = usage?.parts ?? ["views"];

  // From above 0 to 1, so that nobody is among 0 percent and everybody among 100.
  const sampled = !usage || (1 - Math.random()) * 100 <= usage.sample_percent;
  const room = limit(kit, usage?.events_per_page ?? EVENTS);
  const takes = (name: string) => sampled && (name !== "page_view" || parts.includes("views")) && room(name);
  const send = commands.event;
  commands.event = (name, props, url) =>
    kit.counting !== false && takes(name) ? send(name, props && typed(kit, props), url) : undefined;
  // The same for what came before the settings. Others' items have been judged on their own pages.
  discard(kit, ({ producer, item }) => producer !== kit.producer || takes(item["name"] as string));
  let begun = false;
  kit.begin = () => {
    kit.counting = !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
    // Nor is it kept for a day on which the visitor asks for less.
    if (!kit.counting) withhold(kit, () => false);
    plan();
    if (begun || !kit.counting || !sampled) return;
    begun = true;
    for (const name of parts) if (name !== "views") part(name);
  };

  // Where storage fails, it may never say so.
  await within(STORED_MS, recovered);
  // `consent` may have been called, and its part be on its way.
  await kit.busy;
  const level = kit.level ?? choice(data["key"]!) ?? config?.consent;
  if (level && level !== "usage") await part("api", 0, "consent", [level], true);
  else if (level) kit.begin();
  // For developers, at their own machine or where they ask for it.
  if (/[?&]hearback_debug\b/.test(query) || (data["debug"] !== "off" && /^(localhost|127\.|\[::1)/.test(location.hostname)))
    part("debug", sampled, level);
  return true;
};
