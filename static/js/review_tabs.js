// The same review in several tabs: each is told, and each shows what the others do.
import { announce, placeOf, wordsAt } from "./review_words.js";

const root = document.getElementById("review");
const { here } = root.dataset;
const at = (id) => document.getElementById(id);
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("heard-review") : null;
const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const REDRAWN = ["strip", "moment", "card-side", "revision", "submit-state", "undo-place"];

export function tell(text, kind = "warning") {
  const message = document.createElement("div");
  message.className = `message message--${kind}`;
  const words = document.createElement("p");
  words.className = "message__text";
  words.textContent = text;
  message.append(words);
  at("messages").replaceChildren(message);
}

export function tellTabs(kind, fields = {}) {
  tabs?.postMessage({ here, kind, ...fields });
}

// The page as the server has it now; notes that are being written here stay as they are.
export async function redraw(settle) {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const id of [...REDRAWN, "transcript"]) {
    const fresh = drawn.getElementById(id);
    if (!fresh || !at(id)) continue;
    if (id === "transcript") keepDrafts(fresh);
    at(id).replaceWith(fresh);
    window.htmx.process(fresh);
  }
  settle();
  if (focused && document.activeElement === document.body) at(focused)?.focus({ preventScroll: true });
  return true;
}

function keepDrafts(fresh) {
  for (const draft of at("transcript").querySelectorAll(".note--draft")) {
    const turn = fresh.querySelector(`#${draft.closest(".turn").id}`);
    turn.querySelector(".note--draft")?.remove();
    turn.append(draft);
  }
}

export function startTabs({ settle }) {
  tabs?.addEventListener("message", async ({ data }) => {
    if (data.here !== here) return;
    if (data.kind === "words") return wordsAt(placeOf(data.name))?.follow(data.text);
    if (data.kind === "changed") {
      await redraw(settle);
      const changed = gettext("This review was changed in another tab at %(time)s. You now see its current state.");
      tell(interpolate(changed, { time: clock() }, true));
      announce(gettext("This review was changed in another tab."));
      return;
    }
    tell(gettext("This review is also open in another tab. Changes you make in one show in the other."));
    if (data.kind === "opened") tellTabs("open");
  });
  tellTabs("opened");
  document.addEventListener("htmx:afterRequest", (event) => {
    const { verb, path } = event.detail.requestConfig ?? {};
    if (verb === "post" && event.detail.successful && path.startsWith(here)) tellTabs("changed");
  });
}
