// The widget as a visitor sees it: by roles and names, never by classes.
import type { FrameLocator, Locator, Page } from "playwright-core";

/** What a visitor fills in. */
export interface Said {
  kind: "Problem" | "Idea" | "Praise" | "Question";
  text: string;
  rating?: number;
  email?: string;
}

export const widget = (page: Page): Locator => page.locator("hearback-widget");

export const launcher = (page: Page): Locator => widget(page).getByRole("button", { name: /feedback/i }).first();

export const dialog = (page: Page): Locator => widget(page).getByRole("dialog");

/** Opens the panel by the launcher. */
export async function open(page: Page): Promise<Locator> {
  await launcher(page).click();
  const plain = widget(page).locator("iframe");
  await dialog(page).getByRole("textbox").first().or(plain).waitFor();
  if (await plain.isVisible()) throw new Error("the plain form came in place of the panel");
  return dialog(page);
}

/** Fills the panel, or the plain form: both name their fields alike. */
export async function fill(form: Locator | FrameLocator, said: Said): Promise<void> {
  await form.getByRole("radio", { name: new RegExp(`^(an? )?${said.kind}$`, "i") }).check();
  await form.getByRole("textbox").first().fill(said.text);
  if (said.rating) await form.getByRole("radio", { name: new RegExp(`^${said.rating}\\b`) }).check();
  if (said.email) await form.getByLabel(/e-?mail/i).fill(said.email);
}

export const send = (form: Locator | FrameLocator): Promise<void> => form.getByRole("button", { name: /^send/i }).click();

/** The thanks that only an acknowledged feedback gets. */
export const thanks = (form: Locator): Locator => form.getByRole("heading", { name: "Thank you" });

/** The honest words while it waits. */
export const kept = (form: Locator): Locator => form.getByRole("status").filter({ hasText: /is kept in this browser/ });
