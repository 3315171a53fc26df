// That somebody is at work on this review. The server adds up how long it was between two signs,
// up to a minute each, and keeps the review in these hands.
import { tell } from "./review_tabs.js";
import { post } from "./review_words.js";

const USED = 60_000; // without a sign of use for so long, the clock stands
const EVERY = 20_000;

let used = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "wheel", "touchstart"]) {
  document.addEventListener(kind, () => (used = Date.now()), { capture: true, passive: true });
}

const GONE = gettext("This review is no longer yours. Copy anything you still need from it.");
const ENDED = gettext(
  "Your time for this review has run out, and others can take it now. If no one has, your next change makes it yours again.",
);

export function startPresence() {
  let told = false;
  const timer = setInterval(async () => {
    if (document.visibilityState !== "visible" || Date.now() - used >= USED) return;
    const answer = await post("presence").catch(() => null);
    if (answer?.ok) told = false;
    if (answer?.status !== 409 && answer?.status !== 404) return;
    const ended = answer.status === 409 && (await answer.json()).code === "lease_ended";
    if (!ended) clearInterval(timer);
    if (!told) tell(ended ? ENDED : GONE, ended ? "warning" : "error");
    told = ended;
  }, EVERY);
}
