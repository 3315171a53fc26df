"""Can this interaction be scored at all? Simple checks that say why not."""

from collections.abc import Sequence

from scorecards.empathy.matching import find
from scorecards.empathy.model import AGENT, CUSTOMER, Fitness, TurnLike
from scorecards.empathy.pack import Pack
from scorecards.empathy.text import Prepared

ONE_SIDED = "one_sided"
SWAPPED = "roles_swapped_suspected"
UNKNOWN_ROLES = "unknown_roles"
TOO_SHORT = "too_short"
UNSUPPORTED_LANGUAGE = "unsupported_language"
AUTOMATED_ONLY = "automated_only"

FEWEST_WORDS = 4  # of customer and agent together
WORDS_TO_JUDGE_LANGUAGE = 12
WORDS_READ = 3000
FEWEST_COMMON = 0.16  # share of the language's own small words; running English has 0.4 to 0.6
MOST_FOREIGN_LETTERS = 0.5


def assess(
    turns: Sequence[TurnLike], texts: Sequence[Prepared], pack: Pack, language: str | None
) -> Fitness:
    """The reasons, in a fixed order; scorable where there is none."""
    pairs = list(zip(turns, texts, strict=True))
    spoken = {turn.role for turn, text in pairs if text.low.strip()}
    reasons: list[str] = []
    if AGENT not in spoken and CUSTOMER not in spoken and spoken & {"bot", "system"}:
        reasons.append(AUTOMATED_ONLY)
    elif CUSTOMER in spoken and AGENT not in spoken and "bot" in spoken:
        reasons.append(AUTOMATED_ONLY)
    elif "unknown" in spoken and not {AGENT, CUSTOMER} <= spoken:
        reasons.append(UNKNOWN_ROLES)
    elif not {AGENT, CUSTOMER} <= spoken:
        reasons.append(ONE_SIDED)
    people = [text for turn, text in pairs if turn.role in {AGENT, CUSTOMER, "unknown"}]
    if _too_short(people):
        reasons.append(TOO_SHORT)
    if _other_language(people, pack, language):
        reasons.append(UNSUPPORTED_LANGUAGE)
    if {AGENT, CUSTOMER} <= spoken and _swapped(pairs, pack):
        reasons.append(SWAPPED)
    return Fitness(not reasons, tuple(reasons))


def _too_short(people: Sequence[Prepared]) -> bool:
    """Fewer words than any exchange has. Emoji count as words: they may carry the feeling."""
    count = 0
    for text in people:
        count += len(text.words) + sum(1 for sign in text.low if ord(sign) > 0x2600)
        if count >= FEWEST_WORDS:
            return False
    return True


def _other_language(people: Sequence[Prepared], pack: Pack, language: str | None) -> bool:
    """By the stated language if there is one, and by the text where it says otherwise."""
    if language and not language.lower().startswith(pack.language):
        return True
    words: list[str] = []
    for text in people:
        words += [word.text for word in text.words[: WORDS_READ - len(words)]]
        if len(words) >= WORDS_READ:
            break
    letters = "".join(word for word in words if word.isalpha())
    foreign = sum(1 for letter in letters if ord(letter) > 0x24F)
    if letters and foreign > MOST_FOREIGN_LETTERS * len(letters):
        return True
    words = [word for word in words if word.replace("'", "").isalpha()]
    if len(words) < WORDS_TO_JUDGE_LANGUAGE or language:
        return False
    common = sum(1 for word in words if word in pack.language_words)
    return common < FEWEST_COMMON * len(words)


def _swapped(pairs: Sequence[tuple[TurnLike, Prepared]], pack: Pack) -> bool:
    """The "customer" says what agents say ("how may I help you"), and the "agent" does not."""
    said = {CUSTOMER: 0, AGENT: 0}
    for turn, text in pairs:
        if turn.role in said and find(pack.agent_phrases, text):
            said[turn.role] += 1
    return said[CUSTOMER] > 0 and said[AGENT] == 0 and said[CUSTOMER] * 3 >= _count(pairs, CUSTOMER) \
        or (said[CUSTOMER] > 1 and said[CUSTOMER] > 2 * said[AGENT])


def _count(pairs: Sequence[tuple[TurnLike, Prepared]], role: str) -> int:
    return sum(1 for turn, _ in pairs if turn.role == role)
