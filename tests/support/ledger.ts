// The console's ledger as a person reads it.
import type { Locator, Page } from "playwright-core";

/** The terms of the sum in a part of the page, by their words: `12 items received = 10 stored + 2 repeats`. */
export async function terms(part: Locator): Promise<Map<string, number>> {
  const text = (await part.getByText(/ = \d/).textContent()) ?? "";
  return new Map(
    text.split(/ [=+] /).map((term) => {
      const [, count = "", word = ""] = /^([\d,]+) (.+)$/.exec(term.trim()) ?? [];
      return [word, Number(count.replaceAll(",", ""))];
    }),
  );
}

/** Whether everything that was received is explained. */
export const balance = (page: Page): Locator => page.getByRole("region", { name: /explained/ });

/** A sink's card. */
export const sinkCard = (page: Page, name = "http"): Locator => page.getByRole("article", { name: `Sink ${name}`, exact: true });

/** The dead letters. */
export const letters = (page: Page): Locator => page.getByRole("article", { name: /^Dead letter/ });

/** The part of the page that lists them. */
export const letterPart = (page: Page): Locator => page.getByRole("region", { name: "Dead letters" });

export const refresh = (page: Page): Promise<void> => page.getByRole("button", { name: "Refresh" }).click();
