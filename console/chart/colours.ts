// The colours of a chart, read from the style sheet, where light and dark are chosen.

export interface Colours {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  accentSoft: string;
  series: string[];
  /** From the bottom up: each with the colour of its unfinished bar. */
  stack: [string, string][];
}

export function colours(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read("--hb-text"),
    muted: read("--hb-muted"),
    line: read("--hb-line"),
    surface: read("--hb-surface"),
    accent: read("--hb-bar"),
    accentSoft: read("--hb-bar-soft"),
    series: [0, 1, 2, 3, 4, 5].map((index) => read(`--hb-series-${index}`)),
    stack: ["bar", "repeat", "refused"].map((name) => [read(`--hb-${name}`), read(`--hb-${name}-soft`)]),
  };
}
