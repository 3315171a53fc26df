// What the viewer of the API's description leaves to be mended for screen readers and keys: its
// sections come right below the title, and a button holds nothing that can be reached by itself.
const viewer = document.getElementById("swagger-ui");

const LEVELS = { "h3.opblock-tag": 2, "section.models h4": 2, ".opblock-body h4": 3 };

function mend() {
  for (const [headings, level] of Object.entries(LEVELS)) {
    for (const one of viewer.querySelectorAll(`${headings}:not([aria-level])`)) {
      one.setAttribute("role", "heading");
      one.setAttribute("aria-level", level);
    }
  }
  const about = viewer.querySelector(".information-container");
  about?.setAttribute("role", "region");
  about?.setAttribute("aria-label", gettext("About this API"));
  // The link to itself of what the button around it opens.
  for (const link of viewer.querySelectorAll(".opblock-summary-control a[href]")) link.removeAttribute("href");
}

new MutationObserver(mend).observe(viewer, { childList: true, subtree: true });
mend();
