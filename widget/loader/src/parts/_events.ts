// Events, before they become items: whether they are wanted, how many, and of which properties.

import type { Kit, Props } from "../kit";

/** Properties as the edge takes them. */
export const typed = ({ warn }: Kit, props: object): Props =>
  Object.fromEntries(
    Object.entries(props).filter(
      ([name, value]) =>
        value === null ||
        /str|boo/.test(typeof value) ||
        Number.isFinite(value) ||
        warn(name + " is dropped: no text, finite number, boolean or null"),
    ),
  );

/** Whether one more event is taken, of `most` in all. What is too many is said, once. */
export const limit = ({ warn }: Kit, most: number) => (name: string): unknown =>
  most-- > 0 || (most === -1 && warn(`events_per_page: ${name} and all events after it are dropped`));
