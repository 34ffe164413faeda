// For developers, on their own machine or where they ask for it: says in the console how the page is set up, whether
// its events are sent, and what the edge will say of each item, by the edge's own code.

import type { Kit, Level } from "../kit";
import type { Entry } from "../queue";
import { rust } from "./_wasm";

// The built validator's name and digest, put in by esbuild.
declare const __DEBUG__: string;
declare const __DEBUG_DIGEST__: string;

/** See `widget/validator/`. */
interface Validator {
  /** A record for each item; throws where all of them would be refused. */
  judge(body: string, now: number): string;
}

const UNIT = "\x1f";

/** Whether events leave, in words. */
const sending = ({ config, counting, level }: Kit, sampled: boolean): string => {
  if ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return "are not sent: the browser says so, by Global Privacy Control";
  if (level === "none") return "are not sent: the consent is none";
  if (!sampled) return `are not sent: this page is not in the sample (${config?.usage.sample_percent} %)`;
  if (!config) return "wait: the settings could not be had";
  return counting ? "are sent" : "wait";
};

/** Which parts have been asked for. */
const parts = (): string => {
  const names = performance.getEntriesByType("resource").map(({ name }) => /\/hb\/(\w+)\.\w+\.js$/.exec(name)?.[1]);
  return [...new Set(names.filter(Boolean))].join(", ");
};

const introduce = (kit: Kit, sampled: boolean, level?: Level): void => {
  const { config, data } = kit;
  console.groupCollapsed(`hearback: debug mode; events ${sending({ ...kit, level: kit.level ?? level! }, sampled)}`);
  console.info("key", data["key"], "· release", data["release"] ?? "none", "· environment", data["env"] ?? "none");
  console.info("settings", config ?? "could not be had: the form goes by the defaults");
  console.info("consent", kit.level ?? level ?? "not known");
  console.info("parts", parts());
  console.info('data-debug="off" in the script tag silences this on localhost');
  console.groupEnd();
};

/** Says what the edge will say. */
const tell = ({ data, json }: Kit, { judge }: Validator, { producer, context, item }: Entry): void => {
  const now = Date.now();
  const what = `hearback: ${item.type} ${item["name"] ?? item["kind"] ?? ""}`;
  try {
    const verdict = judge(json({ key: data["key"], producer, sent_at: now, context, items: [item] }), now);
    const [code, field, message] = verdict.split(UNIT);
    if (code) console.warn(`${what} will be rejected: ${code}${field && ` (${field})`}: ${message}`, item);
    else console.debug(`${what} is as it should be`, item);
  } catch (error) {
    console.warn(`${what} will be refused with all that goes along: ${error}`, item, context);
  }
};

export default async (kit: Kit, sampled: boolean, level?: Level): Promise<void> => {
  const { commands, entries, safe, warn } = kit;
  introduce(kit, sampled, level);
  const { event } = commands;
  commands.event = (name, ...rest) => {
    if (kit.counting === false || !sampled) console.info(`hearback: event ${name}: events ${sending(kit, sampled)}`);
    return event(name, ...rest);
  };

  const validator = await rust<Validator>(kit, new URL("..", import.meta.url) + __DEBUG__, __DEBUG_DIGEST__).catch((error) =>
    warn(`what is sent cannot be judged here: ${error}`),
  );
  if (!validator) return;
  // What could not be sent comes back into the queue, and is no news.
  const told = new Set<string>();
  const look = safe((entry: Entry) => {
    const name = entry.producer + entry.seq;
    if (!told.has(name)) tell(kit, validator, entry);
    told.add(name);
  });
  for (const entry of entries) look(entry);
  const { push } = entries;
  entries.push = (...more) => {
    for (const entry of more) look(entry);
    return push.apply(entries, more);
  };
};
