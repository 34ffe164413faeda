// Makes docs/screenshots/*.png from a seeded collector: `cargo xtask screenshots`.
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "../support/chromium.ts";
import { Collector } from "../support/collector.ts";
import { go, picture, shown, signIn } from "../support/console.ts";
import { fill, launcher, open } from "../support/panel.ts";
import { ROOT } from "../support/root.ts";
import { letters, sinkCard } from "../support/ledger.ts";
import { mishaps, seed } from "../support/seed.ts";
import { Sink } from "../support/sink.ts";
import { spread } from "../support/week.ts";

const FOLDER = join(ROOT, "docs/screenshots");
const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function shoot(browser: Browser, name: string, options: BrowserContextOptions, prepare: (page: Page) => Promise<void>): Promise<void> {
  // Without motion and without a blinking caret a picture is the same every time.
  const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC", ...options });
  const page = await context.newPage();
  await prepare(page);
  await page.evaluate(() => document.fonts.ready);
  const path = join(FOLDER, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  await context.close();
  const { size } = await stat(path);
  console.log(`docs/screenshots/${name}.png  ${Math.ceil(size / 1000)} kB`);
}

const sink = await Sink.start();
const collector = await Collector.start({ sink });
const browser = await launch();
try {
  await mkdir(FOLDER, { recursive: true });
  // Two people's words are too much for this shop's receiver.
  sink.refuse(422, ({ type, rating }) => type === "feedback" && rating === 1);
  await seed(collector);
  await mishaps(collector);

  const demo = async (page: Page) => {
    await page.goto(`${collector.shop}/`);
    await launcher(page).waitFor();
  };
  const panel = async (page: Page) => {
    await page.goto(`${collector.shop}/tea/paper-lantern`);
    await fill(await open(page), { kind: "Idea", text: "Could you add a caffeine note to every tea? I drink this one late.", rating: 4 });
  };
  const overview = async (page: Page) => {
    await signIn(page, collector);
    await shown(page, "Payment failed twice").waitFor();
    await picture(page).waitFor();
  };
  const usage = async (page: Page) => {
    await signIn(page, collector);
    await go(page, "Usage");
    await picture(page).waitFor();
  };
  const list = async (page: Page) => {
    await signIn(page, collector);
    await go(page, "Feedback");
    await shown(page, "Payment failed twice").waitFor();
  };

  await shoot(browser, "demo", DESK, demo);
  await shoot(browser, "panel-light", DESK, panel);
  await shoot(browser, "panel-dark", { ...DESK, colorScheme: "dark" }, panel);
  await shoot(browser, "panel-390", PHONE, panel);
  await shoot(browser, "console-light", DESK, overview);
  await shoot(browser, "console-dark", { ...DESK, colorScheme: "dark" }, usage);
  await shoot(browser, "console-390", PHONE, list);
  const ledger = async (page: Page) => {
    await spread(page);
    await signIn(page, collector);
    await go(page, "Ledger");
    await picture(page).waitFor();
    await letters(page).first().waitFor();
    await sinkCard(page).getByRole("button", { name: /^Send a test/ }).click();
    await sinkCard(page).getByText("It arrived").waitFor();
  };
  await shoot(browser, "ledger-light", DESK, ledger);
  await shoot(browser, "ledger-dark", { ...DESK, colorScheme: "dark" }, ledger);
  await shoot(browser, "ledger-390", PHONE, ledger);
  await shoot(browser, "plain-form", PHONE, async (page) => {
    await page.goto(`${collector.url}/f/${collector.key}?url=${encodeURIComponent("https://kettle.example/cart")}`);
    await page.getByRole("textbox").first().waitFor();
  });
} finally {
  await browser.close();
  await collector.stop();
  await sink.stop();
}
