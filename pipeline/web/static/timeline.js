// The timeline: articles by day, week, month or year. Drag over it, or move its two handles by the arrow keys.

import { h, s } from "./dom.js";
import { articles, briefDay, range, wholeDay } from "./format.js";
import { go, listAddress, searchParameters, withValue } from "./state.js";

const WIDTH = 1000;
const HEIGHT = 100;
const SETTLE = 700; // ms after the last key until the list follows
const DAY = 86400000;
const LABELS = { published: "Published", about: "Spoken of" };

const asDate = (text) => new Date(`${text}T00:00:00Z`);
const asText = (date) => date.toISOString().slice(0, 10);

/** The first days of all bars of a span, those without articles as well, and the day after the last. */
export function edges(span) {
  const found = [];
  const end = asDate(span.lt);
  for (let at = asDate(span.gte); at < end; ) {
    found.push(asText(at));
    const next = new Date(at);
    if (span.interval === "month") next.setUTCMonth(at.getUTCMonth() + 1);
    else if (span.interval === "year") next.setUTCFullYear(at.getUTCFullYear() + 1);
    else next.setUTCDate(at.getUTCDate() + (span.interval === "week" ? 7 : 1));
    at = next;
    if (at >= end) found.push(asText(span.interval === "day" ? end : at));
  }
  return found;
}

/** The bars from `first` to `last` (both included) that a filter covers; null where it covers none. */
export function covered(days, filter) {
  if (!filter) return null;
  const [from, to] = filter.includes("..") ? filter.split("..") : [filter, filter];
  const end = to ? (to.length === 10 ? to : `${to}-99`) : "9999";
  const first = days.slice(0, -1).findIndex((_, index) => days[index + 1] > from);
  let last = -1;
  days.slice(0, -1).forEach((day, index) => {
    if (day <= end) last = index;
  });
  return first === -1 || last < first ? null : [first, last];
}

/** Draws the timeline into its section. */
export function draw(root, timeline) {
  const by = timeline?.by ?? (searchParameters().get("timeline") === "about" ? "about" : "published");
  const head = h("div", { class: "head" }, choice(by), h("p", { class: "hint" }));
  if (!timeline) {
    root.replaceChildren(head);
    return;
  }
  const days = edges(timeline.span);
  const counts = new Array(days.length - 1).fill(0);
  for (const bar of timeline.bars) {
    const index = days.findLastIndex((day) => day <= bar.day);
    if (index >= 0 && index < counts.length) counts[index] += bar.count;
  }
  const focused = document.activeElement?.dataset?.handle;
  new Brush(root, head, { by, days, counts, interval: timeline.span.interval }).draw(focused);
}

function choice(by) {
  const option = (name) =>
    h(
      "label",
      {},
      h("input", {
        type: "radio",
        name: "timeline",
        value: name,
        checked: name === by,
        on: { change: () => go(listAddress(kept(withValue("timeline", name === "about" ? name : null)))) },
      }),
      h("span", {}, LABELS[name]),
    );
  return h("fieldset", { class: "switch" }, h("legend", { class: "unseen" }, "Days to count by"), option("published"), option("about"));
}

/** Another look at the same list: its page stays. */
function kept(found) {
  const page = searchParameters().get("page");
  if (page) found.set("page", page);
  return found;
}

class Brush {
  constructor(root, head, { by, days, counts, interval }) {
    Object.assign(this, { root, head, by, days, counts, interval });
    this.chosen = covered(days, searchParameters().get(by));
    this.timer = 0;
  }

  draw(focused) {
    const most = Math.max(1, ...this.counts);
    const width = WIDTH / this.counts.length;
    this.bars = this.counts.map((count, index) => {
      const height = count ? Math.max(3, (count / most) * (HEIGHT - 6)) : 0;
      const gap = Math.min(width * 0.18, 4);
      return s("rect", { x: index * width + gap / 2, y: HEIGHT - height, width: width - gap, height, class: "bar" });
    });
    this.band = s("rect", { y: 0, height: HEIGHT, class: "band" });
    const plot = s(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": this.words() },
      this.band,
      this.bars,
    );
    this.handles = ["first", "last"].map((name, side) => this.handle(name, side));
    this.plot = h("div", { class: "plot" }, plot, this.handles);
    this.plot.addEventListener("pointerdown", (event) => this.drag(event));
    this.plot.addEventListener("pointermove", (event) => this.point(event));
    this.plot.addEventListener("pointerleave", () => this.tell());
    this.root.replaceChildren(this.head, this.plot, this.axis());
    this.update();
    if (focused) this.handles[focused === "last" ? 1 : 0].focus();
  }

  words() {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    const best = this.counts.indexOf(Math.max(...this.counts));
    return total ? `Bars from ${briefDay(this.days[0])} on; the most on ${this.named(best)}: ${articles(this.counts[best])}` : "No articles";
  }

