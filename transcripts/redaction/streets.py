"""How postal addresses are written and said: streets, units, post boxes and postcodes.

By country where it tells something: US, UK, Canada, Australia, Ireland, India, Germany, Austria,
Switzerland, the Netherlands, France, Spain, Italy. Patterns read the text as written.
"""

import re
from typing import Final

from transcripts.redaction.vocabulary import words

# What English streets are called; one of these words is in every English street.
STREET_TYPES: Final = words("street_types")
_STRONG: Final = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|cres|terrace|tce|square|"
    "boulevard|blvd|highway|hwy|parade|pde|grove|gardens|gdns|mews|circuit|cct|parkway|pkwy|circle|"
    "way|place|row|walk|hill|rise|bend|trail|loop|ridge road|quay|wharf|esplanade|croft|villas|"
    "broadway|marg|nagar|wynd|view|heights|crossing|green|yard|hollow|cottages?|mansions|"
    "houses|maltings|fold|garth|approach|brae|chase|paddocks?|"
    "buildings"
)
_ALL: Final = "|".join(sorted(STREET_TYPES, key=lambda word: (-len(word), word)))
_UNIT: Final = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER_WORD: Final = (
    rf"(?:{_UNIT}|oh|zero|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    rf"nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_UNIT}))?|"
    r"hundred|thousand|double|triple|and(?= [a-z]+ ?(?:ty|teen)))"
)
SAID: Final = rf"(?:{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD}){{0,5}}(?: [a-d](?= [A-Z]))?)"
_DIGITS: Final = r"\d{1,5}(?:[-/]\d{1,4})?(?: ?[A-Za-z](?![\w]))?"
HOUSE: Final = rf"(?:(?:number |no\.? ?|nr\.? ?|h\.? ?no\.? ?|#)?(?:{_DIGITS}|{SAID}))"
_NO_MONTH: Final = (
    r"(?!(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|m\u00e4rz|mai|juni|"
    r"juli|"
    r"oktober|dezember)\b(?! (?i:street|road|lane|avenue|close|drive|court|way)))"
)
_CAPITAL: Final = r"[A-Z\u00c0-\u00de][\w'\u2019.-]{0,30}"
_ORDINAL: Final = r"\d{1,3}(?:st|nd|rd|th)"
_BLANK: Final = r"(?: |\x1f)"
_SIDE: Final = r"(?:,? ?(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)(?!\w))?"
# Self-evident: a house number, names with capitals and what the street is.
ENGLISH: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3#.,:/-])(?i:{HOUSE}),?{_BLANK}(?:(?:[Tt]he|St\.?|{_CAPITAL}|"
    rf"{_ORDINAL}){_BLANK}){{1,4}}"
    rf"(?i:{_STRONG})\b(?!['\u2019])\.?{_SIDE}"
)
_NO_NAME: Final = (
    r"(?:is|are|was|were|and|or|to|a|an|in|of|for|my|it|times?|minutes?|hours?|days?|weeks?|"
    r"months?|years?|more|but|"
    r"people|items?|boxes|bags|from|that|this|with|on|at|by|will|can|so|i|we|you|they|he|she|not|"
    r"no|if|"
    r"euros?|pounds?|dollars?|lights?|miles?|percent|out|off|up|down|left|right|has|have|had)\b"
)
# The same in any case and with the rarer kinds of streets, where the talk announces an address.
ENGLISH_SAID: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3#.,:/-]){HOUSE},?{_BLANK}(?:(?:the|st\.?|"
    rf"(?!{_NO_NAME})[^\W\d_][\w'\u2019-]{{1,30}}|{_ORDINAL}){_BLANK}){{1,4}}?"
    rf"(?:{_ALL})\b(?!['\u2019])\.?{_SIDE}",
    re.IGNORECASE,
)
# A house number and names with capitals, where an address is announced or asked for.
NAMED: Final = re.compile(
    rf"(?<![\w$\u20ac\u00a3#.,:/-])(?i:{HOUSE}),?{_BLANK}(?:[Tt]he{_BLANK})?{_NO_MONTH}{_CAPITAL}(?:{_BLANK}{_CAPITAL}){{0,3}}"
)
_GERMAN_TYPE: Final = (
    r"(?:stra(?:\u00df|ss)e|str\.?|weg|platz|allee|gasse|stieg|steig|damm|ufer|chaussee|"
    r"promenade|stiege|zeile|twiete|gässchen|pfad|kamp|brücke)"
)
_GERMAN_MORE: Final = (
    r"(?:ring|graben|markt|wall|hof|berg|tor|park|garten|siedlung|anger|winkel|grund|feld|hang|"
    r"h\u00f6he|tal|bach|busch|eck|heide|wiese|wiesen|see|m\u00fchle|rain|breite|acker|bogen|kai)"
)
_GERMAN_NUMBER: Final = r"\d{1,4}(?: ?[a-zA-Z](?!\w))?(?: ?[-/] ?\d{1,4}[a-z]?)?(?![\w])"
GERMAN: Final = re.compile(
    rf"(?<!\w)(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df.-]{{0,40}}?{_GERMAN_TYPE}|"
    rf"(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df-]{{1,30}}[ -]){{1,3}}(?:Stra\u00dfe|Strasse|Str\.|Weg|"
    rf"Platz|Allee|Gasse|Ring|Damm|Ufer))"
    rf" ?{_GERMAN_NUMBER}"
    r"|(?<!\w)(?:[a-z][\w\u00df-]{1,40}?(?:stra\u00dfe|strasse|str\.?|gasse|allee|platz)) ?"
    + _GERMAN_NUMBER
)
GERMAN_SAID: Final = re.compile(
    rf"(?<!\w)(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df.-]{{0,40}}?(?:{_GERMAN_TYPE[3:-1]}|"
    rf"{_GERMAN_MORE[3:-1]})|"
    r"(?:Am|Im|An der|An den|An dem|Auf dem|Auf der|Auf den|Zum|Zur|Unter den|Unter der|Beim|In "
    r"der|In den|Hinter der|Hinter dem|Vor dem|Alte|Alter|Neue|Neuer) "
    rf"(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df-]{{1,30}} ?){{1,2}}) ?{_GERMAN_NUMBER}"
)
GERMAN_PREPOSED: Final = re.compile(
    r"(?<!\w)(?:Am|Im|An der|An den|Auf dem|Auf der|Zum|Zur|Unter den|Beim|In der|In den|Hinter "
    r"der|Vor dem) "
    rf"(?:[A-Z\u00c4\u00d6\u00dc][\w\u00df-]{{1,30}} ?){{1,2}} ?{_GERMAN_NUMBER}(?=,? ?\n?(?:D-|"
    rf"A-|CH-)?\d{{4,5}} [A-Z\u00c4\u00d6\u00dc])"
)
DUTCH: Final = re.compile(
    r"(?<!\w)[A-Z][\w-]{1,30}(?:straat|laan|gracht|kade|dijk|plein|steeg|singel|weg|hof|vej|gade|"
    r"gatan|v\u00e4gen|veien|gata)"
    rf" {_GERMAN_NUMBER}"
)
ROMANCE: Final = re.compile(
    r"(?<![\w])\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:[Rr]ue|avenue|av\.|boulevard|bd|place|"
    r"[Cc]hemin|"
    r"all\u00e9e|"
    r"[Ii]mpasse|[Qq]uai|route|cours|square)(?: (?:de la|de l['\u2019]|des|du|de|d['\u2019]|la|le|"
    r"les))?[ '\u2019]?"
    r"(?:[A-Z\u00c0-\u00de][\w'\u2019-]{1,30}[ ]?){1,4}"
    r"|(?<!\w)(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]aseo|[Pp]laza|Via|[Vv]iale|[Pp]iazza|"
    r"[Cc]orso|[Rr]ua|"
    r"[Ll]argo|[Vv]icolo|[Tt]ravessa|[Cc]arrer|ulica|ul\.) ?(?:(?:de|del|de la|de los|la|el|dei|"
    r"della|delle|da|do|dos) )*"
    r"(?:[A-Z\u00c0-\u00de\u0141\u015a\u017b][\w'\u2019-]{1,30} ?(?:de |del |da |do )?){1,4},? "
    r"?(?:n[\u00bao.]? ?)?\d{1,4}(?!\w)(?:[,.]? ?\d{1,2}[\u00bao\u00aa](?: ?[A-Z](?!\w))?)?"
)
UNIT: Final = (
    r"(?:(?:flat|unit|apt\.?|apartment|suite|ste\.?|room|floor|block|building|bldg|lot|plot|shop|"
    r"level|"
    r"house|sector|phase|h\.? ?no\.?|door no\.?|d\.? ?no\.?|villa|tower|wing|c/o|"
    r"top\.?)[ .]{0,2}(?:no\.? ?|"
    r"number )?#?"
    rf"(?:\d{{1,5}}(?:[-/]\d{{1,4}})?[a-z]?(?!\w)|[a-z]?\d{{1,4}}[a-z]?(?!\w)|[a-z](?!\w)|{SAID}))"
)
# "Willowbank Avenue, number seventy-three"
NUMBER_BEHIND: Final = re.compile(
    rf"(?<!\w)(?:{_CAPITAL} ){{1,3}}(?:{_STRONG.title()}),? (?:at |it['\u2019]s )?"
    rf"(?i:number|no\.?|house number|house no\.?) ?(?i:{_DIGITS}|{SAID})(?!\w)"
)
BOX: Final = re.compile(
    rf"(?<!\w)(?:p\.? ?o\.? ?box|post(?: office)? box|postfach|locked bag|bo\u00eete postale|"
    rf"apartado|p\.? ?o\.? b\.?)[ .]{{0,2}}(?:no\.? ?)?"
    rf"(?:\d[\d ]{{0,8}}\d|\d|{SAID})(?!\w)",
    re.IGNORECASE,
)
_AREAS: Final = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|"
    "JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|"
    "T[ADFNQRSW]|"
    "UB|W[ACDFNRSV]?|YO|Z[E]|BX|GIR"
)
UK_CODE: Final = rf"(?:{_AREAS})\d[\dA-Z]? ?\d[A-Z]{{2}}"
CANADA_CODE: Final = r"[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d"
EIRCODE: Final = (
    r"(?:[AC-Z]\d{2}|D6W)[ -]?[0-9AC-Z]{4}"  # some letters are never used, but misheard
)
CODES_TELL: Final = re.compile(rf"(?<![\w-])(?:(?:{UK_CODE})|(?:{CANADA_CODE}))(?![\w-])")
CODES_SAID: Final = re.compile(
    rf"(?<![\w-])(?:{UK_CODE}|{CANADA_CODE}|{EIRCODE}|\d{{4}} ?[A-Z]{{2}}|\d{{5}}-\d{{4}}|"
    rf"\d{{3}} \d{{2,3}}|\d{{4,6}})(?![\w%-]|[.,:]\d)",
    re.IGNORECASE,
)
_STATES: Final = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|PR|RI|S[CD]|"
    "T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|TAS|ACT|[SW]A|NT"
)
STATE_CODE: Final = re.compile(
    rf"(?<!\w)(?:{_STATES}),? (?P<code>\d{{4,5}}(?:-\d{{4}})?)(?![\w%]|[.,:]\d)"
)
_INDIAN_PLACES: Final = (
    "delhi|mumbai|bengaluru|bangalore|chennai|kolkata|hyderabad|pune|ahmedabad|jaipur|lucknow|"
    "noida|gurgaon|gurugram|kochi|cochin|indore|bhopal|nagpur|surat|patna|chandigarh|coimbatore|"
    "thane|mysuru|mysore|vadodara|ludhiana|nashik|visakhapatnam|kerala|karnataka|maharashtra|"
    "tamil nadu|telangana|gujarat|rajasthan|punjab|haryana|uttar pradesh|west bengal|goa"
)
INDIAN_CODE: Final = re.compile(
    rf"(?<!\w)(?:{_INDIAN_PLACES})(?: ?[-\u2013,] ?| )(?P<code>[1-9]\d{{2}} ?\d{{3}})(?![\w%]|"
    rf"[.,:]\d)",
    re.IGNORECASE,
)
STATE_CODE_SMALL: Final = rf"(?:{_STATES}),? \d{{4,5}}(?:-\d{{4}})?(?!\w)"
SPELT_CODE: Final = re.compile(rf"{UK_CODE}|{CANADA_CODE}|{EIRCODE}".replace(" ?", ""))
