// The tour of a review: a dialog that points at one part of the page after the other. Nothing on
// the page can be changed while it is open, and no key does anything there (see review.js).
const tour = document.getElementById("tour");
const starter = document.querySelector("[data-tour-start]");
const steps = [...(tour?.querySelectorAll(".tour__step") ?? [])];
const part = (name) => tour.querySelector(`[data-tour-${name}]`);
let at = 0;
let begunAt = 0; // how far the page was scrolled: there the work goes on

function show(step) {
  at = Math.max(0, Math.min(step, steps.length - 1));
  steps.forEach((one, place) => (one.hidden = place !== at));
  const { target, at: side } = steps[at].dataset;
  tour.dataset.at = side;
  tour.querySelector(".tour__count").textContent = interpolate(
    gettext("%(step)s of %(all)s"),
    { step: at + 1, all: steps.length },
    true,
  );
  part("back").disabled = at === 0;
  part("end").hidden = at === steps.length - 1;
  part("next").textContent = at === steps.length - 1 ? gettext("Done") : gettext("Next");
  point(document.querySelector(target));
}

function point(target) {
  document.querySelector(".tour-target")?.classList.remove("tour-target");
  target?.classList.add("tour-target");
  const small = target && target.offsetHeight < innerHeight / 2;
  target?.scrollIntoView({ block: small ? "center" : "nearest" });
}

// The member has had it: it is not offered again, but can always be taken.
function end() {
  point(null);
  scrollTo(0, begunAt);
  delete starter.dataset.tourOffered;
  const form = tour.querySelector("form");
  const headers = { accept: "application/json" };
  fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => {});
}

if (tour && starter) {
  starter.addEventListener("click", () => {
    begunAt = scrollY;
    show(0);
    tour.showModal();
    part("next").focus();
  });
  part("next").addEventListener("click", () => {
    if (at === steps.length - 1) tour.close();
    else show(at + 1);
  });
  part("back").addEventListener("click", () => {
    show(at - 1);
    part("next").focus();
  });
  part("end").addEventListener("click", () => tour.close());
  tour.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowRight") show(at + 1);
    if (key === "ArrowLeft") show(at - 1);
  });
  tour.addEventListener("close", end);
}
