"""The words behind which people say a name. All patterns read a text in lower case."""

import re
from dataclasses import dataclass
from typing import Final

AGENTS: Final = ("agent", "bot")


@dataclass(frozen=True, slots=True)
class Lead:
    """Words behind which a name stands, and what must be around it."""

    hints: frozenset[str]  # one of these words is in every text that the pattern fits
    words: re.Pattern[str]
    signs: tuple[str, ...] = ()  # if any, one of these is too, in lower case
    begins: tuple[str, ...] = ()  # if any, the pattern fits only where one of these stands
    least: int = 1  # words with a capital that the name takes; 0: one in lower case will do
    ahead: re.Pattern[str] | None = None  # what must stand in front of the words
    behind: re.Pattern[str] | None = None  # what must follow the name
    rare_behind: bool = False  # it is rarer than the words, and looked for before them
    by_agents: bool = False  # only where an agent says it
    own: bool = False  # the agent's own name, where an agent says it


def lead(hints: str, words: str, **more: object) -> Lead:
    """A lead; its patterns given as text."""
    patterns = {
        key: re.compile(str(value)) if key in ("ahead", "behind") else value
        for key, value in more.items()
    }
    return Lead(frozenset(hints.split()), re.compile(words), **patterns)  # type: ignore[arg-type]


KIN: Final = (
    "husband|wife|partner|son|daughter|mother|mum|mom|dad|father|brother|sister|aunt|uncle|nan|"
    "gran|grandma|grandmother|grandfather|grandad|granddad|fianc[ée]e?|girlfriend|boyfriend|"
    "cousin|nephew|niece|friend|neighbou?r|landlord|landlady|roommate|flatmate|housemate|carer|"
    "solicitor|lawyer|grandson|granddaughter|child|baby|colleague|boss|assistant|accountant|"
    "tenant|godson|"
    "goddaughter|stepson|stepdaughter|stepmother|stepfather|pupil|client|nurse|caretaker|porter|"
    "twin|ex|"
    "flat mate|manager|coworker|co-worker|secretary|teacher|"
    "(?:son|mother|father|daughter|sister|brother)-in-law"
)
_KIN_HINTS: Final = (
    "husband wife partner son daughter mother mum mom dad father brother sister aunt uncle nan gran"
    " grandma grandmother grandfather grandad granddad fiancé fiancée fiance fiancee girlfriend"
    " boyfriend cousin nephew niece friend neighbour neighbor landlord landlady roommate flatmate"
    " housemate carer solicitor lawyer law grandson granddaughter child baby colleague boss "
    "assistant"
    " accountant tenant godson goddaughter stepson stepdaughter stepmother stepfather pupil "
    "client nurse"
    " caretaker porter twin ex mate manager coworker worker secretary teacher"
)
_SELF: Final = r"(?:this is|it['\u2019]s|it is|its|i['\u2019]m|im|i am) "
_SELF_HINTS: Final = "this it its i im"
_SELF_BEGINS: Final = (
    "this is ", "it's ", "it\u2019s ", "it is ", "its ", "i'm ", "i\u2019m ", "im ", "i am ",
)  # fmt: skip
_HELLO: Final = r"\b(?:hi|hello|hey|morning|afternoon|evening)[ ,.!]{1,2}(?:there[ ,.!]{1,2})?$"
_BEGIN: Final = (
    r"(?:^|[.!?,;:\n-]\s{0,3}|\b(?:hi|hello|hey|yes|yeah|so|um|uh|and|well|okay|ok|because|"
    r"morning|afternoon|evening) )$"
)
_FROM: Final = (
    r",? (?:from|with|at|in|over at|but) |,? and i\b|[,.!] ?(?:how|i\b)|,? (?:[^\W\d_][ .-]){2,}"
)
_GREETING: Final = (
    r"\b(?:hi|hello|hey|dear|thanks|thank you|sorry|no problem|okay|ok|great|perfect|"
    r"good (?:morning|afternoon|evening)|welcome|welcome back|goodbye|bye|right|understood|"
    r"certainly|of course|lovely|brilliant|excellent|fantastic|wonderful|no worries|alright)"
    r"(?: again| so much| very much| there| for (?:waiting|holding|that|your patience))?,? "
)
_CLOSING: Final = (
    r"\b(?:regards|wishes|thanks|thank you|cheers|sincerely|faithfully|truly|yours|best|love|"
    r"respectfully|thx|rgds)[,.!]? ?\r?\n\s{0,6}"
)

