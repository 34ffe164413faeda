import { event, init, on, open } from "@hearback/web";

init({ collector: COLLECTOR, key: KEY, release: "1.0.0", env: "example" });

const by = (id) => document.getElementById(id);
by("order").onclick = () => event("ordered", { items: 3 });
by("say").onclick = open;
on("sent", ({ receipt }) => (by("status").textContent = `Thank you. Your receipt: ${receipt}`));
