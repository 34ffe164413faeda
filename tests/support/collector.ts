// The real collector on real workerd, started by `xtask serve` on a state folder of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "./eventually.ts";
import { ROOT } from "./root.ts";
import type { Sink } from "./sink.ts";

const XTASK = process.env["HEARBACK_XTASK"] ?? join(ROOT, "target/debug/xtask");

/** How long workerd may take to answer /healthz. */
const START_MS = 60_000;

/** What `xtask serve` says on standard output once the collector answers. */
interface Started {
  url: string;
  shop: string;
  key: string;
  token: string;
  pid: number;
}

export interface CollectorOptions {
  /** Where deliveries go. */
  sink?: Sink;
  /** How many shards the project has. */
  shards?: number;
}

/** A running collector. Addresses have no slash at the end. */
export class Collector {
  private child: ChildProcess | undefined;
  /** 0 lets xtask find a free pair the first time; afterwards it stays the same. */
  private port = 0;
  private started!: Started;

  private constructor(
    private readonly state: string,
    private readonly options: CollectorOptions,
  ) {}

  /** Starts a collector on a fresh state folder and a free port. */
  static async start(options: CollectorOptions = {}): Promise<Collector> {
    const state = await mkdtemp(join(tmpdir(), "hearback-journey-"));
    const collector = new Collector(state, options);
    try {
      await collector.resume();
    } catch (error) {
      await collector.stop();
      throw error;
    }
    return collector;
  }

  get url(): string {
    return this.started.url.replace(/\/$/, "");
  }

  get shop(): string {
    return this.started.shop.replace(/\/$/, "");
  }

  get key(): string {
    return this.started.key;
  }

  get token(): string {
    return this.started.token;
  }

  /** Starts workerd (again) on the same state and the same ports. */
  async resume(): Promise<void> {
    const { sink, shards } = this.options;
    const args = ["serve", "--port", String(this.port), "--state", this.state, "--demo"];
    if (sink) args.push("--sink-url", sink.url, "--sink-secret", sink.secret, "--sink-delay-ms", "100");
    if (shards) args.push("--shards", String(shards));
    this.child = spawn(XTASK, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    this.started = await firstLine(this.child);
    this.port = Number(new URL(this.started.url).port);
  }

  /** `kill -9` of workerd: nothing gets a chance to tidy up. Comes back when the port is closed. */
  async kill9(): Promise<void> {
    process.kill(this.started.pid, "SIGKILL");
    await this.end();
    await eventually(async () => {
      if (await answers(this.url)) throw new Error("workerd still answers after kill -9");
    });
  }

  /** Ends the collector and removes its state. */
  async stop(): Promise<void> {
    await this.end();
    await rm(this.state, { recursive: true, force: true, maxRetries: 5 });
  }

  private async end(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  );
}

async function firstLine(child: ChildProcess): Promise<Started> {
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("said nothing in time"), START_MS);
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill("SIGTERM");
      reject(new Error(`xtask serve ${what}\n${complaints}`));
    };
    child.once("error", (error) => fail(`did not start: ${error.message}`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(timer);
      child.removeAllListeners("exit");
      resolve(JSON.parse(line) as Started);
    });
  });
}
