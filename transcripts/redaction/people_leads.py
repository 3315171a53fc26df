"""The words behind which people name somebody else: relatives, whoever a thing is for, callers.

All patterns read a text in lower case.
"""

from typing import Final

from transcripts.redaction.leads import KIN, KIN_HINTS, lead

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

PEOPLE_LEADS: Final = (
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
        "customer caller patient",
        r"\b(?:the|this|our|a|their) (?:customer|caller|patient),? ",
        signs=("customer", "caller", "patient"),
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
        KIN_HINTS,
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
        "lady man woman person guy met dealt served helped she he spoke spoken",
        r"\b(?:lady|man|woman|person|guy|met|dealt|served|helped|spoke|spoken|she|he)\b"
        r"[^.?!\n]{0,40}?\b(?:(?:is|was|with|to|by|called|named|from|about|for) ){1,2}",
        least=2,
        behind=r"[,.!?;]|$| (?:is|was|and|on|at|last|yesterday|in|who|he|she)\b",
    ),
    lead(
        "is was one pays name",
        r"(?:^|[.!?;:\n-]\s{0,3}|\b(?:and|but|so|because|that) )",
        least=2,
        behind=r" (?:is|was) (?:the one|my|our|the (?:person|customer|owner|holder|tenant|"
        r"driver|patient)|who|in hospital|"
        r"(?:\w+ )?years old|dead|ill|retired|away|abroad)\b",
        rare_behind=True,
    ),
    lead(
        KIN_HINTS,
        r"\b(?:for|to|with|from|by|about|is|was|it['\u2019]s|ask|tell) ",
        behind=rf",? (?:my|our|his|her) (?:{KIN})\b",
        rare_behind=True,
    ),
    lead(
        "short",
        r"(?:^|[.!?,;:\n-]\s{0,3}|\b(?:or|and|but|it['\u2019]s) )",
        behind=r",? for short\b",
        rare_behind=True,
    ),
    lead(
        "signed sincerely",
        r"\b(?:signed|sincerely),? (?:by |yours,? )?",
        least=2,
        behind=r"[.,]?\s*(?:\n|$)|[.,]",
    ),
    lead(
        "ask",
        r"\bask ",
        behind=r",? (?:at (?:reception|the (?:desk|gate|door|office|front))|next door|"
        r"in (?:number|flat|the office)|she|he)\b",
    ),
)
