// The upload page: one request for each file, its progress in its row, a second try where one broke.
const form = document.querySelector("[data-upload]");
const picker = form.querySelector('input[type="file"]');
const rows = document.getElementById("uploads-rows");
const pattern = document.getElementById("upload-sending");
const sum = document.getElementById("uploads-sum");
const poll = document.getElementById("upload-poll");

const AT_ONCE = 3;
const POLLED = 50;
const waiting = [];
const count = { all: 0, done: 0, refused: 0, broken: 0 };
let sending = 0;

function megabytes(bytes) {
  return Math.ceil(bytes / 1024 / 1024).toLocaleString();
}

function showSum() {
  const left = count.all - count.done;
  const parts = [left ? `${count.done} of ${count.all} sent` : `${count.all} sent`];
  if (count.refused) parts.push(`${count.refused} refused`);
  if (count.broken) parts.push(`${count.broken} to try again`);
  sum.textContent = parts.join(", ");
}

function addRow(file) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  row.querySelector(".uploads__name").textContent = file.name;
  rows.prepend(row);
  document.getElementById("uploads-table").hidden = false;
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

function refuse(row, reason) {
  say(row, "Refused", reason, true);
  count.done += 1;
  count.refused += 1;
}

function breakOff(job, reason) {
  say(job.row, "Not sent", reason, true);
  job.row.querySelector("[data-retry]").hidden = false;
  count.broken += 1;
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
  count.done += 1;
  if (row.dataset.status === "refused") count.refused += 1;
}

function reasonOf(request) {
  if (request.responseURL.includes("/accounts/login/")) {
    return "You have been signed out. Load this page again, sign in, and upload the file then.";
  }
  if (request.status === 403) return "This page is too old. Load it again, then upload.";
  if (request.status === 413) return `The server takes no more than ${form.dataset.limitMb} MB.`;
  return `The server could not take the file (${request.status}). Try again in a moment.`;
}

function send(job) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("format", job.format);
  body.append("channel", job.channel);
  body.append("file", job.file);
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
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
  say(job.row, "Sending");
  request.send(body);
}

function next() {
  while (sending < AT_ONCE && waiting.length) {
    sending += 1;
    send(waiting.shift());
  }
}

function take(files) {
  for (const file of files) {
    const row = addRow(file);
    count.all += 1;
    if (file.size > Number(form.dataset.limit)) {
      refuse(row, `The file is too large: ${megabytes(file.size)} MB, and at most ${form.dataset.limitMb} MB are taken`);
      continue;
    }
    const { format, channel } = form.elements;
    const job = { file, row, format: format.value, channel: channel.value };
    row.querySelector("[data-retry]").addEventListener("click", (event) => {
      event.target.hidden = true;
      count.broken -= 1;
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
  take([...event.dataTransfer.files]);
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
