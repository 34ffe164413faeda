// Real Chromium, found where people and distributions put it.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const MAC = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Headless, it would say so, and its events would be counted as a robot's.
  "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
];

function executable(): string {
  const named = process.env["CHROME"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...MAC];
  const found = places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error("no Chromium: set CHROME to its path, or install Debian's package `chromium`");
  return found;
}

// Playwright switches it off, and visitors have it.
const KEPT = ["--disable-back-forward-cache"];

export const launch = (more: string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: executable(), args: [...ARGS, ...more], ignoreDefaultArgs: KEPT });
