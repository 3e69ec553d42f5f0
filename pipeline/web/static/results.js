// The list of articles found, and the passages in which they matched.

import { h } from "./dom.js";
import { articles, moment, number, resolved, wholeDay } from "./format.js";
import { articleAddress, listAddress, searchParameters } from "./state.js";

const PAGE = 20;
const REACHED = 10000;

/** The items of the list. */
export function items(answer) {
  return answer.hits.map((hit) => h("li", { class: "hit", data: { uri: hit.uri } }, item(hit)));
}

function item(hit) {
  const named = hit.headline.some((segment) => segment.text.trim());
  const title = named ? passage(hit.headline) : [`${hit.beginning || "(no text)"} …`];
  const passages = hit.passages.filter((each) => named || each.some((segment) => segment.matched));
  return h(
    "article",
    { lang: hit.language },
    h("p", { class: "meta", lang: "en" }, meta(hit)),
    h("h2", { dir: "auto" }, h("a", { href: articleAddress(hit.uri) }, title)),
    passages.map((each) => h("p", { class: "passage", dir: "auto" }, passage(each))),
    found(hit),
    alike(hit.alike),
  );
}

/** Adds what says the same, as it was found further down, to the items of the list: by their uris. */
export function fold(list, found) {
  for (const one of list.children) {
    const had = one.querySelector(".alike");
    if (!Object.hasOwn(found, one.dataset.uri)) continue;
    const made = alike(found[one.dataset.uri]);
    if (!had) {
      one.firstElementChild.append(made);
    } else if (had.querySelectorAll("li").length < found[one.dataset.uri].length) {
      const focused = had.firstElementChild === document.activeElement;
      made.open = had.open;
      had.replaceWith(made);
      if (focused) made.firstElementChild.focus({ preventScroll: true });
    }
  }
}

/** What says the same: folded away until asked for. */
function alike(others) {
  if (!others.length) return null;
  const one = (other) =>
    h(
      "li",
      {},
      h("a", { href: articleAddress(other.uri), dir: "auto" }, other.headline || "(no headline)"),
      h("small", {}, [other.source, moment(other.versionCreated)].filter(Boolean).join(", ")),
    );
  const words = `${number(others.length)} more ${others.length === 1 ? "article says" : "articles say"} the same`;
  return h("details", { class: "alike", lang: "en" }, h("summary", {}, words), h("ul", {}, others.map(one)));
}

/** Time, agency, place and what the agency says of the article. */
export function meta(hit) {
  const place = hit.dateline?.place ?? hit.located;
  return [
    h("time", { datetime: hit.versionCreated }, moment(hit.versionCreated)),
    hit.source && h("span", { class: "source", dir: "auto" }, hit.source),
    place && h("span", { dir: "auto" }, place),
    hit.by && h("span", { dir: "auto" }, hit.by),
    hit.signals.map((signal) => h("span", { class: "signal" }, signal)),
  ];
}

function found(hit) {
  const dates = hit.dates.slice(0, 4).map((date) =>
    h("li", {}, "speaks of ", h("mark", { dir: "auto" }, date.text), ` = ${resolved({ ...date, about: days(date) })}`),
  );
  const said = hit.quotations.slice(0, 3).map((quotation) =>
    h(
      "li",
      {},
      h("b", { dir: "auto" }, quotation.speaker ?? "somebody"),
      quotation.said ? ` on ${wholeDay(quotation.said)}: ` : ": ",
      h("q", { class: "bare", dir: "auto" }, quotation.text),
    ),
  );
  return dates.length + said.length ? h("ul", { class: "found", lang: "en" }, dates, said) : null;
}

function days(date) {
  if (!date.interval) return null;
  const first = date.interval.gte.slice(0, 10);
  const end = new Date(`${date.interval.lt.slice(0, 10)}T00:00:00Z`);
  const midnight = date.interval.lt.length === 10 || date.interval.lt.slice(11, 16) === "00:00";
  const last = midnight ? new Date(end.getTime() - 86400000) : end;
  const text = last.toISOString().slice(0, 10);
  return text <= first ? first : `${first}..${text}`;
}

function passage(segments) {
  return segments.map((segment) => (segment.matched ? h("mark", {}, segment.text) : segment.text));
}

/** "1,234 articles, page 3", said aloud when it changes. */
export function summary(answer, page) {
  if (!answer.total) return "No articles";
  const total = answer.total_exact ? articles(answer.total) : `more than ${articles(answer.total)}`;
  const where = page > 1 ? `, page ${number(page)}` : "";
  return `${total}${where}${answer.complete ? "" : ", though not everything was searched: the time ran out"}`;
}

/** Links to the pages before and after. */
export function pager(answer, page) {
  // how many pages there are is not known, since what says the same is folded
  const more = answer.hits.length === PAGE && page * PAGE < Math.min(answer.total, REACHED);
  const to = (number, text, rel) => {
    const found = searchParameters();
    if (number === 1) found.delete("page");
    else found.set("page", number);
    return h("a", { href: listAddress(found), rel }, text);
  };
  if (!more && page === 1) return [];
  return [
    page > 1 ? to(page - 1, "← Previous", "prev") : h("span", {}),
    h("span", {}, `Page ${number(page)}`),
    more ? to(page + 1, "Next →", "next") : h("span", {}),
  ];
}

/** What to do where nothing was found. */
export function nothing(filters) {
  const query = searchParameters().get("q");
  const alone = new URLSearchParams(query ? [["q", query]] : []);
  return [
    h("p", { class: "lead" }, "Nothing was found."),
    filters
      ? h("p", {}, "No article has all of these filters. ", h("a", { href: listAddress(alone) }, "Take the filters away"))
      : query
        ? h("p", {}, "All words must occur. Fewer words find more; OR between words finds either.")
        : h("p", {}, "There are no articles yet. They appear here as soon as they are indexed."),
    query || filters ? h("p", {}, h("a", { href: "/" }, "All coverage")) : null,
  ];
}
