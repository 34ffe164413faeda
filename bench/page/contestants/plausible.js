// As its README says, with an endpoint of our own and, because this is one, localhost.
import { init, track } from "@plausible-analytics/tracker";

init({ domain: "shop.example", endpoint: "/stub/plausible", captureOnLocalhost: true });
window.contestant = { event: (name) => track(name, { props: { plan: "pro" } }) };
