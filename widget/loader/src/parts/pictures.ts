// Pictures of feedback and what the visitor pointed at: taken, marked, shown in the form, uploaded when it is sent and
// not before.

import type { Kit, Props } from "../kit";
import { within } from "../pure";
import type { Item, Tell } from "../queue";
import type { Shot } from "./attach";
import type { Picture } from "./shot";
import { rust } from "./_wasm";

// Put in by esbuild: where the annotator and the words for it lie.
declare const __ANNOTATE__: string;
declare const __ANNOTATE_DIGEST__: string;
declare const __SHOTS__: string;

/** The same as `ATTACHMENTS` in `shared/src/limits.rs`. */
const MOST = 5;
const LOAD_MS = 10_000;

const css = `.hb-shot{display:flex;flex:1 0 100%;gap:8px;align-items:center;margin-top:8px;font-size:14px;line-height:20px}
.hb-shot>span{flex:1}
.hb-shot canvas{flex:none;width:72px;height:48px;object-fit:contain;border:1px solid var(--line);border-radius:4px}
.hb .hb-shot button{flex:none;padding:8px 12px}
.hb .hb-shots p:not(:empty){flex:1 0 100%;margin-top:8px;color:inherit}`;

/** What the panel tells of itself; see `widget/src/browser/page.js`. */
interface Asked {
  place: HTMLDialogElement;
  say(name: string): string | undefined;
  lang: string;
  base: string;
  dir: string;
  /** To be called when something else would be sent. */
  changed(): void;
}

let shots: (Shot & { canvas: HTMLCanvasElement })[] = [];
let pointed: Props | undefined;
let busy = false;
/** Whose all this is: after `shutdown` it is another's. */
let owner: Kit;
let words: Record<string, string> | undefined;
let list: HTMLElement | undefined;
let status: HTMLElement;

export default async (kit: Kit, base: string, how: string, asked: Asked): Promise<void> => {
  const { place, changed } = asked;
  // The page may have put its own in place of the browser's.
  const { fetch } = kit;
  const root = place.getRootNode() as ShadowRoot;
  if (owner !== kit) [owner, shots, pointed, busy, list] = [kit, [], undefined, false, undefined];
  const input = place.querySelector<HTMLInputElement>("[type=file]")!;
  const file = input.files?.[0];
  input.value = "";
  if (busy) return;
  busy = true;

  words ??= await within(LOAD_MS, fetch(base + __SHOTS__ + asked.base + ".json").then((answer) => answer.json()).catch(kit.warn));
  const say = (name: string, more = ""): string =>
    (asked.say("shot_" + name) ?? words?.["shot_" + name] ?? name).replace(/\{\w+\}/, () => more);

  const add = (parent: Element, name: string, text = "", properties = {}) =>
    Object.assign(parent.appendChild(document.createElement(name)), { textContent: text }, properties);
  const row = (text: string, remove: () => unknown, canvas?: HTMLCanvasElement) => {
    const made = add(list!, "div", "", { className: "hb-shot" });
    if (canvas) made.append(canvas);
    add(made, "span", text, { dir: "auto" });
    add(made, "button", "✕", {
      type: "button",
      ariaLabel: say("remove", text),
      onclick() {
        remove();
        show();
        changed();
        // What had the focus is gone.
        input.focus();
      },
    });
  };
  const show = (said = "") => {
    if (!list) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets.push(sheet);
      list = place.querySelector<HTMLElement>("[data-ask=picture] > div + div")!;
      list.className = "hb-shots";
      status = add(list, "p", "", { role: "status" });
    }
    list.replaceChildren(status);
    status.textContent = said;
    shots.forEach((shot, at) => row(say("nth", at + 1 + ""), () => shots.splice(at, 1), shot.canvas));
    if (pointed) row(say("pointed", `${pointed["role"]} ${pointed["name"] ?? ""}`.trim()), () => (pointed = undefined));
  };

  /** With the visitor's marks; nothing if they do not want it. Where the annotator cannot be had, it is as it is. */
  const marked = async (picture: Picture): Promise<Picture | undefined> => {
    const module = await within(LOAD_MS, rust<any>(kit, base + __ANNOTATE__, __ANNOTATE_DIGEST__).catch(kit.warn));
    return module ? module.annotate(root, picture, { say, lang: asked.lang, dir: asked.dir }) : picture;
  };

  kit.added = () => ({
    ...(shots[0] && { attachments: shots.map((shot, at) => shot.id ?? say("nth", at + 1 + "")) }),
    ...(pointed && { element: pointed }),
  });
  kit.carry = kit.safe(async (item: Item, hand: (tell: Tell) => unknown, tell?: Tell) => {
    const mine = { shots, pointed };
    if (shots[0]) {
      if (!(await kit.part("attach", base, shots))) return void tell?.("rejected", "picture:");
      item["attachments"] = shots.map(({ id }) => id);
    }
    return hand((state, detail) => {
      // Back with the words that were refused, unless others have been begun.
      if (state === "rejected" && !shots[0] && !pointed) ({ shots, pointed } = mine);
      if (/accepted|waiting/.test(state) && shots === mine.shots) [shots, pointed] = [[], undefined];
      show();
      tell?.(state, detail);
    });
  });

  try {
    if (how === "point") {
      const found: Props | null | undefined = await kit.part("point", place, say, asked);
      if (found === undefined) throw 0;
      pointed = found ?? pointed;
      show();
    } else {
      if (shots.length >= MOST) return show(say("most"));
      show(say("busy"));
      const picture: Picture | undefined =
        how === "page" ? await kit.part("raster") : how === "screen" ? await kit.part("screen", place) : file && (await kit.part("shot", file));
      if (!picture) throw 0;
      const made = await marked(picture);
      const shot = made && (await kit.part("shot", made));
      if (made && !shot) throw 0;
      if (shot) shots.push(shot);
      show(shot && say("added", say("nth", shots.length + "")));
    }
    list!.scrollIntoView({ block: "nearest" });
    changed();
  } catch (error) {
    if (error) kit.warn(error);
    show(asked.say("picture_late"));
  } finally {
    busy = false;
  }
};
