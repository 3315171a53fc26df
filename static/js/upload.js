// The upload page: one request for each file, its progress in its row, a second try where one broke,
// and the files at hand for the few questions that can't be answered without them.
const form = document.querySelector("[data-upload]");
const picker = form.querySelector('input[type="file"]');
const rows = document.getElementById("uploads-rows");
const pattern = document.getElementById("upload-sending");
const sum = document.getElementById("uploads-sum");
const poll = document.getElementById("upload-poll");

const AT_ONCE = 3;
const POLLED = 50;
const TOLD = ["format", "channel", "who", "team", "started_at", "details"]; // of all files that are sent
const waiting = [];
const jobs = []; // one for each file of this visit; a job's row is drawn anew as it comes along
const byRow = new Map();
let sending = 0;
let bundle = ""; // the upload that all files of this visit belong to, once the server has opened it

const whole = document.getElementById("uploads-whole");
const results = document.getElementById("uploads-results");

function showSum() {
  const number = (test) => jobs.filter(test).length;
  const status = (...words) => number((job) => words.includes(job.row.dataset.status));
  const done = number((job) => job.state === "done");
  const told = [
    [status("accepted", "partly", "duplicate"), (n) => ngettext("%(n)s imported", "%(n)s imported", n)],
    [status("asks"), (n) => ngettext("%(n)s needs an answer", "%(n)s need an answer", n)],
    [status("refused"), (n) => ngettext("%(n)s rejected", "%(n)s rejected", n)],
    [number((job) => job.state === "broken"), (n) => ngettext("%(n)s not sent", "%(n)s not sent", n)],
  ];
  const parts = told.filter(([n]) => n).map(([n, words]) => interpolate(words(n), { n }, true));
  const all = jobs.length;
  const files =
    done < all
      ? interpolate(ngettext("%(done)s of %(n)s file sent", "%(done)s of %(n)s files sent", all), { done, n: all }, true)
      : interpolate(ngettext("%(n)s file", "%(n)s files", all), { n: all }, true);
  sum.textContent = parts.length
    ? interpolate(gettext("%(files)s: %(results)s"), { files, results: parts.join(", ") }, true)
    : files;
  whole.hidden = done === all;
  if (done === all) htmx.trigger("#uploads-filters", "stale"); // they count the files by their state
  whole.max = all;
  whole.value = done;
}

function addRow(file) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  const name = document.createElement("span");
  name.className = "uploads__file";
  name.title = file.name;
  name.textContent = file.name;
  row.querySelector(".uploads__name").append(name);
  rows.prepend(row);
  document.getElementById("uploads-table").hidden = false;
  results.hidden = false;
  document.getElementById("uploads-filters").hidden = false;
  document.getElementById("uploads-none")?.remove();
  return row;
}

function say(row, word, note = "", failed = false) {
  row.querySelector(".uploads__word").textContent = word;
  const status = row.querySelector(".status");
  status.classList.toggle("status--failed", failed);
  status.classList.toggle("status--busy", !failed);
  const place = row.querySelector(".uploads__note");
  place.textContent = note;
  place.classList.toggle("refusal", failed);
  row.querySelector("progress").hidden = failed;
}

function breakOff(job, reason) {
  say(job.row, gettext("Not sent"), reason, true);
  job.row.querySelector("[data-retry]").hidden = false;
  job.state = "broken";
}

// The server's answer is the row itself; anything else is a page that belongs elsewhere.
function put(job, html) {
  const answer = document.createElement("template");
  answer.innerHTML = html.trim();
  const row = answer.content.querySelector("tr[id^='file-']");
  if (!row) return false;
  job.row.replaceWith(row);
  htmx.process(row);
  job.state = "done";
  settle(job, row);
  if (!bundle) {
    bundle = row.dataset.upload;
    results.href = `${results.href.split("?")[0]}?upload=${bundle}`;
  }
  showSum();
  return true;
}

function answered(job, request) {
  if (!put(job, request.responseText)) breakOff(job, reasonOf(request));
}

// A row that needs the file itself gets the one that this page still holds.
function settle(job, row) {
  job.row = row;
  byRow.set(row.id, job);
  const input = row.querySelector("[data-asks] .again__file");
  if (!input) return;
  const held = new DataTransfer();
  held.items.add(job.file);
  input.files = held.files;
  row.querySelector("[data-file-label]").hidden = true;
}