# Whoever stands behind such a word in a form: "Passenger 1: …", "Main driver: …".
_ROLES: Final = (
    "drivers?|passengers?|patients?|names?|contact(?: person)?|guests?|travell?ers?|students?|"
    "child|children|"
    "insured|holder|policyholder|cardholder|tenants?|applicants?|beneficiary|employees?|"
    "recipient|consignee|"
    "customer|members?|guardian|witness|attendees?|clients?|spouse|partner|payee|payer|sender|"
    "signed|pupil|"
    "resident|occupant|owner|buyer|seller|landlord|caller|visitor|participants?|next of kin|"
    "nominee|parent|"
    "mother|father|son|daughter|husband|wife|executor|surname|first name|last name|forename|care "
    "of|c/o|"
    "addressee|deliver to|ship to|bill to|attn|attention|to the attention of|fahrer|name des "
    "kindes|patientin"
)
_ROLE_HINTS: Final = (
    "driver drivers passenger passengers patient patients name names contact guest guests traveller"
    " travellers traveler travelers student students child children insured holder policyholder"
    " cardholder tenant tenants applicant applicants beneficiary employee employees recipient "
    "consignee"
    " customer member members guardian witness attendee attendees client clients spouse partner "
    "payee payer"
    " sender signed pupil resident occupant owner buyer seller landlord caller visitor participant"
    " participants kin nominee parent mother father son daughter husband wife executor surname "
    "forename"
    " care c addressee deliver ship bill attn attention fahrer"
)

