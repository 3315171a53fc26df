// The frame: colours, menus, messages, what is on its way, and words for requests that fail.
import "./keys.js";
import { forgetAllWords, tidyWords } from "./kept_words.js";
import "./palette.js";
import "./rail.js";

const root = document.documentElement;

const theme = () => root.dataset.theme ?? "system";

function chooseTheme(choice) {
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  try {
    if (choice === "system") localStorage.removeItem("heard-theme");
    else localStorage.setItem("heard-theme", choice);
  } catch {
    // Storage is switched off: the choice lasts for this page.
  }
  showTheme();
  root.dispatchEvent(new CustomEvent("heard:theme"));
}

function showTheme() {
  for (const button of document.querySelectorAll(".theme__choice")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme()));
  }
}

// Says something in the messages region. kind: "info", "success", "warning" or "error"; what has a
// name in `once` is said once.
const saidOnce = new Set();

function say(text, kind = "info", { link, once } = {}) {
  const region = document.getElementById("messages");
  if (!region || saidOnce.has(once)) return;
  if (once) saidOnce.add(once);
  const line = document.createElement("div");
  line.className = `message message--${kind}`;
  const words = document.createElement("p");
  words.className = "message__text";
  words.textContent = text;
  if (link) {
    const place = document.createElement("a");
    place.href = link.href;
    place.textContent = link.text;
    words.append(" ", place);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--quiet button--small";
  close.dataset.dismiss = "";
  close.textContent = gettext("Dismiss");
  line.append(words, close);
  region.append(line);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details[data-menu]"));
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) chooseTheme(choice.dataset.themeChoice);
  event.target.closest("[data-dismiss]")?.closest(".message")?.remove();
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A line at the top once an answer is slow enough to be waited for.
const SLOW = 300; // milliseconds
let under = 0;
let line = 0;
document.addEventListener("htmx:beforeSend", () => {
  under += 1;
  line ||= setTimeout(() => { root.dataset.loading = ""; }, SLOW);
});
document.addEventListener("htmx:afterRequest", () => {
  under = Math.max(0, under - 1);
  if (under) return;
  clearTimeout(line);
  line = 0;
  delete root.dataset.loading;
});

document.addEventListener("htmx:sendError", () =>
  say(gettext("The server could not be reached. What you typed is still on this page."), "error"),
);
document.addEventListener("htmx:timeout", () =>
  say(gettext("The server took too long to answer. Try again."), "error"),
);
document.addEventListener("heard:say", ({ detail }) => say(detail.text, detail.kind, detail));

// The sign-in page and pages of faults are no parts of this page: say it instead of swapping them in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status, responseText, responseURL } = event.detail.xhr;
  if (responseURL.includes("/accounts/login/")) {
    event.detail.shouldSwap = false;
    const signIn = new URL(responseURL);
    signIn.searchParams.set("next", location.pathname);
    const link = { href: signIn.href, text: gettext("Sign in") };
    say(gettext("You are signed out, and this was not saved. Copy what you have typed before you sign in."), "error", { link, once: "signed-out" });
  } else if (status >= 500 || (status >= 400 && responseText.trimStart().startsWith("<!doctype"))) {
    event.detail.shouldSwap = false;
    say(interpolate(gettext("That didn’t work (error %(status)s). Reload the page. If it keeps happening, tell your admin."), { status }, true), "error");
  }
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  root.dispatchEvent(new CustomEvent("heard:theme")),
);
showTheme();

// Words that wait in this browser for the server belong to whoever is signed in.
tidyWords();
document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => forgetAllWords());
