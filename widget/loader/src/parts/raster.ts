// A picture of the page as the visitor sees it, by `modern-screenshot`: it copies the page's elements, and what is masked
// has gone from the copy before anything is drawn.

import { createContext, domToCanvas } from "modern-screenshot";
import type { Kit } from "../kit";
import { within } from "../pure";
import { COVER, MASKED } from "./_mask";

/** Nobody waits longer for a picture. */
const WAIT_MS = 10_000;
/** The page is left to itself after each of these. */
const SLICE_MS = 40;
/** A picture of a large screen; more would not be sent anyway. */
const PIXELS = 8e6;
/** What takes the place of pictures that may not be read. */
const NONE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
/** What a copy may be called otherwise than its original. */
const COPIES: Record<string, string> = { canvas: "img", video: "img", iframe: "html" };

const isMasked = (node: Node | null): boolean => !!(node as Element | null)?.matches?.(MASKED);

/** Takes out all that can be seen of an element, and leaves its box. */
const cover = (copy: HTMLElement, { offsetWidth, offsetHeight }: HTMLElement, box: DOMRect): void => {
  copy.replaceChildren();
  // Among them its value, its source, and the classes of what stands before and after it.
  for (const name of copy.getAttributeNames()) if (name !== "style") copy.removeAttribute(name);
  if (copy.localName === "img") (copy as HTMLImageElement).src = NONE;
  const { style } = copy;
  const set = (name: string, value: string) => style.setProperty(name, value, "important");
  if (!style.display || style.display === "inline") {
    set("display", "inline-block");
    set("vertical-align", "text-bottom");
  }
  set("box-sizing", "border-box");
  set("width", (offsetWidth ?? box.width) + "px");
  set("height", (offsetHeight ?? box.height) + "px");
  set("background", COVER);
  set("appearance", "none");
  set("forced-color-adjust", "none");
  for (const name of ["border-image", "list-style", "mask", "box-shadow", "outline", "filter"]) set(name, "none");
};

/** What can be seen, and all that it is in. Looking at the rest's styles would take most of the time on a long page. */
const inView = (root: ParentNode, seen = new Set<Element>()): Set<Element> => {
  for (const element of root.querySelectorAll("*")) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    if (bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth)
      for (let at: Element | null = element; at && !seen.has(at); at = at.parentElement ?? (at.getRootNode() as ShadowRoot).host) seen.add(at);
    if (element.shadowRoot) inView(element.shadowRoot, seen);
  }
  return seen;
};

/** In a flexible box or a grid even what lies below may hold something in its place. */
const isBelow = (element: Element, parent: Element): boolean =>
  element.getBoundingClientRect().top > innerHeight && !/flex|grid/.test(getComputedStyle(parent).display);

/** Styles that do not show, and those that only say once more, by the direction of writing, what others say. */
const IDLE = /^(animation|transition|scroll|timeline|view-t|anchor|will|cursor|touch|user|speak|orphans|widows|page|break|interactivity|overscroll|offset)|-(block|inline)(-|$)|^(min-|max-)?(block|inline)-size/;

/** The page's pictures as they are shown, without asking for any of them again. */
const drawn = (scale: number) => {
  const shown = new Map([...document.images].map((image) => [image.currentSrc, image]));
  return async (url: string): Promise<string | false> => {
    const image = shown.get(url);
    if (image?.naturalWidth) {
      const canvas = document.createElement("canvas");
      const factor = Math.min(1, (Math.max(image.width, image.height) * scale) / Math.max(image.naturalWidth, image.naturalHeight)) || 1;
      canvas.width = Math.max(1, image.naturalWidth * factor);
      canvas.height = Math.max(1, image.naturalHeight * factor);
      canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
      try {
        return canvas.toDataURL("image/webp", 0.9);
      } catch {
        // From elsewhere, and not ours to read.
        return NONE;
      }
    }
    return new URL(url, location.href).origin === location.origin ? false : NONE;
  };
};

