// The page: follows the address, asks, and shows what was answered.

import { ask } from "./api.js";
import * as articleView from "./article.js";
import { byId, h, show } from "./dom.js";
import * as facets from "./facets.js";
import { articles } from "./format.js";
import { fillForms, wireForms } from "./forms.js";
import { listen } from "./keyboard.js";
import { Live } from "./live.js";
import { loginForm } from "./login.js";
import * as map from "./map.js";
import * as results from "./results.js";
import { FACETS, NAMED, SINGLE, articleAddress, articleUri, catchLinks, follow, go, listAddress, searchParameters } from "./state.js";
import * as timeline from "./timeline.js";

const AGAIN = 3000; // ms until a question that was not answered is asked again
const SLOW = 150; // ms after which waiting is shown

const page = { listed: null, whole: false, hits: [], scroll: 0, opened: null, asking: null, again: 0, cursor: null };

const live = new Live({
  onNew: arrived,
  onGone: () => articleUri() && missing("This story may not be shown any more."),
  onAnswer: () => say(null),
  onFailure: (failure) => (failure.kind === "login" ? askForToken() : failure.kind === "away" && say(failure)),
});

/** Shows what the address says. */
async function render({ moved }) {
  clearTimeout(page.again);
  page.asking?.abort();
  page.asking = new AbortController();
  const { signal } = page.asking;
  const uri = articleUri();
  const leaving = !byId("coverage").hidden;
  if (leaving && uri) page.scroll = scrollY;
  fillForms();
  const waiting = setTimeout(() => show(byId("progress"), true), SLOW);
  try {
    if (uri) await showArticle(uri, signal);
    else await showList(signal, { moved });
    if (!signal.aborted) say(null);
  } catch (failure) {
    if (failure.name === "AbortError" || signal.aborted) return;
    failed(failure, uri);
  } finally {
    clearTimeout(waiting);
    if (!signal.aborted) show(byId("progress"), false);
  }
}

async function showList(signal, { moved }) {
  const wanted = searchParameters().toString();
  const same = page.listed === wanted;
  document.title = titleOf();
  const returning = byId("coverage").hidden && same;
  if (returning && page.whole) {
    // back from an article: the list is as it was left
    showOnly("coverage");
    scrollTo(0, page.scroll);
    focusHit(page.opened);
    live.watch(page.cursor);
    return;
  }
  showOnly("coverage");
  byId("results").setAttribute("aria-busy", "true");
  show(byId("nothing"), false);
  byId("chips").replaceChildren(...facets.chips());
  const counting = ask("counts", `${wanted}${wanted ? "&" : ""}map=1`, { signal });
  counting.catch(() => {}); // told below, after the hits
  page.whole = false;
  const { answer, cursor, further } = await ask("search", wanted, { signal });
  if (signal.aborted) return;
  const folding = further ? ask("alike", wanted, { signal }) : null;
  folding?.catch(() => {}); // told below, after the counts
  byId("q-error").textContent = "";
  page.listed = wanted;
  page.hits = answer.hits.map((hit) => hit.uri);
  page.cursor = cursor;
  const number = Number(searchParameters().get("page") ?? 1);
  byId("results").replaceChildren(...results.items(answer));
  byId("results").removeAttribute("aria-busy");
  byId("summary").textContent = results.summary(answer, number);
  byId("pager").replaceChildren(...results.pager(answer, number));
  show(byId("pager"), byId("pager").childElementCount > 0);
  const filters = [...FACETS, ...NAMED, ...SINGLE].some((name) => searchParameters().has(name));
  byId("nothing").replaceChildren(...(answer.hits.length ? [] : results.nothing(filters).filter(Boolean)));
  show(byId("nothing"), !answer.hits.length);
  byId("live").replaceChildren();
  live.watch(cursor);
  if (returning) {
    // it was left before all was there
    scrollTo(0, page.scroll);
    focusHit(page.opened);
  } else if (!moved && !same) scrollTo(0, 0);
  count(await counting);
  if (folding) results.fold(byId("results"), (await folding).alike);
  page.whole = true;
  byId("timeline").dataset.of = location.search; // for whoever waits until everything is shown
}

function count(counts) {
  const had = document.activeElement?.closest?.("[data-facet] a")?.dataset.value;
  byId("facets").replaceChildren(...facets.sections(counts.facets));
  if (had) [...byId("facets").querySelectorAll("a")].find((each) => each.dataset.value === had)?.focus();
  timeline.draw(byId("timeline"), counts.timeline);
  show(byId("timeline"), true);
  map.draw(byId("map"), counts.clusters);
}

