// Elements are made here and nowhere else: text is set as text, never parsed, so nothing in an article can run.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Properties: `class`, `on` ({event: handler}), `data` ({name: value}), attributes; null and false leave out. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function s(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (name === "data") {
      for (const [key, each] of Object.entries(value)) element.dataset[key] = each;
    } else if (name === "href") {
      const address = safeAddress(value);
      if (address !== null) element.setAttribute("href", address);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  const none = [null, undefined, false, ""];
  element.append(...children.flat(Infinity).filter((child) => !none.includes(child)));
  return element;
}

/** Addresses of our own, and of others by http or https; null for anything else (javascript:, data:, ...). */
export function safeAddress(value) {
  let address;
  try {
    address = new URL(value, location.origin);
  } catch {
    return null;
  }
  return address.protocol === "http:" || address.protocol === "https:" ? address.href : null;
}

/** A link out of the page, by an address that an article gave; plain text where that is no web address. */
export function outside(address, text) {
  let parsed = null;
  try {
    parsed = new URL(address); // absolute: a relative one would lead into our own page
  } catch {
    // no address at all
  }
  const web = parsed && (parsed.protocol === "http:" || parsed.protocol === "https:");
  return web
    ? h("a", { href: parsed.href, target: "_blank", rel: "noopener noreferrer nofollow" }, text || address)
    : h("span", {}, text || address);
}

export const byId = (id) => document.getElementById(id);

export function show(element, visible) {
  element.hidden = !visible;
}
