// The npm packages as modules: what importing them does, on a server too, what bundlers keep of them, what the
// TypeScript compiler makes of their types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { complaints } from "../support/example.ts";
import { REACT_18, bundled, unpacked } from "../support/unpacked.ts";

/** What the READMEs promise, in bytes. */
const WEB_BYTES = 1200;
const REACT_BYTES = 1700;

const CALLS = `
  hearback.init({ collector: "https://feedback.example", key: "pk_a" });
  hearback.open(); hearback.close(); hearback.event("a", { b: 1 }); hearback.identify(null); hearback.context({});
  hearback.consent("usage"); hearback.on("sent", () => {})(); hearback.shutdown();
`;

const PAGE = `
  import { FeedbackButton, Hearback, useHearback } from "@hearback/react";
  import { renderToString } from "react-dom/server";
  const Say = () => { const { event } = useHearback({ onSent: () => {} }); event("rendered"); return <FeedbackButton className="a">Say it</FeedbackButton>; };
  console.log(renderToString(<><Hearback collector="https://feedback.example" projectKey="pk_a" user={null} /><Say /></>));
`;

const CONSUMER = `
  import { event, init, on, type Options } from "@hearback/web";
  const options: Options = { collector: "https://feedback.example", key: "pk_a", launcher: "none" };
  init(options);
  event("a", { plan: "pro", seats: 3, trial: false, coupon: null });
  const end: () => void = on("sent", ({ receipt }) => receipt.length);
  end();
  on("error", ({ reason }) => reason.length);
  // @ts-expect-error a property is flat
  event("a", { nested: {} });
  // @ts-expect-error there is no such thing to hear
  on("sending", () => {});
  // @ts-expect-error without a key
  init({ collector: "https://feedback.example" });
`;

const COMPONENT = `
  import { FeedbackButton, Hearback, useHearback } from "@hearback/react";
  import { createRef } from "react";
  export const ref = createRef<HTMLButtonElement>();
  export const App = () => {
    const { event } = useHearback({ onSent: ({ receipt }) => receipt.length });
    return <><Hearback collector="/" projectKey="pk_a" consent="usage" /><FeedbackButton ref={ref} disabled onClick={() => event("a")} /></>;
  };
  // @ts-expect-error React keeps "key" to itself
  export const wrong = <Hearback collector="/" key="pk_a" />;
`;

describe("the packages as modules", () => {
  const folder = unpacked();
  const node = (script: string, ...options: string[]) => execFileSync("node", [...options, "-"], { cwd: folder, encoding: "utf8", input: script });

  test("imported where there is no page, nothing happens, and calls do nothing", () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis).join();
      const hearback = await import("@hearback/web");
      ${CALLS}
      await new Promise((done) => setTimeout(done, 20));
      console.log(Object.getOwnPropertyNames(globalThis).join() === before);
    `;
    assert.equal(node(script, "--input-type=module"), "true\n");
  });

  test("a script of the older kind can require them, too", () => {
    assert.equal(node('console.log(typeof require("@hearback/web").init)', "--input-type=commonjs", "--no-warnings"), "function\n");
  });

  for (const [version, options] of [["19", {}], ["18", REACT_18]] as const) {
    test(`rendered on a server by React ${version}, there is the button and nothing else`, () => {
      const script = bundled(folder, PAGE, { ...options, platform: "node", format: "cjs" });
      assert.equal(node(script, "--input-type=commonjs"), '<button type="button" aria-haspopup="dialog" class="a">Say it</button>\n');
    });
  }

  test("what is imported and not used is left out whole", () => {
    const script = 'import { init } from "@hearback/web"; import { Hearback, useHearback } from "@hearback/react"; import "@hearback/web"; out(1);';
    const warnings = { logLevel: "silent" } as const;
    assert.equal(bundled(folder, script, { ...warnings, format: "esm" }), "out(1);\n");
  });

  test("who only sends events gets nothing of what starts Hearback", () => {
    const script = bundled(folder, 'import { event } from "@hearback/web"; event("a");');
    assert.ok(!/createPolicy|dataset/.test(script), script);
  });

  test("every function, component and option is in their READMEs", () => {
    const at = (name: string, file: string) => readFileSync(join(folder, "node_modules/@hearback", name, file), "utf8");
    const script = 'const names = await Promise.all(["web", "react"].map((name) => import("@hearback/" + name))); console.log(JSON.stringify(names.map(Object.keys)))';
    const [web, react] = JSON.parse(node(script, "--input-type=module")) as [string[], string[]];
    const [options] = /interface Options \{[^}]*\}/.exec(at("web", "dist/types.d.ts"))!;
    const fields = [...options.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name]) => name!);
    assert.ok(web.length > 8 && react.length > 2 && fields.length > 8, `${web} ${react} ${fields}`);
    const missing = (text: string, names: string[]) => names.filter((name) => !new RegExp(`^\\| .*\`<?${name}\\b`, "m").test(text));
    assert.deepEqual([missing(at("web", "README.md"), [...web, ...fields]), missing(at("react", "README.md"), react)], [[], []]);
  });

  test("they weigh what the READMEs say", () => {
    const bytes = (name: string) =>
      brotliCompressSync(bundled(folder, `export * from "${name}";`, { format: "esm", external: ["react"], target: "es2022" })).length;
    const [web, react] = [bytes("@hearback/web"), bytes("@hearback/react")];
    assert.ok(web <= WEB_BYTES && react <= REACT_BYTES, `web ${web}, react ${react}`);
  });

  for (const resolution of ["bundler", "node16"]) {
    test(`the types are found and right under moduleResolution ${resolution}`, async () => {
      const project = join(folder, resolution);
      mkdirSync(project);
      writeFileSync(join(project, "consumer.ts"), CONSUMER);
      writeFileSync(join(project, "component.tsx"), COMPONENT);
      const module = resolution === "bundler" ? "esnext" : "node16";
      const compilerOptions = {
        ...{ module, moduleResolution: resolution, target: "es2022", lib: ["es2022", "dom"], jsx: "react-jsx" },
        ...{ strict: true, noEmit: true, skipLibCheck: false, types: [], exactOptionalPropertyTypes: true },
      };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["."] }));
      assert.equal(await complaints(project), "");
    });
  }
});
