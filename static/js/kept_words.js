// Words that the server could not be given yet, kept in this browser until it can. They belong to
// one member, go when they are saved, when their member signs out or another one works here, and
// after twelve hours at the latest.
const PREFIX = "heard-words:";
const LONGEST = 12 * 60 * 60 * 1000;

function stored() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return []; // storage is switched off: nothing is kept
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function keepWords(member, place, words) {
  try {
    localStorage.setItem(`${PREFIX}${member}:${place}`, JSON.stringify({ ...words, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function forgetWords(member, place) {
  for (const key of stored()) {
    if (key.startsWith(`${PREFIX}${member}:${place}`)) localStorage.removeItem(key);
  }
}

// [[the rest of the place, words], …] of what is kept under this place.
export function keptWords(member, place) {
  const start = `${PREFIX}${member}:${place}`;
  return stored()
    .filter((key) => key.startsWith(start))
    .map((key) => [key.slice(start.length), read(key)])
    .filter(([, words]) => words);
}

export function forgetAllWords(isKept = () => false) {
  for (const key of stored()) if (!isKept(key)) localStorage.removeItem(key);
}

// What is too old goes; with a member, also what is somebody else's.
export function tidyWords(member) {
  forgetAllWords((key) => {
    const fresh = Date.now() - (read(key)?.at ?? 0) < LONGEST;
    return fresh && (member === undefined || key.startsWith(`${PREFIX}${member}:`));
  });
}
