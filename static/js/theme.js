// Sets the chosen colours and the folded rail before the page is drawn; runs blocking in <head>,
// so nothing flashes.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const choice = localStorage.getItem("heard-theme");
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    if (localStorage.getItem("heard-rail") === "folded") root.dataset.rail = "folded";
  } catch {
    // Storage is switched off: the page follows the system.
  }
})();
