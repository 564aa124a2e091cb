// Elements are made, never written as markup: whatever an event says stays text.

const namespace = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

export const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const draw = (tag, attributes, ...children) => fill(document.createElementNS(namespace, tag), attributes, children);

// What the reader has done to an element stays: opened details, what is typed, checked or chosen.
const own = { DETAILS: ["open"], INPUT: ["value", "checked"], OPTION: ["selected"] };

// Brings `old` to what `fresh` says and keeps its elements, and with them focus, selection and scrolling.
export function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  const kept = own[old.tagName] ?? [];
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !kept.includes(name)) old.setAttribute(name, value);
  }
  if (!old.hasAttribute("data-keep")) morphChildren(old, [...fresh.childNodes]);
}

export function morphChildren(parent, fresh) {
  const olds = [...parent.childNodes];
  fresh.forEach((next, index) => {
    const old = olds[index];
    if (!old) parent.append(next);
    else if (isSame(old, next)) morph(old, next);
    else old.replaceWith(next);
  });
  for (const extra of olds.slice(fresh.length)) extra.remove();
}

function isSame(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName
    && (old.nodeType !== Node.ELEMENT_NODE || old.dataset.key === fresh.dataset.key);
}

// A table that says what it is, and scrolls by itself where it is too wide.
export function table(caption, heads, rows, options = {}) {
  const cells = (tag, values) => values.map((value, index) => {
    const head = heads[index];
    return make(tag, { class: head.class, scope: tag === "th" ? "col" : null }, value);
  });
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make("table", { class: options.class },
      make("caption", { class: options.showsCaption ? null : "unseen" }, caption),
      make("thead", {}, make("tr", {}, cells("th", heads.map((head) => head.text)))),
      make("tbody", {}, rows.map((row) => make("tr", { "data-key": row.key }, cells("td", row.cells))))));
}

// Names and values.
export function facts(pairs) {
  return make("dl", { class: "facts" }, pairs.filter((pair) => pair && pair[1] !== null && pair[1] !== undefined)
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

export const badge = (kind, text) => make("span", { class: `badge ${kind}` }, text);
export const empty = (title, text) => make("div", { class: "empty" }, make("p", { class: "empty-title" }, title), text ? make("p", {}, text) : null);
export const button = (text, act, attributes = {}) => make("button", { type: "button", "data-act": act, ...attributes }, text);

export function field(label, control, hint) {
  return make("label", { class: "field" }, make("span", {}, label), control, hint ? make("small", {}, hint) : null);
}

export function choice(name, options, chosen) {
  return make("select", { name }, options.map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
}
