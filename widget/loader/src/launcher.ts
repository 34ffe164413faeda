// The button in the corner, in a shadow root that neither takes styles from the page nor gives any to it.

// An important rule of the root itself beats the page's own important ones, wherever they stand; custom properties still
// come through. The other rule is for children of the root, because the panel lives in a div beside them. What makes the
// button handsome comes with the part `launcher`; without that it works as well.
const css = `:host{all:initial!important;position:fixed!important;z-index:999999!important}
:host>:not(div){position:fixed;right:16px;bottom:16px}`;

const host = document.createElement("hearback-widget");

/** Where all that is shown lives. */
export const root = host.attachShadow({ mode: "open" });

/** Adds an element. One by one, because pages with Trusted Types forbid `innerHTML`. */
export const add = <K extends keyof HTMLElementTagNameMap>(
  parent: Node,
  name: K,
  properties?: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] => parent.appendChild(Object.assign(document.createElement(name), properties));

export const launcher = add(root, "button", {
  textContent: "Feedback",
  // Until we know how the project wants it.
  hidden: true,
});

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
root.adoptedStyleSheets = [sheet];

/** Puts the launcher into the page, beside the body: pages move, blur, replace and hide what is in that. */
export const mount = (): unknown => host.isConnected || document.documentElement.append(host);
