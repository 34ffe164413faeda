// What the shop tells Hearback: the whole integration on the page's side.
// Names of things and counts only; never what somebody typed.

/** @param {string} name @param {Record<string, string | number | boolean>} [props] */
export function say(name, props) {
  window.hearback?.("event", name, props);
}

// A button of the shop's own that opens the panel.
document.addEventListener("click", (click) => {
  if (click.target instanceof Element && click.target.closest("[data-feedback]")) window.hearback?.("open");
});
