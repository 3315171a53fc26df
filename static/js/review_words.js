// The summary and notes, saved while they are typed. The server keeps them; this browser does only
// while the server can't be reached. What was written elsewhere meanwhile is never overwritten.
import { forgetWords, keepWords, keptWords, tidyWords } from "./kept_words.js";

const root = document.getElementById("review");
const { here, member } = root.dataset;
const PAUSE = 400; // after the last letter
const LONGEST = 2_000; // of uninterrupted typing
const AGAIN = [2_000, 5_000, 10_000, 30_000];

const all = new Set();
const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];

export function post(action, fields = {}) {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRFToken": token() };
  return fetch(`${here}${action}/`, { method: "POST", body, headers, keepalive: true });
}

export class Words {
  // `place` names them in this browser, `fields(text, was)` is what the server is sent.
  constructor({ field, place, action, state, was, fields, extra = () => ({}), onSaved = () => {} }) {
    Object.assign(this, { field, place, action, state, was, fields, extra, onSaved });
    this.tries = 0;
    field.addEventListener("input", () => this.typed());
    field.addEventListener("blur", () => this.save());
    all.add(this);
  }

  get unsaved() {
    return !this.over && this.field.value.trim() !== this.was.trim();
  }

  typed() {
    this.since ??= Date.now();
    clearTimeout(this.timer);
    if (this.conflict) return;
    const rest = this.since + LONGEST - Date.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, rest)));
  }

  save() {
    clearTimeout(this.timer);
    this.since = null;
    if (!this.unsaved || this.conflict || this.held) return Promise.resolve();
    this.sending ??= this.send(this.field.value).finally(() => {
      this.sending = null;
      if (this.unsaved && !this.tries) this.typed();
    });
    return this.sending;
  }

  async send(text) {
    let answer;
    try {
      answer = await post(this.action, this.fields(text, this.was));
    } catch {
      return this.failed();
    }
    if (answer.redirected) return this.signedOut(answer.url);
    if (answer.ok) return this.saved(text);
    if (answer.status === 409 || answer.status === 422) return this.refused(await answer.json());
    return this.failed();
  }

  saved(text) {
    this.was = text;
    this.tries = 0;
    forgetWords(member, this.place);
    this.say(interpolate(gettext("Saved %(time)s"), { time: clock() }, true));
    this.onSaved(text);
  }

  keepHere() {
    return keepWords(member, this.place, { text: this.field.value, was: this.was, ...this.extra() });
  }

  failed() {
    this.keepHere();
    if (!this.tries) announce(gettext("Not saved, trying again."));
    this.say(gettext("Not saved, trying again"), true);
    const wait = AGAIN[Math.min(this.tries, AGAIN.length - 1)];
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  signedOut(address) {
    const kept = this.keepHere();
    this.tries += 1;
    this.say(gettext("Not saved: you’re signed out"), true);
    const signIn = new URL(address);
    signIn.searchParams.set("next", location.pathname);
    const detail = {
      text: kept
        ? gettext("You’re signed out. What you typed is kept in this browser until you sign in again.")
        : gettext("You’re signed out and this wasn’t saved. Copy what you typed before you sign in."),
      kind: "error",
      link: { href: signIn.href, text: gettext("Sign in") },
      once: "signed-out",
    };
    document.dispatchEvent(new CustomEvent("heard:say", { detail }));
  }

  refused({ message, code, now }) {
    this.say(interpolate(gettext("Not saved. %(reason)s"), { reason: message }, true), true);
    if (code === "other_words") this.ask(now);
  }

  // Two texts where there can be one: both are shown, and a person decides.
  ask(other) {
    this.conflict = choice(other, (mine) => {
      this.conflict.remove();
      this.conflict = null;
      this.was = other;
      if (!mine) this.field.value = other;
      this.field.focus();
      if (mine) this.save();
      else this.saved(other);
    });
    this.field.after(this.conflict);
  }

  // What another tab has saved shows here, unless something is being written here as well.
  follow(text) {
    if (this.unsaved) return;
    this.was = text;
    this.field.value = text;
  }

  // What this browser kept while the server could not be reached.
  restore({ text, was }) {
    if (text.trim() === this.field.value.trim()) return forgetWords(member, this.place);
    const now = this.was;
    this.field.value = text;
    this.say(gettext("This wasn’t saved yet. Saving now"));
    if (now.trim() === was.trim()) this.save();
    else this.ask(now);
  }

  // While the whole is being sent another way, nothing of it may follow: it would be there twice.
  hold() {
    this.held = true;
    clearTimeout(this.timer);
  }

  release() {
    this.held = false;
    if (this.unsaved) this.typed();
  }

  end() {
    this.over = true;
    clearTimeout(this.timer);
    forgetWords(member, this.place);
    all.delete(this);
  }

  say(text, wrong = false) {
    this.state.textContent = text;
    this.state.classList.toggle("not-saved", wrong);
  }
}

function choice(other, decide) {
  const box = document.createElement("div");
  box.className = "notice notice--warning words-choice";
  box.setAttribute("role", "alert");
  const inner = document.createElement("div");
  const title = document.createElement("p");
  title.className = "notice__title";
  title.textContent = other ? gettext("Someone changed this elsewhere:") : gettext("This was removed elsewhere.");
  const quote = document.createElement("blockquote");
  quote.textContent = other;
  const row = document.createElement("div");
  row.className = "row";
  const theirs = other ? gettext("Use the other version") : gettext("Remove mine");
  for (const [text, mine] of [[gettext("Keep mine"), true], [theirs, false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = text;
    button.addEventListener("click", () => decide(mine));
    row.append(button);
  }
  inner.append(title, quote, row);
  box.append(inner);
  return box;
}

export function announce(text) {
  document.getElementById("said").textContent = text;
}

export function wordsAt(place) {
  return [...all].find((one) => one.place === place);
}

export const placeOf = (name) => `${here}${name}`;

function saveAll() {
  for (const one of all) one.save();
}

// A closing lid: what has not been sent goes now; what can't be sent stays in this browser.
function closing() {
  for (const one of all) {
    if (!one.unsaved) continue;
    if (one.sending || one.tries || !navigator.onLine) one.keepHere();
    else one.save();
  }
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") closing();
});
window.addEventListener("pagehide", closing);
window.addEventListener("online", saveAll);

// Submitted, put back or signed out: nothing of it stays in this browser.
function endAll() {
  for (const one of [...all]) one.end();
  forgetWords(member, here);
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { path } = event.detail.requestConfig;
  if (path === `${here}confirm/` && event.detail.xhr.status < 300) endAll();
});
root.querySelector(".release form")?.addEventListener("submit", endAll);
document.querySelector("form[data-sign-out]")?.addEventListener("submit", endAll);

// The summary

const summary = document.getElementById("summary");
const seen = document.getElementById("summary-was");

export function startWords({ onSaved, restoreNote }) {
  tidyWords(member);
  const words = new Words({
    field: summary,
    place: placeOf("summary"),
    action: "summary/keep",
    state: document.getElementById("summary-saved"),
    was: seen.value,
    fields: (text, was) => ({ summary: text, summary_was: was }),
    onSaved: (text) => {
      seen.value = text;
      onSaved("summary", text);
    },
  });
  for (const [name, kept] of keptWords(member, here)) {
    if (name === "summary") words.restore(kept);
    else if (name.startsWith("note-")) restoreNote(name.slice("note-".length), kept);
  }
}
