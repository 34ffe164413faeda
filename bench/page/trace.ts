// What a page's main thread did, by Chromium's own trace: CPU time of tasks, not time that passed.
import type { Browser, Page } from "playwright-core";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** In µs, on a clock of the trace's own; `dur` is time that passed, `tdur` CPU time. */
  ts: number;
  dur?: number;
  tdur?: number;
  cat: string;
  args: Record<string, any>;
}

/** A task of the main thread. */
export interface Task {
  /** In µs. */
  start: number;
  /** In µs that passed. */
  took: number;
  /** In µs. */
  cpu: number;
}

/** The main thread of one page while it was traced. */
export class Trace {
  private constructor(
    private readonly tasks: Task[],
    private readonly events: TraceEvent[],
  ) {}

  /** Traces `page` while `work` runs. The page that parsed `url` then is the one looked at. */
  static async of(browser: Browser, page: Page, url: string, work: () => Promise<unknown>): Promise<Trace> {
    await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "v8", "blink.user_timing"] });
    let buffer: Buffer;
    try {
      await work();
    } finally {
      buffer = await browser.stopTracing();
    }
    const { traceEvents } = JSON.parse(buffer.toString()) as { traceEvents: TraceEvent[] };
    const parsed = traceEvents.find(({ name, args }) => name === "ParseHTML" && args["beginData"]?.url === url);
    const marked = traceEvents.find(({ cat, name }) => cat.includes("blink.user_timing") && name.startsWith("bench "));
    const pid = (parsed ?? marked)?.pid;
    const main = traceEvents.find((event) => event.pid === pid && event.name === "thread_name" && event.args["name"] === "CrRendererMain");
    if (!main) throw new Error(`the trace has no main thread of ${url}`);
    const events = traceEvents.filter((event) => event.pid === pid && event.tid === main.tid);
    const tasks = events
      .filter(({ name, cat, ph }) => name === "ThreadControllerImpl::RunTask" && cat.includes("toplevel") && ph === "X")
      .map(({ ts, dur, tdur }) => ({ start: ts, took: dur ?? 0, cpu: tdur ?? 0 }));
    if (!tasks.length) throw new Error("the trace has no tasks: has Chromium renamed them?");
    return new Trace(tasks, events);
  }

  /** CPU time of all tasks, in ms; or of those that began between two marks of the page's. */
  cpuMs(from?: string, to?: string): number {
    const start = from ? this.mark(from) : -Infinity;
    const end = to ? this.mark(to) : Infinity;
    return this.tasks.filter((task) => task.start >= start && task.start <= end).reduce((sum, { cpu }) => sum + cpu, 0) / 1000;
  }

  /** The longest task in which a script from below this address ran, in ms that passed; 0 without any. */
  longestMs(scripts: string): number {
    const ran = this.events.filter(
      ({ name, args }) =>
        (name === "FunctionCall" || name === "EvaluateScript" || name === "v8.compile" || name === "v8.produceCache") &&
        JSON.stringify(args).includes(scripts),
    );
    const ours = this.tasks.filter(({ start, took }) => ran.some(({ ts }) => ts >= start && ts <= start + took));
    return Math.max(0, ...ours.map(({ took }) => took)) / 1000;
  }

  private mark(name: string): number {
    const found = this.events.filter((event) => event.name === "bench " + name && event.cat.includes("blink.user_timing"));
    const last = found.at(-1);
    if (!last) throw new Error(`the page has not marked "${name}"`);
    return last.ts;
  }
}

/** Marks a moment in the page's trace. */
export const mark = (page: Page, name: string): Promise<unknown> => page.evaluate((name) => performance.mark(name), "bench " + name);
