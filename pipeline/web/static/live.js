// New articles while somebody reads: asked every few seconds, and only while the page is in view.

import { ask } from "./api.js";
import { searchParameters } from "./state.js";

const EVERY = 3000; // ms

/**
 * Watches for arrivals after a cursor. `onNew(uris)` has all of them so far; `onGone()` says that the article that is
 * read may not be shown any more; `onFailure` and `onAnswer` tell how it is.
 */
export class Live {
  constructor({ onNew, onGone, onFailure, onAnswer }) {
    Object.assign(this, { onNew, onGone, onFailure, onAnswer });
    this.cursor = null;
    this.timer = 0;
    this.turn = 0;
    document.addEventListener("visibilitychange", () => this.plan(0));
  }

  /** From now on, what comes after `cursor` and the search finds; for the article `uri`, whether it is gone. */
  watch(cursor, { uri = null } = {}) {
    this.cursor = cursor;
    this.uri = uri;
    this.plan(EVERY);
  }

  stop() {
    this.cursor = null;
    this.plan(EVERY);
  }

  plan(delay) {
    clearTimeout(this.timer);
    this.turn += 1;
    if (this.cursor === null || document.hidden) return;
    const turn = this.turn;
    this.timer = setTimeout(() => this.look(turn), delay);
  }

  async look(turn) {
    const wanted = this.uri ? new URLSearchParams([["uri", this.uri]]) : searchParameters();
    wanted.delete("page");
    wanted.set("cursor", this.cursor);
    try {
      const { uris, gone, cursor } = await ask("arrivals", wanted);
      if (turn !== this.turn) return;
      if (cursor) this.cursor = cursor; // the server was started anew and numbers from there
      this.onAnswer();
      if (gone) this.onGone();
      else this.onNew(uris);
    } catch (failure) {
      if (turn !== this.turn) return;
      this.onFailure(failure);
    }
    if (turn === this.turn) this.plan(EVERY);
  }
}
