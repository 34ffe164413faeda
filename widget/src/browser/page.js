// @ts-check
// The panel's errands in the page: what is one line here would be an import, its glue and code in the module each, and
// every visitor who opens the panel would load them. Nothing here decides anything.
//
// What goes back and forth is text, in records of units: one way of passing things that costs nothing to bind.

/** The built files, put in by xtask: the English words, a line a language, where the languages and the preview lie.
 * @type {Record<string, string>} */
const english = __ENGLISH__;

const UNIT = "\x1f";
const RECORD = "\x1e";
const LANGUAGE_MS = 3000;
const DRAFT_MS = 300;

/** @type {Element} */
let place;
/** Under which name a draft is kept: two projects on one origin have each their own. */
let draftName = "hearback draft";
/** @type {ReturnType<typeof setTimeout>} */
let saving;
/** @type {any} */
let redactor;
/** What the loader's parts say in the visitor's language: its words, tag, base and direction.
 * @type {{ say(name: string): string, lang: string, base: string, dir: string }} */
let spoken;

/** @param {any[][]} rows */
const records = (rows) => rows.map((units) => units.join(UNIT)).join(RECORD);
/** @param {string} text */
const rows = (text) => text.split(RECORD).map((record) => record.split(UNIT));
const dialog = () => /** @type {HTMLDialogElement} */ (place.querySelector("dialog"));

/** Takes the place over: its style sheet, adopted because a `style-src` without `'unsafe-inline'` allows that, and one
 * ear for all that happens in it.
 * @param {Element} container @param {string} css @param {(name: string, value: string) => void} told */
export const settle = (container, css, told) => {
  place = container;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  /** @type {ShadowRoot} */ (place.getRootNode()).adoptedStyleSheets.push(sheet);
  for (const type of ["click", "input", "submit", "toggle", "close", "keydown"]) {
    // Some of these do not bubble, but all of them can be caught on their way down.
    place.addEventListener(type, (event) => hear(/** @type {any} */ (event), told), true);
  }
};

/** @param {any} event @param {(name: string, value: string) => void} told */
const hear = (event, told) => {
  const { type, target } = event;
  if (type === "keydown") return key(event, told);
  if (type === "submit") event.preventDefault();
  if (type === "toggle") return told(target.id, target.open ? "open" : "");
  // The browser tells of closing a little later, when it may be open again.
  if (type === "close") return dialog().open || told("closed", "");
  const button = target.closest("button");
  if (type === "click" ? button?.type !== "button" || event.detail > 1 : button) return;
  // The second half of a double-click must not press what has just appeared under it: hence the detail.
  const { name, value } = button ?? target;
  told(type === "submit" ? "send" : name, (value ?? "").replace(/[\x1e\x1f]/g, ""));
};

/** @param {KeyboardEvent} event @param {(name: string, value: string) => void} told */
const key = (event, told) => {
  const shown = dialog();
  if (!shown.ariaModal) return event.key === "Escape" && told("close", "");
  if (event.key !== "Tab") return;
  // From the last button to the first and back. Browsers would lead Tab through their own controls, where people who
  // cannot see them lose their way.
  const first = shown.querySelector("button");
  const last = shown.querySelector(".hb-foot > :last-child > :last-child");
  const at = event.target;
  // The heading has the focus after the form made way for a message.
  const other = event.shiftKey ? (at === first || at === shown.querySelector("h2")) && last : at === last && first;
  if (!other) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (other).focus();
};

export const open = () => {
  const shown = dialog();
  if (!shown.open) shown[shown.ariaModal ? "showModal" : "show"]();
};

export const close = () => dialog().close();

/** Puts the focus somewhere, unless the visitor has gone on to something else in the page meanwhile.
 * @param {string} where @param {boolean} always */
export const focus = (where, always) => {
  const at = document.activeElement;
  const host = /** @type {ShadowRoot} */ (place.getRootNode()).host;
  if (always || !at || at === document.body || at === host) {
    /** @type {HTMLElement | null} */ (dialog().querySelector(where))?.focus();
  }
};

/** What the project asks for, or nothing where the loader did not say.
 * @param {any} bridge */
export const form = (bridge) => {
  draftName = bridge.draft ?? draftName;
  const form = bridge.config?.form;
  if (!form) return "";
  return records([
    [
      form.style,
      form.rating,
      form.email,
      form.consent_line,
      form.context,
      form.kinds,
      form.screenshot && bridge.picture ? (navigator.mediaDevices?.getDisplayMedia ? "screen" : "page") : "",
    ],
    ...form.fields.map((/** @type {any} */ field) => [
      field.name,
      field.label,
      field.type,
      field.required ? "required" : "",
      field.kinds,
      ...field.options,
    ]),
  ]);
};

/** Finds the visitor's language, fetches its words and gives them in the order of the English ones, after the
 * language and its direction. A language that does not come is English.
 * @param {any} bridge @param {(name: string, value: string) => void} told */
