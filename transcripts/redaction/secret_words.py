"""Secrets said outright: "my password is hunter2", "PIN is 4471", "the security code is 123"."""

import re
from typing import Final

from transcripts.redaction.marks import KEY_SIGNS, MARK, Finds
from transcripts.redaction.vocabulary import COMMON, words

_DIGIT_WORD: Final = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_NUMBER: Final = (
    rf"(?:\d(?:[ .\-]?\d){{2,11}}(?!\w)|{_DIGIT_WORD}(?:[ ,\-]{{1,2}}{_DIGIT_WORD}){{2,11}}(?!\w)"
    r"|(?=[A-Za-z-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9\-]{3,19}(?!\w))"
)
_IS: Final = (
    r"(?:\s{1,3}(?:is|was|to|as|are)\s?[:=]?|['\u2019]s|\s{0,3}[:=])\s{1,3}"
    r"(?:(?:actually|just|now|still|currently|set\sto|simply|really|like)\s{1,3}){0,2}|\s{0,3}[:=]"
)
_CODES: Final = (
    r"(?:pin(?:[ -](?:code|number))?|cvv2?|cvc2?|csc|otp|pass ?code|(?:security|verification|"
    r"access|authentication|login|log-in|sms|2fa|two[ -]factor|one[ -]time)[ -]"
    r"(?:code|pin|passcode)(?:[ ]number)?|code(?= (?:that )?(?:you|they|i|we)(?: just)? "
    r"(?:sent|gave|texted|got)))"
)
_ENTRY: Final = (
    r"(?:pass(?:word|phrase)|passwd|pwd|pw|api[ _-]?key|secret[ _-]?key|access[ _-]?key|"
    r"client[ _-]?secret|memorable word|security answer|(?:mother's )?maiden name)"
)
_SENT: Final = (
    r"(?: (?:that )?(?:you|they|i|we)(?: just)? (?:sent|gave|texted|got)(?: (?:me|us|you))?)?"
)
# One of these words stands wherever a secret is announced.
SECRET_WORDS: Final = words("secret_words")
_CODE: Final = re.compile(
    rf"(?<!\w){_CODES}{_SENT}(?:(?:{_IS})|,?\s{{1,3}})(?P<value>{_NUMBER})", re.IGNORECASE
)
_PASSWORD: Final = re.compile(
    rf"(?<!\w){_ENTRY}(?:{_IS}|\s{{1,2}}(?=[^\s\[\]]{{0,30}}\d)(?=\S{{5}}))(?![\"'\u201c\u2018`]?{MARK})"
    r"(?:[\"\u201c`](?P<quoted>[^\"\u201d`\n]{1,100})(?=[\"\u201d`])|(?P<value>\S{1,200}))",
    re.IGNORECASE,
)
_REVERSED: Final = re.compile(
    rf"(?<!\S)(?!{MARK})(?P<value>(?=\S{{0,64}}\d)\S{{3,64}}) is my "
    rf"(?:new |old |current )?(?:{_CODES}|{_ENTRY})(?!\w)",
    re.IGNORECASE,
)
_KEY: Final = re.compile(
    r"(?<![\w-])(?:sk|pk|rk)_(?:live|test)_\w{10,}|(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)"
    r"|(?<!\w)gh[pousr]_\w{20,}|(?<!\w)xox[abprs]-[\w-]{10,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|(?<=bearer )(?=[\w.~+/-]{0,80}\d)[\w.~+/-]{16,}=*",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    rf"(?<!\w)(?:{_CODES}{_SENT}|password|(?:digits|numbers?|code) on (?:the|my|its) "
    r"(?:back|reverse|front))(?:[^\w\[\]]{1,3}(?:is|are|was|it's|that's|s|number|code|then|um|uh|er|"
    r"yes|so|the|of|my|on|card|back|to|and)){0,4}[^\w\[\]]{0,3}$",
    re.IGNORECASE,
)
_ASKED_CODE: Final = re.compile(r"(?<![\w$\u20ac\u00a3.,/#:-])\d{3,8}(?![\w%/:]|[.,-]\d)")
_ASKED_WORD: Final = re.compile(
    r"\s*(?:(?:it's|it is|its|that's|that is|yes|yeah|sure|ok|okay|so|um|uh|er|erm|hi|i think|the|"
    r"my|password|word|answer|name|is|would be|should be)\b[\s,.:]{0,3})*[\"'\u201c]?"
    r"(?P<value>[^\s\[\]]{3,64}?)[\"'\u201d]?[.!]?\s*$",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(
    r"[\"'\u201d\u2019`]?\s*(?:$|[.,;!?\n)]|(?:and|but|so|if|with|for|please|can|could)\b)"
)
_QUOTES: Final = "\"'\u201c\u201d\u2018\u2019`"
_TAIL: Final = ".,;:?)\"'\u201d\u2019`"
# What people say of a password that is not the password itself.
_NOT_SECRETS: Final = words("not_secrets")
ANSWER: Final = 80  # a longer answer holds more than the word that was asked for


def redact_secrets(text: str, finds: Finds) -> str:
    """[SECRET] for passwords, PINs, card security codes, one-time codes and API keys."""

    def value(found: re.Match[str]) -> str:
        start, end = found.span("value")
        before, after = found.start(), found.end()
        return (
            _slice(found, before, start)
            + finds.mark("SECRET", found["value"])
            + _slice(found, end, after)
        )

    def password(found: re.Match[str]) -> str:
        if found["quoted"]:
            return _slice(found, found.start(), found.start("quoted")) + finds.mark(
                "SECRET", found["quoted"]
            )
        start, said = found.start("value"), found["value"]
        start += len(said) - len(said.lstrip(_QUOTES))
        secret = said.strip(_QUOTES).rstrip(_TAIL)
        end = start + len(secret)
        if not _is_secret(secret, found.string[end : end + 40]):
            return found[0]
        lead = _slice(found, found.start(), start)
        return lead + finds.mark("SECRET", secret) + _slice(found, end, found.end())

    text = _asked_for(text, finds)
    if not finds.words.isdisjoint(KEY_SIGNS):
        text = _KEY.sub(lambda key: finds.mark("SECRET", key[0]), text)
    if finds.words.isdisjoint(SECRET_WORDS):
        return text
    return _REVERSED.sub(value, _CODE.sub(value, _PASSWORD.sub(password, text)))


def is_announced(words: str, asked: str) -> bool:
    """True if the words in front, or the question before, are about a secret code."""
    return _SAID.search(words) is not None or asked.startswith("secret")


def _asked_for(text: str, finds: Finds) -> str:
    """The answer to "What is the security code?" or "And your memorable word?"."""
    if finds.asked == "secret word" and len(text) <= ANSWER:
        found = _ASKED_WORD.match(text)
        if found and not _is_remark(found["value"]):
            value = finds.mark("SECRET", found["value"])
            return text[: found.start("value")] + value + text[found.end("value") :]
    if finds.asked.startswith("secret"):
        return _ASKED_CODE.sub(lambda code: finds.mark("SECRET", code[0]), text)
    return text


def _is_remark(word: str) -> bool:
    plain = word.casefold().rstrip(_TAIL + "!")
    return plain in _NOT_SECRETS or plain in COMMON


def _slice(found: re.Match[str], start: int, end: int) -> str:
    """A stretch of the text in which something was found."""
    return found.string[start:end]


def _is_secret(word: str, behind: str) -> bool:
    """True if the word after "password is" is the password and not a remark about it."""
    if any(not character.isalpha() for character in word.replace("'", "").replace("\u2019", "")):
        return any(character.isalnum() for character in word)
    if word.casefold() in _NOT_SECRETS or word.casefold().endswith(("ed", "ing", "ly", "n't")):
        return False
    inner = word[1:]
    odd = inner != inner.lower() and inner != inner.upper()
    return odd or _CLAUSE_END.match(behind) is not None
