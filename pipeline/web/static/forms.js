// The search box, Refine, the order of the list and the folds of a narrow window: they change the address, no more.

import { byId, show } from "./dom.js";
import { go, listAddress, searchParameters, withValue } from "./state.js";

const wide = matchMedia("(min-width: 64rem)");

/** Shows in the forms what the address says. */
export function fillForms() {
  const from = searchParameters();
  byId("q").value = from.get("q") ?? "";
  byId("sort").value = from.get("sort") ?? "";
  byId("fold").checked = from.get("fold") !== "0";
  for (const field of byId("refine").elements) {
    if (field.type === "checkbox") field.checked = from.get(field.name) === "1";
    else if (field.name) field.value = from.get(field.name) ?? "";
  }
}

/** The forms change the address; the rest follows. */
export function wireForms() {
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const found = searchParameters();
    found.delete("page");
    const words = byId("q").value.trim();
    if (words) found.set("q", words);
    else found.delete("q");
    go(listAddress(found));
  });
  byId("refine").addEventListener("submit", (event) => {
    event.preventDefault();
    const found = searchParameters();
    found.delete("page");
    for (const field of event.currentTarget.elements) {
      if (!field.name) continue;
      const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
      if (value) found.set(field.name, value);
      else found.delete(field.name);
    }
    go(listAddress(found));
  });
  byId("refine-toggle").addEventListener("click", (event) => {
    const open = byId("refine").hidden;
    show(byId("refine"), open);
    event.currentTarget.setAttribute("aria-expanded", String(open));
    if (open) byId("refine").elements[0].focus();
  });
  byId("sort").addEventListener("change", (event) => {
    const found = searchParameters();
    found.delete("page");
    if (event.currentTarget.value) found.set("sort", event.currentTarget.value);
    else found.delete("sort");
    go(listAddress(found));
  });
  byId("fold").addEventListener("change", (event) => go(listAddress(withValue("fold", event.currentTarget.checked ? null : "0"))));
  const fold = () => ["facets-fold", "map-fold"].forEach((id) => (byId(id).open = wide.matches));
  wide.addEventListener("change", fold);
  fold();
}
