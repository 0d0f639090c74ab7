/** The sample shop: pages by address, a basket in the browser, and what each step tells Optiq. */

import { collections, productAt, products, productWith } from './products.js';

const CURRENCY = 'EUR';
const main = document.getElementById('main');
const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: CURRENCY });
const price = (cents) => money.format(cents / 100);
const site = new URLSearchParams(location.search).get('site');

/** An address inside the shop; keeps to the site the page was opened for. */
const at = (path) => `/shop/${path}${site ? `?site=${encodeURIComponent(site)}` : ''}`;
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const basket = {
  lines: () => JSON.parse(localStorage.getItem('shop_basket') || '[]').filter((line) => productWith(line.id)),
  save: (lines) => localStorage.setItem('shop_basket', JSON.stringify(lines)),
  count: () => basket.lines().reduce((sum, line) => sum + line.quantity, 0),
  cents: () => basket.lines().reduce((sum, line) => sum + line.quantity * productWith(line.id).cents, 0),
  set(id, quantity) {
    const lines = basket.lines();
    const line = lines.find((candidate) => candidate.id === id);
    if (line) line.quantity = quantity;
    else lines.push({ id, quantity });
    basket.save(lines.filter((candidate) => candidate.quantity > 0));
  },
  add(id, quantity) {
    const line = basket.lines().find((candidate) => candidate.id === id);
    basket.set(id, quantity + (line ? line.quantity : 0));
  },
};

const described = (product, quantity) => ({
  product_id: product.id, name: product.name, category: product.collection, price: product.cents / 100, quantity,
});

// Pieces

const art = (product, label = '') => `<svg class="art" viewBox="0 0 200 200" style="background:${product.tint}"
  ${label ? `role="img" aria-label="${label}"` : 'aria-hidden="true"'}>${product.art}</svg>`;

const card = (product) => `<li><a class="card" href="${at(`products/${product.slug}`)}">${art(product)}
  <span class="card-name">${product.name}</span><span class="card-price">${price(product.cents)}</span></a></li>`;

const grid = (list) => `<ul class="grid">${list.map(card).join('')}</ul>`;

const quantities = (id, chosen) => `<select id="${id}" data-id="${id.replace('quantity-', '')}">${[1, 2, 3, 4, 5]
  .map((n) => `<option${n === chosen ? ' selected' : ''}>${n}</option>`).join('')}</select>`;

const summary = () => `<ul class="summary">${basket.lines().map(({ id, quantity }) => {
  const product = productWith(id);
  return `<li>${art(product)}<span>${product.name}<small>${quantity} × ${price(product.cents)}</small></span>
    <b>${price(quantity * product.cents)}</b></li>`;
}).join('')}</ul>
<dl class="totals"><div><dt>Delivery</dt><dd>Free</dd></div>
  <div class="total"><dt>Total</dt><dd>${price(basket.cents())}</dd></div></dl>`;

// Pages: each returns its title and its content, and may tell Optiq what was looked at.

function home() {
  return ['Quiet things for the house', `<section class="hero"><div><p class="eyebrow">The spring collection</p>
    <h1>Quiet things for the house</h1><p class="lead">Twelve objects, made by people we know, to be used every day.</p>
    <a class="button" href="${at('products/stoneware-teapot')}">See the teapot</a></div>
    ${art(productAt('stoneware-teapot'))}</section><h2>Everything we make</h2>${grid(products)}`];
}

function collection(slug) {
  const found = collections.find((candidate) => candidate.slug === slug);
  if (!found) return missing();
  return [found.name, `<h1>${found.name}</h1>${grid(products.filter((product) => product.collection === slug))}`];
}

function productPage(slug) {
  const product = productAt(slug);
  if (!product) return missing();
  const others = products.filter((other) => other !== product);
  const near = others.filter((other) => other.collection === product.collection);
  const more = [...near, ...others.filter((other) => !near.includes(other))].slice(0, 4);
  const { name } = collections.find((candidate) => candidate.slug === product.collection);
  return [product.name, `<p class="crumbs"><a href="${at('')}">Shop</a> /
    <a href="${at(`collections/${product.collection}`)}">${name}</a></p>
    <article class="product">${art(product, product.name)}<div><h1>${product.name}</h1>
    <p class="price">${price(product.cents)}</p><p class="lead">${product.text}</p>
    <form class="buy" data-form="add" data-product="${product.id}"><label for="quantity">Quantity</label>
    ${quantities('quantity', 1)}<button class="button">Add to basket</button></form>
    <ul class="facts">${product.facts.map((fact) => `<li>${fact}</li>`).join('')}</ul></div></article>
    <h2>Goes well with</h2>${grid(more)}`,
  () => optiq('track', 'Product Viewed', { ...described(product, 1), currency: CURRENCY })];
}

function cart() {
  const lines = basket.lines();
  if (!lines.length) return empty();
  return ['Basket', `<h1>Your basket</h1><div class="columns"><ul class="lines">${lines.map(({ id, quantity }) => {
    const product = productWith(id);
    return `<li>${art(product)}<div><a href="${at(`products/${product.slug}`)}">${product.name}</a>
      <small>${price(product.cents)} each</small><span class="line-tools">
      <label class="quiet" for="quantity-${id}">Quantity of ${product.name}</label>${quantities(`quantity-${id}`, quantity)}
      <button class="plain" data-remove="${id}" aria-label="Remove ${product.name}">Remove</button></span></div>
      <b>${price(quantity * product.cents)}</b></li>`;
  }).join('')}</ul><aside class="panel"><h2>Summary</h2>
    <dl class="totals"><div><dt>Items</dt><dd>${price(basket.cents())}</dd></div><div><dt>Delivery</dt><dd>Free</dd></div>
    <div class="total"><dt>Total</dt><dd>${price(basket.cents())}</dd></div></dl>
    <a class="button wide" href="${at('checkout')}">Check out</a></aside></div>`,
  () => optiq('track', 'Cart Viewed', { value: basket.cents() / 100, currency: CURRENCY })];
}

