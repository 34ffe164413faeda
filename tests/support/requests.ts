// What a journey's pages asked for. A journey states both what must have been asked and what must not.
import assert from "node:assert/strict";
import type { BrowserContext, Request } from "playwright-core";

/** A request, with what the browser put on the wire. */
export interface Asked {
  url: URL;
  method: string;
  body: string;
  /** Complete, once the browser has told them. */
  headers: Promise<Record<string, string>>;
  /** What the answer set, once it is there; empty where none came. */
  setCookie: Promise<string>;
}

/** A batch as a page posted it. */
export interface Posted {
  producer: string;
  context?: { url?: string };
  items: { seq: number; type: string; name?: string; text?: string; url?: string }[];
}

const gone = <T>(instead: T) => (): T => instead;

/** Records every request of a context, those of frames, popups and keepalive too. */
export class Requests {
  readonly all: Asked[] = [];

  constructor(context: BrowserContext) {
    context.on("request", (request) => this.record(request));
  }

  /** Those whose path starts so. */
  to(path: string): Asked[] {
    return this.all.filter((asked) => asked.url.pathname.startsWith(path));
  }

  /** The batches posted. */
  posts(): Posted[] {
    return this.to("/v1/ingest")
      .filter((asked) => asked.method === "POST")
      .map((asked) => JSON.parse(asked.body) as Posted);
  }

  /** Nothing was asked of any other origin. */
  onlyOrigins(...addresses: string[]): void {
    const allowed = addresses.map((address) => new URL(address).origin);
    const others = this.all.map((asked) => asked.url).filter((url) => url.protocol.startsWith("http") && !allowed.includes(url.origin));
    assert.deepEqual(others.map(String), [], "a third-party origin was asked");
  }

  /** Nothing of the form was downloaded: neither the panel nor what opens it, no wasm, no plain form. */
  noPanel(): void {
    const panel = this.all.filter(({ url }) => /\/hb\/(panel|open)\.|\.wasm$|\/f\//.test(url.pathname));
    assert.deepEqual(panel.map(({ url }) => url.pathname), [], "the panel was downloaded before anybody came near it");
  }

  /** No request below these paths carried a cookie, and no answer set one. */
  async noCookies(...paths: string[]): Promise<void> {
    for (const asked of paths.flatMap((path) => this.to(path))) {
      assert.equal((await asked.headers)["cookie"], undefined, `a cookie went to ${asked.url.pathname}`);
      assert.equal(await asked.setCookie, "", `${asked.url.pathname} set a cookie`);
    }
  }

  /** These words are in no address, header or body that went to `origin`. */
  async noLeak(origin: string, ...words: string[]): Promise<void> {
    for (const asked of this.all.filter(({ url }) => url.origin === new URL(origin).origin)) {
      const text = `${asked.url} ${JSON.stringify(await asked.headers)} ${asked.body}`;
      for (const word of words) assert.ok(!text.includes(word), `${word} leaked to ${asked.url.pathname}`);
    }
  }

  /** Each item went out under one seq only, however often it was sent. */
  oneSeqFor(match: (item: Posted["items"][number]) => boolean): void {
    const sent = this.posts().flatMap(({ producer, items }) => items.filter(match).map(({ seq }) => `${producer}-${seq}`));
    assert.equal(new Set(sent).size, 1, `sent under several numbers: ${sent.join(", ")}`);
  }

  private record(request: Request): void {
    this.all.push({
      url: new URL(request.url()),
      method: request.method(),
      body: request.postData() ?? "",
      headers: request.allHeaders().catch(gone(request.headers())),
      setCookie: request
        .response()
        .then((response) => response?.headerValue("set-cookie"))
        .then((value) => value ?? "", gone("")),
    });
  }
}
