// The counts at the point that is pointed at.
import type uPlot from "uplot";
import type { Colours } from "./colours.ts";
import { grouped, stacked, type Spec } from "./chart.ts";

export class Tip {
  readonly #spec: Spec;
  readonly #colours: Colours;
  readonly #element = document.createElement("div");
  #shown = -1;

  constructor(spec: Spec, colours: Colours) {
    this.#spec = spec;
    this.#colours = colours;
    this.#element.className = "tip";
    this.#element.hidden = true;
  }

  attach(plot: uPlot): void {
    plot.over.append(this.#element);
  }

  follow(plot: uPlot): void {
    const { idx, left = -1 } = plot.cursor;
    if (idx == null || left < 0) {
      this.#element.hidden = true;
      this.#shown = -1;
      return;
    }
    if (idx !== this.#shown) {
      this.#fill(idx);
      this.#shown = idx;
    }
    this.#element.hidden = false;
    const room = plot.over.clientWidth;
    const width = this.#element.offsetWidth;
    const point = plot.valToPos(idx, "x");
    const x = point + 12 + width <= room ? point + 12 : Math.max(0, point - 12 - width);
    this.#element.style.transform = `translate(${Math.round(x)}px, 4px)`;
  }

  #fill(place: number): void {
    const title = document.createElement("p");
    const soFar = place === this.#spec.unfinished ? " so far" : "";
    title.textContent = `${this.#spec.points[place] ?? ""}${soFar}`;
    const rows = this.#spec.series.map(({ label, counts }, index) => {
      const row = document.createElement("p");
      const dot = document.createElement("i");
      dot.style.background = this.#colour(index);
      const name = document.createElement("span");
      name.textContent = label;
      const count = document.createElement("b");
      count.textContent = grouped(counts[place] ?? 0);
      row.append(dot, name, count);
      return row;
    });
    this.#element.replaceChildren(title, ...rows);
  }

  #colour(index: number): string {
    switch (this.#spec.form) {
      case "lines":
        return this.#colours.series[index] ?? "";
      case "stack":
        return stacked(this.#colours, index)[0];
      default:
        return this.#colours.accent;
    }
  }
}
