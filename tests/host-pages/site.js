// What host pages do on a click: send an event, change the address, open the panel from a button of their own.
document.addEventListener("click", (click) => {
  const { event, push, open } = click.target.dataset;
  if (event) hearback("event", event, { by: "click" });
  if (push) history.pushState(null, "", `${push}?step=secret-step#secret-hash`);
  if (open !== undefined) hearback("open");
});