async function showArticle(uri, signal) {
  // before the article: a version that comes after it is to be told of
  const before = page.cursor ?? (await ask("arrivals", "", { signal })).cursor;
  const article = await ask("article", new URLSearchParams([["uri", uri]]), { signal });
  if (signal.aborted) return;
  document.title = `${article.headline ?? "Article"} – Newswire`;
  page.opened = uri;
  byId("live").replaceChildren();
  byId("article").replaceChildren(...articleView.view(article, { back: listAddress(searchParameters()) }).filter(Boolean));
  byId("article").dataset.of = location.search; // for whoever waits until it is shown
  showOnly("article");
  scrollTo(0, 0);
  byId("story-title").focus({ preventScroll: true });
  live.watch(before, { uri });
}

function showOnly(name) {
  show(byId("coverage"), name === "coverage");
  show(byId("article"), name === "article");
  show(byId("login"), name === "login");
  show(byId("search"), name !== "login"); // nothing can be asked yet
}

/** What was asked could not be answered. */
function failed(failure, uri) {
  byId("results").removeAttribute("aria-busy");
  if (failure.kind === "login") return askForToken();
  if (failure.kind === "missing") return missing("There is no such article.");
  if (failure.kind === "query") {
    live.stop();
    showOnly("coverage");
    page.listed = null;
    byId("q-error").textContent = failure.hint ? `${failure.message}. ${capital(failure.hint)}.` : failure.message;
    byId("summary").textContent = "";
    byId("results").replaceChildren();
    byId("pager").replaceChildren();
    show(byId("nothing"), false);
    return undefined;
  }
  say(failure);
  if (!uri) showOnly("coverage");
  page.again = setTimeout(() => render({ moved: true }), AGAIN);
  return undefined;
}

/** In the place of an article that cannot be shown. */
function missing(title) {
  live.stop();
  document.title = "Not found – Newswire";
  byId("article").replaceChildren(
    h("p", { class: "back" }, h("a", { href: listAddress(searchParameters()) }, "← Back to the articles")),
    h(
      "div",
      { class: "nothing" },
      h("h1", { id: "story-title", tabindex: "-1", class: "lead" }, title),
      h("p", {}, "It may be killed, withheld or under embargo."),
    ),
  );
  byId("article").dataset.of = location.search;
  page.listed = null; // the list may have it still
  showOnly("article");
  byId("story-title").focus();
}

const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Tells of a server that is away, or that it is back. */
function say(failure) {
  const notice = byId("notice");
  if (!failure) {
    if (!notice.hidden) notice.replaceChildren();
    show(notice, false);
    return;
  }
  const text = `${failure.message} Trying again …`;
  if (notice.textContent !== text) notice.textContent = text;
  show(notice, true);
}

/** New articles: a button rather than a jump. */
function arrived(uris) {
  const uri = articleUri();
  const count = uri ? Number(uris.includes(uri)) : uris.length;
  const holder = uri ? byId("article").querySelector(".back") : byId("live");
  const old = holder?.querySelector("button.arrived");
  if (!count || !holder) return;
  const text = uri ? "A new version has arrived" : `${articles(count).replace(" ", " new or changed ")}`;
  if (old) {
    if (old.textContent !== text) old.textContent = text;
    return;
  }
  const refresh = () => {
    page.listed = null;
    if (uri) {
      render({ moved: false });
      return;
    }
    const found = searchParameters();
    found.delete("page");
    go(listAddress(found), { replace: found.toString() === searchParameters().toString() });
  };
  holder.append(h("button", { type: "button", class: "arrived", on: { click: refresh } }, text));
}

function titleOf() {
  const from = searchParameters();
  const words = [from.get("q"), ...[...NAMED, ...FACETS].flatMap((name) => from.getAll(name)), from.get("about"), from.get("published")];
  return [words.filter(Boolean).join(", "), "Newswire"].filter(Boolean).join(" – ");
}

function hitLinks() {
  return [...byId("results").querySelectorAll("h2 a")];
}

function focusHit(uri) {
  const hit = [...byId("results").children].find((each) => each.dataset.uri === uri);
  hit?.querySelector("h2 a").focus({ preventScroll: true });
}

/** To the next or previous article: its headline in the list, the article itself while one is read. */
function step(by) {
  const uri = articleUri();
  if (uri) {
    const next = page.hits[page.hits.indexOf(uri) + by];
    if (page.hits.includes(uri) && next) go(articleAddress(next), { replace: true });
    return;
  }
  const links = hitLinks();
  const now = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by))];
  next?.focus();
  next?.closest("li").scrollIntoView({ block: "nearest" });
}

function back() {
  if (articleUri()) go(listAddress(searchParameters()));
}

function askForToken() {
  live.stop();
  showOnly("login");
  loginForm(byId("login"), () => {
    page.listed = null;
    showOnly("coverage");
    render({ moved: false });
  });
}

wireForms();
catchLinks(document);
listen({ step, back });
follow(render);
