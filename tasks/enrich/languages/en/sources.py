"""What English calls the sources that it names by a noun alone."""

from newsmill.tasks.enrich.languages.en import lexicon
from newsmill.tasks.enrich.languages.language import SourceNouns, words

_CROWDS = words("""
    crowd crowds protesters protestors demonstrators marchers rioters strikers fans supporters voters residents locals
    villagers neighbors neighbours audience users spectators viewers readers listeners customers commuters
    passengers tourists worshippers chorus mob public opponents followers shoppers students workers parents pupils
""")
_DOCUMENTS = lexicon.DOCUMENT_NOUNS | words("clip video recording tape leaflet poster slogan website data paper")
_PLURALS = frozenset(f"{noun}s" for noun in _DOCUMENTS) | words("studies")

SOURCES = SourceNouns(
    crowds=_CROWDS,
    documents=_DOCUMENTS | _PLURALS,
    bodies=lexicon.BODY_NOUNS - _DOCUMENTS,
    people=lexicon.PEOPLE_NOUNS - _CROWDS - lexicon.BODY_NOUNS,
    roles=lexicon.ROLES | words("source insider witness"),
    definite=words("the this that our his her their its my"),
    behind=words("of for from in at on with who that which close familiar to by near outside and or as said"),
)
