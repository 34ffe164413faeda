// As its documentation says for bundlers: the elements, and its button.
import { defineCustomElements } from "pushfeedback/loader";

defineCustomElements(window);
const button = document.createElement("feedback-button");
button.setAttribute("project", "bench");
button.setAttribute("button-position", "bottom-right");
button.setAttribute("modal-position", "bottom-right");
button.textContent = "Feedback";
document.body.append(button);
