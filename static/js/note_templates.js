// Templates in a note: "/" in an empty note or the button shows them, arrows move, Enter takes one.
const list = document.getElementById("note-templates");
const root = document.getElementById("review");
root.toggleAttribute("data-templates-here", Boolean(list));

const draftOf = (target) => target.closest?.(".note--draft");
const shown = (draft) => draft.querySelector(".note__templates");

function show(draft) {
  if (!list || !draft) return;
  if (!shown(draft)) draft.querySelector(".note__label").after(list.content.cloneNode(true));
  draft.querySelector("[data-templates]")?.setAttribute("aria-expanded", "true");
  shown(draft).querySelector("button").focus({ preventScroll: true });
  shown(draft).scrollIntoView({ block: "nearest" });
}

function hide(draft) {
  shown(draft)?.remove();
  draft.querySelector("[data-templates]")?.setAttribute("aria-expanded", "false");
  draft.elements.text.focus({ preventScroll: true });
}

// The words go in where the caret is; what stands there already stays.
function take(draft, { template, kind }) {
  const field = draft.elements.text;
  if (!field.value.trim()) {
    const same = draft.querySelector(`[name=kind][value="${CSS.escape(kind)}"]`);
    if (same) same.checked = true;
  }
  field.setRangeText(template, field.selectionStart, field.selectionEnd, "end");
  hide(draft);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

root.addEventListener("click", (event) => {
  const draft = draftOf(event.target);
  if (!draft) return;
  const chosen = event.target.closest("[data-template]");
  if (chosen) take(draft, chosen.dataset);
  else if (event.target.closest("[data-templates]")) shown(draft) ? hide(draft) : show(draft);
});

root.addEventListener(
  "keydown",
  (event) => {
    const draft = draftOf(event.target);
    if (!draft) return;
    if (event.key === "/" && event.target.name === "text" && !event.target.value && list) show(draft);
    else if (event.target.matches("[data-template]")) moveIn(draft, event);
    else return;
    if (event.key === "Enter" || event.key === "Tab" || event.key === " ") return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

function moveIn(draft, { key, target }) {
  const all = [...shown(draft).querySelectorAll("button")];
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  if (key === "Escape") hide(draft);
  else if (by) all[(all.indexOf(target) + by + all.length) % all.length].focus();
}
