// Something in the panel's place that shows nothing and leaves the loader's bridge to the test.
import type { Page } from "playwright-core";

/** What the loader gives the panel; see `widget/loader/src/parts/open.ts`. */
export interface Bridge {
  send(item: object, tell?: (state: string, detail: string) => void): void;
  closed(): void;
  lang: string;
  config: { launcher: object; form: object };
  base: string;
  breadcrumbs(): string[];
  props(): object;
  page(): object;
}

declare global {
  interface Window {
    bridge: Bridge;
    /** What the loader told the panel to do. */
    told: string[];
  }
}

const MODULE = `
window.told = [];
export default async () => {};
export const mount = (container, bridge) => { window.bridge = bridge; };
export const show = () => { window.told.push("show"); };
export const hide = () => { window.told.push("hide"); };
`;

/** To be called before the form is opened. */
export const panelStub = (page: Page): Promise<unknown> =>
  page.route(/\/hb\/panel\.\w+\.js$/, (route) =>
    route.fulfill({ contentType: "text/javascript", headers: { "access-control-allow-origin": "*" }, body: MODULE }),
  );
