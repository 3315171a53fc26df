// The review page by keyboard: one moment at a time, each key a click on what the page offers.
// The server draws every state; this module moves, asks for reasons and keeps the focus.
import { startNote, saveNote, cancelNote, followSelection } from "./review_notes.js";
import { actOnQuestion, nextQuestion } from "./review_card.js";

const root = document.getElementById("review");
const at = (id) => document.getElementById(id);
const press = (id) => {
  const button = at(id);
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.click();
};

// While a request is under way, keys wait: the next one acts on what that request brings.
let busy = 0;
const waiting = [];
root.addEventListener("htmx:beforeRequest", () => {
  busy += 1;
});
root.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  event.detail.parameters.revision = at("revision").value;
  event.detail.parameters.moment = at("moment").dataset.moment ?? "";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!root.contains(event.detail.requestConfig?.elt) && !busy) return;
  busy = Math.max(0, busy - 1);
  settle(event.detail.requestConfig?.verb === "get");
  keepFocus();
  setTimeout(actOnWaiting); // once this request has let go of its lock
});

function actOnWaiting() {
  while (!busy && waiting.length) act(waiting.shift());
}

// Moments

let shown = null;

function settle(moved) {
  const panel = at("moment");
  const turns = (panel.dataset.turns ?? "").split(" ").filter(Boolean);
  for (const turn of root.querySelectorAll(".turn--current")) turn.classList.remove("turn--current");
  for (const index of turns) at(`turn-${index}`)?.classList.add("turn--current");
  drawMap(turns);
  at("submit-next")?.classList.toggle("button--primary", at("submit-state").hasAttribute("data-ready"));
  root.querySelector(".moments__link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const now = panel.dataset.moment;
  if (!now) return;
  const known = root.querySelector(`.moments__link[data-moment="${now}"]`);
  history.replaceState(null, "", `${root.dataset.here}?${known ? "moment" : "add"}=${now}`);
  if (now !== shown || moved) at(`turn-${now}`)?.scrollIntoView({ block: "start" });
  shown = now;
}

// What had the focus may have been drawn anew without it: the panel takes it.
function keepFocus() {
  if (document.activeElement === document.body) at("moment").focus({ preventScroll: true });
}

function drawMap(turns) {
  for (const mark of root.querySelectorAll(".map__turn--current")) mark.classList.remove("map__turn--current");
  for (const index of turns) {
    root.querySelector(`.map__turn[data-turn="${index}"]`)?.classList.add("map__turn--current");
  }
}

// A click on the map goes to that place of the conversation.
root.querySelector(".review__map").addEventListener("click", (event) => {
  const box = at("map").getBoundingClientRect();
  const pane = root.querySelector(".review__transcript");
  const index = event.target.closest(".map__turn")?.dataset.turn;
  if (index) at(`turn-${index}`).scrollIntoView({ block: "center" });
  else pane.scrollTop = ((event.clientY - box.top) / box.height) * at("transcript").scrollHeight;
});

// In a blind reading there are no moments to go by: one goes from customer's turn to turn.
function moveTurn(step) {
  const turns = [...root.querySelectorAll(".turn--customer")];
  const now = turns.findIndex((turn) => turn.id === `turn-${at("moment").dataset.moment}`);
  turns[now < 0 ? 0 : now + step]?.querySelector(".turn__moment, .turn__tools a")?.click();
}

function move(step) {
  if (root.hasAttribute("data-blind")) return moveTurn(step);
  const links = [...root.querySelectorAll(".moments__link")];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  (now < 0 ? links[0] : links[now + step])?.click();
}

// Choices: the machine's own is accepted at once, another one asks why, once.

const machineChoice = () => root.querySelector(".choice--machine input");
const form = () => at("moment-form");
const refelt = () => Boolean(at("emotion")?.selectedOptions[0]?.hasAttribute("data-other"));

function choose(number) {
  const choice = at(`choice-${number}`);
  if (!choice) return;
  choice.checked = true;
  const reason = form().querySelector("[name=reason]");
  const agrees = choice === machineChoice() && !refelt();
  if (!at("emotion").value) {
    at("emotion").focus();
  } else if (!reason || (agrees && !at("accept"))) {
    form().requestSubmit(at("save"));
  } else if (agrees) {
    press("accept");
  } else if (form().querySelector("[name=reason]:checked")) {
    form().requestSubmit(at("save"));
  } else {
    reason.focus({ preventScroll: true });
    reason.closest(".moment__reason").scrollIntoView({ block: "nearest" });
  }
}

function because(number) {
  const reason = form().querySelectorAll("[name=reason]")[number - 1];
  if (!reason) return;
  reason.checked = true;
  form().requestSubmit(at("save"));
}

// Clicks decide at once; the arrow keys of a radio group only look (a click without a pointer).
root.addEventListener("click", (event) => {
  const label = event.target.closest?.(".choice, .reason");
  if (!label || !event.detail || event.target.matches("input")) return;
  event.preventDefault();
  const input = label.querySelector("input");
  const place = [...form().querySelectorAll(`[name=${input.name}]`)].indexOf(input) + 1;
  if (input.name === "choice") choose(place);
  else because(place);
});

root.addEventListener("change", (event) => {
  if (event.target.id !== "emotion" || !refelt()) return;
  const usual = form().querySelector('[name=reason][value="other_feeling"]');
  if (usual && !form().querySelector("[name=reason]:checked")) usual.checked = true;
  usual?.closest(".moment__reason").scrollIntoView({ block: "nearest" });
});

// Only the feeling differs: what became of it stays as the pre-score has it. Where the moment is
// added by hand, the feeling is what was missing.
function saveFeeling() {
  const chosen = form().querySelector("[name=choice]:checked");
  if (!machineChoice()) {
    if (chosen && at("emotion").value) leaveAndSave();
    return;
  }
  if (!refelt()) return;
  if (!chosen) machineChoice().checked = true;
  leaveAndSave();
}

// The keys go on with the next moment, not in the list of feelings.
function leaveAndSave() {
  at("moment").focus({ preventScroll: true });
  form().requestSubmit(at("save"));
}

// Keys

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => press("accept"),
  c: () => press("commit"),
  A: () => press(at("accept-all") ? "accept-all" : "accept"),
  x: () => press("reject"),
  u: () => press("undo"),
  s: () => press("submit-next"),
  q: () => nextQuestion(),
  p: () => press("confirm-proposals"),
  e: () => at("emotion")?.focus(),
  n: () => startNote(),
  "?": () => at("keys").showModal(),
};

