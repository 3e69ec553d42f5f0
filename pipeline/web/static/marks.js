// The text of an article with what was found in it. Offsets count Unicode code points; JavaScript counts UTF-16 units.

import { h } from "./dom.js";

const ORDER = { quotation: 0, speaker: 1, mention: 2, date: 2 };

/** UTF-16 positions of code point offsets. */
export function positions(text, offsets) {
  const sorted = [...new Set(offsets)].sort((a, b) => a - b);
  const found = new Map();
  if (!/[\ud800-\udbff]/.test(text)) {
    for (const offset of sorted) found.set(offset, Math.min(offset, text.length));
    return found;
  }
  let units = 0;
  let points = 0;
  for (const offset of sorted) {
    while (points < offset && units < text.length) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
      points += 1;
    }
    found.set(offset, units);
  }
  return found;
}

/** Every finding as a span with what it leads to: {start, end, kind, ...} in UTF-16 units. */
export function spans(article) {
  const found = [];
  for (const entity of article.entities) {
    for (const mention of entity.mentions) found.push({ ...mention, kind: "mention", entity });
  }
  for (const date of article.dates) found.push({ ...date, kind: "date", date });
  article.quotations.forEach((quotation, number) => {
    found.push({ ...quotation, kind: "quotation", number, quotation });
    if (quotation.speaker) found.push({ ...quotation.speaker, kind: "speaker", number });
  });
  const at = positions(article.body, found.flatMap((span) => [span.start, span.end]));
  return found
    .map((span) => ({ ...span, start: at.get(span.start), end: at.get(span.end) }))
    .filter((span) => span.start < span.end)
    .sort((a, b) => a.start - b.start || ORDER[a.kind] - ORDER[b.kind] || b.end - a.end);
}

/** The paragraphs of the body: where each begins and ends. Blank lines part them. */
export function paragraphs(body) {
  const found = [];
  let start = 0;
  for (const gap of body.matchAll(/\n[ \t\r]*\n\s*/g)) {
    if (gap.index > start) found.push([start, gap.index]);
    start = gap.index + gap[0].length;
  }
  if (start < body.length) found.push([start, body.length]);
  return found;
}

/** One paragraph as nodes; `element(span, linked)` makes what stands for a span. */
export function marked(body, [from, to], all, element) {
  const inside = all.filter((span) => span.start < to && span.end > from);
  const bounds = new Set([from, to]);
  for (const span of inside) bounds.add(Math.max(span.start, from)).add(Math.min(span.end, to));
  const edges = [...bounds].sort((a, b) => a - b);
  const root = h("p", { dir: "auto" });
  let open = []; // [span, element], the outermost first
  let next = 0;
  let active = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const [start, end] = [edges[index], edges[index + 1]];
    active = active.filter((span) => span.end > start);
    while (next < inside.length && inside[next].start <= start) active.push(inside[next++]);
    const wanted = [...active].sort((a, b) => ORDER[a.kind] - ORDER[b.kind] || a.start - b.start || b.end - a.end);
    let same = 0;
    while (same < open.length && same < wanted.length && open[same][0] === wanted[same]) same += 1;
    open = open.slice(0, same);
    for (const span of wanted.slice(same)) {
      const made = element(span, open.some(([, outer]) => outer.tagName === "A"));
      (open.at(-1)?.[1] ?? root).append(made);
      open.push([span, made]);
    }
    (open.at(-1)?.[1] ?? root).append(body.slice(start, end));
  }
  return root;
}
