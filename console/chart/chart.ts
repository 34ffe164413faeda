// The binding of uPlot, the one JavaScript library that is kept in the console. It draws what `charts::Spec` says and
// decides nothing. uPlot makes its elements by hand and sets styles by property, so it needs no exception from the
// console's policy (no inline style, no `innerHTML`).
import uPlot from "uplot";
import { Tip } from "./tip.ts";
import { colours, type Colours } from "./colours.ts";
import { drawEndLabels, drawForms, labelWidth } from "./marks.ts";

/** `charts::Spec` in Rust. */
export interface Spec {
  form: "bars" | "stack" | "lines";
  ticks: string[];
  points: string[];
  unfinished: number | null;
  series: { label: string; counts: number[] }[];
  chosen: number | null;
}

/** Wide enough for labels at the ends of lines; below this the legend alone names them. */
const ROOM_FOR_LABELS = 620;
const HEIGHT = { bars: 200, stack: 200, lines: 240 };
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** A chart within an element; as wide as the element is. */
export class Chart {
  readonly #container: HTMLElement;
  readonly #observer: ResizeObserver;
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #plot: uPlot | undefined;
  #spec: Spec | undefined;
  #width = 0;

  constructor(container: HTMLElement) {
    this.#container = container;
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(container);
    this.#dark.addEventListener("change", this.#draw);
  }

  /** Shows a picture in place of the last one. */
  show(json: string): void {
    this.#spec = JSON.parse(json) as Spec;
    this.#draw();
  }

  /** Takes the picture away. */
  destroy(): void {
    this.#observer.disconnect();
    this.#dark.removeEventListener("change", this.#draw);
    this.#plot?.destroy();
  }

  #resize(): void {
    if (Math.abs(this.#container.clientWidth - this.#width) >= 1) this.#draw();
  }

  // A picture is small: drawing it anew costs less than keeping the old one right.
  readonly #draw = (): void => {
    const spec = this.#spec;
    this.#width = this.#container.clientWidth;
    if (!spec || this.#width === 0) return;
    this.#plot?.destroy();
    this.#plot = new uPlot(options(spec, this.#width, colours(this.#container)), data(spec), this.#container);
  };
}

/**
 * uPlot's columns: the places of the points, then each series; of a line, the finished part and the rest apart; of a
 * stack, the sums up to each series, the highest first, so that each is drawn over those above it.
 */
function data(spec: Spec): uPlot.AlignedData {
  const places = spec.ticks.map((_, place) => place);
  if (spec.form === "stack") {
    const sums = spec.series.map((_, index) =>
      places.map((place) => spec.series.slice(0, index + 1).reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0)),
    );
    return [places, ...sums.reverse()] as uPlot.AlignedData;
  }
  const columns: (number | null)[][] = [];
  for (const { counts } of spec.series) {
    if (spec.form === "bars" || spec.unfinished === null) {
      columns.push(counts);
    } else {
      const now = spec.unfinished;
      columns.push(counts.map((count, place) => (place < now ? count : null)));
      columns.push(counts.map((count, place) => (place >= now - 1 ? count : null)));
    }
  }
  return [places, ...columns] as uPlot.AlignedData;
}

function options(spec: Spec, width: number, c: Colours): uPlot.Options {
  const labelled = spec.form === "lines" && width >= ROOM_FOR_LABELS;
  const tip = new Tip(spec, c);
  return {
    width,
    height: HEIGHT[spec.form],
    padding: [12, labelled ? labelWidth(spec, FONT) : 20, 0, 0],
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    cursor: {
      sync: { key: "hearback", setSeries: false },
      drag: { x: false, y: false },
      points: { show: false },
      y: false,
      // The cursor stands on points, so that it means the same in every picture.
      move: (plot, left, top) => [left < 0 ? left : plot.valToPos(plot.posToIdx(left), "x"), top],
    },
    scales: {
      // Half a point of room on both sides, so that the first and last bar are whole.
      x: { time: false, range: () => [-0.5, spec.ticks.length - 0.5] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.06)] },
    },
    axes: [xAxis(spec, c), yAxis(c)],
    series: [{}, ...series(spec, c)],
    hooks: {
      init: [(plot) => tip.attach(plot)],
      setCursor: [(plot) => tip.follow(plot)],
      draw: [
        (plot) => {
          if (spec.form === "lines") drawForms(plot, spec, c);
          if (labelled) drawEndLabels(plot, spec, c, FONT);
        },
      ],
    },
  };
}

function xAxis(spec: Spec, c: Colours): uPlot.Axis {
  return {
    font: FONT,
    stroke: c.muted,
    grid: { show: false },
    ticks: { show: false },
    size: 28,
    gap: 8,
    // Every nth of the points that have a name, counted from the last, so that the present is always named.
    splits: (plot) => {
      const named = spec.ticks.map((_, place) => place).filter((place) => spec.ticks[place]);
      const room = plot.bbox.width / devicePixelRatio / Math.max(1, named.length);
      const every = Math.max(1, Math.ceil(56 / room));
      const last = named.length - 1;
      return named.filter((_, place) => (last - place) % every === 0);
    },
    values: (_plot, places) => places.map((place) => spec.ticks[place] ?? ""),
  };
}

function yAxis(c: Colours): uPlot.Axis {
  return {
    font: FONT,
    stroke: c.muted,
    grid: { stroke: c.line, width: 1 },
    ticks: { show: false },
    gap: 8,
    space: 32,
    // Counts are whole.
    incrs: [1, 2, 5, 10, 20, 50].concat([2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power))),
    size: (_plot, values) => 20 + 7 * Math.max(1, ...(values ?? []).map((value) => value.length)),
    values: (_plot, counts) => counts.map(grouped),
  };
}

function series(spec: Spec, c: Colours): uPlot.Series[] {
  if (spec.form === "bars") return [bars(spec, [c.accent, c.accentSoft], 0.08)];
  // Rounded corners would show what lies beneath.
  if (spec.form === "stack") return spec.series.map((_, index) => bars(spec, stacked(c, index), 0)).reverse();
  return spec.series.flatMap((_, index) => {
    const stroke = c.series[index % c.series.length] as string;
    const faded = spec.chosen !== null && spec.chosen !== index;
    const line: uPlot.Series = {
      stroke,
      width: spec.chosen === index ? 3 : 2,
      alpha: faded ? 0.25 : 1,
      points: { show: false },
    };
    return spec.unfinished === null ? [line] : [line, { ...line, dash: [4, 4] }];
  });
}

/** A series' colour in a stack, and that of its unfinished bar. */
export function stacked(c: Colours, index: number): [string, string] {
  return c.stack[index % c.stack.length] as [string, string];
}

function bars(spec: Spec, [full, soft]: [string, string], radius: number): uPlot.Series {
  // The unfinished bar is an outline; the others need none, and an empty one would show it as a dash.
  const perBar = (now: string, rest: string) => ({
    unit: 3,
    values: () => spec.ticks.map((_, place) => (place === spec.unfinished ? now : rest)),
  });
  return {
    stroke: full,
    width: 1,
    points: { show: false },
    paths: uPlot.paths.bars!({
      size: [0.72, 48],
      radius,
      disp: { fill: perBar(soft, full), stroke: perBar(full, "transparent") } as never,
    }),
  };
}

/** Digits in groups of three, as everywhere in the console. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
