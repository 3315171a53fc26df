// Coaching notes pinned to words: begun by key, mouse or touch, kept while they are written.
import { dropSelection, selected } from "./review_selection.js";
import { Words, placeOf } from "./review_words.js";

const root = document.getElementById("review");
const template = document.getElementById("note-form");
const written = new WeakMap(); // draft -> its Words

// Open a draft at the selected words, at the turn asked for, or at the reply of the moment.
export function startNote(turn) {
  if (!template) return; // a reading for a calibration has no notes
  const words = turn === undefined ? selected() : null;
  const replies = (document.getElementById("moment").dataset.turns ?? "").split(" ");
  const draft = draftAt(words?.turn ?? turn ?? replies[1] ?? replies[0], words);
  if (!draft) return;
  hideButton();
  draft.elements.text.focus({ preventScroll: true });
  draft.scrollIntoView({ block: "nearest" });
}

// The draft at a turn: the one that is there already, else a new one.
function draftAt(index, words) {
  const place = document.getElementById(`turn-${index}`);
  if (!place) return null;
  const there = place.querySelector(".note--draft");
  if (there) return there;
  place.append(template.content.cloneNode(true));
  const draft = place.querySelector(".note--draft");
  draft.elements.turn.value = index;
  if (words) pin(draft, words);
  window.htmx.process(draft);
  watch(draft);
  return draft;
}

function pin(draft, { start, end, quote }) {
  draft.elements.start.value = start;
  draft.elements.end.value = end;
  draft.elements.quote.value = quote ?? "";
  const shown = draft.querySelector(".note__quote");
  shown.textContent = quote;
  shown.hidden = !quote;
}

const fieldsOf = (draft) => ({
  turn: draft.elements.turn.value,
  start: draft.elements.start.value,
  end: draft.elements.end.value,
  quote: draft.elements.quote.value,
  kind: draft.elements.kind.value,
});

function watch(draft) {
  const words = new Words({
    field: draft.elements.text,
    place: placeOf(`note-${draft.elements.turn.value}`),
    action: "notes/keep",
    state: draft.querySelector(".note__saved"),
    was: draft.dataset.was ?? "",
    fields: (text, was) => ({ ...fieldsOf(draft), text, was }),
    extra: () => fieldsOf(draft),
  });
  written.set(draft, words);
  draft.dataset.watched = "";
  // What is still under way comes first: a note that is kept after it was saved would be there twice.
  draft.addEventListener("htmx:confirm", (event) => {
    if (!words.sending) return;
    event.preventDefault();
    words.sending.then(() => event.detail.issueRequest(true));
  });
  draft.addEventListener("htmx:beforeRequest", () => {
    words.hold();
    draft.setAttribute("data-saving", "");
  });
  draft.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status < 300 && !event.detail.xhr.responseURL.includes("/accounts/")) words.end();
  });
  draft.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) return;
    draft.removeAttribute("data-saving");
    words.release();
  });
}

// Drafts that the server has drawn: kept from before, or a note that was taken back.
export function watchDrafts() {
  for (const draft of root.querySelectorAll(".note--draft:not([data-watched])")) watch(draft);
}

// What this browser kept of a note while the server could not be reached.
export function restoreNote(turn, kept) {
  const draft = draftAt(turn, kept.start ? kept : null);
  if (!draft) return;
  const kind = draft.querySelector(`[name=kind][value="${CSS.escape(kept.kind)}"]`);
  if (kind) kind.checked = true;
  written.get(draft).restore(kept);
}

export function saveNote(target) {
  target.closest(".note--draft")?.requestSubmit();
}

// Leave a note as it is: written words stay, and are kept; an empty one goes.
export function leaveNote(target) {
  const draft = target.closest(".note--draft");
  if (!draft.elements.text.value.trim() && !draft.dataset.was) {
    written.get(draft)?.end();
    draft.remove();
  }
  document.getElementById("moment").focus({ preventScroll: true });
}

// A draft is not swept away by a new drawing of its turn, unless it is the note being saved.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const draft = event.target.querySelector?.(".note--draft");
  if (!draft || draft.hasAttribute("data-saving")) return;
  if (draft.contains(document.activeElement)) {
    event.detail.shouldSwap = false;
    return;
  }
  const drawn = event.detail.fragment.firstElementChild;
  drawn.querySelector(".note--draft")?.remove();
  drawn.append(draft);
});

// A button that follows the selection.
let button = null;

function hideButton() {
  button?.remove();
  button = null;
}

function showButton() {
  const words = selected();
  hideButton();
  if (!words) return;
  button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small button--primary pin-button";
  button.textContent = gettext("Add a note on this");
  const key = document.createElement("kbd");
  key.className = "kbd";
  key.textContent = "n";
  button.append(" ", key);
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => startNote());
  document.body.append(button);
  const left = Math.min(words.box.left, innerWidth - button.offsetWidth - 12);
  button.style.left = `${scrollX + Math.max(12, left)}px`;
  button.style.top = `${scrollY + words.box.bottom + 6}px`;
}

export function followSelection() {
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(showButton, 120);
  });
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-note]");
    if (!opener) return;
    event.preventDefault();
    startNote(opener.dataset.note);
  });
}

export { dropSelection };
