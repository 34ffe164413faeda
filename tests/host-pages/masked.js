customElements.define(
  "hearback-test-field",
  class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("input{color:#f0f}");
      root.adoptedStyleSheets = [sheet];
      const field = document.createElement("input");
      field.value = "SECRET-SHADOW";
      field.ariaLabel = "In a component";
      root.append("A component ", field);
    }
  },
);
const pen = document.querySelector("canvas").getContext("2d");
pen.fillStyle = "#f0f";
pen.fillRect(0, 0, 120, 30);