function act(key) {
  const active = document.activeElement;
  const question = active?.closest?.("[data-question]");
  if (question && actOnQuestion(question, key)) return;
  if (/^[1-9]$/.test(key)) {
    return active?.name === "reason" ? because(Number(key)) : choose(Number(key));
  }
  return KEYS[key]?.();
}

const typing = (target) =>
  target.closest("textarea, select, [contenteditable]") ||
  target.matches("input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (event) => {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) {
    if (event.key === "?") dialog.close();
    return;
  }
  if (event.key === "Escape") return escape(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return saveNote(event.target);
  if (event.key === "Enter" && event.target.id === "emotion") {
    event.preventDefault();
    return saveFeeling();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!(event.key in KEYS) && !/^[0-9y]$/.test(event.key)) return;
  event.preventDefault();
  if (busy) waiting.push(event.key);
  else act(event.key);
});

function escape(target) {
  if (target.closest(".note--draft")) return cancelNote(target);
  if (target.name === "reason") form().reset();
  if (typing(target) || target.name === "reason") at("moment").focus({ preventScroll: true });
  else if (at("cancel")) press("cancel");
}

// A draft note is not swept away by a new drawing of its turn, unless it is the note being saved.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const draft = event.target.querySelector?.(".note--draft");
  if (draft && !draft.hasAttribute("data-saving")) event.detail.shouldSwap = false;
});

followSelection(root);
settle(false);
