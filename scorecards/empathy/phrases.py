"""The small language in which a definition pack writes phrases, compiled to regular expressions.

    sorry (to hear|about) ...      words, alternatives in brackets, a gap of up to four words
    frustrat*                      every word that begins so
    really? upset                  a question mark makes a word or a bracket optional
    {feeling}                      a word list of the pack
    #                              a number, in digits or in words
    ^ wow                          only at the beginning of a sentence
    thanks !      sorry ?          an exclamation mark or a question mark, standing apart
    hello $                        the end of a sentence

Words match whole, in any case, with or without their apostrophe ("im", "i'm"), and never across
the end of a sentence. All repetition is bounded or possessive: matching time grows linearly with
the text. Each phrase also names its `keys`, one of which must occur in a text that matches, so
that the engine tries only the few phrases that can match.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KEY_LENGTH = 4
GAP_WORDS = 4
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|thousand|several|couple|few|dozen|many|multiple|numerous"
)
NUMBER_WORD_SET = frozenset(NUMBER_WORDS.split("|"))

_SEPARATOR = r"[^\w.!?\n…]{1,60}+"
_ANY_WORD = r"[\w'@#$£€%&.-]{1,40}+"
_WORD_END = r"(?!'?\w)"
_NUMBER = rf"(?:[$£€]?\d[\d.,:/]{{0,12}}+\+?k?|(?:{NUMBER_WORDS}){_WORD_END})"
_KEEP_APOSTROPHE = frozenset({"i'll", "we'll", "he'll", "she'll", "it'll", "we're"})
_COMMON_TEXT = """
a an and are as at be been but by can could did do does for from get got had has have how i i'd i'm
i've if in is it it's its just me my no not of on or our out so that that's the their them there
they this to up us was we we're were what when which why will with would you you're your
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_REQUIRED = frozenset({"word", "#", "group"})
_TOKEN = re.compile(r"\.\.\.|\{[a-z_]+\}|[()|?¿!^$#]|[^\s()|?¿!^$#{}.]+")

Node = tuple[str, object]


class PhraseError(ValueError):
    """A phrase of a pack that cannot be read; the message quotes the phrase, never a transcript."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase. `keys` is empty where every text must be tried."""

    source: str
    pattern: re.Pattern[str]
    keys: frozenset[str]
    at_start: bool = False


def key_of(word: str) -> str:
    """The first four characters of a word, without apostrophes: what texts are indexed by."""
    return word.replace("'", "")[:KEY_LENGTH]


def compile_phrase(source: str, words: Mapping[str, Sequence[str]]) -> Phrase:
    """Compile one phrase; `words` are the pack's word lists. Raises PhraseError."""
    apart = re.sub(r"\s\?", " ¿", source)  # inside, ¿ is a question mark that must be there
    tokens = _TOKEN.findall(apart)
    if not tokens or "".join(tokens) != re.sub(r"\s+", "", apart):
        raise PhraseError(f'cannot read the phrase "{source}"')
    at_start = tokens[0] == "^"
    tokens = tokens[at_start:]
    nodes, rest = _alternatives(tokens, source, words)
    if rest:
        raise PhraseError(f'a bracket closes that was never opened in "{source}"')
    regex = _sequence_regex(nodes[0]) if len(nodes) == 1 else _group_regex(nodes)
    try:
        pattern = re.compile(rf"(?<![\w'])(?:{regex})")
    except re.error as error:
        raise PhraseError(f'cannot compile the phrase "{source}": {error}') from error
    return Phrase(source, pattern, _keys_of(nodes), at_start)


def _alternatives(
    tokens: list[str], source: str, words: Mapping[str, Sequence[str]]
) -> tuple[list[list[Node]], list[str]]:
    """Read alternatives until a closing bracket or the end; gives them and the tokens left."""
    options: list[list[Node]] = [[]]
    while tokens and tokens[0] != ")":
        sign, tokens = tokens[0], tokens[1:]
        if sign == "|":
            options.append([])
        elif sign == "(":
            inner, tokens = _alternatives(tokens, source, words)
            if not tokens:
                raise PhraseError(f'a bracket is never closed in "{source}"')
            tokens = tokens[1:]
            options[-1].append(("group", inner))
        elif sign == "?":
            if not options[-1]:
                raise PhraseError(f'a question mark stands alone in "{source}"')
            options[-1][-1] = ("optional", options[-1][-1])
        else:
            options[-1].append(_leaf(sign, source, words))
    if any(not option for option in options):
        raise PhraseError(f'an empty alternative in "{source}"')
    return options, tokens


