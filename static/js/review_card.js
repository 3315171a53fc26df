// The questions of the scorecard by keyboard: each answer has its key, which the server has drawn.

const root = document.getElementById("review");
const questions = () => [...root.querySelectorAll("[data-question]")];
const field = (question) =>
  question.querySelector('[aria-invalid="true"] input') ??
  question.querySelector("input:checked") ??
  question.querySelector("input, textarea, select");

// To the next question that still lacks something, else to the summary.
export function nextQuestion(from) {
  const all = questions();
  const rest = from ? all.slice(all.indexOf(from) + 1) : all;
  const next = rest.find((one) => one.hasAttribute("data-open")) ?? (from ? null : all[0]);
  const target = next ? field(next) : document.getElementById("summary");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

// What is answered may ask on: why it is low, why it is not as proposed.
let answered = null;

function answer(question, input) {
  answered = question.parentElement.id;
  if (!input.checked) input.click();
  nextQuestion(question);
}

// A key pressed in a question; false where it means nothing there.
export function actOnQuestion(question, key) {
  const proposed = key === "a" && question.querySelector(".chip--machine input");
  const why = /^[1-9]$/.test(key) && document.activeElement.closest(".question__why");
  const input = proposed || (why || question).querySelector(`input[data-key="${CSS.escape(key)}"]`);
  if (input) {
    answer(question, input);
    return true;
  }
  const confirm = key === "a" && question.querySelector(".question__confirm");
  if (!confirm) return false;
  answered = question.parentElement.id;
  nextQuestion(question);
  confirm.click();
  return true;
}

document.addEventListener("htmx:afterRequest", () => {
  const open = answered && document.getElementById(answered)?.querySelector('[aria-invalid="true"] input');
  answered = null;
  open?.focus();
});

// Words of an answer are saved while they are typed, like the summary.
let pausing = 0;
root.addEventListener("input", (event) => {
  const words = event.target.closest(".question__words");
  if (!words) return;
  clearTimeout(pausing);
  pausing = setTimeout(() => words.dispatchEvent(new Event("change", { bubbles: true })), 700);
});
document.addEventListener("visibilitychange", () => {
  const words = document.visibilityState === "hidden" && document.activeElement;
  if (words?.matches?.(".question__words")) words.dispatchEvent(new Event("change", { bubbles: true }));
});

// A question that looks the same stays: drawn anew while it is pressed it would lose the click. So
// does one in which somebody is writing.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const place = event.target;
  if (!place.matches?.(".question-place")) return;
  const drawn = event.detail.fragment.firstElementChild;
  const writing = document.activeElement?.matches(".question__words") && place.contains(document.activeElement);
  if (writing || drawn?.outerHTML === place.outerHTML) event.detail.shouldSwap = false;
});

// Enter leaves a cause or a reason as the arrows have chosen it, and goes on.
root.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.closest(".question__why")) return;
  event.preventDefault();
  nextQuestion(event.target.closest("[data-question]"));
});

// A number takes the place of "N/A".
root.addEventListener("input", (event) => {
  const mark = event.target.closest(".question__number")?.querySelector("input[type=checkbox]");
  if (mark && event.target !== mark) mark.checked = false;
});