/** The colour behind the page. */
const ground = (): string => {
  const seen = [document.documentElement, document.body].map((element) => getComputedStyle(element).backgroundColor);
  const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme:dark)").matches;
  return seen.find((color) => !/^transparent$|, 0\)$|\/ 0\)$/.test(color)) ?? (dark ? "#121212" : "#fff");
};

/** Where something sticks, only the page knows: a second copy goes there, and the first keeps its place in the text. */
const stuck = (copy: HTMLElement, original: HTMLElement): HTMLElement[] => {
  copy.style.position = "relative";
  copy.style.inset = "auto";
  let around = original.parentElement;
  while (around && !around.scrollTop && !around.scrollLeft) around = around.parentElement;
  // Nothing has been scrolled that it could stick in.
  if (!around) return [];
  const second = copy.cloneNode(true) as HTMLElement;
  copy.style.visibility = "hidden";
  const { left, top, width, height } = original.getBoundingClientRect();
  for (const [name, value] of Object.entries({ left, top, width, height })) second.style.setProperty(name, value + "px");
  Object.assign(second.style, { position: "fixed", margin: "0", boxSizing: "border-box" });
  // Margins at its edges are outside of it as long as it is in the text, and would be within it now.
  const { paddingTop, borderTopWidth, paddingBottom, borderBottomWidth } = getComputedStyle(original);
  const [first, last] = [second.firstElementChild, second.lastElementChild] as HTMLElement[];
  if (first && !parseFloat(paddingTop) && !parseFloat(borderTopWidth)) first.style.marginTop = "0";
  if (last && !parseFloat(paddingBottom) && !parseFloat(borderBottomWidth)) last.style.marginBottom = "0";
  return [second];
};

const address = (blob: Blob): Promise<string> =>
  new Promise((done) => Object.assign(new FileReader(), { onload: (event: ProgressEvent<FileReader>) => done(event.target!.result as string) }).readAsDataURL(blob));

/** The fonts that are in use, as rules that bring them along. (The rasteriser's own way of finding them writes styles into a
 * document, which a strict policy forbids.) */
