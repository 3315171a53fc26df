// A text without speaker labels, piece by piece: a letter for each speaker, "they take turns from
// here" with a way back, and how many pieces have been told apart.
const KEYS = { c: "customer", a: "agent", o: "unknown", j: "joined", x: "out" };
const OTHER = { customer: "agent", agent: "customer" };
const rows = document.getElementById("uploads-rows");
const current = new WeakMap(); // the piece that was told last, by its list
const before = new WeakMap(); // what the pieces were before they were told to take turns

const listOf = (target) => target.closest?.("[data-pieces]");
const pieceOf = (target) => target.closest?.("[data-piece]");
const piecesOf = (list) => [...list.querySelectorAll("[data-piece]")];
const who = (piece) => piece.querySelector("input:checked")?.value ?? "";

function choose(piece, value) {
  for (const radio of piece.querySelectorAll("input")) radio.checked = radio.value === value;
}

function focus(piece) {
  (piece?.querySelector("input:checked") ?? piece?.querySelector("input"))?.focus();
}

function show(list, note = "") {
  const pieces = piecesOf(list);
  const told = pieces.filter(who);
  let speaker = "";
  for (const piece of pieces) {
    const value = who(piece);
    if (value) piece.classList.remove("piece--missing");
    if (value !== "joined") speaker = value;
    piece.classList.toggle("piece--agent", speaker === "agent");
  }
  const words = interpolate(gettext("%(told)s of %(all)s done"), { told: told.length, all: pieces.length }, true);
  list.querySelector("[data-told]").textContent = [note, words].filter(Boolean).join(" ");
  const piece = current.get(list);
  const button = list.querySelector("[data-alternate]");
  const speaks = piece && who(piece) in OTHER;
  button.setAttribute("aria-disabled", String(!speaks));
  list.querySelector("[data-alternate-words]").textContent = speaks
    ? interpolate(gettext("They take turns from %(n)s on"), { n: piece.dataset.piece }, true)
    : gettext("They take turns from here");
  list.querySelector("[data-undo]").hidden = !before.has(list);
}

// Who was said to be somebody else, joined or left out stays so; the two others take turns.
function alternate(list) {
  const start = current.get(list);
  if (!start || !(who(start) in OTHER)) return;
  const pieces = piecesOf(list);
  before.set(list, pieces.map(who));
  let speaker = who(start);
  const following = pieces.slice(pieces.indexOf(start) + 1);
  for (const piece of following) {
    if (who(piece) && !(who(piece) in OTHER)) continue;
    speaker = OTHER[speaker];
    choose(piece, speaker);
  }
  show(list, interpolate(gettext("Taking turns from %(n)s on."), { n: start.dataset.piece }, true));
}

function undo(list) {
  const values = before.get(list);
  piecesOf(list).forEach((piece, place) => choose(piece, values[place]));
  before.delete(list);
  show(list, gettext("Undone."));
  focus(current.get(list));
}

rows.addEventListener("change", (event) => {
  const [list, piece] = [listOf(event.target), pieceOf(event.target)];
  if (!piece) return;
  before.delete(list);
  current.set(list, piece);
  show(list);
});
rows.addEventListener("focusin", (event) => {
  const [list, piece] = [listOf(event.target), pieceOf(event.target)];
  if (!piece || current.get(list) === piece) return;
  current.set(list, piece);
  show(list);
});
rows.addEventListener("click", (event) => {
  const list = listOf(event.target);
  if (list && event.target.closest("[data-alternate]")) alternate(list);
  if (list && event.target.closest("[data-undo]")) undo(list);
});
rows.addEventListener("keydown", (event) => {
  const piece = pieceOf(event.target);
  if (!piece || event.ctrlKey || event.metaKey || event.altKey) return;
  const list = listOf(piece);
  const value = KEYS[event.key.toLowerCase()];
  if (event.key.toLowerCase() === "t") {
    alternate(list);
  } else if (value && piece.querySelector(`input[value="${value}"]`)) {
    choose(piece, value);
    before.delete(list);
    current.set(list, piece);
    const pieces = piecesOf(list);
    focus(pieces[pieces.indexOf(piece) + 1] ?? piece);
    show(list);
  } else {
    return;
  }
  event.preventDefault();
});

function begin(part) {
  for (const list of part.querySelectorAll?.("[data-pieces]") ?? []) {
    show(list);
    focus(list.querySelector(".piece--missing"));
  }
}
// An answer to a file that was just sent is a row of its own, put in by the page's script.
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) begin(node);
}).observe(rows, { childList: true });
begin(rows);
