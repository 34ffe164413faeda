// Starts the console. A file of its own, because the console's policy allows no script within the page.
import init from "./console.js";

init({ module_or_path: new URL("./console_bg.wasm", import.meta.url) }).catch((error) => {
  console.error(error);
  tell("The console could not start: this browser may be too old, or may block WebAssembly. Reload to try again.");
});

// A trap in WebAssembly leaves the page as it was, deaf to every click. That must not look like a page that works.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) {
    tell("Something in the console broke. Nothing was lost: reload this page to go on.");
  }
});

function tell(sentence) {
  const note = document.getElementById("boot") ?? document.createElement("p");
  note.id = "boot";
  note.setAttribute("role", "alert");
  note.textContent = sentence;
  if (!note.isConnected) {
    note.className = "broken";
    document.body.prepend(note);
  }
}
