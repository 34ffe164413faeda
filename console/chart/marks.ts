// What is drawn upon the lines: a form for each series, so that colour is never alone, and its name at its end.
import type uPlot from "uplot";
import type { Colours } from "./colours.ts";
import type { Spec } from "./chart.ts";

const LABEL_HEIGHT = 16;
const LABEL_GAP = 14;
/** Beyond this a name is cut; the legend has it whole. */
const LABEL_MOST = 160;

/** The forms of `components/legend.rs`, on a square of 14 around its middle. */
const FORMS = [
  "M0-3.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
  "M-3-3h6v6h-6z",
  "M0-4l4.2 7.5h-8.4z",
  "M0-4.5 4.5 0 0 4.5-4.5 0z",
  "M0 4-4.2-3.5h8.4z",
  "M-1.5-4h3v2.5H4v3H1.5V4h-3V1.5H-4v-3h2.5z",
].map((path) => new Path2D(path));

/** Draws each series' form upon some of its points. */
export function drawForms(plot: uPlot, spec: Spec, c: Colours): void {
  const { ctx } = plot;
  const room = plot.bbox.width / devicePixelRatio / spec.ticks.length;
  const every = Math.max(1, Math.round(64 / room));
  const last = spec.ticks.length - 1;
  spec.series.forEach(({ counts }, index) => {
    counts.forEach((count, place) => {
      if ((last - place) % every !== 0) return;
      ctx.save();
      ctx.globalAlpha = spec.chosen === null || spec.chosen === index ? 1 : 0.25;
      ctx.translate(plot.valToPos(place, "x", true), plot.valToPos(count, "y", true));
      ctx.scale(devicePixelRatio, devicePixelRatio);
      const form = FORMS[index % FORMS.length] as Path2D;
      ctx.lineWidth = 2;
      ctx.strokeStyle = c.surface;
      ctx.stroke(form);
      ctx.fillStyle = c.series[index % c.series.length] as string;
      ctx.fill(form);
      ctx.restore();
    });
  });
}

/** The room that names need at the right. */
export function labelWidth(spec: Spec, font: string): number {
  const ctx = document.createElement("canvas").getContext("2d");
  if (!ctx) return 0;
  ctx.font = font;
  const widest = Math.max(0, ...spec.series.map(({ label }) => ctx.measureText(label).width));
  return Math.min(LABEL_MOST, Math.ceil(widest)) + LABEL_GAP + 8;
}

/** Writes each line's name at its end, apart from each other. */
export function drawEndLabels(plot: uPlot, spec: Spec, c: Colours, font: string): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const ends = spec.series.map(({ label, counts }, index) => {
    const y = plot.valToPos(counts[counts.length - 1] ?? 0, "y", true) / ratio;
    return { label, index, y, at: y };
  });
  spread(ends, plot.bbox.top / ratio, (plot.bbox.top + plot.bbox.height) / ratio);
  const x = plot.valToPos(spec.ticks.length - 1, "x", true) / ratio;
  ctx.save();
  ctx.scale(ratio, ratio);
  ctx.font = font;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.setLineDash([]);
  for (const { label, index, y, at } of ends) {
    ctx.globalAlpha = spec.chosen === null || spec.chosen === index ? 1 : 0.4;
    ctx.strokeStyle = c.series[index % c.series.length] as string;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x + 6, y);
    ctx.lineTo(x + LABEL_GAP + 6, at);
    ctx.stroke();
    ctx.fillStyle = c.text;
    ctx.fillText(cut(ctx, label), x + LABEL_GAP + 10, at);
  }
  ctx.restore();
}

/** Moves labels apart, keeping their order, within the picture. */
function spread(ends: { index: number; at: number }[], top: number, bottom: number): void {
  const sorted = [...ends].sort((a, b) => a.at - b.at || a.index - b.index);
  let least = top;
  for (const end of sorted) {
    end.at = Math.max(end.at, least);
    least = end.at + LABEL_HEIGHT;
  }
  let most = bottom;
  for (const end of sorted.reverse()) {
    end.at = Math.min(end.at, most);
    most = end.at - LABEL_HEIGHT;
  }
}

function cut(ctx: CanvasRenderingContext2D, label: string): string {
  if (ctx.measureText(label).width <= LABEL_MOST) return label;
  let part = label;
  while (part.length > 1 && ctx.measureText(`${part}…`).width > LABEL_MOST) part = part.slice(0, -1);
  return `${part}…`;
}
