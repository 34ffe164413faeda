import { event, init } from "@hearback/web";

init({ collector: COLLECTOR, key: KEY, release: "1.0.0", env: "example" });

document.getElementById("order").onclick = () => event("ordered", { items: 3 });
