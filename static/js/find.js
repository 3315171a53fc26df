// A search within the transcript: "/" goes there (keys.js), Enter to the next match, Shift+Enter to
// the one before, Esc back to the page. Matches are highlighted without touching the page.
const typed = () => document.querySelector("[data-find] input").value.trim();
let matches = [];
let at = -1;

function rangesOf(words) {
  const found = [];
  const wanted = words.toLowerCase();
  for (const text of document.querySelectorAll(".transcript .turn__text, .transcript .turn__words")) {
    const nodes = [];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let all = "";
    while (walker.nextNode()) {
      nodes.push([walker.currentNode, all.length]);
      all += walker.currentNode.data;
    }
    const spot = (offset) => nodes.findLast(([, start]) => start <= offset);
    const low = all.toLowerCase();
    for (let place = low.indexOf(wanted); place >= 0; place = low.indexOf(wanted, place + wanted.length)) {
      const range = new Range();
      const [first, begin] = spot(place);
      const [last, end] = spot(place + wanted.length - 1);
      range.setStart(first, Math.min(first.length, place - begin));
      range.setEnd(last, Math.min(last.length, place + wanted.length - end));
      found.push(range);
    }
  }
  return found;
}

function draw() {
  const count = document.querySelector("[data-find-count]");
  const n = matches.length;
  if (!typed()) count.textContent = "";
  else if (!n) count.textContent = gettext("No matches");
  else count.textContent = interpolate(gettext("%(at)s of %(n)s"), { at: at + 1, n }, true);
  if (!globalThis.Highlight) return;
  CSS.highlights.set("found", new Highlight(...matches));
  const here = new Highlight(...matches.slice(at, at + 1));
  here.priority = 1;
  CSS.highlights.set("found-here", here);
}

function step(by) {
  if (!matches.length) return draw();
  at = (at + by + matches.length) % matches.length;
  matches[at].startContainer.parentElement.scrollIntoView({ block: "center" });
  draw();
}

function search() {
  const words = typed();
  matches = words ? rangesOf(words) : [];
  at = -1;
  step(1);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-find] input")) search();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-find]")) return;
  event.preventDefault();
  // What has been drawn anew is searched anew.
  if (!matches.length || matches.some((range) => !range.startContainer.isConnected)) search();
  else step(1);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-find-by]");
  if (button) step(Number(button.dataset.findBy));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-find] input")) return;
  if (event.key === "Escape") {
    event.target.value = "";
    search();
    event.target.blur();
  }
  if (event.key === "Enter" && event.shiftKey) {
    event.preventDefault();
    step(-1);
  }
});
