// Coaching notes pinned to words. Ranges are counted in characters as the server counts them
// (code points, not UTF-16 units), so that an emoji is one.
const root = document.getElementById("review");
const template = document.getElementById("note-form");
const length = (text) => [...text].length;

// The words selected inside one turn: {turn, start, end, quote, box}; null if there are none.
function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const text = holder(range.startContainer)?.closest(".turn__text");
  if (!text || !root.contains(text)) return null;
  if (holder(range.endContainer)?.closest(".turn__text") !== text) {
    range.setEndAfter(text.lastChild ?? text);
  }
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const quote = words.trim();
  if (!quote) return null;
  const lead = words.length - words.trimStart().length;
  const start = length(before.toString()) + length(words.slice(0, lead));
  return {
    turn: text.dataset.turn,
    start,
    end: start + length(quote),
    quote,
    box: range.getBoundingClientRect(),
  };
}

// Open a draft at the selected words, at the turn asked for, or at the reply of the moment.
export function startNote(turn) {
  const words = turn === undefined ? selected() : null;
  const replies = (document.getElementById("moment").dataset.turns ?? "").split(" ");
  const index = words?.turn ?? turn ?? replies[1] ?? replies[0];
  const place = document.getElementById(`turn-${index}`);
  if (!place) return;
  root.querySelector(".note--draft")?.remove();
  place.append(template.content.cloneNode(true));
  const draft = place.querySelector(".note--draft");
  draft.elements.turn.value = index;
  if (words) {
    draft.elements.start.value = words.start;
    draft.elements.end.value = words.end;
    const quote = draft.querySelector(".note__quote");
    quote.textContent = words.quote;
    quote.hidden = false;
  }
  window.htmx.process(draft);
  draft.addEventListener("htmx:beforeRequest", () => draft.setAttribute("data-saving", ""));
  draft.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) draft.removeAttribute("data-saving");
  });
  hideButton();
  draft.elements.text.focus({ preventScroll: true });
  draft.scrollIntoView({ block: "nearest" });
}

export function saveNote(target) {
  target.closest(".note--draft")?.requestSubmit();
}

export function cancelNote(target) {
  target.closest(".note--draft")?.remove();
  document.getElementById("moment").focus({ preventScroll: true });
}

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
  button.textContent = "Note on these words";
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
    const closer = event.target.closest("[data-cancel-note]");
    if (!opener && !closer) return;
    event.preventDefault();
    if (opener) startNote(opener.dataset.note);
    else cancelNote(closer);
  });
}
