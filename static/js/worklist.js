// Lists of conversations by keyboard, the preview beside them, and how they are shown: density and
// columns are kept in a cookie, so that the server draws the list as it was left.
const YEAR = 31536000;
const WIDE = matchMedia("(min-width: 80rem)");
const keep = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
};
const table = () => document.querySelector(".worklist");
const links = () => [...document.querySelectorAll(".worklist [data-row]")];
const preview = document.getElementById("preview");
let at = ""; // the id of the row's link that the keys are at

function setDensity(button) {
  const roomy = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(roomy));
  table()?.classList.toggle("worklist--comfortable", roomy);
  keep("heard_density", roomy ? "comfortable" : "compact");
}

function here() {
  return at ? document.getElementById(at) : null;
}

function mark() {
  for (const row of document.querySelectorAll(".worklist [data-at]")) delete row.dataset.at;
  const row = here()?.closest("tr");
  if (row) row.dataset.at = "";
  return row;
}

function go(link) {
  if (!link) return;
  at = link.id;
  mark().scrollIntoView({ block: "nearest" });
  link.focus({ preventScroll: true });
  if (!preview.hidden) show();
}

function move(by) {
  const all = links();
  const place = all.indexOf(here());
  go(all[Math.min(all.length - 1, Math.max(0, place < 0 ? 0 : place + by))]);
}

function show() {
  if (!here()) move(0);
  const link = here();
  if (!link || !WIDE.matches) return;
  preview.hidden = false;
  htmx.ajax("GET", `${new URL(link.href).pathname}preview/`, { target: preview, swap: "innerHTML" });
}

function togglePreview() {
  if (preview.hidden) show();
  else preview.hidden = true;
}

function toggle(box) {
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => here()?.click(),
  x: () => toggle(here()?.closest("tr").querySelector('input[type="checkbox"]')),
  a: () => toggle(document.querySelector("[data-choose-all]")),
  p: togglePreview,
  " ": togglePreview,
  e: () => document.querySelector("[data-export]")?.click(),
  d: () => setDensity(document.querySelector("[data-density]")),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest('input:not([type="checkbox"]), select, textarea, button, summary, dialog')) return;
  if (event.key === " " && (event.target.matches('input[type="checkbox"]') || !at)) return;
  if (document.querySelector("dialog[open]") || !preview || !table()) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const density = event.target.closest("[data-density]");
  if (density) setDensity(density);
  if (event.target.closest("[data-preview]")) togglePreview();
  if (event.target.closest("[data-preview-close]")) {
    preview.hidden = true;
    here()?.focus();
  }
  // A row beside its words shows them; one that is clicked in its title opens.
  const row = event.target.closest(".worklist tbody tr");
  if (row && !preview.hidden && !event.target.closest("a, button, input, label")) go(row.querySelector("[data-row]"));
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[data-row]")) return;
  at = event.target.id;
  mark();
});

document.addEventListener("change", (event) => {
  const menu = event.target.closest("[data-columns]");
  if (!menu) return;
  const boxes = [...menu.querySelectorAll("input")];
  for (const box of boxes) table()?.classList.toggle(`hides-${box.value}`, !box.checked);
  keep("heard_columns", boxes.filter((box) => !box.checked).map((box) => box.value).join("."));
});

// The list that came anew is as it was left.
document.addEventListener("htmx:afterSettle", () => mark());
