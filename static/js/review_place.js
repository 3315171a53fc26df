// Where the page stands: the moment in the panel, its turns, the map; and what a step will bring,
// shown at once and put right by the server's answer.

const root = document.getElementById("review");
const pane = root.querySelector(".review__transcript");
const at = (id) => document.getElementById(id);
const links = () => [...root.querySelectorAll(".moments__link")];
const currentLink = () => root.querySelector(".moments__link[aria-current]");

let shown = null;

export function settle(moved = false) {
  reverts.length = 0;
  const panel = at("moment");
  const turns = (panel.dataset.turns ?? "").split(" ").filter(Boolean);
  showTurns(turns);
  at("submit-next")?.classList.toggle("button--primary", at("submit-state").hasAttribute("data-ready"));
  currentLink()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const now = panel.dataset.moment;
  if (!now) return;
  const known = root.querySelector(`.moments__link[data-moment="${now}"]`);
  history.replaceState(null, "", `${root.dataset.here}?${known ? "moment" : "add"}=${now}`);
  if (now !== shown || moved) scrollToTurn(now);
  shown = now;
}

const scrollToTurn = (index) => at(`turn-${index}`)?.scrollIntoView({ block: "start" });

function showTurns(turns) {
  for (const turn of root.querySelectorAll(".turn--current")) turn.classList.remove("turn--current");
  for (const mark of root.querySelectorAll(".map__turn--current")) mark.classList.remove("map__turn--current");
  for (const index of turns) {
    at(`turn-${index}`)?.classList.add("turn--current");
    root.querySelector(`.map__turn[data-turn="${index}"]`)?.classList.add("map__turn--current");
  }
  reach();
}

// Hundreds of turns have links: the tab key stops at those of the current ones only.
function reach() {
  for (const link of root.querySelectorAll(".turn:not(.turn--current) a:not([tabindex])")) link.tabIndex = -1;
  for (const link of root.querySelectorAll(".turn--current a[tabindex]")) link.removeAttribute("tabindex");
}

// What had the focus may have been drawn anew without it: the panel takes it.
export function keepFocus() {
  if (document.activeElement === document.body) at("moment").focus({ preventScroll: true });
}

// Moving

function step(among, now, by) {
  return now < 0 ? among[0] : among[now + by];
}

export function moveTurn(by) {
  const turns = [...root.querySelectorAll(".turn--customer")];
  const now = turns.findIndex((turn) => turn.id === `turn-${at("moment").dataset.moment}`);
  step(turns, now, by)?.querySelector(".turn__moment, .turn__add")?.click();
}

// In a blind reading there are no moments to go by: one goes from customer's turn to turn.
export function move(by) {
  if (root.hasAttribute("data-blind")) return moveTurn(by);
  step(links(), links().indexOf(currentLink()), by)?.click();
}

export function scroll(key) {
  if (key === "Home" || key === "End") pane.scrollTop = key === "Home" ? 0 : pane.scrollHeight;
  else pane.scrollBy({ top: (key === "PageUp" ? -0.85 : 0.85) * pane.clientHeight });
}

// The map: a click goes to that place of the conversation; a frame shows what is in sight. A turn's
// height on the page depends on its notes and marks, so places are compared turn by turn.
const map = root.querySelector(".review__map");
const frame = map.querySelector(".map__frame");
const edges = at("map").dataset.edges.split(" ").map(Number);
const turnAt = (index) => at(`turn-${index}`);

// The last of `count` places that begins at `place` or before.
function lastBefore(place, count, begins) {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (begins(middle) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

const share = (place, from, length) => Math.min(1, Math.max(0, (place - from) / (length || 1)));

function onMap(place) {
  const index = lastBefore(place, edges.length - 1, (one) => turnAt(one).offsetTop);
  const turn = turnAt(index);
  return edges[index] + share(place, turn.offsetTop, turn.offsetHeight) * (edges[index + 1] - edges[index]);
}

function onPage(place) {
  const index = lastBefore(place, edges.length - 1, (one) => edges[one]);
  const turn = turnAt(index);
  return turn.offsetTop + share(place, edges[index], edges[index + 1] - edges[index]) * turn.offsetHeight;
}

function goTo(event) {
  const box = at("map").getBoundingClientRect();
  const place = ((event.clientY - box.top) / box.height) * at("map").viewBox.baseVal.height;
  pane.scrollTop = onPage(place) - pane.clientHeight / 2;
}
map.addEventListener("pointerdown", (event) => {
  map.setPointerCapture(event.pointerId);
  goTo(event);
});
map.addEventListener("pointermove", (event) => {
  if (map.hasPointerCapture(event.pointerId) && event.buttons) goTo(event);
});

function drawFrame() {
  const top = onMap(pane.scrollTop);
  frame.setAttribute("y", top);
  frame.setAttribute("height", onMap(pane.scrollTop + pane.clientHeight) - top);
}
let drawing = 0;
pane.addEventListener(
  "scroll",
  () => {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      drawFrame();
    });
  },
  { passive: true },
);
new ResizeObserver(drawFrame).observe(pane);

// On a phone the moment is a sheet over the page: it folds away while the questions are in sight.
const phone = matchMedia("(max-width: 64rem)");
new IntersectionObserver(
  ([card]) => {
    if (phone.matches) at("moment").open = !card.isIntersecting;
  },
  { rootMargin: "0px 0px -44% 0px" },
).observe(root.querySelector(".review__side"));

// What a step will bring

const reverts = [];

function mark(element, name, on = true) {
  if (!element || element.classList.contains(name) === on) return;
  element.classList.toggle(name, on);
  reverts.push(() => element.classList.toggle(name, !on));
}

const done = (link) => mark(link, "moments__link--done");

const FORETOLD = {
  accept() {
    const found = root.querySelector(".choice--machine input");
    if (found) found.checked = true;
    done(currentLink());
  },
  "accept-all": () => links().forEach(done),
  change: () => done(currentLink()),
  reject() {
    done(currentLink());
    mark(currentLink(), "moments__link--rejected");
  },
  undo: () => mark(at("undo"), "is-busy"),
  confirm: () => mark(at("submit"), "is-busy"),
  commit: () => mark(at("submit"), "is-busy"),
};

function foretellMove(index) {
  const from = currentLink();
  const to = root.querySelector(`.moments__link[data-moment="${index}"]`);
  if (!to || to === from) return;
  from?.removeAttribute("aria-current");
  to.setAttribute("aria-current", "true");
  reverts.push(() => {
    to.removeAttribute("aria-current");
    from?.setAttribute("aria-current", "true");
  });
  showTurns([index]);
  scrollToTurn(index);
}

export function foretell({ verb, path }) {
  const address = new URL(path, location.href);
  if (verb === "get") return foretellMove(address.searchParams.get("moment"));
  FORETOLD[address.pathname.slice(root.dataset.here.length, -1)]?.();
}

// The server did not take the step: the page shows again what it has.
export function takeBack() {
  for (const revert of reverts.splice(0).reverse()) revert();
  at("moment-form")?.reset();
  showTurns((at("moment").dataset.turns ?? "").split(" ").filter(Boolean));
}
