// The team's console as a person uses it.
import type { Locator, Page } from "playwright-core";
import type { Collector } from "./collector.ts";

/** Opens the console and signs in with the token. */
export async function signIn(page: Page, collector: Collector): Promise<void> {
  await page.goto(`${collector.url}/console`);
  await page.getByLabel(/token/i).fill(collector.token);
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.getByRole("heading", { name: /feedback/i }).first().waitFor();
}

/** The row of the list that shows this text. */
export const row = (page: Page, text: string): Locator => page.getByRole("main").getByText(text, { exact: false }).first();
