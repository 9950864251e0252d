"""Roles: the words beside a person's name that say what they are, "Russian Foreign Minister" Sergey Lavrov."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from newsmill.tasks.enrich.entities.mentions import Mention
from newsmill.tasks.enrich.languages.language import Lexicon

_WORDS_BACK = 8


def with_roles(text: str, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Mention]:
    """The mentions, those of people with the roles that stand right before and right behind them, as they stand."""
    people = [mention.start for mention in mentions if mention.label == "PERSON"]
    return [replace(m, roles=_roles(text, m, people, lexicon)) if m.label == "PERSON" else m for m in mentions]


def _roles(text: str, mention: Mention, people: Sequence[int], lexicon: Lexicon) -> tuple[str, ...]:
    before, behind = _role_before(text, mention.start, lexicon), _role_behind(text, mention.end, lexicon)
    if behind and bisect_left(people, mention.end + len(behind) + 8) > bisect_left(people, mention.end):
        behind = None  # who is named in it has the role
    return tuple(role for role in (before, behind) if role)


def _role_before(text: str, start: int, lexicon: Lexicon) -> str | None:
    """The role that stands right before a name: "Turkish Foreign Minister" Mevlut Cavusoglu."""
    shapes = lexicon.role_shapes
    line = text[max(0, start - 90) : start].rsplit("\n", 1)[-1]
    ahead = line.split(" ")[:-1] if line.endswith(" ") else []
    taken: list[str] = []
    for word in reversed(ahead[-_WORDS_BACK:]):
        bare = word.strip("’'").lower()
        if not word or word[-1] in ',.;:!?)”"' or not _in_role(bare, word, taken, lexicon):
            break
        taken.append(word)
    role = taken[::-1]
    while role and (role[0].lower() in shapes.opening or not role[0][0].isalpha()):
        role = role[1:]
    return " ".join(role) if any(word.lower() in lexicon.roles for word in role) else None


def _in_role(bare: str, word: str, taken: Sequence[str], lexicon: Lexicon) -> bool:
    if not taken:
        return bare in lexicon.roles or (bare.rstrip("s") in lexicon.roles and bare.rstrip("s") != bare)
    shapes = lexicon.role_shapes
    if bare in shapes.outside:
        return False
    if bare in lexicon.plain_cues or (bare not in lexicon.roles and bare.rstrip("s") in lexicon.roles):
        return False
    return word[:1].isupper() or bare in lexicon.roles or bare in shapes.idle or bare in shapes.within


def _role_behind(text: str, end: int, lexicon: Lexicon) -> str | None:
    """The role in apposition behind a name: Mevlut Cavusoglu, "Turkish foreign minister", said."""
    shapes = lexicon.role_shapes
    match = shapes.apposed.match(text, end, min(len(text), end + 110))
    if not match:
        return None
    behind = [word.lower() for word in match.group(1).split()]
    if (
        len(behind) > 10
        or behind[0] in shapes.outside
        or not any(word in lexicon.roles for word in behind)
        or any(word in lexicon.plain_cues and word not in lexicon.roles for word in behind)
    ):
        return None  # "After talks with Smith, the president said" has another president
    return match.group(1)
