// The about page is a page of its own: coming here is a full load, not a pushState.
import { showCount } from "./cart.js";
import { say } from "./say.js";

document.addEventListener("submit", (submit) => {
  const form = submit.target;
  if (!form.matches("[data-contact]")) return;
  submit.preventDefault();
  if (!form.reportValidity()) return;
  say("contact_sent");
  form.reset();
  form.querySelector("[data-contact-note]").textContent = "Thank you. In a real shop this would now be on its way.";
});

showCount();