LEADS: Final = (
    lead(
        _ROLE_HINTS,
        rf"(?:^|\n|[;,.] ?)[ \t*-]*(?:(?!company|file|user|domain|product|brand|business|host|"
        rf"server|street|shop|store|team|project|app|model|network|wifi|item|dog|cat|"
        rf"pet)[a-z\u00c0-\u00ff]{{1,14}} ){{0,2}}(?:{_ROLES})(?:['\u2019]s name| name)?"
        r"(?: person| party| member)?(?: ?\(?(?:\d|one|two|three|a|b)\)?)?(?: is)?"
        r"(?:[ \t]?[:=][ \t]{0,3}| [-\u2013] )",
        signs=(":", "=", " - ", " \u2013 "),
    ),
    lead(
        "call calls called calling address",
        r"\b(?:calls?|called|calling|address) (?:me|her|him) (?:just |mostly |by my nickname )?",
        signs=("me ", "her ", "him "),
    ),
    lead(
        "prefer say rather",
        r"\b(?:i prefer|i(?:['\u2019]d| would) rather be(?: called)?|"
        r"(?:you )?can (?:just )?say|prefers) ",
        behind=r"[,.!;]| (?:though|but|please)\b|$",
    ),
    lead(
        "password passphrase passcode code pin link login",
        r"\b(?:pass ?word|pass ?phrase|passcode|code|pin|link|log-?in), ",
        behind=r" ?[:,]",
        by_agents=True,
    ),
    lead(
        "known know go goes went nickname short answers",
        r"\b(?:known as|know (?:me|her|him) as|goe?s? by(?: the name(?: of)?)?|went by|"
        r"nickname(?:['\u2019]s| is|:)|"
        r"short for|answers to) (?:just |mostly )?",
    ),
    lead(
        "account booking card passport letter bill policy ticket badge contract statement form "
        "label says",
        r"\b(?:account|booking|card|passport|letter|bill|policy|ticket|badge|invoice|contract|"
        r"statement|form|label|it) "
        r"(?:says|reads|shows|has|is for|was for|is in|belongs to) ",
        least=2,
    ),
    lead(
        "customer caller client member patient guest",
        r"\b(?:the|this|our|a|their) (?:customer|caller|client|member|patient|guest),? ",
        signs=("customer", "caller", "client", "member", "patient", "guest"),
        behind=r"(?:,| (?:was|is|had|has|felt|feels|called|asked|said|wanted|got|sounded|told|"
        r"could|"
        r"needed|rang|"
        r"wrote|did|thanked|accepted|explained|and|who|with)\b|[.!?;)]|['\u2019]s\b|$)",
    ),
    lead(
        "affairs calling ringing phoning looking look after care caring attorney ask spoke speak "
        "speaking talked"
        " talk seat appointment booked reservation collected picked signed received act acting "
        "represent"
        " writing room delivered delivery ticket parcel package visa order booking gift present "
        "subscription"
        " behalf carer guardian executor estate transfer money account",
        r"\b(?:affairs of|(?:calling|ringing|phoning|writing|here|acting|speaking|asking|ring|"
        r"call) (?:for|about|on behalf of)|"
        r"look(?:s|ing)? after|car(?:e|es|ing) for|attorney for|ask for|(?:spoke|speak|spoken|"
        r"talked|talk|talking|dealt|chatted) (?:to|with)|"
        r"(?:seat|appointment|booked|booking|reservation|ticket|parcel|package|visa|order|room|"
        r"gift|present|table|subscription|"
        r"delivery|lesson|card|passport|letter|it|one) (?:is |was |are |were |for me and "
        r")?(?:for|in the name of)|"
        r"(?:collected|picked up|signed|signed for|received|written|sent|opened|booked|ordered|"
        r"paid|placed|made|taken|given|approved|handled|requested|owned|used) by|"
        r"(?:carer|guardian|executor|secretary|assistant|daughter|son|mother|father|wife|husband|"
        r"widow|nurse|agent|accountant|estate|"
        r"account|behalf|name|mum|mom|parents?|friend|pa) (?:of|for)|represent(?:ing|s)?|"
        r"(?:money|payment|transfer|refund) (?:to|for|from)) "
        r"(?:my |our |a )?",
        least=2,
    ),
    lead(
        _KIN_HINTS,
        rf"\b(?:{KIN})['\u2019]s [a-z]{{3,14}}(?:,| -|:| for| is) ",
        least=2,
    ),
    lead(
        "called named",
        r"\b(?:man|woman|lady|guy|girl|boy|person|someone|somebody|engineer|driver|technician|"
        r"lad|gentleman|"
        r"bloke|child|kid|baby|friend|student|pupil|patient|tenant|neighbou?r|plumber|cleaner|"
        r"carer|lodger)"
        r"(?: who (?:is|was)| who['\u2019]s| was| is)? (?:called|named) ",
        signs=("called ", "named "),
    ),
    lead(
        "account card phone policy order booking ticket name birthday contract bill line number "
        "passport"
        " appointment prescription parcel room seat house flat",
        r"\b(?:it['\u2019]s|is|under|in|on|about|for|check|from|to|with) ",
        least=2,
        behind=r"['\u2019]s (?:account|card|phone|policy|order|booking|ticket|name|birthday|"
        r"contract|"
        r"bill|"
        r"line|number|passport|appointment|prescription|parcel|room|seat|house|flat)\b",
        rare_behind=True,
    ),
    lead(
        "my our and",
        r"(?:^|[.!?,;:\n-]\s{0,3}|\b(?:and|but|so|because|that|with|by|to|from|for|is|was|about) )",
        least=2,
        behind=rf"(?: \((?:my|our|the|his|her) |,? (?:my|our|his|her|their) (?:{KIN})\b|"
        rf" and (?:i|me|myself)\b)",
        rare_behind=True,
    ),
    lead(
        "key keys sign collect let open took signed lives passed answered opened collected home "
        "meet",
        r"(?:^|[.!?;:\n-]\s{0,3}|\b(?:and|but|so|because|that) )",
        least=2,
        behind=r"(?:,? (?:at|from|in) (?:number|no\.?|flat|the) ?\w{0,12})? (?:(?:will|can|"
        r"could|is "
        r"going to) "
        r"(?:let|sign|open|collect|pick|take|be (?:there|home|in)|meet|receive|accept|hand)|"
        r"has (?:(?:a|the|my|our) )?(?:spare )?keys?|took|signed|lives|passed|answered|opened|"
        r"collected)\b",
        rare_behind=True,
    ),
    lead(
        "ask affairs care attorney",
        r"\b(?:ask for|affairs of|care of|c/o) ",
    ),
    lead(
        "door across upstairs downstairs opposite",
        r"(?:^|[.!?,;:\n-]\s{0,3}|\b(?:and|but|so|because|that|with|by|to|from|for) )",
        behind=r",? (?:from |who lives |lives )?(?:next door|across the|upstairs|downstairs|"
        r"opposite|"
        r"over the road|down the road)",
        rare_behind=True,
        least=1,
    ),
    lead(
        "she he who they her his",
        r"\b(?:for|about|to|with|by|of|from|and|but|is|was|it['\u2019]s|that['\u2019]s) ",
        least=2,
        behind=r",? (?:she|he|who(?:se|m)?|they) (?:is|was|has|had|can|can['\u2019]t|cannot|will|"
        r"won['\u2019]t|lives?|works?|needs?|"
        r"wants?|said|told|does|doesn['\u2019]t|isn['\u2019]t|died|passed|moved|asked|turns?|"
        r"just|never|also|used|got|would|should|could)\b",
        rare_behind=True,
    ),
    lead(
        "for me myself",
        r"\b(?:for|about|to|by|from) ",
        least=2,
        behind=r",? (?:not|and|instead of|rather than) (?:for )?(?:me|myself|us)\b",
        rare_behind=True,
    ),
    lead(
        "name surname",
        r"(?:(?:^|[^\w'\u2019 ]) {0,2}|\b(?:my|his|her|their|our|your|the|full|first|last|middle|"
        rf"maiden|family|contact|customer|caller|(?:{KIN})['\u2019]s) |\bsur)"
        r"name(?:['\u2019]s| is| was|:| is:) (?:also |actually )?",
        least=0,
        own=True,
    ),
    lead("name", r"\b(?:in|under) (?:the |my )?name (?:of )?"),
    lead("name", r"\bname on (?:the|my) \w{3,12} is "),
    lead(
        "that this through",
        r"\b(?:and is that|is that|is this|am i through to) ",
        signs=("is that ", "is this ", "am i through to "),
        by_agents=True,
    ),
    lead(
        "called",
        r"\b(?:i['\u2019]m|i am|he['\u2019]s|she['\u2019]s) called ",
        signs=("m called ", "s called "),
        least=0,
    ),
    lead("behalf", rf"\bon behalf of (?:(?:my|a) )?(?:(?:{KIN}),? )?"),
    lead(
        "calling speaking here phoning ringing again",
        rf"\b{_SELF}",
        begins=_SELF_BEGINS,
        least=0,
        behind=r",? (?:calling|speaking|here|phoning|ringing|again)\b",
        own=True,
    ),
    lead(_SELF_HINTS, rf"\b{_SELF}", begins=_SELF_BEGINS, ahead=_BEGIN, behind=_FROM, own=True),
    lead(_SELF_HINTS, rf"\b{_SELF}", begins=_SELF_BEGINS, least=2, ahead=_BEGIN, own=True),
    lead(_SELF_HINTS, rf"\b{_SELF}", begins=_SELF_BEGINS, ahead=_HELLO, behind=r"[,.!]", own=True),
    lead(
        _SELF_HINTS,
        rf"\b{_SELF}",
        begins=_SELF_BEGINS,
        least=0,
        ahead=_HELLO,
        behind=r",? (?:and (?:i|my)|from)\b",
        own=True,
    ),
    lead(
        "here speaking",
        r"\b(?:hi|hello|hey) ",
        begins=("hi ", "hello ", "hey "),
        least=0,
        behind=r" (?:here|speaking)\b",
        own=True,
    ),
    lead(
        "here speaking",
        r"(?:^|[.!?,;:\n-]\s{0,3}|\b(?:hi|hello|hey|yes|yeah) )",
        behind=r",? (?:speaking|here)\b(?= ?[,.!?\n]|$| (?:from|again|how|with|i)\b)",
        rare_behind=True,
        own=True,
    ),
    lead(
        "through speaking talking chatting connected",
        r"\byou(?:['\u2019]re| are|['\u2019]ve| have) (?:now )?(?:been )?(?:through to|"
        r"(?:speaking|talking|chatting) (?:to|with)|connected (?:to|with)) ",
        begins=("you're ", "you\u2019re ", "you are ", "you've ", "you\u2019ve ", "you have "),
        by_agents=True,
        own=True,
    ),
    lead(
        "speaking talking chatting",
        r"\b(?:am i|i['\u2019]m|i am|was i|is this) (?:speaking|talking|chatting) (?:to|with) ",
        least=0,
        by_agents=True,
    ),
    lead(
        "holder cardholder policyholder accountholder leaseholder contact kin beneficiary user",
        r"\b(?:(?:card|account|policy|lease)[ -]?holder|emergency contact|next of kin|beneficiary|"
        r"authori[sz]ed user)(?:(?:['\u2019]s)? name)?(?: is|['\u2019]s|:)?,? ",
    ),
    lead(
        _KIN_HINTS,
        r"\b(?:my|his|her|their|our|your) (?:late |ex-?|elderly |older |younger |eldest |new |"
        rf"best )?(?:{KIN})(?:['\u2019]s name is| is called| called| named| is|,)? ",
        begins=("my ", "his ", "her ", "their ", "our ", "your "),
    ),
    lead(
        "under belongs addressed registered made",
        r"\b(?:account|policy|booking|order|reservation|appointment|it|ticket|parcel|cheque|check)"
        r"(?:['\u2019]s| is| was|)? (?:under|(?:belongs|addressed|registered|made out) to) ",
    ),
    lead(
        "mr mrs ms mx dr mister missus prof professor miss doctor",
        r"\b(?:mr|mrs|ms|mx|dr|mister|missus|prof|professor|miss|doctor)\b\.? ",
        least=0,
    ),
    lead(
        "hi hello hey dear thanks thank sorry problem okay ok great perfect good welcome goodbye"
        " bye right understood certainly course lovely brilliant excellent fantastic wonderful"
        " worries alright",
        _GREETING,
        ahead=r"(?:^|[.!?,;\n]\s{0,3}|\b(?:so|well|and|but|ok|okay|there|you're) )$",
        behind=r"\s*(?:[,.!?;\n]|$| and\b| [-\u2013\u2014])",
        by_agents=True,
    ),
    lead(
        "regards wishes thanks you cheers sincerely faithfully truly yours best love respectfully"
        " thx rgds",
        _CLOSING,
        signs=("\n",),
        ahead=r"(?:^|\n|[.!,?] |\b(?:kind|kindest|best|warm|warmest|many|with|thank|yours) ?)\s*$",
        behind=r"[.,]?[ \t]*(?:\r?\n|$)",
        own=True,
    ),
)
