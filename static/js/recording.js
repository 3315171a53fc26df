// The recording beside its transcript: a turn's time plays from there, and the turn that is heard
// is marked.

const player = document.getElementById("recording");
const times = () => [...document.querySelectorAll(".turn__time[data-start]")];

document.addEventListener("click", (event) => {
  const time = event.target.closest?.(".turn__time[data-start]");
  if (!time || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  player.currentTime = Number(time.dataset.start);
  player.play().catch(() => {}); // what cannot be played says so in "error"
});

let heard = null;
player.addEventListener("timeupdate", () => {
  const now = times().findLast((time) => Number(time.dataset.start) <= player.currentTime)?.closest(".turn");
  if (now === heard) return;
  heard?.classList.remove("turn--heard");
  now?.classList.add("turn--heard");
  heard = now;
});

player.addEventListener("error", () => {
  player.nextElementSibling.textContent = gettext("This recording can’t be played right now.");
});

// `r` plays from the current moment, and pauses.
document.addEventListener("keydown", (event) => {
  if (event.key !== "r" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
  if (!player.paused) return player.pause();
  const current = document.querySelector(".turn--current .turn__time[data-start]");
  if (current) player.currentTime = Number(current.dataset.start);
  player.play().catch(() => {});
});