export const words = async (bridge, told) => {
  const strings = bridge.config?.strings ?? {};
  let tag = "en";
  let base = tag;
  /** @type {Record<string, string>} */
  let own = {};
  const known = (/** @type {string} */ tag) => __LANGUAGES__.split(" ").includes(tag);
  try {
    const wanted = [bridge.lang, ...navigator.languages].find((tag) => tag && (strings[tag] || known(first(tag))));
    if (wanted && known(first(wanted)) && first(wanted) !== base) {
      const signal = AbortSignal.timeout(LANGUAGE_MS);
      own = await (await fetch(bridge.base + __WORDS__ + first(wanted) + ".json", { signal })).json();
    }
    if (wanted) base = first((tag = wanted));
  } catch {
    // English is here already.
  }
  const layers = [strings[tag], strings[base], strings["*"], own, english];
  const say = (/** @type {string} */ name) => layers.map((layer) => layer?.[name]).find((word) => word != null);
  const dir = /^(ar|fa|he|ur)$/.test(base) ? "rtl" : "ltr";
  spoken = { say, lang: tag, base: known(base) ? base : "en", dir };
  told("words", records([[tag], [dir], ...Object.keys(english).map((name) => [say(name)])]));
};

/** @param {string} tag */
const first = (tag) => tag.split("-")[0].toLowerCase();

/** The form of a text that a language has for a number.
 * @param {string} text @param {string} lang @param {number} n */
export const plural = (text, lang, n) => {
  const form = (/** @type {string} */ name) => text.split(`[${name}]`)[1];
  let name = "other";
  let number = n + "";
  try {
    name = new Intl.PluralRules(lang).select(n);
    number = n.toLocaleString(lang);
  } catch {
    // Some pages have taken Intl away.
  }
  return (form(name) ?? form("other") ?? text).split("[")[0].replace("{n}", number);
};

/** What goes along: the page, the device, the release, what happened before, what the page adds.
 * @param {any} bridge */
export const about = (bridge) => {
  const { url, screen, release, env } = bridge.page?.() ?? {};
  const size = screen?.join(" × ");
  return records([
    [url],
    [size],
    [[release, env].filter(Boolean).join(" · ")],
    bridge.breadcrumbs?.() ?? [],
    Object.entries(bridge.props?.() ?? {}).map(([name, value]) => name + ": " + value),
  ]);
};

/** The item as it goes to the loader.
 * @param {any} bridge @param {string} said @param {string} left */
const made = (bridge, said, left) => {
  /** @type {any} */
  const item = { type: "feedback" };
  for (const [path, value, number] of rows(said)) {
    const [name, ...inner] = path.split(".");
    const one = number ? +value : value;
    if (inner.length) (item[name] ??= {})[inner.join(".")] = one;
    else item[name] = one;
  }
  const steps = left.includes("breadcrumbs") ? [] : (bridge.breadcrumbs?.() ?? []);
  if (steps.length) item.breadcrumbs = steps;
  const props = left.includes("props") ? {} : (bridge.props?.() ?? {});
  if (Object.keys(props).length) item.props = props;
  Object.assign(item, bridge.added?.());
  // By the edge's own code, where the preview has brought it.
  return redactor ? redactor.clean(item) : item;
};

/** Hands feedback to the loader's queue. Throws where it can't take it.
 * @param {any} bridge @param {string} said @param {string} left @param {(state: string, detail: string) => void} told */
export const send = (bridge, said, left, told) => {
  const omit = left.split(" ").filter((name) => /url|screen|release/.test(name));
  // A receipt is the address of a page for people.
  const link = (/** @type {string} */ state, /** @type {string} */ detail) =>
    told(state, state === "accepted" && detail ? `${bridge.base}r/${detail}?lang=${spoken.lang}` : detail);
  bridge.send(made(bridge, said, left), link, { omit });
};

/** Tells what would be sent, part by part, once the code that redacts is there.
 * @param {any} bridge @param {string} said @param {string} left @param {(name: string, value: string) => void} told */
export const preview = async (bridge, said, left, told) => {
  try {
    if (!redactor) {
      const module = await import(bridge.base + __PREVIEW__ + ".js");
      await module.default({ module_or_path: fetch(bridge.base + __PREVIEW__ + ".wasm", { integrity: __PREVIEW_DIGEST__ }) });
      redactor = module;
    }
    told("previewed", records(redactor.parts(made(bridge, said, left), bridge.page?.() ?? {}, left)));
  } catch {
    told("previewed", "");
  }
};

/** Keeps what stands in the form over a reload; soon, since people type fast. Nothing is kept of an empty draft.
 * @param {string} draft */
export const keep = (draft) => {
  clearTimeout(saving);
  saving = setTimeout(() => {
    try {
      if (draft) sessionStorage.setItem(draftName, draft);
      else sessionStorage.removeItem(draftName);
    } catch {
      // Some pages have no storage. The draft then lasts as long as the page.
    }
  }, draft ? DRAFT_MS : 0);
};

/** What was kept. */
export const kept = () => {
  try {
    return sessionStorage.getItem(draftName) ?? "";
  } catch {
    return "";
  }
};

/** Lets the visitor add a picture or point at something: the loader's part does all of it.
 * @param {any} bridge @param {string} how @param {(name: string, value: string) => void} told */
export const picture = (bridge, how, told) =>
  bridge.picture(how, { place: dialog(), ...spoken, changed: () => told("pictured", "") });

/** Puts a text on the clipboard; on plain http there is none, and the code can be selected by hand.
 * @param {string} text @param {(name: string, value: string) => void} told */
export const copy = (text, told) => navigator.clipboard?.writeText(text).then(() => told("copied", ""), () => {});

/** @param {any} bridge */
export const closed = (bridge) => bridge.closed();
