// @ts-check
// The annotator as the visitor meets it: a dialog over everything, with a canvas and its tools. What anything does to
// the picture is decided in Rust (../state.rs); here are elements, listeners and words.

// @ts-ignore: made by the build (xtask/src/glue.rs).
import start, { act, scene } from "annotate-module";
import { paint, Place } from "./paint.js";
import { css, icon } from "./look.js";

export default start;

/** The actions of ../state.rs, by their places. */
const [BEGIN, STAGE, CHOOSE, DOWN, DRAG, UP, PLACE, MOVE, GROW, SET, DROP, UNDO, REDO] = Array(13).keys();
/** What is to be said, by its place there; where a mark is and how large, numbers say. */
const SAID = ["", "placed", "", "", "set", "dropped", "undone", "redone"];
const [MOVED, SIZED] = [2, 3];
const TOOLS = ["highlight", "cover", "arrow", "crop"];
/** CSS pixels of a press on an arrow key, and of one with Control or the like. */
const STEP = 10;
/** So long is waited before a place is said: a key that is held says where it ends. */
const PAUSE_MS = 250;

/** Numbers stay in their order in a text that runs the other way. */
const LTR = "\u200e";

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** Lets the visitor mark a picture. Resolves to a canvas with all marks burnt in, or to nothing if they leave it.
 * @param {ShadowRoot} root where the widget lives
 * @param {CanvasImageSource & { width: number, height: number }} picture
 * @param {{ say(name: string, more?: string): string, lang: string, dir: string }} words
 * @returns {Promise<HTMLCanvasElement | undefined>} */
export const annotate = (root, picture, { say, lang, dir }) => {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);

  /** @param {Element} parent @param {string} name @param {Record<string, unknown>} [properties] @param {string} [text] @returns {any} */
  const add = (parent, name, properties = {}, text) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) element.setAttribute(key, value + "");
    if (text) element.textContent = text;
    return parent.appendChild(element);
  };
  /** @param {Element} parent @param {string} name @param {Record<string, unknown>} [more] */
  const button = (parent, name, more) => {
    const made = add(parent, "button", { type: "button", name, title: say(name), ...more });
    if (!more) made.append(icon(name));
    add(made, "span", {}, say(name));
    return made;
  };

  const box = document.createElement("div");
  const dialog = add(box, "dialog", { class: "ha", "aria-labelledby": "ha-title", lang, dir });
  add(dialog, "h2", { id: "ha-title" }, say("title"));
  const bar = add(dialog, "div", { class: "ha-bar", role: "toolbar", "aria-label": say("tools") });
  const tools = TOOLS.map((name) => button(bar, name));
  const undo = button(bar, "undo");
  const redo = button(bar, "redo");
  const stage = add(dialog, "div", { class: "ha-stage" });
  const canvas = add(stage, "canvas", { tabindex: 0, role: "application", "aria-label": say("canvas"), "aria-describedby": "ha-help" });
  const status = add(dialog, "p", { role: "status" });
  add(dialog, "p", { id: "ha-help" }, say("help"));
  const foot = add(dialog, "div", { class: "ha-foot" });
  button(foot, "discard", { "data-rank": "side" });
  button(foot, "use", { "data-rank": "main" });

  /** @type {Float64Array} */
  let now;
  let pause = 0;
  const show = () => {
    now = scene(false);
    paint(canvas, picture, now, devicePixelRatio);
    tools.forEach((tool, at) => (tool.ariaPressed = now[Place.TOOL] === at));
    for (const [it, at] of [[undo, Place.UNDO], [redo, Place.REDO]]) it.ariaDisabled = !now[at];
  };
  /** @param {number} said */
  const tell = (said) => {
    const [x, y, width, height] = [...now.slice(Place.X, Place.X + 4)].map(Math.round);
    const tool = say(TOOLS[now[Place.TOOL]]);
    const text =
      said === MOVED ? `${LTR}${x}, ${y}` : said === SIZED ? `${LTR}${width} × ${height}` : SAID[said] && say(SAID[said], tool);
    if (!text) return;
    clearTimeout(pause);
    pause = setTimeout(() => (status.textContent = text), said === MOVED || said === SIZED ? PAUSE_MS : 0);
  };
  /** @param {number} what @param {number} [a] @param {number} [b] */
  const happens = (what, a = 0, b = 0) => {
    const said = act(what, a, b);
    show();
    tell(said);
  };
  /** From the keyboard a mark comes with its tool, since nobody can draw it. */
  const place = () => {
    happens(PLACE);
    canvas.focus();
  };

  /** @param {string} name @param {boolean} byKeys */
  const press = (name, byKeys) => {
    const at = TOOLS.indexOf(name);
    if (at >= 0) {
      happens(CHOOSE, at);
      if (byKeys && !now[Place.DRAFT]) place();
      else if (byKeys) canvas.focus();
    } else if (name === "undo") happens(UNDO);
    else if (name === "redo") happens(REDO);
    else dialog.close(name === "use" ? name : "");
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    // The page's own shortcuts are not meant.
    event.stopPropagation();
    const command = ctrlKey || metaKey;
    if (key === "Escape" && now[Place.DRAFT]) happens(DROP);
    else if (command && /^[zy]$/i.test(key)) happens(shiftKey || /y/i.test(key) ? REDO : UNDO);
    else if (event.target !== canvas) return;
    else if (key === "Enter" || key === " ") now[Place.DRAFT] ? happens(SET) : place();
    else if (key.startsWith("Arrow") && now[Place.DRAFT]) {
      const step = command || altKey ? 1 : STEP;
      const way = { Left: [-step, 0], Right: [step, 0], Up: [0, -step], Down: [0, step] }[key.slice(5)];
      if (way) happens(shiftKey ? GROW : MOVE, way[0], way[1]);
    } else return;
    event.preventDefault();
  };

  /** @param {PointerEvent} event */
  const point = (event) => {
    const { type, isPrimary, offsetX, offsetY } = event;
    if (!isPrimary || event.button > 0) return;
    if (type === "pointerdown") {
      canvas.setPointerCapture(event.pointerId);
      happens(DOWN, offsetX, offsetY);
    } else if (canvas.hasPointerCapture(event.pointerId)) {
      if (type === "pointercancel") happens(DROP);
      else happens(DRAG, offsetX, offsetY);
      if (type === "pointerup") happens(UP);
    }
  };

  const size = new ResizeObserver(() => happens(STAGE, stage.clientWidth, stage.clientHeight));

  return new Promise((resolve) => {
    dialog.addEventListener("keydown", key);
    dialog.addEventListener("click", (/** @type {any} */ event) => {
      const pressed = event.target.closest("button");
      if (pressed && pressed.ariaDisabled !== "true") press(pressed.name, event.detail === 0);
    });
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) canvas.addEventListener(type, point);
    dialog.addEventListener("close", () => {
      size.disconnect();
      clearTimeout(pause);
      box.remove();
      const used = dialog.returnValue === "use";
      // What is under way when the picture is taken as it is counts: a cover above all.
      if (used) act(SET, 0, 0);
      resolve(used ? paint(document.createElement("canvas"), picture, scene(true), 1) : undefined);
    });
    root.append(box);
    act(BEGIN, picture.width, picture.height);
    dialog.showModal();
    happens(STAGE, stage.clientWidth, stage.clientHeight);
    size.observe(stage);
    canvas.focus();
  });
};
