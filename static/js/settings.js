// Pages that show a secret once: copy it, and let a reload lead to the list, not to a second secret.
const page = document.querySelector("[data-instead]");
if (page) history.replaceState(null, "", page.dataset.instead);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  source.select();
  let copied = true;
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    copied = document.execCommand("copy");
  }
  const words = copied ? gettext("Copied") : gettext("Press Ctrl+C");
  button.querySelector("[data-copied]").textContent = words;
  button.closest("[data-once]").querySelector("[data-copy-state]").textContent = words;
});
