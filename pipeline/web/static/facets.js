// Facets with counts, each value a link that adds or takes away a filter; and the chips of the filters in force.

import { h } from "./dom.js";
import { articles, facetValue, number, range } from "./format.js";
import { FACETS, NAMED, SINGLE, listAddress, searchParameters, toggled, withValue } from "./state.js";

const TITLES = {
  people: "People",
  organizations: "Organizations",
  places: "Places",
  countries: "Countries",
  speakers: "Speakers",
  source: "Sources",
  language: "Languages",
};
const CHIPS = {
  people: "Person",
  organizations: "Organization",
  places: "Place",
  countries: "Country",
  speakers: "Speaker",
  source: "Source",
  language: "Language",
  person: "Person named",
  organization: "Organization named",
  place: "Place named",
  speaker: "Said by",
  quote: "Words said",
  said: "Said on",
  about: "Speaks of",
  published: "Published",
  area: "Map",
  widely: "Also longer times",
};
const SHOWN = 6;
const opened = new Set();

/** The sections of all facets that have values. */
export function sections(facets) {
  const chosen = searchParameters();
  return FACETS.filter((name) => facets[name]?.length || chosen.has(name)).map((name) =>
    section(name, facets[name] ?? [], chosen.getAll(name)),
  );
}

function section(name, values, chosen) {
  const missing = chosen.filter((value) => !values.some((each) => each.value === value));
  const all = [...missing.map((value) => ({ value, count: null })), ...values];
  const open = opened.has(name);
  const rest = all.length - SHOWN;
  const list = h(
    "ul",
    { id: `facet-${name}` },
    all.map((each, index) => value(name, each, chosen.includes(each.value), index >= SHOWN && !open)),
  );
  return h(
    "section",
    { data: { facet: name }, "aria-labelledby": `facet-title-${name}` },
    h("h2", { id: `facet-title-${name}` }, TITLES[name]),
    list,
    rest > 0 ? more(name, list, rest, open) : null,
  );
}

function value(name, { value: text, count }, chosen, folded) {
  const label = facetValue(name, text);
  return h(
    "li",
    { hidden: folded },
    h(
      "a",
      {
        href: listAddress(toggled(name, text)),
        class: chosen ? "chosen" : null,
        "aria-current": chosen ? "true" : null,
        "aria-label": `${label}${count === null ? "" : `, ${articles(count)}`}${chosen ? ", take this filter away" : ""}`,
        data: { value: text },
      },
      h("span", { class: "name", dir: "auto" }, label),
      count === null ? null : h("span", { class: "count" }, number(count)),
    ),
  );
}

function more(name, list, rest, open) {
  const label = (isOpen) => (isOpen ? "Fewer" : `${rest} more`);
  return h(
    "button",
    {
      type: "button",
      class: "more",
      "aria-expanded": String(open),
      "aria-controls": `facet-${name}`,
      on: {
        click: (event) => {
          const isOpen = !opened.has(name);
          if (isOpen) opened.add(name);
          else opened.delete(name);
          [...list.children].forEach((child, index) => (child.hidden = index >= SHOWN && !isOpen));
          event.currentTarget.setAttribute("aria-expanded", String(isOpen));
          event.currentTarget.textContent = label(isOpen);
        },
      },
    },
    label(open),
  );
}

/** A chip for each filter in force; its link takes it away. */
export function chips() {
  const from = searchParameters();
  const made = [];
  for (const name of [...NAMED, ...FACETS]) {
    for (const each of from.getAll(name)) made.push(chip(name, facetValue(name, each), toggled(name, each)));
  }
  for (const name of SINGLE) {
    const each = from.get(name);
    if (!each) continue;
    const shown = { area: () => "chosen area", widely: () => "" }[name]?.() ?? (name === "quote" ? each : range(each));
    made.push(chip(name, shown, withValue(name, null)));
  }
  if (made.length > 1) {
    const query = from.get("q");
    const kept = new URLSearchParams(query ? [["q", query]] : []);
    made.push(h("li", {}, h("a", { class: "clear", href: listAddress(kept) }, "Clear all")));
  }
  return made;
}

function chip(name, text, without) {
  return h(
    "li",
    {},
    h(
      "a",
      { class: "chip", href: listAddress(without), "aria-label": `Take away: ${CHIPS[name]} ${text}`, data: { filter: name } },
      h("span", { class: "kind" }, CHIPS[name]),
      text && h("span", { dir: "auto" }, text),
      h("span", { class: "cross", "aria-hidden": "true" }, "×"),
    ),
  );
}
