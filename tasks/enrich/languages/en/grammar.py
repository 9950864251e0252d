"""The function words of English by which its parse is read."""

from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Grammar

GRAMMAR = Grammar(
    quoted=frozenset({"quoted", "cited", "heard", "seen"}),
    auxiliaries=frozenset({"has", "have", "had", "is", "was", "be", "been", "being", "are", "were", "did", "does"}),
    somebody=frozenset({"one", "another", "others", "both", "none", "everyone", "somebody", "someone"}),
    relative=frozenset({"who", "which", "that", "whom"}),
    modals=words("would could might should must may can ca cannot"),
    never=words("not n't never neither nor"),
    said_after_all=words("only just later then eventually often always sometimes usually frequently"),
    conditions=words("if unless whether"),
    nobody=words("nobody none neither"),
    denials=words("deny denies denied denying"),
    wishes=words("hope hopes hoped hoping wish wishes wished wishing imagine imagines imagined imagining"),
    undone=words(
        "refuse refuses refused refusing decline declines declined declining want wants wanted hope hopes hoped expect "
        "expects expected fail fails failed need needs needed plan plans planned intend intends intended supposed "
        "afraid about unable unlikely reluctant unwilling ready like love prefer wish wishes wished threaten "
        "threatened threatens"
    ),
    acts_of_others=words("want wants wanted ask asks asked order ordered force forced urge urged beg begged"),
)
