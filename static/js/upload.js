// The upload page: one request for each file, its progress in its row, a second try where one broke,
// and the files at hand for as long as their rows ask something.
const form = document.querySelector("[data-upload]");
const picker = form.querySelector('input[type="file"]');
const rows = document.getElementById("uploads-rows");
const pattern = document.getElementById("upload-sending");
const sum = document.getElementById("uploads-sum");
const poll = document.getElementById("upload-poll");

const AT_ONCE = 3;
const POLLED = 50;
const waiting = [];
const jobs = []; // one for each file of this visit; a job's row is drawn anew as it comes along
const byRow = new Map();
let sending = 0;
let bundle = ""; // the upload that all files of this visit belong to, once the server has opened it

const whole = document.getElementById("uploads-whole");
const results = document.getElementById("uploads-results");

function megabytes(bytes) {
  return Math.ceil(bytes / 1024 / 1024).toLocaleString();
}

function showSum() {
  const number = (test) => jobs.filter(test).length;
  const status = (word) => number((job) => job.row.dataset.status === word);
  const done = number((job) => job.state === "done");
  const files = jobs.length === 1 ? "file" : "files";
  const parts = [`${done < jobs.length ? `${done} of ${jobs.length}` : done} ${files} sent`];
  const told = [
    [status("accepted") + status("partly") + status("duplicate"), "taken in"],
    [status("asks"), "to answer"],
    [status("refused"), "refused"],
    [number((job) => job.state === "broken"), "to try again"],
  ];
  for (const [count, words] of told) if (count) parts.push(`${count} ${words}`);
  sum.textContent = parts.join(", ");
  whole.hidden = done === jobs.length;
  whole.max = jobs.length;
  whole.value = done;
}

function addRow(file) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  row.querySelector(".uploads__name").textContent = file.name;
  rows.prepend(row);
  document.getElementById("uploads-table").hidden = false;
  results.hidden = false;
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

function refuse(job, reason) {
  say(job.row, "Refused", reason, true);
  job.row.dataset.status = "refused";
  job.state = "done";
}

function breakOff(job, reason) {
  if (job.again) return; // its row still shows what it asks
  say(job.row, "Not sent", reason, true);
  job.row.querySelector("[data-retry]").hidden = false;
  job.state = "broken";
}

// The server's answer is the row itself; anything else is a page that belongs elsewhere.
function answered(job, request) {
  const answer = document.createElement("template");
  answer.innerHTML = request.responseText.trim();
  const row = answer.content.querySelector("tr[id^='file-']");
  if (!row) {
    breakOff(job, reasonOf(request));
    return;
  }
  job.row.replaceWith(row);
  htmx.process(row);
  job.state = "done";
  settle(job, row);
  if (bundle) return;
  bundle = row.dataset.upload;
  results.href = `${results.href.split("?")[0]}?upload=${bundle}`;
}

// A row that asks gets the file back that this page still holds, so that an answer can send it.
function settle(job, row) {
  job.row = row;
  byRow.set(row.id, job);
  if (row.dataset.status !== "asks") return;
  const held = new DataTransfer();
  held.items.add(job.file);
  const input = row.querySelector(".again__file");
  input.files = held.files;
  row.querySelector("[data-file-label]").hidden = true;
}

// One answer fits all files of a source: those that ask the same go along with the remembered one.
function followUp(source, answered) {
  for (const job of jobs) {
    if (job.row.id === answered || job.row.dataset.status !== "asks" || job.row.dataset.source !== source) continue;
    job.again = job.row.querySelector("[data-asks]").action;
    waiting.push(job);
  }
  next();
}

rows.addEventListener("htmx:beforeRequest", (event) => {
  const asking = event.target.closest("tr[data-source]");
  if (!asking) return;
  const remembers = event.target.elements?.remember?.checked;
  byRow.get(asking.id)?.row.setAttribute("data-answered", remembers ? asking.dataset.source : "");
});
rows.addEventListener("htmx:beforeSwap", (event) => {
  const source = event.target.dataset?.answered;
  if (source && event.detail.xhr.status === 200) setTimeout(() => followUp(source, event.target.id));
});
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
    return "You have been signed out. Load this page again, sign in, and upload the file then.";
  }
  if (request.status === 403) return "This page is too old. Load it again, then upload.";
  if (request.status === 422) return "Say under Agent who is meant: choose from its list, or type a name and an id.";
  if (request.status === 413) return `The server takes no more than ${form.dataset.limitMb} MB.`;
  return `The server could not take the file (${request.status}). Try again in a moment.`;
}

function bodyOf(job) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  if (job.again) {
    body.append("known", "1");
  } else {
    body.append("format", job.format);
    body.append("channel", job.channel);
    body.append("who", job.who);
    body.append("upload", bundle);
  }
  body.append("file", job.file);
  return body;
}

function send(job) {
  const request = new XMLHttpRequest();
  request.open("POST", job.again ?? form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable || job.again) return;
    const share = Math.round((100 * event.loaded) / event.total);
    job.row.querySelector("progress").value = share;
    say(job.row, share < 100 ? `Sending, ${share} %` : "Being read");
  });
  request.addEventListener("load", () => answered(job, request));
  request.addEventListener("error", () =>
    breakOff(
      job,
      "The connection broke before the server answered. A file that did arrive is recognised, not kept twice.",
    ),
  );
  request.addEventListener("loadend", () => {
    sending -= 1;
    showSum();
    next();
  });
  if (!job.again) say(job.row, "Sending");
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
  const { format, channel, who } = form.elements;
  for (const file of files) {
    const row = addRow(file);
    const job = { file, row, state: "waiting", format: format.value, channel: channel.value, who: who.value };
    jobs.push(job);
    if (file.size > Number(form.dataset.limit)) {
      refuse(job, `The file is too large: ${megabytes(file.size)} MB, and at most ${form.dataset.limitMb} MB are taken`);
      continue;
    }
    row.querySelector("[data-retry]").addEventListener("click", (event) => {
      event.target.hidden = true;
      job.state = "waiting";
      say(row, "Waiting to be sent");
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