rows.addEventListener("htmx:load", (event) => {
  const row = event.target.closest("tr[id^='file-']");
  const job = row && byRow.get(row.id);
  if (job && job.row !== row) {
    settle(job, row);
    showSum();
  }
});

function reasonOf(request) {
  if (request.responseURL.includes("/accounts/login/")) {
    return gettext("You have been signed out. Reload this page, sign in, and upload the file again.");
  }
  if (request.status === 403) return gettext("This page is out of date. Reload it and upload the file again.");
  if (request.status === 422) {
    return gettext("Check the details given for these files: the agent, team, start time and other details.");
  }
  if (request.status === 413) {
    return interpolate(gettext("The server accepts up to %(limit)s MB."), { limit: form.dataset.limitMb }, true);
  }
  return interpolate(
    gettext("The server could not import the file (%(code)s). Try again in a moment."),
    { code: request.status },
    true,
  );
}

// Of a file that is too large its name and size alone are sent, so that the list has it too.
function bodyOf(job) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  if (job.tooLarge) {
    body.append("upload", bundle);
    body.append("name", job.file.name);
    body.append("size", job.file.size);
    return body;
  }
  for (const [name, value] of Object.entries(job.told)) body.append(name, value);
  body.append("upload", bundle);
  body.append("file", job.file);
  return body;
}

function send(job) {
  const request = new XMLHttpRequest();
  request.open("POST", job.tooLarge ? form.dataset.unsent : form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const share = Math.round((100 * event.loaded) / event.total);
    job.row.querySelector("progress").value = share;
    say(
      job.row,
      share < 100 ? interpolate(gettext("Sending, %(share)s %%"), { share }, true).replace("%%", "%") : gettext("Reading"),
    );
  });
  request.addEventListener("load", () => answered(job, request));
  request.addEventListener("error", () =>
    breakOff(
      job,
      gettext("The connection was lost before the server answered. You can send the file again: it won't be imported twice."),
    ),
  );
  request.addEventListener("loadend", () => {
    sending -= 1;
    showSum();
    next();
  });
  say(job.row, gettext("Sending"));
  request.send(bodyOf(job));
}

// The first file goes alone: its answer names the upload that the others join.
function next() {
  const most = bundle ? AT_ONCE : 1;
  while (sending < most && waiting.length) {
    sending += 1;
    send(waiting.shift());
  }
}

function take(files) {
  const told = {};
  for (const name of TOLD) told[name] = form.elements[name].value;
  for (const file of files) {
    const row = addRow(file);
    const job = { file, row, state: "waiting", told };
    jobs.push(job);
    job.tooLarge = file.size > Number(form.dataset.limit);
    row.querySelector("[data-retry]").addEventListener("click", (event) => {
      event.target.hidden = true;
      job.state = "waiting";
      say(row, gettext("Waiting to be sent"));
      waiting.push(job);
      next();
    });
    waiting.push(job);
  }
  showSum();
  next();
}

picker.addEventListener("change", () => {
  take([...picker.files]);
  picker.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());

// A dropped folder is walked; hidden files in it are left out.
async function filesOf(entry) {
  if (entry.isFile) {
    return entry.name.startsWith(".") ? [] : [await new Promise((done, failed) => entry.file(done, failed))];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const inner of some) found.push(...(await filesOf(inner)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const loose = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return take(loose);
  for (const entry of entries) take(await filesOf(entry));
}

let inside = 0;
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  inside += 1;
  form.classList.add("drop--over");
});
document.addEventListener("dragleave", (event) => {
  if (!carriesFiles(event)) return;
  inside -= 1;
  if (inside <= 0) form.classList.remove("drop--over");
});
document.addEventListener("dragover", (event) => {
  if (carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  inside = 0;
  form.classList.remove("drop--over");
  dropped(event.dataTransfer);
});

// Rows that wait for their pre-score are asked for, the oldest first; where none waits, nobody asks.
poll.addEventListener("htmx:configRequest", (event) => {
  const ids = [...rows.querySelectorAll("[data-waiting] input[name='file']")].map((one) => one.value);
  if (!ids.length || document.hidden) {
    event.preventDefault();
    return;
  }
  event.detail.parameters = { file: ids.slice(-POLLED) };
});
window.addEventListener("beforeunload", (event) => {
  if (sending || waiting.length) event.preventDefault();
});
