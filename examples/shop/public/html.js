// Text that goes into markup is escaped here and nowhere else.

class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const part = (value) => {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(part).join("");
  if (value === false || value === null || value === undefined) return "";
  return String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
};

/** A template tag: what is put in is text unless it was made by `html` or `raw`. */
export const html = (strings, ...values) =>
  new Markup(strings.reduce((done, next, index) => done + part(values[index - 1]) + next));

/** Markup that the shop itself wrote, such as its drawings. */
export const raw = (text) => new Markup(text);
