// A day that is chosen, in words beside its field: browsers show it in their own order of numbers.
const words = new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

function say(field) {
  let told = field.nextElementSibling;
  if (!told?.classList.contains("day-words")) {
    told = document.createElement("span");
    told.className = "day-words";
    field.after(told);
  }
  told.textContent = field.valueAsDate ? words.format(field.valueAsDate) : "";
}

function sayAll(root) {
  for (const field of root.querySelectorAll('input[type="date"]')) say(field);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.('input[type="date"]')) say(event.target);
});
document.addEventListener("htmx:load", (event) => sayAll(event.detail.elt));
sayAll(document);
