// Pictures as a visitor takes and marks them, and their pixels as they arrived.
import assert from "node:assert/strict";
import type { Browser, Locator, Page } from "playwright-core";
import { fed, type FeedbackRow } from "./api.ts";
import type { Collector } from "./collector.ts";
import { dialog, send, thanks, widget } from "./panel.ts";

/** Red, green and blue. */
export type Color = [number, number, number];

export class Pixels {
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly bytes: Buffer,
  ) {}

  /** The colour of a point, whose coordinates are parts of the whole. */
  at(x: number, y: number): Color {
    const place = (Math.floor(y * this.height) * this.width + Math.floor(x * this.width)) * 4;
    return [...this.bytes.subarray(place, place + 3)] as Color;
  }

  /** How many are as is asked. */
  count(is: (...color: Color) => boolean): number {
    let found = 0;
    for (let place = 0; place < this.bytes.length; place += 4)
      if (is(this.bytes[place]!, this.bytes[place + 1]!, this.bytes[place + 2]!)) found += 1;
    return found;
  }
}

/** Whether a colour is this one, or nearly. */
export const near =
  (wanted: Color, by = 24) =>
  (...color: Color): boolean =>
    color.every((part, at) => Math.abs(part - wanted[at]!) <= by);

/** What host-pages/masked.css gives to secrets: pink, even where it is thin. */
export const pink = (red: number, green: number, blue: number): boolean => Math.min(red, blue) - green > 40;
/** What everybody may see there. */
export const blue = near([0, 0, 255]);
export const lime = near([0, 255, 0]);
/** Of our own widget. */
export const accent = near([0x4f, 0x46, 0xe5], 6);
/** Of a cover that the visitor drew. */
export const black = near([0x18, 0x18, 0x1b], 4);
export const red = near([0xdc, 0x26, 0x26], 4);

/** The pixels of a PNG or WebP. */
export async function pixels(browser: Browser, picture: Buffer): Promise<Pixels> {
  const page = await browser.newPage();
  const { width, height, raw } = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d")!;
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    let raw = "";
    for (let at = 0; at < data.length; at += 32_768) raw += String.fromCharCode(...data.subarray(at, at + 32_768));
    return { width: bitmap.width, height: bitmap.height, raw: btoa(raw) };
  }, picture.toString("base64"));
  await page.close();
  return new Pixels(width, height, Buffer.from(raw, "base64"));
}

/** The feedback that says this, as the team gets it, and its pictures. */
export async function arrived(collector: Collector, browser: Browser, text: string): Promise<{ row: FeedbackRow; pictures: Pixels[] }> {
  const { items } = await fed(collector, text);
  const row = items.find((item) => item.text === text)!;
  const pictures = [];
  for (const id of row.attachments ?? []) {
    const answer = await fetch(`${collector.url}/api/v1/attachments/${id}`, { headers: { authorization: `Bearer ${collector.token}` } });
    assert.equal(answer.status, 200, `${id} answered ${answer.status}`);
    pictures.push(await pixels(browser, Buffer.from(await answer.arrayBuffer())));
  }
  return { row, pictures };
}

export const panel = (page: Page): Locator => dialog(page).filter({ has: page.locator("#hb-form") });

/** A button of the form's field for pictures. */
export const button = (page: Page, name: string): Locator => panel(page).getByRole("button", { name, exact: true });

export const annotator = (page: Page): Locator => widget(page).getByRole("dialog", { name: "Your picture" });

export const canvas = (page: Page): Locator => annotator(page).getByRole("application");

export const tool = (page: Page, name: string): Locator => annotator(page).getByRole("button", { name, exact: true });

/** What the form says of pictures. */
export const note = (page: Page): Locator => panel(page).locator("[data-ask=picture]").getByRole("status");

/** Captures the page, up to the annotator. */
export async function capture(page: Page, how = "Capture this page"): Promise<void> {
  await button(page, how).click();
  await canvas(page).waitFor();
}

/** Draws from one point to another, which are parts of the whole. */
export async function draw(page: Page, name: string, from: [number, number], to: [number, number]): Promise<void> {
  await tool(page, name).click();
  const box = (await canvas(page).boundingBox())!;
  const on = ([x, y]: [number, number]): [number, number] => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...on(from));
  await page.mouse.down();
  await page.mouse.move(...on(to), { steps: 4 });
  await page.mouse.up();
}

export async function use(page: Page): Promise<void> {
  await tool(page, "Use this picture").click();
  await annotator(page).waitFor({ state: "detached" });
}

/** Sends what is in the form, with these words. */
export async function say(page: Page, text: string): Promise<void> {
  await panel(page).getByRole("textbox").first().fill(text);
  await send(panel(page));
  await thanks(panel(page)).waitFor();
}
