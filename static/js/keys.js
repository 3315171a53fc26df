// Keys of every page: "g" and a letter goes to a place of the rail, "/" to the page's search, "?"
// shows them. None acts while something is written, with a modifier, or while a dialog is open.
const PATIENCE = 1500; // milliseconds between "g" and its letter
const WRITTEN = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), select, textarea, [contenteditable]';
const SEARCH = '[data-search], main input[type="search"]';
let gone = 0; // when "g" was pressed

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
if (isApple) for (const key of document.querySelectorAll("[data-modifier]")) key.textContent = "⌘";

function place(letter) {
  return document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
}

function act(event) {
  const second = Date.now() - gone < PATIENCE;
  gone = 0;
  if (second && event.key.length === 1) return place(event.key.toLowerCase()) ?? document.body;
  if (event.key === "g") {
    gone = Date.now();
    return document.body;
  }
  if (event.key === "/") return document.querySelector(SEARCH) ?? document.querySelector("[data-palette]");
  if (event.key === "?" && !document.getElementById("keys")) return document.getElementById("shortcuts");
  return null;
}

// Before the keys of a page, which may know the second letter in another meaning.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (["Shift", "CapsLock"].includes(event.key)) return;
    if (event.target.closest?.(WRITTEN) || document.querySelector("dialog[open]")) return;
    const found = act(event);
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (found.matches("dialog")) found.showModal();
    else if (found.matches("input")) found.select(found.focus());
    else if (found !== document.body) found.click();
  },
  true,
);
