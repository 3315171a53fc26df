// Pages of figures: copy the address with its filters, and print.
import "./filters.js";

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest("[data-copy-link]");
  if (!button) return;
  const words = button.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(location.href);
    words.textContent = gettext("Copied");
  } catch {
    prompt(gettext("Copy link"), location.href);
  }
});
