"""The words behind which people say a name. All patterns read a text in lower case."""

from typing import Final

from transcripts.redaction.leads import KIN, KIN_HINTS, lead
from transcripts.redaction.people_leads import PEOPLE_LEADS

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
LEADS: Final = (
    *PEOPLE_LEADS,
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
        KIN_HINTS,
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
        "frau herr herrn madame mme monsieur se se\u00f1ora signor signora mevrouw meneer",
        r"\b(?:frau|herrn?|madame|mme|monsieur|se\u00f1ora?|signora?|mevrouw|meneer)\b\.? ",
    ),
    lead(
        "dein deine deinem deiner ihr ihre ihrem ihrer mein meine"
        " meinem meinen meiner unser unsere mon ma mes mi mia mio",
        r"\b(?:(?:mein|dein|ihr)(?:e[mnr]?)?|unsere?[mnr]?|mon|ma|mi|mi[ao]) (?:mann|frau|"
        r"sohn|tochter|mutter|"
        r"vater|bruder|schwester|nachbar(?:in)?|freund(?:in)?|kolleg(?:e|in)|oma|opa|tante|onkel|"
        r"mari|femme|fils|fille|m\u00e8re|p\u00e8re|fr\u00e8re|s\u0153ur|soeur|voisine?|"
        r"marido|esposa|hij[ao]|madre|padre|herman[ao]|marito|moglie|figli[ao]),? "
        r"(?:hei\u00dft |namens |s'appelle |se llama )?",
    ),
    lead(
        "hier hei ich je me mi nombre appelle llamo chiamo",
        r"\b(?:hier (?:ist|spricht|schreibt)|ich hei\u00dfe|ich bin(?: die| der)?|"
        r"je m['\u2019]appelle|"
        r"me llamo|mi nombre es|mi chiamo) ",
        behind=r"[,.!;\n]|$| (?:und|aus|von|et|y|e|hier)\b",
        own=True,
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
