// The team's console as a person uses it.
import type { Locator, Page } from "playwright-core";
import type { Collector } from "./collector.ts";

/** Opens the console and signs in with the token. */
export async function signIn(page: Page, collector: Collector): Promise<void> {
  await page.goto(`${collector.url}/console`);
  await page.getByLabel("Token", { exact: true }).fill(collector.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await heading(page, "Overview").waitFor();
}

/** Goes to a view by the rail. */
export async function go(page: Page, view: "Overview" | "Feedback" | "Usage" | "Ledger"): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: view }).click();
  await heading(page, view).waitFor();
}

export const heading = (page: Page, name: string): Locator => page.getByRole("heading", { level: 1, name });

/** What shows this text in the main part of the view. */
export const shown = (page: Page, text: string): Locator => page.getByRole("main").getByText(text).first();

/** The pictures of the view, once they are drawn. */
export const picture = (page: Page): Locator => page.getByRole("img").locator("canvas, svg").first();
