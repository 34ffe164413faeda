// One function a route; each gives the page's title and its markup.
import { CUP, KETTLE, tin } from "./art.js";
import * as cart from "./cart.js";
import { html, raw } from "./html.js";
import { FAMILIES, TEAS, price, teaBySlug } from "./teas.js";

const card = (tea) => html`<li class="card tone-${tea.tone}">
  <a class="card-link" href="/tea/${tea.slug}" data-link>
    <span class="card-art">${raw(tin(tea))}</span>
    <span class="card-name">${tea.name}</span>
    <span class="card-line">${tea.line}</span>
  </a>
  <p class="card-foot"><span>${tea.family} · ${tea.grams} g</span><b>${price(tea.price)}</b></p>
</li>`;

const matches = (tea, words) => `${tea.name} ${tea.family} ${tea.origin} ${tea.line}`.toLowerCase().includes(words);

/** @param {URLSearchParams} search */
export function home(search) {
  const words = (search.get("q") ?? "").trim();
  const family = search.get("family") ?? "";
  const found = TEAS.filter((tea) => (!family || tea.family === family) && matches(tea, words.toLowerCase()));
  const filtered = words !== "" || family !== "";
  return {
    title: "Teas",
    markup: html`${!filtered && html`<section class="hero">
        <div class="hero-words">
          <h1>Tea, picked in the morning.</h1>
          <p class="lead">Nine small gardens, eight tins, no blends we wouldn't drink ourselves. Packed the week you order.</p>
          <p><a class="go" href="/tea/first-light" data-link>Try this spring's first</a></p>
        </div>
        ${raw(KETTLE)}
      </section>`}
      <section class="shelf" aria-labelledby="shelf">
        <div class="shelf-head">
          ${filtered ? html`<h1 id="shelf">${words ? html`Teas for “${words}”` : family}</h1>` : html`<h2 id="shelf">The shelf</h2>`}
          <div class="chips" role="group" aria-label="Filter by family">
            ${["", ...FAMILIES].map((name) => html`<a class="chip" href="${name ? `/?family=${name}` : "/"}" data-link
              ${family === name && !words ? raw('aria-current="true"') : ""}>${name || "All"}</a>`)}
          </div>
        </div>
        ${found.length
          ? html`<ul class="cards">${found.map(card)}</ul>`
          : html`<p class="nothing">No tea of ours goes by that. <a href="/" data-link>See all eight</a>.</p>`}
      </section>
      ${!filtered && html`<figure class="wide">
        <img src="/slow/hillside.svg" width="1200" height="420" loading="lazy" alt="Terraces of tea bushes on a hillside in the morning">
        <figcaption>Where Slow Train comes from. <a href="/about">How we choose our gardens</a></figcaption>
      </figure>`}`,
  };
}

/** @param {string} slug */
export function product(slug) {
  const tea = teaBySlug(slug);
  if (!tea) return missing();
  const others = TEAS.filter((other) => other.family === tea.family && other !== tea);
  const more = [...others, ...TEAS.filter((other) => other.family !== tea.family)].slice(0, 4);
  return {
    title: tea.name,
    markup: html`<article class="product tone-${tea.tone}">
        <div class="product-art">${raw(tin(tea))}</div>
        <div class="product-words">
          <p class="over"><a href="/" data-link>Teas</a> / ${tea.family}</p>
          <h1>${tea.name}</h1>
          <p class="lead">${tea.line}</p>
          <p>${tea.story}</p>
          <dl class="steep">
            <div><dt>Water</dt><dd>${tea.degrees} °C</dd></div>
            <div><dt>Minutes</dt><dd>${tea.minutes}</dd></div>
            <div><dt>From</dt><dd>${tea.origin}</dd></div>
          </dl>
          <p class="buy"><button class="go" type="button" data-add="${tea.slug}">Add to cart · ${price(tea.price)}</button>
            <span class="note">${tea.grams} g tin</span></p>
          <p class="note" role="status" data-added></p>
        </div>
      </article>
      <section class="shelf" aria-labelledby="more"><h2 id="more">Also on the shelf</h2><ul class="cards">${more.map(card)}</ul></section>`,
  };
}

const cartLine = ({ tea, count }) => html`<li class="line tone-${tea.tone}">
  <span class="line-art">${raw(tin(tea))}</span>
  <span class="line-name"><a href="/tea/${tea.slug}" data-link>${tea.name}</a><small>${tea.grams} g tin</small></span>
  <span class="steps">
    <button type="button" data-less="${tea.slug}" aria-label="One ${tea.name} less">−</button>
    <span>${count}</span>
    <button type="button" data-more="${tea.slug}" aria-label="One ${tea.name} more">+</button>
  </span>
  <b>${price(count * tea.price)}</b>
</li>`;

const nothing = () => html`<div class="blank">${raw(CUP)}<h1>Your cart is empty</h1>
  <p>Eight tins are waiting on the shelf.</p><p><a class="go" href="/" data-link>See the teas</a></p></div>`;

export function cartView() {
  if (cart.count() === 0) return { title: "Cart", markup: nothing() };
  return {
    title: "Cart",
    markup: html`<section class="narrow"><h1>Cart</h1><ul class="lines">${cart.lines().map(cartLine)}</ul>
      <p class="sum"><span>Together, with shipping</span><b>${price(cart.total())}</b></p>
      <p class="right"><a class="go" href="/checkout" data-link>Check out</a></p></section>`,
  };
}

export function checkout() {
  if (cart.count() === 0) return { title: "Checkout", markup: nothing() };
  return {
    title: "Checkout",
    markup: html`<section class="narrow"><h1>Checkout</h1>
      <form class="card-form" data-checkout novalidate>
        <div class="field"><label for="name">Name</label><input id="name" name="name" autocomplete="name" required></div>
        <div class="field"><label for="mail">E-mail</label><input id="mail" name="email" type="email" autocomplete="email" required></div>
        <div class="field"><label for="street">Address</label><textarea id="street" name="address" rows="3" autocomplete="street-address" required></textarea></div>
        <p class="sum"><span>${cart.count()} ${cart.count() === 1 ? "tin" : "tins"}</span><b>${price(cart.total())}</b></p>
        <p class="alarm" role="alert" data-failed hidden></p>
        <button class="go" type="submit">Pay ${price(cart.total())}</button>
        <p class="note">A make-believe payment. It fails every third time, as real ones do on bad days.</p>
      </form></section>`,
  };
}

/** @param {string} order */
export const thanks = (order) => ({
  title: "Thank you",
  markup: html`<div class="blank">${raw(CUP)}<h1>Thank you</h1><p>Order <b>${order}</b> is being packed. Put the kettle on.</p>
    <p><a class="go" href="/" data-link>Back to the shelf</a></p></div>`,
});

export const missing = () => ({
  title: "Not found",
  markup: html`<div class="blank">${raw(CUP)}<h1>This tin is not on the shelf</h1><p><a class="go" href="/" data-link>See the teas</a></p></div>`,
});
