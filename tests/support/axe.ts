// axe-core in a page, shadow roots included.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { ROOT } from "./root.ts";

interface Finding {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

const source = readFile(join(ROOT, "node_modules/axe-core/axe.min.js"), "utf8");

/**
 * axe-core finds nothing wrong below `selector`. All its rules run, WCAG and best practice; `off` names rules that do
 * not apply to a part of a page.
 */
export async function noViolations(page: Page | Frame, selector: string, off: string[] = []): Promise<void> {
  await page.evaluate(await source);
  const findings = await page.evaluate(
    async ([root, rules]) => {
      const { axe } = window as unknown as { axe: { run(root: unknown, options: unknown): Promise<{ violations: Finding[] }> } };
      const options = { resultTypes: ["violations"], rules: Object.fromEntries(rules.map((id) => [id, { enabled: false }])) };
      return (await axe.run(root, options)).violations;
    },
    [selector, off] as const,
  );
  const said = findings.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary ?? ""}`).join("\n")}`);
  assert.deepEqual(said, [], `axe-core found:\n${said.join("\n")}`);
}
