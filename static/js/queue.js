// One key takes the next: t.
document.addEventListener("keydown", (event) => {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  document.getElementById("take-next")?.click();
});

// Rows that were chosen to be assigned: the list does not refresh under them.
const chosen = () => document.querySelectorAll('input[form="assign"]:checked').length;
const words = document.querySelector("[data-chosen]");
const sayChosen = () => {
  const n = chosen();
  words.textContent = n ? interpolate(ngettext("%(n)s selected", "%(n)s selected", n), { n }, true) : "";
};
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of document.querySelectorAll('input[form="assign"]')) box.checked = event.target.checked;
    sayChosen();
  }
  if (words && event.target.matches('input[form="assign"]')) sayChosen();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("#queue, #interactions") && chosen()) event.preventDefault();
});
