// As its documentation says, with its defaults of today.
import posthog from "posthog-js";

posthog.init("phc_bench", { api_host: location.origin + "/stub/posthog", defaults: "2025-11-30" });
window.contestant = { event: (name) => posthog.capture(name, { plan: "pro" }) };