const fonts = async (): Promise<string> => {
  const key = (family: string, range: string) => family.replace(/["']/g, "") + (range || "U+0-10FFFF").replace(/\s/g, "").toUpperCase();
  const used = new Set([...document.fonts].filter(({ status }) => status === "loaded").map(({ family, unicodeRange }) => key(family, unicodeRange)));
  const inside = (sheet: CSSStyleSheet | CSSGroupingRule): CSSRule[] => {
    try {
      return [...sheet.cssRules].flatMap((rule) => [rule, ...inside((rule as CSSImportRule).styleSheet ?? (rule as CSSGroupingRule))]);
    } catch {
      // It has none, or comes from elsewhere and may not be read.
      return [];
    }
  };
  const rules = [...document.styleSheets, ...document.adoptedStyleSheets].flatMap(inside);
  const brought = rules.map(async (rule) => {
    if (!used.size || !(rule instanceof CSSFontFaceRule)) return "";
    const { style } = rule;
    const [, , source] = /url\((["']?)(.*?)\1\)/.exec(style.getPropertyValue("src")) ?? [];
    if (!source || !used.has(key(style.getPropertyValue("font-family"), style.getPropertyValue("unicode-range")))) return "";
    const blob = await (await fetch(new URL(source, rule.parentStyleSheet?.href ?? document.baseURI))).blob();
    const others = ["font-family", "font-weight", "font-style", "font-stretch", "unicode-range"].map((name) => `${name}:${style.getPropertyValue(name)};`);
    return `@font-face{${others.join("").replace(/[\w-]+:;/g, "")}src:url(${await address(blob)})}`;
  });
  return (await Promise.allSettled(brought)).map((one) => (one.status === "fulfilled" ? one.value : "")).join("");
};

const capture = async ({ launcher }: Kit): Promise<HTMLCanvasElement> => {
  // A page whose policy forbids `data:` pictures would give an empty one.
  const probe = new Image();
  probe.src = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
  await probe.decode();

  const root = launcher.getRootNode() as ShadowRoot;
  const page = document.documentElement;
  const end = performance.now() + WAIT_MS;
  let slice = performance.now() + SLICE_MS;
  /** Elements whose copies are being made, innermost last: copying begins with the question whether to. */
  const open: Element[] = [];
  const fixed: HTMLElement[] = [];
  let last: HTMLElement | undefined;
  let done: Node | undefined;
  const seen = inView(document);
  const [width, height] = [innerWidth, innerHeight];
  const scale = Math.min(devicePixelRatio, Math.sqrt(PIXELS / (width * height)));

  const context = await createContext(page, {
    width,
    height,
    scale,
    timeout: WAIT_MS / 3,
    font: { cssText: (await fonts()) || " " },
    includeStyleProperties: [...getComputedStyle(page)].filter((name) => !IDLE.test(name)),
    fetchFn: drawn(scale),
    fetch: { placeholderImage: NONE },
    features: { restoreScrollPosition: true },
    style: { backgroundColor: ground(), overflow: "hidden" },
    filter(node) {
      // What is in something masked is not even copied.
      const parent = node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentNode;
      if (node === root.host || isMasked(parent)) return false;
      // Out of view: what lies below is left out, of what lies above a box stays, which holds its place.
      const here = node.ownerDocument === document;
      if (here && parent instanceof HTMLElement && !seen.has(parent)) return false;
      if (node.nodeType !== Node.ELEMENT_NODE) return true;
      if (here && parent instanceof HTMLElement && !seen.has(node as Element) && isBelow(node as Element, parent)) return false;
      open.push(node as Element);
      return true;
    },
    async onCloneEachNode(node) {
      const now = performance.now();
      if (now > slice) {
        if (now > end) throw Error("the page is too large for a picture");
        await new Promise((go) => setTimeout(go));
        slice = performance.now() + SLICE_MS;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      // The copy of a frame is told twice. That of the whole page was never asked about.
      if (node !== done) last = open.pop() as HTMLElement;
      const [original, copy] = [last, node as HTMLElement];
      done = node;
      if (!original) return;
      const { style } = copy;
      // A frame's copy is a block by itself, and would not end where its page does.
      if (original.localName === "iframe")
        Object.assign(style, {
          display: style.display.replace(/^(inline)?$/, "inline-block"),
          position: style.position.replace(/^(static)?$/, "relative"),
          overflow: "hidden",
        });
      if (![original.localName, COPIES[original.localName]].includes(copy.localName)) throw Error("copied out of order");
      if (isMasked(original)) cover(copy, original, original.getBoundingClientRect());
      if (original.ownerDocument !== document) {
        if (style.position === "fixed") style.position = "absolute";
      } else if (style.position === "fixed") fixed.push(copy);
      else if (style.position === "sticky") fixed.push(...stuck(copy, original));
    },
    // Scrolling is a shift of the page's copy, which would carry off what does not scroll.
    onCloneNode: (copy) => (copy as Element).append(...fixed),
  });
  // Ours, since its own is written into the page, and by a way that Trusted Types forbid.
  const sandbox = root.appendChild(document.createElement("iframe"));
  sandbox.style.cssText = "position:fixed;visibility:hidden;width:0;height:0;border:0";
  sandbox.tabIndex = -1;
  sandbox.ariaHidden = "true";
  Object.assign(context, { sandbox, autoDestruct: true });
  try {
    const canvas = await domToCanvas(context);
    // Throws where the browser does not let it be read. An empty one was not drawn.
    if (!canvas.getContext("2d")!.getImageData(0, 0, 1, 1).data[3]) throw Error("nothing was drawn");
    return canvas;
  } finally {
    sandbox.remove();
  }
};

export default (kit: Kit): Promise<HTMLCanvasElement | undefined> => within(WAIT_MS, capture(kit));
