// Keys: / search, j and k through the articles, Enter reads (it is the link's own), Esc back, ? help.

import { byId } from "./dom.js";

const typing = (element) =>
  element instanceof HTMLElement && (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select") || element.isContentEditable);

/** Listens for keys. `step(by)` goes to another article, `back()` to the list. */
export function listen({ step, back }) {
  const help = byId("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    if (event.key === "Escape") {
      if (typing(document.activeElement)) document.activeElement.blur();
      else back();
      return;
    }
    if (typing(event.target)) return;
    const actions = {
      "/": () => {
        byId("q").focus();
        byId("q").select();
      },
      "?": () => help.showModal(),
      j: () => step(1),
      k: () => step(-1),
    };
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  });
}
