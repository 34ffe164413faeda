import { event, init } from "@hearback/web";

// A module has no `document.currentScript`; the nonce is still with its tag, hidden from everything but scripts.
const { nonce } = document.querySelector("script[nonce]");
init({ collector: COLLECTOR, key: KEY, release: "1.0.0", env: "example", nonce });

document.getElementById("order").onclick = () => event("ordered", { items: 3 });
