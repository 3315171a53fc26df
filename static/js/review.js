// The review page by keyboard: one moment at a time, each key a click on what the page offers.
// The server draws every state; this module asks for reasons, and lets keys wait for their turn.
import { actOnQuestion, nextQuestion } from "./review_card.js";
import "./note_templates.js";
import { dropSelection, followSelection, leaveNote, restoreNote, saveNote, startNote, watchDrafts } from "./review_notes.js";
import { foretell, keepFocus, move, moveTurn, scroll, settle, takeBack } from "./review_place.js";
import { startPresence } from "./review_presence.js";
import { pick } from "./review_selection.js";
import { startTabs, tell, tellTabs } from "./review_tabs.js";
import { announce, startWords } from "./review_words.js";

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
root.addEventListener("htmx:beforeRequest", (event) => {
  busy += 1;
  foretell(event.detail.requestConfig);
});
root.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  event.detail.parameters.revision = at("revision").value;
  event.detail.parameters.moment = at("moment").dataset.moment ?? "";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!root.contains(event.detail.requestConfig?.elt) && !busy) return;
  busy = Math.max(0, busy - 1);
  const { xhr, requestConfig } = event.detail;
  if (!xhr.status || xhr.status >= 500 || xhr.responseURL.includes("/accounts/login/")) return notTaken();
  settle(requestConfig?.verb === "get");
  watchDrafts();
  keepFocus();
  goToAsked();
  setTimeout(actOnWaiting); // once this request has let go of its lock
});

// A question takes the focus, and gives it back: keys that waited don't answer it.
function goToAsked() {
  const asked = at("asks")?.querySelector("[data-asks], [data-goes]");
  if (!asked) return;
  waiting.length = 0;
  at("submit").classList.remove("is-busy");
  if (asked.hasAttribute("data-asks")) asked.focus({ preventScroll: true });
  else goToOpen(asked);
}

// A refusal leads to what is missing: the panel has the moment already.
function goToOpen({ dataset, hash }) {
  if (dataset.goes === "question") nextQuestion();
  if (dataset.goes !== "note") return;
  const text = document.querySelector(`${hash} .note--draft textarea`);
  text?.focus({ preventScroll: true });
  text?.scrollIntoView({ block: "nearest" });
}

function dropAsked() {
  const asked = at("asks");
  if (!asked?.childElementCount) return false;
  asked.replaceChildren();
  at("moment").focus({ preventScroll: true });
  return true;
}
root.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-dismiss-asks], [data-goes]");
  if (!link) return;
  event.preventDefault();
  if (link.hasAttribute("data-goes")) goToOpen(link);
  else dropAsked();
});

function actOnWaiting() {
  while (!busy && waiting.length) act(waiting.shift());
}

// The step did not reach the server: it is said, and the keys that waited for it are not acted on.
function notTaken() {
  takeBack();
  const dropped = waiting.splice(0).length;
  const lost = ngettext(
    "Couldn’t save your last change. %(n)s key after it was ignored.",
    "Couldn’t save your last change. %(n)s keys after it were ignored.",
    dropped,
  );
  announce(dropped ? interpolate(lost, { n: dropped }, true) : gettext("Couldn’t save your last change."));
  keepFocus();
}
root.addEventListener("htmx:sendError", (event) => {
  event.stopPropagation();
  tell(
    gettext(
      "Can’t reach the server, so your last change wasn’t saved. What you type is kept and saved once the connection is back.",
    ),
    "error",
  );
});

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
  J: () => moveTurn(1),
  K: () => moveTurn(-1),
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
  if (moveAbout(event)) return event.preventDefault();
  if (!(event.key in KEYS) && !/^[0-9y]$/.test(event.key)) return;
  event.preventDefault();
  if (busy) waiting.push(event.key);
  else act(event.key);
});

// Keys that only look: they take words, or go along the conversation.
function moveAbout({ key, shiftKey, target }) {
  if (key.startsWith("Arrow")) {
    return (shiftKey || !target.matches("input")) && pick(key, shiftKey);
  }
  if (!/^(Home|End|PageUp|PageDown)$/.test(key) || target.closest(".review__transcript")) return false;
  scroll(key);
  return true;
}

function escape(target) {
  if (dropAsked()) return;
  if (target.closest(".note--draft")) return leaveNote(target);
  if (dropSelection()) return;
  if (target.name === "reason") form().reset();
  if (typing(target) || target.name === "reason") at("moment").focus({ preventScroll: true });
  else if (at("cancel")) press("cancel");
}

const drawn = () => {
  settle(true);
  watchDrafts();
};
followSelection();
drawn();
startTabs({ settle: drawn });
startWords({ onSaved: (name, text) => tellTabs("words", { name, text }), restoreNote });
startPresence();
