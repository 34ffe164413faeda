// What a person would call the thing they clicked.

import { cut } from "../pure";
import { MASKED } from "./_mask";

const CLICKABLE = "a,button,summary,label,input,select,textarea,[role=button],[role=link],[role=tab],[role=menuitem],[role=checkbox],[role=switch],[role=option]";
const NAME_CHARS = 80;

const ROLES: Record<string, string> = { a: "link", select: "list", textarea: "input", p: "paragraph", img: "image", li: "listitem" };

/** The element that an event befell, even within an open shadow root; none where it is ours. */
export const hit = (event: Event, selector: string): HTMLElement | undefined => {
  const path = event.composedPath();
  if (path.some((node) => (node as Element).localName === "hearback-widget")) return undefined;
  return (path[0] as Element).closest?.<HTMLElement>(selector) ?? undefined;
};

/** Whether the page masked it, or something that it is shown in: a component around it, too. */
const isMasked = (element: Element): boolean => {
  for (let at: Element | null | undefined = element; at; at = at.assignedSlot ?? at.parentElement ?? (at.getRootNode() as ShadowRoot).host)
    if (at.hasAttribute("data-hearback-mask")) return true;
  return false;
};

// Without what is masked in it, and what no person reads.
const textOf = (node: Node): string =>
  (node as Element).matches?.(MASKED + ",script,style") || ((node as Element).assignedSlot && isMasked(node as Element))
    ? ""
    : node.nodeType === Node.TEXT_NODE
      ? (node as Text).data
      : [...node.childNodes].map(textOf).join("");

// Never what somebody typed or chose: fields are called by their labels.
export const nameOf = (element: HTMLElement): string => {
  if (isMasked(element)) return "";
  const field = /^(input|select|textarea)$/.test(element.localName) || element.isContentEditable;
  const label = (element as HTMLInputElement).labels?.[0];
  const text = element.ariaLabel || (field ? label && textOf(label) : textOf(element)) || (element as HTMLImageElement).alt || element.title;
  return cut(text?.replace(/\s+/g, " ").trim() ?? "", NAME_CHARS);
};

export const roleOf = (element: HTMLElement): string => element.role || (ROLES[element.localName] ?? element.localName.replace(/^h\d$/, "heading"));

/** Role and accessible name, such as `button Pay`. */
export const describe = (element: HTMLElement): string => `${roleOf(element)} ${nameOf(element)}`.trim();

/** What was clicked, if it is something that is there to be clicked. */
export const clicked = (event: Event): HTMLElement | undefined => hit(event, CLICKABLE);
