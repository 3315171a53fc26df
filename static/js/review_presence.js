// That somebody is at work on this review: for the time spent, for other tabs, for a closing lid.
const root = document.getElementById("review");
const here = root.dataset.here;
const USED = 60_000; // without a sign of use for so long, the clock stands
const EVERY = 20_000;

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];

function post(action, fields = {}) {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRFToken": token() };
  return fetch(`${here}${action}/`, { method: "POST", body, headers, keepalive: true });
}

// Time spent: the server adds up how long it was between two signs, up to a minute each.
let used = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "wheel", "touchstart"]) {
  document.addEventListener(kind, () => (used = Date.now()), { capture: true, passive: true });
}
setInterval(() => {
  const seen = document.visibilityState === "visible" && Date.now() - used < USED;
  if (seen) post("presence").catch(() => {});
}, EVERY);

// A closing lid: what was typed of the summary and has not been sent yet goes now.
const summary = document.getElementById("summary");
let kept = summary?.value;
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.elt === summary && event.detail.successful) {
    kept = event.detail.requestConfig.parameters.summary ?? summary.value;
  }
});
function flush() {
  if (!summary || summary.value === kept) return;
  kept = summary.value;
  const revision = document.getElementById("revision").value;
  post("summary", { summary: summary.value, revision }).catch(() => (kept = null));
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flush();
});
window.addEventListener("pagehide", flush);

// Another tab on the same review: both are told, and told again when the other changes something.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("heard-review") : null;
const WORDS = {
  open: "This review is open in another tab as well. What you do here shows there after a reload.",
  changed: "This review was changed in another tab.",
};

function tell(kind) {
  const place = document.getElementById("messages");
  const message = document.createElement("div");
  message.className = "message message--warning";
  const words = document.createElement("p");
  words.className = "message__text";
  words.textContent = `${WORDS[kind]} `;
  if (kind === "changed") {
    const link = document.createElement("a");
    link.href = here;
    link.textContent = "Show its current state";
    words.append(link);
  }
  message.append(words);
  place.replaceChildren(message);
}

tabs?.addEventListener("message", ({ data }) => {
  if (data.here !== here) return;
  tell(data.kind === "changed" ? "changed" : "open");
  if (data.kind === "opened") tabs.postMessage({ here, kind: "open" });
});
tabs?.postMessage({ here, kind: "opened" });
document.addEventListener("htmx:afterRequest", (event) => {
  const { verb, path } = event.detail.requestConfig ?? {};
  if (verb === "post" && event.detail.successful && path.startsWith(here)) {
    tabs?.postMessage({ here, kind: "changed" });
  }
});