def _leaf(sign: str, source: str, words: Mapping[str, Sequence[str]]) -> Node:
    if sign.startswith("{"):
        name = sign[1:-1]
        if name not in words:
            raise PhraseError(f'unknown word list {sign} in "{source}"')
        entries = "|".join(words[name])
        return ("group", _alternatives(_TOKEN.findall(entries), entries, {})[0])
    if sign in {"...", "#", "!", "¿", "$"}:
        return (sign, None)
    if not re.fullmatch(r"[\w'&-]+\*?", sign) or sign == "_*":
        raise PhraseError(f'cannot read "{sign}" in "{source}"')
    return ("word", sign)


def _sequence_regex(nodes: list[Node]) -> str:
    """Words joined by separators; optional words and gaps carry their own separator."""
    first = next((at for at, (kind, _) in enumerate(nodes) if kind in _REQUIRED), None)
    if first is None:
        raise PhraseError("a phrase or an alternative has no word that must occur")
    parts: list[str] = []
    for position, (kind, value) in enumerate(nodes):
        if kind in {"!", "¿", "$"}:
            parts.append(_node_regex((kind, value)))
        elif kind == "...":
            parts.append(f"(?:{_SEPARATOR}{_ANY_WORD}){{0,{GAP_WORDS}}}?")
        elif kind == "optional":
            inner = _node_regex(value)  # type: ignore[arg-type]
            lead = position > first
            parts.append(f"(?:{_SEPARATOR}{inner})?" if lead else f"(?:{inner}{_SEPARATOR})?")
        else:
            parts.append(("" if position == first else _SEPARATOR) + _node_regex((kind, value)))
    return "".join(parts)


def _node_regex(node: Node) -> str:
    kind, value = node
    if kind == "word":
        return _word_regex(str(value))
    if kind == "#":
        return _NUMBER
    if kind in {"!", "¿"}:
        return r"[^\w.?!\n]{0,20}+" + ("!" if kind == "!" else r"\?")
    if kind == "$":
        return r"(?=[^\w.?!\n]{0,20}+(?:[.!?\n…]|\Z))"
    if kind == "group":
        return _group_regex(value)  # type: ignore[arg-type]
    raise PhraseError(f"nothing of the kind {kind} can stand here")


def _group_regex(options: list[list[Node]]) -> str:
    return "(?:" + "|".join(_sequence_regex(option) for option in options) + ")"


def _word_regex(word: str) -> str:
    if word == "_":
        return _ANY_WORD
    stem, star = (word[:-1], True) if word.endswith("*") else (word, False)
    escaped = re.escape(stem)
    if stem not in _KEEP_APOSTROPHE:
        escaped = escaped.replace("'", "'?")
    return escaped + (r"[\w'-]{0,30}+" if star else _WORD_END)


def _keys_of(options: list[list[Node]]) -> frozenset[str]:
    """The rarest set of word keys one of which every match must contain; empty if none."""
    union: set[str] = set()
    for option in options:
        best = _best_keys(option)
        if not best:
            return frozenset()
        union |= best
    return frozenset(union)


def _best_keys(nodes: list[Node]) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    best_rank = -1.0
    for kind, value in nodes:
        if kind == "word" and value != "_":
            word = str(value).removesuffix("*")
            if str(value).endswith("*") and len(word) < KEY_LENGTH:
                continue
            keys, rank = frozenset({key_of(word)}), _rank(word)
        elif kind == "group":
            keys = _keys_of(value)  # type: ignore[arg-type]
            rank = min((_rank(key) for key in keys), default=-1.0) - 0.1 * len(keys)
        else:
            continue
        if keys and rank > best_rank:
            best, best_rank = keys, rank
    return best


def _rank(word: str) -> float:
    return 0.5 if word in _COMMON else float(min(len(word), KEY_LENGTH)) + 1.0
