// Filters act as soon as one is chosen; without JavaScript there is a button.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
