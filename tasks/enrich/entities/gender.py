""" "He" or "she": what the words around a name tell of a person."""

from newsmill.tasks.enrich.entities.given_names import HE_NAMES, SHE_NAMES
from newsmill.tasks.enrich.entities.mentions import Mention
from newsmill.tasks.enrich.languages.language import Lexicon


def gender_of(text: str, mention: Mention, lexicon: Lexicon) -> str | None:
    """ "he" or "she" by title, by role, by given name, by spouse; None if nothing tells."""
    title = text[max(0, mention.start - 14) : mention.start].split()
    if title and text[mention.start - 1].isspace():
        if title[-1].lower() in lexicon.titles_he:
            return "he"
        if title[-1].lower() in lexicon.titles_she:
            return "she"
    for role in mention.roles:
        nouns = {word.lower() for word in role.split()}
        if nouns & lexicon.he_nouns:
            return "he"
        if nouns & lexicon.she_nouns:
            return "she"
    given = mention.key[0] if len(mention.key) > 1 else ""
    if given in SHE_NAMES or given in HE_NAMES:
        return "she" if given in SHE_NAMES else "he"
    spouse = lexicon.reference.spouse.match(text, mention.end)
    return None if spouse is None else "she" if spouse.group("whose") == "her" else "he"
