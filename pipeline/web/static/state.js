// What is shown is what the address says: every filter is a parameter, so that an address can be shared.

export const FACETS = ["people", "organizations", "places", "countries", "speakers", "source", "language"];
export const NAMED = ["person", "organization", "place", "speaker"];
export const SINGLE = ["quote", "said", "about", "widely", "published", "area"];
// beside them: q, sort, page, timeline, fold (0: what says the same is not folded)

let changed = () => {};

/** Calls `render` now and whenever the address changes. */
export function follow(render) {
  changed = render;
  addEventListener("popstate", () => render({ moved: true }));
  render({ moved: false });
}

/** The parameters in force. */
export function parameters() {
  return new URLSearchParams(location.search);
}

/** The uri of the article that is shown; null in the list. */
export function articleUri() {
  return location.pathname === "/article" ? parameters().get("uri") : null;
}

/** The parameters of the search alone: what is sent to the server. */
export function searchParameters(from = parameters()) {
  const found = new URLSearchParams(from);
  found.delete("uri");
  return found;
}

/** The address of the list. */
export function listAddress(of) {
  const text = of.toString();
  return text ? `/?${text}` : "/";
}

/** The address of an article, which keeps the search that led there. */
export function articleAddress(uri, search = searchParameters()) {
  const found = new URLSearchParams([["uri", uri], ...search]);
  return `/article?${found}`;
}

/** The search with a parameter set (null: without it), on its first page. */
export function withValue(name, value, from = searchParameters()) {
  const found = new URLSearchParams(from);
  found.delete("page");
  if (value === null || value === "") found.delete(name);
  else found.set(name, value);
  return found;
}

/** The search with one more value of a facet, or without it. */
export function toggled(name, value, from = searchParameters()) {
  const found = new URLSearchParams();
  let had = false;
  for (const [key, each] of from) {
    if (key === "page") continue;
    if (key === name && each === value) had = true;
    else found.append(key, each);
  }
  if (!had) found.append(name, value);
  return found;
}

/** Go to an address of the page. */
export function go(address, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  changed({ moved: false });
}

/** Links within the page change the address without loading it anew; other clicks are the browser's. */
export function catchLinks(root) {
  root.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || link.getAttribute("target")) return;
    const to = new URL(link.getAttribute("href"), location.href);
    if (to.origin !== location.origin || !["/", "/article"].includes(to.pathname) || to.hash) return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
