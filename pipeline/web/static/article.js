// One article: its text with what was found in it marked, and beside it who, where, when and who said what.

import { h, outside } from "./dom.js";
import { facetValue, moment, resolved, wholeDay } from "./format.js";
import { history } from "./history.js";
import { marked, paragraphs, spans } from "./marks.js";
import { meta } from "./results.js";
import { listAddress } from "./state.js";

const FACET = { PERSON: "people", ORGANIZATION: "organizations", LOCATION: "places" };
const GROUPS = [
  ["People", "PERSON"],
  ["Organizations", "ORGANIZATION"],
  ["Places", "LOCATION"],
  ["Nationalities and groups", "NORP"],
  ["Events", "EVENT"],
  ["Other names", "OTHER"],
];

const address = (name, value) => listAddress(new URLSearchParams([[name, value]]));

/** All coverage of an entity. */
function coverageOf(entity) {
  const facet = FACET[entity.type];
  return facet ? address(facet, entity.canonical) : address("q", `"${entity.canonical.replaceAll('"', " ")}"`);
}

/** The nodes of the article view. */
export function view(article, { back }) {
  const found = spans(article);
  const text = h("div", { class: "body", lang: article.language, data: { marks: "names dates quotations" } });
  for (const each of paragraphs(article.body)) text.append(marked(article.body, each, found, element));
  const place = article.dateline?.place ?? article.located;
  const title = article.headline || `${article.body.trim().slice(0, 80)} …`;
  return [
    h("p", { class: "back" }, h("a", { href: back, id: "back" }, "← Back to the articles")),
    h(
      "article",
      { class: "story", "aria-labelledby": "story-title" },
      h(
        "header",
        {},
        h("p", { class: "meta" }, meta({ ...article, dateline: { place }, by: null })),
        h("h1", { id: "story-title", tabindex: "-1", dir: "auto", lang: article.language }, title),
        article.description && h("p", { class: "description", dir: "auto", lang: article.language }, article.description),
        article.by && h("p", { class: "byline", dir: "auto" }, article.by),
        article.edNote && h("p", { class: "note" }, h("b", {}, "Editor’s note "), h("span", { dir: "auto" }, article.edNote)),
      ),
      switches(text),
      text,
      details(article),
      history(article.uri),
    ),
    h("aside", { class: "margin", "aria-label": "Found in this article" }, quotations(article, text), dates(article, text), entities(article, text)),
  ];
}

/** What stands for a span in the text; `linked`: inside of a link, where another cannot be. */
function element(span, linked) {
  const link = (properties) => h(linked ? "span" : "a", linked ? { ...properties, href: null } : properties);
  if (span.kind === "mention") {
    const { canonical, id, type } = span.entity;
    const other = span.text === canonical ? "" : `${canonical}: `;
    const note = `${other}${span.misspelling ? "misspelt here; " : ""}all coverage`;
    return link({
      class: `mark name ${type.toLowerCase()}`,
      href: coverageOf(span.entity),
      "aria-description": note,
      data: { note, entity: id },
    });
  }
  if (span.kind === "date") {
    const note = resolved(span.date);
    const properties = { class: "mark date", "aria-description": note, data: { note, value: span.date.value } };
    if (!span.date.about) return h("span", properties);
    return link({ ...properties, href: address("about", span.date.about) });
  }
  if (span.kind === "speaker") return h("span", { class: "speaker", data: { said: String(span.number) } });
  const speaker = span.quotation.speaker;
  return h("span", {
    class: `quotation ${span.quotation.direct ? "direct" : "indirect"}`,
    data: { quotation: String(span.number), speaker: speaker?.canonical ?? speaker?.text ?? "" },
  });
}

/** Which marks are shown. */
function switches(text) {
  const option = (name, label) =>
    h(
      "label",
      {},
      h("input", {
        type: "checkbox",
        checked: true,
        on: {
          change: (event) => {
            const on = new Set(text.dataset.marks.split(" "));
            if (event.currentTarget.checked) on.add(name);
            else on.delete(name);
            text.dataset.marks = [...on].join(" ");
          },
        },
      }),
      h("span", { class: `sample ${name}` }, label),
    );
  return h(
    "fieldset",
    { class: "marks" },
    h("legend", { class: "unseen" }, "What is marked in the text"),
    option("names", "Names"),
    option("dates", "Dates"),
    option("quotations", "Quotations"),
  );
}

