// Makes docs/screenshots/*.png from a seeded collector: `cargo xtask screenshots`.
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "../support/chromium.ts";
import { Collector } from "../support/collector.ts";
import { go, picture, shown, signIn } from "../support/console.ts";
import { fill, launcher, open } from "../support/panel.ts";
import { ROOT } from "../support/root.ts";
import { seed } from "../support/seed.ts";

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

const collector = await Collector.start();
const browser = await launch();
try {
  await mkdir(FOLDER, { recursive: true });
  await seed(collector);

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
  await shoot(browser, "plain-form", PHONE, async (page) => {
    await page.goto(`${collector.url}/f/${collector.key}?url=${encodeURIComponent("https://kettle.example/cart")}`);
    await page.getByRole("textbox").first().waitFor();
  });
} finally {
  await browser.close();
  await collector.stop();
}
