// The rail: folded to its icons where that was chosen, and a sheet on narrow screens.
const root = document.documentElement;
const rail = document.getElementById("rail");
const sheet = document.getElementById("sheet");
const inner = rail?.querySelector("[data-rail-inner]");
const folder = rail?.querySelector("[data-fold]");

function showFold() {
  folder?.setAttribute("aria-expanded", String(root.dataset.rail !== "folded"));
}

function fold() {
  if (root.dataset.rail === "folded") delete root.dataset.rail;
  else root.dataset.rail = "folded";
  try {
    if (root.dataset.rail) localStorage.setItem("heard-rail", "folded");
    else localStorage.removeItem("heard-rail");
  } catch {
    // Storage is switched off: the choice lasts for this page.
  }
  showFold();
}

// The sheet shows the very rail, so that there is one of everything; it goes back when it closes.
function open() {
  sheet.append(inner);
  sheet.showModal();
}

function close() {
  if (sheet?.contains(inner)) rail.append(inner);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-fold]")) fold();
  if (event.target.closest("[data-sheet]")) open();
  if (event.target === sheet) sheet.close();
  if (sheet?.open && event.target.closest("[data-palette], [data-opens]")) sheet.close();
});
sheet?.addEventListener("close", close);
// A menu opens at the end of the sheet, below what is in sight.
sheet?.addEventListener("toggle", (event) => event.target.scrollIntoView({ block: "nearest" }), true);
matchMedia("(max-width: 64rem)").addEventListener("change", () => sheet?.open && sheet.close());
showFold();
inner?.querySelector(".rail__nav [aria-current]")?.scrollIntoView({ block: "nearest" });
