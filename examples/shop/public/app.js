// The shop's router: links marked `data-link` change the address by `history.pushState`, the rest load a page.
import * as cart from "./cart.js";
import { say } from "./say.js";
import { teaBySlug } from "./teas.js";
import { cartView, checkout, home, missing, product, thanks } from "./views.js";

const main = document.querySelector("#main");

function view(place) {
  const [, first = "", second = ""] = place.pathname.split("/");
  if (first === "") return home(place.searchParams);
  if (first === "tea") return product(second);
  if (first === "cart") return cartView();
  if (first === "checkout") return checkout();
  return missing();
}

function show({ title, markup }) {
  document.title = `${title} · Kettle & Leaf`;
  main.innerHTML = markup.text;
}

const here = () => show(view(new URL(location.href)));

/** @param {string} address */
function go(address) {
  history.pushState(null, "", address);
  here();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function addToCart(slug) {
  cart.add(slug, 1);
  const tea = teaBySlug(slug);
  say("add_to_cart", { tea: slug, price: tea.price, in_cart: cart.count() });
  document.querySelector("[data-added]").textContent = `${tea.name} is in your cart.`;
}

async function pay(form) {
  if (!form.reportValidity()) return;
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-failed]");
  const order = { tins: cart.count(), total: cart.total() };
  button.disabled = true;
  failed.hidden = true;
  // `?fail=1` and `?fail=0` on the page decide what happens, for tests and talks.
  const fail = new URLSearchParams(location.search).get("fail");
  const answer = await fetch(`/api/checkout${fail ? `?fail=${fail === "1" ? 1 : 0}` : ""}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  }).catch(() => undefined);
  if (answer?.ok) {
    say("checkout", order);
    cart.empty();
    show(thanks((await answer.json()).order));
    return;
  }
  say("checkout_failed", { ...order, status: answer?.status ?? 0 });
  button.disabled = false;
  failed.textContent = "The payment service did not answer. Nothing was charged; please try again.";
  failed.hidden = false;
}

document.addEventListener("click", (click) => {
  if (!(click.target instanceof Element) || click.defaultPrevented) return;
  const link = click.target.closest("a[data-link]");
  if (link && click.button === 0 && !click.metaKey && !click.ctrlKey && !click.shiftKey) {
    click.preventDefault();
    go(link.getAttribute("href"));
  }
  const button = click.target.closest("button");
  if (button?.dataset.add) addToCart(button.dataset.add);
  const slug = button?.dataset.more ?? button?.dataset.less;
  if (slug) {
    const name = button.dataset.more ? "more" : "less";
    cart.add(slug, name === "more" ? 1 : -1);
    here();
    main.querySelector(`[data-${name}="${slug}"]`)?.focus();
  }
});

document.addEventListener("submit", (submit) => {
  const form = submit.target;
  if (form.matches("[data-search]")) {
    submit.preventDefault();
    const words = new FormData(form).get("q").trim();
    go(words ? `/?q=${encodeURIComponent(words)}` : "/");
    say("search", { results: main.querySelectorAll(".card").length });
  }
  if (form.matches("[data-checkout]")) {
    submit.preventDefault();
    void pay(form);
  }
});

addEventListener("popstate", here);
cart.showCount();
here();
