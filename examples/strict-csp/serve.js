// The page with its policy, and a nonce for each answer: `node serve.js [PORT]`.
import { randomBytes } from "node:crypto";
import { serve } from "../serve.mjs";

const { HEARBACK_COLLECTOR: collector = "http://localhost:8787" } = process.env;

const policy = (nonce) => [
  "default-src 'none'",
  // 'strict-dynamic': what has the nonce may load more. 'wasm-unsafe-eval': the form is WebAssembly.
  `script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`,
  `connect-src ${collector}`,
  "img-src data:",
  // The form's picture stays in the page until it is sent.
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types hearback",
].join("; ");

serve("dist", Number(process.argv[2] ?? 8080), (page, headers) => {
  const nonce = randomBytes(16).toString("base64");
  headers["content-security-policy"] = policy(nonce);
  return page.replaceAll("{{NONCE}}", nonce);
});
