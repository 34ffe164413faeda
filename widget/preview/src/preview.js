// @ts-check
// What will be sent, as the preview shows it: the item and its context, redacted by the edge's own code. This half is
// JavaScript because it walks through a JavaScript object.

// @ts-ignore: made by the build (xtask/src/glue.rs).
import start, { address, prop, release, text } from "preview-module";

export default start;

/** The item without secrets. A contact's address stays: it was given to be used.
 * @param {any} item */
export const clean = (item) => {
  // The preview is there before the first word is.
  item.text &&= text(item.text);
  item.breadcrumbs &&= item.breadcrumbs.map(text);
  for (const name of ["answers", "props", "element"]) {
    item[name] &&= Object.fromEntries(Object.entries(item[name]).map(([key, value]) => [text(key), prop(key, value)]));
  }
  return item;
};

/** Name and value of each part of an item that is clean already, and of its context, without what is left out. The
 * item's type is always the same and not shown.
 * @param {any} item @param {any} page @param {string} left @returns {string[][]} */
export const parts = ({ type: _, ...item }, { url, screen, release: version, env }, left) => {
  const context = {
    url: url && address(url),
    screen: screen?.join(" × "),
    release: version && release(version),
  };
  const along = Object.entries(context).filter(([name, value]) => value && !left.includes(name));
  if (env && !left.includes("release")) along.push(["env", text(env)]);
  return [...flat(item), ...along];
};

/** @param {any} object @param {string} prefix @returns {string[][]} */
const flat = (object, prefix = "") =>
  Object.entries(object).flatMap(([name, value]) =>
    Array.isArray(value)
      ? [[prefix + name, value.join("\n")]]
      : value && typeof value === "object"
        ? flat(value, prefix + name + ".")
        : [[prefix + name, value + ""]],
  );
