// A customer's end of the HTTP sink, which does as it is told: store, refuse, fail or hang.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import type { Item } from "./api.ts";
import { listen, readBody, shut } from "./http.ts";

/** One delivery as it came. */
export interface Delivery {
  /** `webhook-id`: the same however often the delivery is sent. */
  id: string;
  /** Whether the signature was right. */
  signed: boolean;
  items: Item[];
}

type Mood =
  | { kind: "store" }
  | { kind: "refuse"; status: number; isWrong: (item: Item) => boolean }
  | { kind: "fail"; status: number }
  | { kind: "hang" };

/** A receiver of deliveries. */
export class Sink {
  /** All requests that came, refused and hung ones too. */
  readonly attempts: Delivery[] = [];
  /** What was answered 2xx, by `webhook-id`, as a sink that honours ids would store it. */
  readonly stored = new Map<string, Delivery>();
  readonly secret = `whsec_${randomBytes(24).toString("base64")}`;
  url = "";
  private mood: Mood = { kind: "store" };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Sink> {
    const server = createServer();
    const sink = new Sink(server);
    server.on("request", (request, response) => void sink.receive(request, response));
    sink.url = `http://127.0.0.1:${await listen(server)}/deliveries`;
    return sink;
  }

  /** From now on deliveries are stored. */
  store(): void {
    this.mood = { kind: "store" };
  }

  /** From now on deliveries are answered with this status. */
  fail(status: number): void {
    this.mood = { kind: "fail", status };
  }

  /** From now on deliveries with such an item are answered with this status, and the others are stored. */
  refuse(status: number, isWrong: (item: Item) => boolean): void {
    this.mood = { kind: "refuse", status, isWrong };
  }

  /** From now on deliveries are never answered. */
  hang(): void {
    this.mood = { kind: "hang" };
  }

  /** All items stored; their ids must be distinct and every delivery signed. */
  items(): Item[] {
    const deliveries = [...this.stored.values()];
    assert.ok(deliveries.every((delivery) => delivery.signed), "a delivery's signature is wrong");
    const items = deliveries.flatMap((delivery) => delivery.items);
    const ids = items.map((item) => item.id);
    assert.deepEqual(ids, [...new Set(ids)], "an item was delivered under two ids of deliveries");
    return items;
  }

  /** The feedback among the items. */
  feedback(): Item[] {
    return this.items().filter((item) => item.type === "feedback");
  }

  /** The events of this name among the items. */
  events(name: string): Item[] {
    return this.items().filter((item) => item.type === "event" && item.name === name);
  }

  async stop(): Promise<void> {
    await shut(this.server);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const delivery = this.open(request, body);
    this.attempts.push(delivery);
    if (this.mood.kind === "hang") return;
    const { mood } = this;
    if (mood.kind === "fail" || (mood.kind === "refuse" && delivery.items.some(mood.isWrong))) {
      response.writeHead(mood.status).end();
      return;
    }
    const before = this.stored.get(delivery.id);
    if (before) assert.deepEqual(delivery.items, before.items, "a delivery changed between two attempts");
    this.stored.set(delivery.id, delivery);
    response.writeHead(204).end();
  }

  private open(request: IncomingMessage, body: Buffer): Delivery {
    const id = String(request.headers["webhook-id"]);
    const time = String(request.headers["webhook-timestamp"]);
    const key = Buffer.from(this.secret.slice("whsec_".length), "base64");
    const right = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest("base64");
    const signatures = String(request.headers["webhook-signature"]).split(" ");
    const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : body.toString();
    const items = text.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Item);
    return { id, signed: signatures.includes(`v1,${right}`), items };
  }
}