  handle(name, side) {
    return h("div", {
      class: `handle ${name}`,
      role: "slider",
      tabindex: "0",
      "aria-label": `${LABELS[this.by]}: ${name} ${this.interval}`,
      "aria-valuemin": "0",
      "aria-valuemax": String(this.counts.length - 1),
      data: { handle: name },
      on: { keydown: (event) => this.key(event, side), blur: () => this.timer && this.settle() },
    });
  }

  axis() {
    const last = this.counts.length - 1;
    const ticks = last < 1 ? [0] : last < 4 ? [0, last] : [0, Math.round(last / 2), last];
    const place = (index) => (index === 0 ? "start" : index === last ? "end" : "middle");
    return h("div", { class: "axis", "aria-hidden": "true" }, ticks.map((index) => h("span", { class: place(index) }, briefDay(this.days[index]))));
  }

  /** Bars, band and handles as chosen. */
  update() {
    const [first, last] = this.chosen ?? [0, this.counts.length - 1];
    const share = (index) => (index / this.counts.length) * 100;
    this.band.setAttribute("x", (first * WIDTH) / this.counts.length);
    this.band.setAttribute("width", ((last - first + 1) * WIDTH) / this.counts.length);
    this.band.classList.toggle("on", this.chosen !== null);
    this.bars.forEach((bar, index) => bar.classList.toggle("out", this.chosen !== null && (index < first || index > last)));
    [first, last].forEach((index, side) => {
      this.handles[side].style.left = `${share(index + side)}%`;
      this.handles[side].setAttribute("aria-valuenow", String(index));
      this.handles[side].setAttribute("aria-valuetext", this.named(index));
      this.handles[side].classList.toggle("on", this.chosen !== null);
    });
    this.tell();
  }

  named(index) {
    const day = this.days[index];
    if (this.interval === "day") return wholeDay(day);
    return this.interval === "year" ? day.slice(0, 4) : `${briefDay(day)} – ${briefDay(this.end(index))}`;
  }

  /** The last day of a bar. */
  end(index) {
    return asText(new Date(asDate(this.days[index + 1]).getTime() - DAY));
  }

  /** The chosen days as a filter. */
  value() {
    const [first, last] = [this.days[this.chosen[0]], this.end(this.chosen[1])];
    return first === last ? first : `${first}..${last}`;
  }

  tell(index = null) {
    const hint = this.head.querySelector(".hint");
    if (index !== null) hint.textContent = `${this.named(index)}: ${articles(this.counts[index])}`;
    else if (this.chosen) hint.textContent = range(this.value());
    else hint.textContent = "Drag over days to choose them";
  }

  at(event) {
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.max(0, Math.min(this.counts.length - 1, Math.floor(share * this.counts.length)));
  }

  point(event) {
    if (!this.dragging) this.tell(this.at(event));
  }

  drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const from = this.at(event);
    const before = this.chosen;
    this.dragging = true;
    this.plot.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const to = this.at(moved);
      this.chosen = [Math.min(from, to), Math.max(from, to)];
      this.update();
    };
    const end = (ended) => {
      this.dragging = false;
      this.plot.removeEventListener("pointermove", move);
      this.plot.removeEventListener("pointerup", end);
      this.plot.removeEventListener("pointercancel", end);
      if (ended.type === "pointercancel") {
        this.chosen = before;
        this.update();
      } else this.settle();
    };
    this.plot.addEventListener("pointermove", move);
    this.plot.addEventListener("pointerup", end);
    this.plot.addEventListener("pointercancel", end);
    move(event);
  }

  key(event, side) {
    const far = Math.max(1, Math.round(this.counts.length / 10));
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -far, PageUp: far };
    const ends = { Home: 0, End: this.counts.length - 1 };
    if (event.key === "Enter") return this.settle();
    if (event.key === "Delete" || event.key === "Backspace") {
      this.chosen = null;
      return this.settle();
    }
    if (!(event.key in steps) && !(event.key in ends)) return undefined;
    event.preventDefault();
    const now = this.chosen ?? [0, this.counts.length - 1];
    const wanted = event.key in ends ? ends[event.key] : now[side] + steps[event.key];
    const moved = [...now];
    moved[side] = side ? Math.min(Math.max(wanted, now[0]), this.counts.length - 1) : Math.max(Math.min(wanted, now[1]), 0);
    this.chosen = moved;
    this.update();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), SETTLE);
    return undefined;
  }

  /** Let the list follow. */
  settle() {
    clearTimeout(this.timer);
    this.timer = 0;
    const value = this.chosen && this.value();
    if (value !== searchParameters().get(this.by)) go(listAddress(withValue(this.by, value)));
  }
}
