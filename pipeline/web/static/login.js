// The question for the token, where the server asks for one.

import { login } from "./api.js";
import { h } from "./dom.js";

/** Asks in `root`; `done` is called when the token was right. */
export function loginForm(root, done) {
  const field = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const wrong = h("p", { role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    try {
      await login(field.value);
    } catch (failure) {
      wrong.textContent = failure.message;
      field.select();
      return;
    }
    root.replaceChildren();
    done();
  };
  root.replaceChildren(
    h(
      "form",
      { on: { submit: send } },
      h("h1", {}, "This page asks for a token"),
      // for programs that keep passwords: they ask for whom
      h("input", { type: "text", autocomplete: "username", value: "newswire", hidden: true, readonly: true }),
      h("label", { for: "token" }, "Token"),
      field,
      h("button", { class: "go" }, "Log in"),
      wrong,
    ),
  );
  field.focus();
}
