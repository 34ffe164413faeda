// Measures what a page pays, side by side, and prints the raw numbers as one line of JSON: `cargo xtask bench page` makes
// figures of them.
import { launch } from "../../tests/support/chromium.ts";
import { Collector } from "../../tests/support/collector.ts";
import { eventCall, opened, warm } from "./acts.ts";
import { layoutShift, longestTaskMs, mainThreadMs } from "./loads.ts";
import { closed, visited } from "./session.ts";
import { type Contestant, Site } from "./site.ts";

/** Fewer rounds: to try something. */
const QUICK = process.env["BENCH_QUICK"] === "1";
/** Only what is named so, to work on one number. */
const ONLY = process.env["BENCH_ONLY"];

const ROUNDS = QUICK ? 5 : 25;
/** Of what is shown and has no goal. */
const FEW = QUICK ? 1 : 7;
const OPENED = QUICK ? 5 : 20;
const CALLED = QUICK ? 3 : 9;
const MOMENTS = QUICK ? 10 : 100;

const found: Record<string, number[]> = {};
const note = (name: string, value: number): unknown => (found[name] ??= []).push(value);
const say = (text: string): void => console.error(`${"bench".padStart(12)}  ${text}`);
const wanted = (name: string): boolean => {
  if (ONLY && ONLY !== name) return false;
  say(`measuring ${name}`);
  return true;
};

/** The same things in another order each time. */
const turned = <T>(things: T[], round: number): T[] => things.map((_, index) => things[(index + round) % things.length]!);

const bundles = process.env["BENCH_BUNDLES"];
if (!bundles) throw new Error("this is started by `cargo xtask bench page`");
const collector = await Collector.start();
const site = await Site.start(collector, bundles);
const browser = await launch();
try {
  if (wanted("loads")) {
    for (let round = 0; round < ROUNDS; round += 1) {
      const contestants: Contestant[] = ["empty", "hearback", "plausible", "posthog"];
      if (round < FEW) contestants.push("sentry", "pushfeedback");
      for (const contestant of turned(contestants, round)) note(`load ${contestant}`, await mainThreadMs(browser, site, contestant));
      if (round % 5 === 4) say(`${round + 1} of ${ROUNDS} rounds`);
    }
  }
  if (wanted("slow")) for (let round = 0; round < CALLED; round += 1) note("longest task 4x", await longestTaskMs(browser, site, collector.url));
  if (wanted("shift")) for (let round = 0; round < 3; round += 1) note("layout shift", await layoutShift(browser, site));
  if (wanted("open")) {
    const [ours, theirs] = [await warm(browser, site, "hearback"), await warm(browser, site, "sentry")];
    for (let round = 0; round < OPENED; round += 1)
      for (const contestant of turned<"hearback" | "sentry">(["hearback", "sentry"], round))
        note(`open ${contestant}`, await opened(browser, contestant === "hearback" ? ours : theirs, site, contestant));
    await ours.close();
    await theirs.close();
  }
  if (wanted("event"))
    for (let round = 0; round < CALLED; round += 1)
      for (const contestant of turned<Contestant>(["hearback", "posthog"], round)) note(`event ${contestant}`, await eventCall(browser, site, contestant));
  if (wanted("session")) {
    const visit = await visited(browser, site, collector);
    note("session requests", visit.requests);
    note("session scripts", visit.scripts);
    const { lost, late } = await closed(browser, site, collector, MOMENTS);
    note("closed lost", lost);
    note("closed late", late);
  }
} finally {
  await browser.close();
  await site.stop();
  await collector.stop();
}
console.log(JSON.stringify(found));
