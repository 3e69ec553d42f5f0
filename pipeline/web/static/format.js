// Numbers, days and names as they are read. Days and times are in UTC, as the filters are.

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" });
const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const regions = new Intl.DisplayNames(["en"], { type: "region", fallback: "code" });
const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

export const number = (value) => value.toLocaleString("en-GB");
export const articles = (count) => `${number(count)} ${count === 1 ? "article" : "articles"}`;

/** A moment: "4 Mar 2025, 10:30"; a date alone has no time. */
export function moment(value) {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  return value.length <= 10 ? day.format(at) : `${day.format(at)}, ${time.format(at)}`;
}

/** A day: "Tue 4 Mar 2025". */
export function wholeDay(value) {
  const at = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? value : `${weekday.format(at)} ${day.format(at)}`;
}

export function briefDay(value, { year = true } = {}) {
  const at = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? value : (year ? day : shortDay).format(at);
}

/** A range of days as the filters have it: "2025-03-04..2025-03-08", "2025-03", "2025-03..". */
export function range(value) {
  const [first, last] = value.includes("..") ? value.split("..") : [value, null];
  const part = (text) =>
    /^\d{4}-\d\d-\d\d$/.test(text) ? briefDay(text) : /^\d{4}-\d\d$/.test(text) ? month.format(new Date(text)) : text;
  if (last === null) return part(first);
  if (!first) return `until ${part(last)}`;
  return last ? `${part(first)} – ${part(last)}` : `since ${part(first)}`;
}

const PARTS = { MO: "morning", MI: "midday", AF: "afternoon", EV: "evening", NI: "night", DT: "daytime" };
const UNITS = { Y: "year", M: "month", W: "week", D: "day", H: "hour" };

/** What a time expression resolved to: its days where it has any, else its TIMEX3 value in words. */
export function resolved(timex) {
  const at = /^(\d{4}-\d\d-\d\d)T(?:(\d\d:\d\d)|(MO|MI|AF|EV|NI|DT))/.exec(timex.value);
  if (at) return `${wholeDay(at[1])}, ${at[2] ?? PARTS[at[3]]}`;
  if (timex.about && /^\d{4}$/.test(timex.value)) return timex.value;
  if (timex.about && /^\d{4}-\d\d$/.test(timex.value)) return range(timex.value);
  if (timex.about) return timex.about.includes("..") ? range(timex.about) : wholeDay(timex.about);
  const length = /^P(?:T(?=.*[HMS]))?(\d+|X)([YMWDH])$/.exec(timex.value);
  if (length) {
    const unit = timex.value[1] === "T" && length[2] === "M" ? "minute" : UNITS[length[2]];
    return length[1] === "X" ? `some ${unit}s` : `${length[1]} ${unit}${length[1] === "1" ? "" : "s"}`;
  }
  return { PRESENT_REF: "now", PAST_REF: "in the past", FUTURE_REF: "in the future" }[timex.value] ?? timex.value;
}

/** A value of a facet as it is read: countries and languages by name. */
export function facetValue(name, value) {
  try {
    if (name === "countries") return regions.of(value);
    if (name === "language") return languages.of(value);
  } catch {
    // no code that the browser knows
  }
  return value;
}
