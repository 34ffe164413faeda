// A project's settings, changed as its team would.
import assert from "node:assert/strict";
import type { Collector } from "./collector.ts";
import { eventually } from "./eventually.ts";

/** The edge goes by what it knows for up to a minute. */
const EDGE_MS = 70_000;

/** Saves settings, and waits until the page at `address` shows one text and no longer another. */
export async function configure(
  collector: Collector,
  settings: unknown,
  address: string,
  shown?: string,
  gone?: string,
): Promise<void> {
  const headers = { authorization: `Bearer ${collector.token}`, "if-match": "*" };
  const answer = await fetch(`${collector.url}/api/v1/settings`, { method: "PUT", headers, body: JSON.stringify(settings) });
  assert.equal(answer.status, 200, await answer.text());
  await eventually(async () => {
    const page = await (await fetch(address)).text();
    assert.ok(!shown || page.includes(shown), `${shown} is not in the page`);
    assert.ok(!gone || !page.includes(gone), `${gone} is still in the page`);
  }, EDGE_MS);
}
