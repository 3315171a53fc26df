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
    r"(?:\s{1,3}(?:is|was|to|as|are|says|shows|reads|showing|being)\s?[:=]?|['\u2019]s|"
    r"\s{0,3}[:=])\s{1,3}"
    r"(?:(?:showing|it['\u2019]s|um|uh|er|actually|just|now|still|currently|set\sto|simply|"
    r"really|like)\s{1,3}){0,2}|\s{0,3}[:=]"
)
# "Your new password, Tilda: …": words between, and a colon before what is no plain word.
_ASIDE: Final = r"(?:,? (?:[^\W\d_]{1,20}\.?|\[NAME\])){1,4}:\s{1,3}(?=\S{0,60}[\d#!$%&*@_-])"
_CODES: Final = (
    r"(?:pin(?:[ -](?:number|code(?! of| for)))?|cvv2?|cvc2?|csc|otp|pass ?code|(?<!social "
    r")(?:security|verification|"
    r"access|auth(?:entication|enticator)?(?: app)?|login|log-in|sms|2fa|two[ -]factor|one[ -]time|"
    r"activation|unlock|recovery|confirmation sms)[ -]"
    r"(?:code|pin|passcode|number)(?:[ ]number)?|code(?= (?:that )?(?:you|they|i|we)(?: have| "
    r"just| was| were| did)? "
    r"(?:sent|gave|texted|got|see|received|get|have))|(?<=your )code|(?<=my )code|(?<!social "
    r")security number)"
)
_ENTRY: Final = (
    r"(?:pass[ -]?(?:word|phrase)|passwd|pwd|pw|api[ _-]?key|secret[ _-]?key|access[ _-]?key|"
    r"client[ _-]?secret|memorable word|security answer|(?:mother's )?maiden name)"
)
_SENT: Final = (
    r"(?: (?:that )?(?:you|they|i|we)(?: have| just| was| were| did)? (?:sent|gave|texted|got|"
    r"see|received|get|have)"
    r"(?: (?:me|us|you|here|now|on my phone))?)?"
)
# One of these words stands wherever a secret is announced.
SECRET_WORDS: Final = words("secret_words")
DESCRIBING: Final = words("words_by_card_codes")
_CODE: Final = re.compile(
    rf"(?<!\w){_CODES}{_SENT}(?:(?:{_IS})|,?\s{{1,3}})(?P<value>{_NUMBER})", re.IGNORECASE
)
_PASSWORD: Final = re.compile(
    rf"(?<!\w){_ENTRY}(?:{_IS}|{_ASIDE}|"
    rf"\s{{1,2}}(?=[^\s\[\]]{{0,30}}\d)(?=\S{{5}}))(?![\"'\u201c\u2018`]?{MARK})"
    r"(?:[\"\u201c`](?P<quoted>[^\"\u201d`\n]{1,100})(?=[\"\u201d`])|(?P<value>\S{1,200}))",
    re.IGNORECASE,
)
_REVERSED: Final = re.compile(
    rf"(?<!\S)(?!{MARK})(?P<value>(?=\S{{0,64}}\d)\S{{3,64}}) is my "
    rf"(?:new |old |current )?(?:{_CODES}|{_ENTRY})(?!\w)",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(
    r"(?<!\w)(?:user(?:name| id)?|login|log-in|account|id)\W{1,3}\S{2,64}[ ,;/]{1,3}(?:and "
    r")?(?:my )?pass?(?:w(?:ord|d)?|phrase)?(?: is)?[ :=]{1,3}"
    r"(?P<value>(?=[^\s\[\]]{0,63}[\d#!$%&*@_-])[^\s\[\]]{4,64}?)(?=[.,;]?(?:\s|$))",
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
    r"(?:back|reverse|front))(?:[^\w\[\]]{1,3}(?:is|are|was|it's|that's|s|number|code|then|um|uh|"
    r"er|"
    r"yes|so|the|of|my|on|card|back|to|and|says|shows|reads|showing|i|got|here|think|was|"
    r"now)){0,5}[^\w\[\]]{0,3}$",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(
    r"(?<![a-z])(?:cvv2?|cvc2?|csc|pin|otp)[:= -]?(?P<value>\d{3,8})(?!\w)", re.I
)
_BEHIND_CARD: Final = re.compile(r"\[CARD\] ?[/|] ?(?P<value>\d{3,4})(?![\w/])")
_DESCRIBED: Final = re.compile(
    r"(?:\b(?:on|at|from) (?:the|its|my) (?:back|reverse|rear)\b|\b(?:by|next to|beside|near|"
    r"under|after|behind|above|below) "
    r"(?:my|the) signature\b|(?:signature|on the|white) (?:strip|panel|box)\b|\bsecurity "
    r"(?:digits|figures|numbers)\b|\b(?:three|3|four|4|last)(?: "
    r"little| small| tiny)? "
    r"(?:digits?|numbers?|figures?)\b)(?:\? |[^.?!\n\d\[\]]{0,45})$",
    re.IGNORECASE,
)
_DESCRIBED_CODE: Final = re.compile(r"(?<![\w$\u20ac\u00a3.,/#:-])\d{3,4}(?![\w%/:]|[.,-]\d)")
_SAID_BEHIND: Final = re.compile(
    r"[\s,.]{0,3}(?:(?:that|which|this|it)(?:['\u2019]s| is| was| should be| would be| must be)?|"
    r"is|was)"
    rf"(?: (?:the|my|our|his|her|your))?(?: new| old| current)? (?:{_CODES}|pin|code (?:you|they|"
    rf"i|from))(?!\w)"
    rf"|[\s,]{{0,3}}(?:as|for) (?:the|my|our|a) (?:{_CODES})(?!\w)"
    rf"|[\s,.]{{1,3}}(?:the|my|our) (?:{_CODES}|pin)(?= i mean|,? that is|[,.!?\n]|$)"
    r"|,? (?:after|by|next to|behind|beside|near|under) (?:the|my) signature|,? (?:on|at) the "
    r"(?:back|reverse)(?= of (?:the|my) card|,|\.|$)",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"(?<![\w'\u2019])[^\W_](?![\w'\u2019])")
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
        return _value(found, finds)

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
    text = _described(text, finds)
    if not finds.words.isdisjoint(KEY_SIGNS):
        text = _KEY.sub(lambda key: finds.mark("SECRET", key[0]), text)
    if finds.words.isdisjoint(SECRET_WORDS):
        return text
    text = _LOGIN.sub(value, text)
    text = _GLUED.sub(value, _PASSWORD.sub(password, text))
    return _REVERSED.sub(value, _CODE.sub(value, text))


def is_announced(words: str) -> bool:
    """True if the words in front are about a secret code."""
    return _SAID.search(words) is not None or _DESCRIBED.search(words) is not None


def is_said_behind(text: str, end: int) -> bool:
    """True if what stands behind a number says that it was a secret one: "…, that is the PIN"."""
    return _SAID_BEHIND.match(text, end) is not None


def _described(text: str, finds: Finds) -> str:
    """A card's code of which the talk says where it stands, and what is written behind a card."""
    if "[CARD]" in text:
        text = _BEHIND_CARD.sub(lambda found: _value(found, finds), text)
    if finds.words.isdisjoint(DESCRIBING):
        return text

    def code(found: re.Match[str]) -> str:
        in_front = found.string[max(0, found.start() - 90) : found.start()]
        told = _DESCRIBED.search(in_front) or is_said_behind(found.string, found.end())
        return finds.mark("SECRET", found[0]) if told else found[0]

    return _DESCRIBED_CODE.sub(code, text)


def _value(found: re.Match[str], finds: Finds) -> str:
    """A find with a mark in place of what it announces."""
    start, end = found.span("value")
    return (
        _slice(found, found.start(), start)
        + finds.mark("SECRET", found["value"])
        + _slice(found, end, found.end())
    )


def _asked_for(text: str, finds: Finds) -> str:
    """The answer to "What is the security code?" or "And your memorable word?"."""
    if "secret letters" in finds.asked and len(text) <= ANSWER:
        return _LETTER.sub(
            lambda sign: sign[0] if sign[0] in "aI" else finds.mark("SECRET", sign[0]), text
        )
    if "secret word" in finds.asked and len(text) <= ANSWER:
        found = _ASKED_WORD.match(text)
        if found and not _is_remark(found["value"]):
            value = finds.mark("SECRET", found["value"])
            return text[: found.start("value")] + value + text[found.end("value") :]
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
