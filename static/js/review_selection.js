// Words of a turn, taken by mouse or by keyboard. Ranges are counted in characters as the server
// counts them (code points, not UTF-16 units), so that an emoji is one.
import { announce } from "./review_words.js";

const root = document.getElementById("review");
const length = (text) => [...text].length;
const holder = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

// The words selected inside one turn: {turn, start, end, quote, box}; null if there are none.
export function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const text = holder(range.startContainer)?.closest(".turn__text");
  if (!text || !root.contains(text)) return null;
  if (holder(range.endContainer)?.closest(".turn__text") !== text) {
    range.setEndAfter(text.lastChild ?? text);
  }
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const quote = words.trim();
  if (!quote) return null;
  const lead = words.length - words.trimStart().length;
  const start = length(before.toString()) + length(words.slice(0, lead));
  return {
    turn: text.dataset.turn,
    start,
    end: start + length(quote),
    quote,
    box: range.getBoundingClientRect(),
  };
}

export function dropSelection() {
  const had = selected() !== null;
  if (had) document.getSelection().removeAllRanges();
  picked = null;
  return had;
}

// By keyboard: shift and an arrow take words of the current turn, one more or one less; without
// shift the selection moves on by a word; up and down go to the turn before and after.
let picked = null; // {text, words: [[start, end], …], from, to}

const wordsOf = (text) =>
  [...text.textContent.matchAll(/\S+/g)].map((one) => [one.index, one.index + one[0].length]);

function begin(text) {
  const words = wordsOf(text);
  const mark = text.querySelector("mark");
  let first = 0;
  if (mark) {
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEndBefore(mark);
    const offset = before.toString().length;
    first = Math.max(0, words.findIndex(([, end]) => end > offset));
  }
  return { text, words, from: first, to: first };
}

function current() {
  if (picked && root.contains(picked.text) && selected()?.turn === picked.text.dataset.turn) return picked;
  const turns = (document.getElementById("moment").dataset.turns ?? "").split(" ");
  return { fresh: root.querySelector(`#turn-${turns[1] ?? turns[0]} .turn__text`) };
}

function beside(text, step) {
  const texts = [...root.querySelectorAll(".turn__text")];
  return texts[texts.indexOf(text) + step];
}

export function pick(key, extend) {
  const now = current();
  const text = now.fresh ?? now.text;
  if (!text || (!extend && now.fresh !== undefined)) return false;
  if (now.fresh) picked = begin(now.fresh);
  else if (key === "ArrowUp" || key === "ArrowDown") {
    const next = beside(text, key === "ArrowUp" ? -1 : 1);
    if (next) picked = begin(next);
  } else moveBy(now, key === "ArrowLeft" ? -1 : 1, extend);
  show();
  return true;
}

function moveBy(now, step, extend) {
  const within = (place) => Math.max(0, Math.min(now.words.length - 1, place));
  now.to = within(now.to + step);
  if (!extend) now.from = now.to;
}

function point(text, offset) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let rest = offset;
  while (walker.nextNode()) {
    if (rest <= walker.currentNode.length) return [walker.currentNode, rest];
    rest -= walker.currentNode.length;
  }
  return [text, text.childNodes.length];
}

function show() {
  const { text, words, from, to } = picked;
  if (!words.length) return;
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  const selection = document.getSelection();
  selection.setBaseAndExtent(...point(text, words[first][0]), ...point(text, words[last][1]));
  text.closest(".turn").scrollIntoView({ block: "nearest" });
  announce(interpolate(gettext("Selected: %(words)s"), { words: selection.toString() }, true));
}
