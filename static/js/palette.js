// The search of every page: Ctrl K (Cmd K) opens it; arrows choose, Enter opens, Esc closes.
const palette = document.getElementById("palette");
const text = document.getElementById("palette-text");
const results = document.getElementById("palette-results");
const options = () => [...results.querySelectorAll('[role="option"]')].filter((each) => each.offsetParent);
const chosen = () => results.querySelector('[aria-selected="true"]');

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) text.setAttribute("aria-activedescendant", option.id);
  else text.removeAttribute("aria-activedescendant");
}

function step(by) {
  const all = options();
  if (!all.length) return;
  choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function open() {
  if (palette.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  text.value = "";
  palette.showModal();
  text.dispatchEvent(new CustomEvent("palette:open"));
}

// Enter waits for the answer to what is written: nothing is opened that was found for less.
let wanted = false;
const answered = () => document.getElementById("palette-found")?.dataset.text === text.value.trim();

function enter() {
  wanted = !answered();
  if (!wanted) chosen()?.click();
}

function press(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.isComposing) return;
  if (event.key in moves) step(moves[event.key]);
  else if (event.key === "Enter") enter();
  else if (event.key === "Escape") palette.close(); // the browser would only empty the field first
  else return;
  event.preventDefault();
}

if (palette) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (palette.open) palette.close();
      else open();
    },
    true,
  );
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
    if (event.target === palette) palette.close();
  });
  text.addEventListener("keydown", press);
  text.addEventListener("input", () => { wanted = false; });
  results.addEventListener("mousemove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== chosen()) choose(option);
  });
  palette.addEventListener("htmx:afterSwap", () => {
    choose(options()[0]);
    if (wanted) enter();
  });
}