/** While a note is pointed at or has the focus, its places in the text stand out; its button leads to the first. */
function note(text, selector, title, ...children) {
  const places = () => [...text.querySelectorAll(selector)];
  const light = (on) => places().forEach((each) => each.classList.toggle("lit", on));
  const jump = h(
    "button",
    {
      type: "button",
      class: "jump",
      "aria-label": `${title}: show it in the text`,
      on: {
        click: () => {
          const first = places()[0];
          const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
          first?.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
          light(true);
          setTimeout(() => light(false), 2500);
        },
      },
    },
    "¶",
  );
  return h(
    "li",
    { on: { mouseenter: () => light(true), mouseleave: () => light(false), focusin: () => light(true), focusout: () => light(false) } },
    h("div", { class: "what" }, children),
    jump,
  );
}

const group = (title, items) => (items.length ? h("section", {}, h("h2", {}, title), h("ul", {}, items)) : null);

function entities(article, text) {
  return GROUPS.map(([title, type]) => {
    const ones = article.entities.filter((entity) => entity.type === type);
    return group(
      title,
      ones.map((entity) => {
        const place = article.places.find((each) => each.entity === entity.id);
        const names = [...new Set(entity.mentions.map((mention) => mention.text))].filter((name) => name !== entity.canonical);
        const also = [place?.country && facetValue("countries", place.country), ...names.slice(0, 4)].filter((each) => each && each !== entity.canonical);
        return note(
          text,
          `[data-entity="${CSS.escape(entity.id)}"]`,
          entity.canonical,
          h("a", { class: `name ${type.toLowerCase()}`, href: coverageOf(entity), dir: "auto" }, entity.canonical),
          also.length ? h("small", { dir: "auto" }, also.join(", ")) : null,
        );
      }),
    );
  });
}

function dates(article, text) {
  const seen = new Map();
  for (const date of article.dates) seen.set(`${date.text}\n${date.value}`, date);
  return group(
    "Dates",
    [...seen.values()].map((date) =>
      note(
        text,
        `[data-value="${CSS.escape(date.value)}"]`,
        date.text,
        date.about ? h("a", { class: "date", href: address("about", date.about) }, resolved(date)) : h("span", {}, resolved(date)),
        h("small", { dir: "auto" }, date.text),
      ),
    ),
  );
}

function quotations(article, text) {
  return group(
    "Who said what",
    article.quotations.map((quotation, number) => {
      const speaker = quotation.speaker;
      const who = speaker?.canonical ?? speaker?.text;
      return note(
        text,
        `[data-quotation="${number}"], [data-said="${number}"]`,
        who ?? "Somebody",
        speaker?.canonical
          ? h("a", { class: "name", href: address("speakers", who), dir: "auto" }, who)
          : h("span", { dir: "auto" }, who ?? "Somebody"),
        quotation.said ? h("small", {}, wholeDay(quotation.said)) : null,
        h("p", { class: quotation.direct ? "said" : "said indirect", dir: "auto" }, quotation.text),
      );
    }),
  );
}

function details(article) {
  const concepts = [...article.subjects, ...article.genres].map((each) => each.name).filter(Boolean);
  const rows = [
    ["Published", `${moment(article.versionCreated)} UTC`],
    ["First published", article.firstCreated && article.firstCreated !== article.versionCreated && `${moment(article.firstCreated)} UTC`],
    ["Version", article.version],
    ["Dateline", article.dateline?.text],
    ["Slug", article.slugline],
    ["Subjects", concepts.join("; ")],
    ["Keywords", article.keywords.join("; ")],
    ["Language", article.language && facetValue("language", article.language)],
    ["Rights", [article.copyrightHolder, article.copyrightNotice].filter(Boolean).join(". ")],
    ["Usage", article.usageTerms],
    ["Id", article.uri],
  ].filter(([, value]) => value);
  const links = article.links.filter((link) => link.href);
  return h(
    "footer",
    { class: "details" },
    h("dl", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", { dir: "auto" }, value)])),
    links.length ? h("ul", { class: "links", "aria-label": "Links of the agency" }, links.map((link) => h("li", {}, outside(link.href, link.title)))) : null,
  );
}
