// The versions of an article, the last first, and what each one changed; asked for when somebody wants to see them.

import { ask } from "./api.js";
import { h } from "./dom.js";
import { moment } from "./format.js";

/** A fold that asks for the versions when it is first opened. */
export function history(uri) {
  const holder = h("div", { "aria-live": "polite" });
  let asked = false;
  const open = async (event) => {
    if (!event.currentTarget.open || asked) return;
    asked = true;
    holder.replaceChildren(h("p", { class: "hint" }, "Reading the versions …"));
    try {
      const { versions } = await ask("versions", new URLSearchParams([["uri", uri]]));
      holder.replaceChildren(list(versions));
    } catch (failure) {
      asked = false; // opened again, it asks again
      holder.replaceChildren(h("p", { class: "hint" }, `${failure.message} The versions cannot be shown now.`));
    }
  };
  return h("details", { class: "history", on: { toggle: open } }, h("summary", {}, "History of versions"), holder);
}

function list(versions) {
  return h("ol", { reversed: true }, [...versions].reverse().map(version));
}

function version(each) {
  const changed = each.headlineChanges.length + each.bodyChanges.length > 0;
  return h(
    "li",
    {},
    h(
      "p",
      { class: "meta" },
      h("time", { datetime: each.versionCreated }, moment(each.versionCreated)),
      each.version && h("span", {}, `version ${each.version}`),
      each.signals.map((signal) => h("span", { class: "signal" }, signal)),
      each.current && h("b", {}, "shown above"),
    ),
    h("p", { class: "title", dir: "auto" }, each.headlineChanges.length ? parts(each.headlineChanges) : (each.headline ?? "")),
    each.edNote && h("p", { class: "hint", dir: "auto" }, each.edNote),
    each.bodyChanges.length ? h("p", { class: "changes", dir: "auto" }, parts(each.bodyChanges)) : null,
    each.compared ? null : h("p", { class: "hint" }, "Only the beginning of the text was compared."),
    changed || !each.current ? null : h("p", { class: "hint" }, "Its words are those of the version before it, or there is none."),
  );
}

function parts(changes) {
  return changes.map(({ kind, text }) => {
    if (kind === "left out") return " … ";
    const tag = { removed: "del", added: "ins", same: "span" }[kind];
    return [h(tag, {}, text), " "];
  });
}
