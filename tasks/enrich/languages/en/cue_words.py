"""The words of English by which cues of unusual kinds are told, and clauses that are none."""

from newsmill.tasks.enrich.languages.parsed import CueWords

CUE_WORDS = CueWords(
    only_verbs=frozenset({"said", "says", "told", "asked", "added", "wrote", "replied"}),
    reports_more=frozenset({"that", "it", "the", "he", "she", "they", "his", "her", "a", "there", ",", ":"}),
    citing=frozenset({"quote", "quotes", "quoted", "quoting", "cite", "cites", "cited", "citing"}),
    asked=frozenset({"asked", "told", "questioned", "pressed", "quizzed"}),
    with_infinitive=("contin", "beg", "start"),
    leading_off=frozenset({"where", "which", "what", "that", "who", "whose"}),
    said_by_noun=frozenset(
        {"read", "reads", "states", "stated", "asked", "asks", "said", "says", "tweeted", "wrote", "writes", "added"}
    ),
    put=frozenset({"put", "puts"}),
    before_nouns=frozenset({"to", "for", "of", "amid", "despite"}),
    replies=frozenset({"responded", "responds", "replied", "replies", "answered", "answers"}),
    dismissing=frozenset({"off", "aside", "away"}),
    embedding=frozenset({"if", "whether"}),
    like=frozenset({"like", "unlike"}),
)
