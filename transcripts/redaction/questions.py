"""What a turn asks for, so that a bare answer is known for what it is.

"Can I take your number?" "Sure, 555 0129." The answer's rules get what was asked for, one after
another where it is more than one, separated by semicolons: "card number", "secret code", "secret
word", "secret letters", "phone number", "email", "name", "birth date", "postal address", "bank
account", the words that announce a government or bank number, or "other" for a number that is
nobody's personal data, such as an order's.
"""

import re
from typing import Final

from transcripts.redaction import national
from transcripts.redaction.births import BIRTH_DATE
from transcripts.redaction.marks import contains, lower
from transcripts.redaction.postal import POSTAL
from transcripts.redaction.vocabulary import words

_LOOKED_AT: Final = 220  # the end of a turn, where its question stands
_WANTED: Final = re.compile(
    r"\b(?:can|could|may|please|need|confirm|tell|give|what|which|who|whose|take|have|read|enter|"
    r"provide|type|share|spell|and|how|where|when|kindly|repeat|start|go ahead|wie|was|welche\w*|"
    r"bitte|let me have|i['\u2019]ll take|your)\b"
)
# One of these words, or one with such a part, stands in every question of the kinds below.
HINTS: Final = national.WORDS | words("question_words")
_PARTS: Final = (
    "pass",
    "spelling",
    "postcode",
    "name",
    "geburt",
    "gebor",
    "you are?",
    "where do",
    "where sh",
    "where ca",
    "where di",
    "where wo",
    "where is",
    "where to",
    "where will",
    "reach you",
    "call you",
    "ring you",
    "address you",
    "d.o.b",
    "d o b",
    "other ",
    "next ",
    "remaining ",
    "final ",
    "last ",
    "first ",
    "middle ",
    *national.STEMS,
)
_NUMBER: Final = r"(?:number|no\b\.?|nummer)"
_KINDS: Final = re.compile(  # only where a word begins: there each of them does
    r"\b(?<!\[)(?:(?P<name>[a-z]+(?:'s|\u2019s|s'|s\u2019) (?:full |first |last )?(?:sur)?name\b|"
    r"who (?:should|shall|do|can|will) (?:i|we|he|she|they|the \w+) ask\b|who(?: is|'s) it for|"
    r"(?:your|the|a|full|first|last|sur|family|middle|good|maiden|(?<=and )|"
    r"(?<=und )|holder(?:'s|\u2019s)?|"
    r"caller(?:'s|\u2019s)?|patient(?:'s|\u2019s)?|customer(?:'s|\u2019s)?|which|what|whose|my|"
    r"their|his|her|nach)[ -]?"
    r"(?:full |first |last |sur|family |good |middle |nach|vor)*+name\b(?! of the (?:company|"
    r"product|shop|store|file|street|road|film|book|medication))|"
    r"who (?:am i|i'm|i\u2019m|i am|do i have|is|are) "
    r"(?:speaking|talking|this|calling|the pleasure|chatting|with me)|whom am i|speaking (?:to|"
    r"with) (?:today)?\?|"
    r"and you are\b|(?:how|what) (?:may|should|can|shall|do) (?:i|we) (?:address|call) you|"
    r"(?<![a-z] )name(?=,? (?:pls|please|plz)\b|\?)|name (?:is )?(?:on|for|under) (?:the|your|"
    r"this) (?:booking|"
    r"account|order|reservation|policy|card|ticket|delivery|parcel|appointment|bill|contract|"
    r"passport)|who (?:will|is going to|is gonna|would|can) (?:be|let|sign|collect|meet|pick|take|"
    r"accept|receive|open)|who(?:'ll| will) be (?:there|home|in)|who (?:did|have) you "
    r"(?:talk|speak|spoke|spoken|deal|dealt|see|seen|chat)|"
    r"who (?:served|helped|told|called|rang|promised|gave|signed|took|booked|visited) |"
    r"wie (?:hei\u00dfen|heissen|ist ihr name)|(?:who|whose) (?:is|was|are|does) "
    r".{0,30}(?:passenger|traveller|patient|driver|account holder|under))"
    r"|(?P<spell>spelling\?|"
    r"how (?:is|do you|are|would you|does one) (?:that |it |you )?(?:spell|"
    r"write|"
    r"written|spelt|spelled)|"
    r"(?:spell|spelling of) (?:that|it|your|the|this|both)|how(?:'s| is) (?:that|it|your \w+) "
    r"(?:spelt|spelled|written))"
    r"|(?P<card>(?:four|six|eight|twelve|sixteen|4|6|8|12|16) (?:digits|numbers)(?= after| "
    r"before| following| in the middle|\?|$|\.)|"
    r"(?<!pan )(?<!aadhaar )(?<!medicare )(?<!sim )(?<!gift )(?<!loyalty )(?<!member "
    r")(?<!membership )(?<!library )(?<!rewards )(?:card|long|(?:16|sixteen)[- ]digit) (?:card "
    r")?number|"
    r"(?:number|digits?|numbers)(?: that is| that are|['\u2019]s)? (?:on|across|of|from) (?:the |"
    r"your )?(?:front of )?(?:the |your )?(?:bank |credit |debit |new )?card\b"
    r"(?! machine| account)|(?:first|next|other|remaining|middle|last|final) (?:group|set|block|"
    r"lot|part|four|six|eight|\d+)(?: of (?:four|4|digits|numbers))(?!\w)|"
    r"(?:take|have|get|need|grab) (?:the|your) (?:\w+ )?card(?=\?| now| please|,? please|$| "
    r"when)|(?:first|next|other|remaining|middle) (?:\d+|four|six|eight|ten|twelve) (?:digits |"
    r"numbers )?"
    r"(?:on|of|from) (?:the|your) (?:\w+ )?card|"
    r"(?:go ahead|start|ready|off you go|carry on|fire away)(?: with| reading)? (?:the |your "
    r")(?:\w+ )?card|"
    r"(?:read|give) (?:me |out )?(?:the |your )(?:\w+ )?card(?: out| to me)?\b|(?:other|next|"
    r"remaining|final|last|first|middle) (?:four|six|eight|ten|twelve|4|6|8|12)(?: digits| "
    r"numbers)?(?=\?|,? please| of it|$)|"
    r"(?:the|your) (?:credit |debit )?card,? please|which card (?:do you|would you|shall))"
    r"|(?P<letters>letters? (?:of|from|in) (?:the|your) (?:pass\w*|memorable|secret|security))"
    r"|(?P<word>(?:password|memorable (?:word|name|information|place|date)|mother's maiden name|"
    r"mother\u2019s maiden name|maiden name|pass ?phrase|"
    r"security (?:word|answer)|secret (?:word|answer)|(?:first )?pet(?:'s|\u2019s)? name|"
    r"name of (?:your|the) (?:first |favou?rite |childhood |old )?"
    r"(?:pet|school|teacher|street|dog|cat|toy|friend|car)|favou?rite (?:colou?r|teacher|film|"
    r"book)|"
    r"(?:town|city|place) (?:where )?you were born|security question))"
    r"|(?P<code>(?:e-?mailed|texted|sent|messaged|given|gave) you (?:a|the|your) (?:\w+ )?code\b|"
    r"(?<!social )security (?:code|number)|(?:cvv2?|cvc2?|csc|passcode|otp)\b|"
    r"pin\b(?! ?-?codes? (?:of|for)\b| ?codes?\b)|(?:secret|card|banking) pin\b|"
    r"(?:last )?(?:\d |three |four |3 )?(?:digits?|numbers?|figures?)(?: that (?:is|are))? (?:on|"
    r"from|behind|at) (?:the|your|its)? ?(?:back|reverse|front(?! of)|signature|rear|behind)|"
    r"(?:three|3) (?:digits?|numbers?|figures?)(?: behind| please| on it)?\b|digits? behind\b|"
    r"last three\b|signature strip|front of your amex|"
    r"(?:code|number|digits)(?: \w+)? (?:on|from|at) (?:the|its|your) (?:back|reverse|front of "
    r"(?:the|your) (?:amex|american))|"
    r"(?:verification|one[- ]time|access|authentication|confirmation sms|sms|text|login|"
    r"(?:4|6|8|four|five|six|eight)[- ](?:digit|figure)) (?:code|pass\w*|pin|number)\b|"
    r"code (?:that )?(?:is |was )?(?:from|in|on|by|we|i|you|sent|shown|just)\b|authenticator|"
    r"text(?: message)? with a code|sent (?:you )?(?:a|the) code|the code\b(?= (?:you|please|say|"
    r"it)|\?|,? please))"
    r"|(?P<email>e-?mail\b(?: address| id)?|mail (?:id|address)|mailadresse)"
    r"|(?P<birth>date of birth|birth ?-?dates?|birth ?-?days?|d\.? ?o\.? ?b\b|when [\w "
    r"]{1,30}born|(?:you|he|she|they|it|(?:were|was|is|are) [a-z]{1,12}(?: [a-z]{1,12})?)(?: "
    r"were| was| are)? born|"
    r"geburts(?:datum|tag)|wann (?:sind|ist) [\w ]{1,25}geboren|date de naissance|fecha de "
    r"nacimiento|data di nascita|geboortedatum|year of birth)"
    r"|(?P<place>(?:post|zip|pin|postal) ?-?codes?\b|zip\b|eircode|(?<!email )(?<!e-mail "
    r")(?<!mail )(?<!ip )(?<!web )(?<!mac )(?:which |what |the |your |a |postal |delivery |"
    r"service |home |mailing |billing |street |current |new |full |what's the )*"
    r"address\b(?! you| this| that| the issue)|(?:first )?line of (?:the|your) address|where "
    r"(?:do|are|did) you (?:live|living|stay|based|move)|where (?:should|shall|do|can|would you "
    r"like|will|to)\b[\w' ]{0,30}(?:deliver|send|ship|post|come|go|sent|delivered|shipped)|"
    r"where is (?:the|your) (?:property|house|flat|meter|home)|adresse|anschrift|wo wohnen|plz|"
    r"postleitzahl|house number)"
    r"|(?P<other>(?:order|account|reference|booking|tracking|case|ticket|policy|customer|serial|"
    r"invoice|meter|confirmation|member(?:ship)?|model|claim|flight|parcel|tracking|rma|part|"
    r"product|contract) (?:number|id|code|ref|no)"
    r"|expiry|expiration|expire)"
    r"|(?P<phone>(?:phone|telephone|contact|mobile|cell|cell ?phone|call-?back|daytime|landline|"
    r"whatsapp|evening|alternat\w+|"
    rf"home|best|other|work|handy|telefon|r\u00fcckruf)-?(?: phone| contact| mobile)? ?{_NUMBER}|"
    rf"telefonnummer|handynummer|number (?:that )?(?:we|i) "
    r"(?:can|could|should|may)|(?:which|what) (?:other )?(?:mobile|number|phone|landline)\b(?! "
    r"of\b)|number (?:to|for) (?:reach|call|contact|ring|you\b|text)|"
    r"number (?:should|shall|can|could|may|will|does|is best)\b|mobile\b(?= (?:may|should|can|"
    r"shall|please|is))|your (?:mobile|cell|phone|landline)(?:\?|,? please)|"
    r"(?:a|your|good|best) number\b(?! of)|"
    r"(?:where|how|what|which)\b[\w ]{0,24} (?:reach|call|ring|text|contact) you\b|where "
    r"(?:can|could) (?:we|i) (?:reach|call|ring))"
    r")"
)
_ACCOUNT: Final = re.compile(
    r"\baccounts?(?:['\u2019]s)?(?: number| no\b| details)?|\bnumber of (?:the|your) (?:bank "
    r")?account"
)
# The asker goes on with the number that is being given, or wants it again.
GOES_ON: Final = re.compile(
    r"\b(?:next|other|rest|remaining|last|final|following|second|third|fourth|middle)\b[ "
    r"\w]{0,12}(?:\bone\b|\bbit\b|\bpart\b|\bset\b|\bgroup\b|"
    r"\btwo\b|\bthree\b|\bfour\b|\bsix\b|\beight\b|\bdigits?\b|\d|\bof it\b|\bnumbers?\b)|"
    r"\brest\b|\bgo on\b|\bcarry on\b|\bcontinue\b|\band then\b|\bagain\b|\brepeat\b|"
    r"\bsay that\b|\bmissed\b|\bonce more\b|\bkeep going\b|\bgo ahead\b|\bslower\b|\bslowly\b|"
    r"\bdidn['\u2019]t (?:catch|get)\b|\bpardon\b|\bsorry\?|\bthe (?:last|first|next) \w+\?"
)
_SENTENCE: Final = re.compile(r"[^.?!\n]*(?:[.](?=\w)[^.?!\n]*)*[.?!\n]*")
_OTHER_WISH: Final = re.compile(
    r"\b(?:how (?:many|much|long|old)|why|what happens?|what (?:does|did) (?:it|the screen) say|"
    r"when did)\b"
)
_DO: Final = re.compile(
    r"^(?:\W|please|kindly|then|and|now|just|can you|could you|you can|try to|so)*(?:check|type|"
    r"enter|reset|change|try|re-?enter|put|log|sign|click|make sure|use|choose|never|do not|"
    r"don['\u2019]t)\b"
)
_TELL: Final = re.compile(
    r"\bor (?:say|tell)\b|\bsay your\b|\b(?:tell|give|read|say|send|share|let) (?:it |that |"
    r"them )?(?:to )?(?:me|us)\b|\btell\b"
)
_CLAUSE: Final = re.compile(
    r"\b(?:after|when(?! (?:were|was|are|is|did)\b)|once|before|if|while|as soon as)\b[^,?!]*,"
)  # no part of a wish
_WORDS: Final = {
    "card": "card number",
    "word": "secret word",
    "letters": "secret letters",
    "code": "secret code",
    "phone": "phone number",
    "birth": BIRTH_DATE,
    "place": POSTAL,
    "spell": "name",
}
_THAT: Final = re.compile(r"\b(?:it|that|they|them|those)\b")
_SHORT: Final = 5  # words of a sentence that asks without a question mark: "Your postcode."
_MONEY: Final = re.compile(
    r"\bmoney\b|\b(?:which|what) account\b.*\b(?:refund|pay|credit|transfer|deposit)"
)
BANK_ACCOUNT: Final = "bank account"