const field = (id, label, autocomplete, type = 'text', extra = '') => `<p class="field ${extra}"><label for="${id}">${label}</label>
  <input id="${id}" name="${id}" type="${type}" autocomplete="${autocomplete}" required></p>`;

function checkout() {
  if (!basket.count()) return empty();
  return ['Check out', `<h1>Check out</h1><div class="columns"><form class="panel" id="order" data-form="order">
    <fieldset><legend>Where should it go?</legend>${field('name', 'Name', 'name')}${field('email', 'E-mail', 'email', 'email')}
    ${field('street', 'Street and number', 'street-address')}<div class="pair">${field('postcode', 'Postcode', 'postal-code', 'text', 'short')}
    ${field('city', 'Town', 'address-level2')}</div></fieldset>
    <fieldset><legend>How would you like to pay?</legend>
    <label class="choice"><input type="radio" name="payment" value="invoice" checked> Invoice, within 14 days</label>
    <label class="choice"><input type="radio" name="payment" value="transfer"> Bank transfer</label></fieldset>
    <button class="button wide">Buy for ${price(basket.cents())}</button>
    <p class="note">A sample shop: nothing you enter is sent anywhere, and nothing is charged.</p></form>
    <aside class="panel"><h2>Your order</h2>${summary()}</aside></div>`,
  () => optiq('track', 'Checkout Started', { value: basket.cents() / 100, currency: CURRENCY })];
}

function thankYou() {
  const order = JSON.parse(sessionStorage.getItem('shop_order') || 'null');
  if (!order) return missing();
  return ['Thank you', `<section class="thanks"><p class="tick" aria-hidden="true">✓</p><h1>Thank you${order.name ? `, ${escaped(order.name)}` : ''}</h1>
    <p class="lead">Order <b>${order.id}</b> for <b>${price(order.cents)}</b> is being packed.</p>
    <a class="button" href="${at('')}">Back to the shop</a></section>`];
}

function empty() {
  return ['Basket', `<section class="thanks"><h1>Your basket is empty</h1><p class="lead">There are twelve ways to change that.</p>
    <a class="button" href="${at('')}">See everything</a></section>`];
}

function missing() {
  return ['Not here', `<section class="thanks"><h1>Page not found</h1><p class="lead">The page may have moved.</p>
    <a class="button" href="${at('')}">Back to the shop</a></section>`];
}

const routes = [
  [/^$/, home],
  [/^collections\/([\w-]+)$/, collection],
  [/^products\/([\w-]+)$/, productPage],
  [/^cart$/, cart],
  [/^checkout$/, checkout],
  [/^thank-you$/, thankYou],
];

function render() {
  const path = location.pathname.replace(/^\/shop\/?/, '').replace(/\/$/, '');
  const [pattern, show] = routes.find(([candidate]) => candidate.test(path)) || [/^/, missing];
  const [title, content, tell] = show(...path.match(pattern).slice(1));
  document.title = `${title} · Hearth & Heron`;
  main.innerHTML = content;
  document.getElementById('count').textContent = basket.count();
  document.getElementById('collections').innerHTML = collections.map(({ slug, name }) => `<a href="${at(`collections/${slug}`)}"
    ${path === `collections/${slug}` ? 'aria-current="page"' : ''}>${name}</a>`).join('');
  if (tell) tell();
}

function go(address) {
  history.pushState({}, '', address);
  render();
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

// What the visitor does

function buy(form) {
  const order = {
    id: `HH-${Date.now().toString(36).toUpperCase()}`,
    cents: basket.cents(),
    name: form.elements.name.value.trim().split(' ')[0],
  };
  const bought = basket.lines().map(({ id, quantity }) => described(productWith(id), quantity));
  optiq('track', 'Order Completed', { order_id: order.id, revenue: order.cents / 100, currency: CURRENCY, products: bought });
  sessionStorage.setItem('shop_order', JSON.stringify(order));
  basket.save([]);
  go(at('thank-you'));
}

function addToBasket(form) {
  const product = productWith(form.dataset.product);
  const quantity = Number(form.elements.quantity.value);
  basket.add(product.id, quantity);
  optiq('track', 'Product Added', { ...described(product, quantity), currency: CURRENCY });
  go(at('cart'));
}

document.addEventListener('click', (click) => {
  const remove = click.target.closest('[data-remove]');
  if (remove) {
    basket.set(remove.dataset.remove, 0);
    render();
    main.focus();
  }
  const link = click.target.closest('a');
  // A campaign link is a visit of its own, so the browser follows it.
  const inside = link && link.pathname.startsWith('/shop/') && !link.hash && !link.search.includes('utm_');
  if (!inside || click.button || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
  click.preventDefault();
  if (link.href !== location.href) go(link.href);
});

document.addEventListener('change', ({ target }) => {
  if (!target.closest('.lines')) return;
  basket.set(target.dataset.id, Number(target.value));
  render();
  document.getElementById(target.id).focus();
});

document.addEventListener('submit', (submission) => {
  submission.preventDefault();
  if (submission.target.dataset.form === 'add') addToBasket(submission.target);
  else buy(submission.target);
});

addEventListener('popstate', render);
document.querySelectorAll('.brand, .basket, .foot a').forEach((link) => {
  const address = new URL(link.href);
  if (site) address.searchParams.set('site', site);
  link.href = address.href;
});
render();
