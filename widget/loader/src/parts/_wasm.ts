// Fetches a module of Rust. The browser itself holds its bytes against the digest that this file bears, before a single
// one is compiled; on plain http too, where a page has no `crypto.subtle`. `xtask/src/build/module.rs` puts in both.

import type { Kit } from "../kit";

interface Glue {
  default(options: { module_or_path: Promise<Response> }): Promise<unknown>;
}

/** Those that run. Once each: their glue has room for one, also where the loader is started anew. */
const running: Record<string, Promise<any> | undefined> = {};

const start = async ({ fetch }: Kit, address: string, integrity: string): Promise<Glue> => {
  // Both at once: the glue is small, and the module waits for nothing in it.
  const wasm = fetch(address + ".wasm", { integrity });
  // The glue hears of a failure, if it comes itself.
  wasm.catch(() => {});
  const glue: Glue = await import(address + ".js");
  await glue.default({ module_or_path: wasm });
  return glue;
};

/** A module of Rust that runs, with its glue; `address` is that of both, without `.js` and `.wasm`. */
export const rust = <Module>(kit: Kit, address: string, integrity: string): Promise<Module> =>
  (running[address] ??= start(kit, address, integrity).catch((error) => {
    // Perhaps the next time.
    delete running[address];
    throw error;
  }));
