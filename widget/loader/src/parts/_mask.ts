// What is never in a picture, nor in the name of a thing: what somebody typed or chose, and what the page masked.

export const MASKED =
  "input:not([type=button],[type=submit],[type=reset],[type=image]),select,textarea,[contenteditable]:not([contenteditable=false]),[role=textbox],[data-hearback-mask]";

/** What lies over it instead. */
export const COVER = "#a1a1aa";
