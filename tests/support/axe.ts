// axe-core in a page, shadow roots included.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "./root.ts";

interface Node {
  html: string;
  failureSummary?: string;
  any: { data?: { messageKey?: string } | null }[];
}

interface Finding {
  id: string;
  help: string;
  nodes: Node[];
}

const source = readFile(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");

/** axe-core finds nothing wrong in the page. All its rules run: WCAG and best practice. */
export async function noViolations(page: Page): Promise<void> {
  await page.evaluate(await source);
  const { violations, incomplete } = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Finding[]; incomplete: Finding[] }> } };
    // axe-core looks for what lies behind a text within the body only, and the widget is beside it. `moveBefore`
    // leaves an open dialog open.
    const widget = document.querySelector("hearback-widget");
    const move = (parent: Element) => widget && (parent as unknown as { moveBefore(node: Element, before: null): void }).moveBefore(widget, null);
    move(document.body);
    const found = await axe.run();
    move(document.documentElement);
    return found;
  });
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(told).join("\n")}`);
  assert.deepEqual(said, [], `axe-core found:\n${said.join("\n")}`);
  // No reason why a contrast is unknown means that axe-core has not seen the place: then its silence proves nothing.
  const unseen = incomplete
    .filter(({ id }) => id === "color-contrast")
    .flatMap(({ nodes }) => nodes.filter(({ any }) => any.every(({ data }) => !data?.messageKey)));
  assert.deepEqual(unseen.map(({ html }) => html), [], "axe-core could not see the contrast of these");
}

const told = ({ html, failureSummary }: Node): string => `  ${html}\n  ${failureSummary ?? ""}`;
