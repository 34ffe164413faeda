// What a thing on the page is: for people who are told of it, and for the team.

import type { Props } from "../kit";
import { cut } from "../pure";
import { describe, nameOf, roleOf } from "./_element";

/** Half of `PROP_TEXT_CHARS` in `shared/src/limits.rs`: nobody reads longer ones. */
const SELECTOR_CHARS = 512;

export interface Described {
  /** Role and name. */
  describe(element: HTMLElement): string;
  /** What goes along; see `Feedback.element` in `shared/src/item.rs`. */
  told(element: HTMLElement): Props;
}

/** Where it stands: as short as it is unambiguous now. */
const selectorOf = (element: Element): string => {
  const root = element.getRootNode() as Document | ShadowRoot;
  const parent = element.parentElement;
  const id = element.id && "#" + CSS.escape(element.id);
  const unique = id && root.querySelectorAll(id).length === 1;
  const same = [...(parent ?? root).children].filter(({ localName }) => localName === element.localName);
  const own = unique ? id : element.localName + (same[1] ? `:nth-of-type(${same.indexOf(element) + 1})` : "");
  if (parent && !unique && parent !== document.documentElement) return selectorOf(parent) + ">" + own;
  return root instanceof ShadowRoot ? selectorOf(root.host) + " >>> " + own : own;
};

const told = (element: HTMLElement): Props => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const props: Props = { selector: cut(selectorOf(element), SELECTOR_CHARS), role: roleOf(element) };
  const name = nameOf(element);
  if (name) props["name"] = name;
  for (const [side, value] of Object.entries({ x, y, width, height })) props[side] = Math.round(value);
  return props;
};

export default (): Described => ({ describe, told });