def asked_by(text: str, held: frozenset[str], before: str = "") -> str:
    """What the last question of a text asks for; empty if for nothing of the kind.

    `before` is what was asked before it: the account asked for behind a sort code is a bank's.
    """
    end = lower(text[-_LOOKED_AT:])
    if held.isdisjoint(HINTS) and not contains(end, _PARTS):
        return ""
    if not ("?" in end or _WANTED.search(end)):
        return ""
    banking = (
        _MONEY.search(end) is not None
        or national.BANKING.search(end) is not None
        or _is_bank(before)
    )
    below = False  # True where the question further down is about what was just said
    for sentence in reversed(_SENTENCE.findall(end)):
        if not sentence.strip(" .!?\n"):
            continue
        wanted = below or "?" in sentence or _WANTED.search(sentence) is not None
        asks = wanted or len(sentence.split()) <= _SHORT
        if asks and (kinds := _asked_in(sentence, held, before, banking)):
            return kinds
        below = "?" in sentence and _THAT.search(sentence) is not None
        if "?" in sentence and (_OTHER_WISH.search(sentence) or len(sentence.split()) > 8):
            return ""
    return ""


def _asked_in(sentence: str, held: frozenset[str], before: str, banking: bool) -> str:
    sentence = _CLAUSE.sub(" ", sentence)
    kinds = list(dict.fromkeys(str(found.lastgroup) for found in _KINDS.finditer(sentence)))
    ordered = (
        "?" not in sentence and _DO.search(sentence) is not None and not _TELL.search(sentence)
    )
    if ordered:
        kinds = [kind for kind in kinds if kind not in ("word", "code")]
    if "spell" in kinds and ("email" in kinds or "email" in before) and "name" not in kinds:
        kinds = ["email"]
    if "letters" in kinds:
        kinds = ["letters"]
    if "word" in kinds and "name" in kinds:
        kinds.remove("name")
    official = ""
    if not kinds or not {"card", "code", "birth", "place"}.intersection(kinds):
        official = national.asked_in(sentence, held)
    wished = [_WORDS.get(kind, kind) for kind in kinds]
    if official and official not in ("account", "id", "number"):
        wished = [kind for kind in wished if kind not in ("other", "phone number")]
        wished.append(official)
    if banking and _ACCOUNT.search(sentence):
        wished = [kind for kind in wished if kind not in ("other", "phone number")]
        wished.append(BANK_ACCOUNT)
    return ";".join(wished)


def _is_bank(asked: str) -> bool:
    return any(said in asked for said in ("sort code", "routing", "bsb", "bank", "aba"))
