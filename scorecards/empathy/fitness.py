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

BOTH = {AGENT, CUSTOMER}
PEOPLE = {AGENT, CUSTOMER, "unknown"}
AUTOMATED = {"bot", "system"}
FEWEST_WORDS = 4  # of all people together
FIRST_SIGN = "\u2600"  # from here on, characters are emoji and the like
WORDS_TO_JUDGE_LANGUAGE = 12
WORDS_READ = 3000
FEWEST_COMMON = 0.16  # share of the language's own small words; running English has 0.4 to 0.6
LAST_LATIN = "\u024f"
MOST_FOREIGN_LETTERS = 0.5

Pairs = Sequence[tuple[TurnLike, Prepared]]


def assess(
    turns: Sequence[TurnLike], texts: Sequence[Prepared], pack: Pack, language: str | None
) -> Fitness:
    """The reasons, in a fixed order; scorable where there is none."""
    pairs = list(zip(turns, texts, strict=True))
    spoken = {turn.role for turn, text in pairs if text.low.strip()}
    people = [text for turn, text in pairs if turn.role in PEOPLE]
    reasons = _role_reasons(spoken)
    if _too_short(people):
        reasons.append(TOO_SHORT)
    if _other_language(people, pack, language):
        reasons.append(UNSUPPORTED_LANGUAGE)
    if spoken >= BOTH and _swapped(pairs, pack):
        reasons.append(SWAPPED)
    return Fitness(not reasons, tuple(reasons))


def without_suspicion(fitness: Fitness) -> Fitness:
    """The fitness where a greeting that looked out of place was that of a business, called."""
    reasons = tuple(reason for reason in fitness.reasons if reason != SWAPPED)
    return Fitness(not reasons, reasons)


def _role_reasons(spoken: set[str]) -> list[str]:
    if spoken >= BOTH or not spoken:
        return [] if spoken else [ONE_SIDED]
    if AGENT not in spoken and "unknown" not in spoken and spoken & AUTOMATED:
        return [AUTOMATED_ONLY]
    return [UNKNOWN_ROLES if "unknown" in spoken else ONE_SIDED]


def _too_short(people: Sequence[Prepared]) -> bool:
    """Fewer words than any exchange has. Emoji count as words: they may carry the feeling."""
    count = 0
    for text in people:
        count += len(text.words) + sum(1 for sign in text.low if sign > FIRST_SIGN)
        if count >= FEWEST_WORDS:
            return False
    return True


def _other_language(people: Sequence[Prepared], pack: Pack, language: str | None) -> bool:
    """By the stated language, if there is one, and by the words themselves."""
    if language and language.lower().replace("_", "-").split("-")[0] != pack.language:
        return True
    words: list[str] = []
    for text in people:
        words += [word.text for word in text.words[: WORDS_READ - len(words)]]
        if len(words) >= WORDS_READ:
            break
    letters = "".join(word for word in words if word.isalpha())
    foreign = sum(1 for letter in letters if letter > LAST_LATIN)
    if foreign > MOST_FOREIGN_LETTERS * len(letters):
        return True
    words = [word for word in words if word.replace("'", "").isalpha()]
    if len(words) < WORDS_TO_JUDGE_LANGUAGE:
        return False
    return sum(word in pack.language_words for word in words) < FEWEST_COMMON * len(words)


def _swapped(pairs: Pairs, pack: Pack) -> bool:
    """The "customer" says what agents say ("how may I help you"), and the "agent" hardly does."""
    said = dict.fromkeys(BOTH, 0)
    for turn, text in pairs:
        if turn.role in said and find(pack.agent_phrases, text):
            said[turn.role] += 1
    turns = sum(1 for turn, _ in pairs if turn.role == CUSTOMER)
    alone = said[AGENT] == 0 and 0 < turns <= 3 * said[CUSTOMER]
    return alone or said[CUSTOMER] > max(1, 2 * said[AGENT])
