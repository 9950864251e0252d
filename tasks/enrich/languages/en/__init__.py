"""English, whose rules read the parse."""

from newsmill.tasks.enrich.languages import titles
from newsmill.tasks.enrich.languages.en import lexicon
from newsmill.tasks.enrich.languages.en.cue_words import CUE_WORDS
from newsmill.tasks.enrich.languages.en.grammar import GRAMMAR
from newsmill.tasks.enrich.languages.en.kinds import NAMING
from newsmill.tasks.enrich.languages.en.layout import LAYOUT
from newsmill.tasks.enrich.languages.en.reference import REFERENCE
from newsmill.tasks.enrich.languages.en.roles import ROLE_SHAPES
from newsmill.tasks.enrich.languages.en.sources import SOURCES
from newsmill.tasks.enrich.languages.language import CueShapes, Language, Lexicon, ThingShapes

ENGLISH = Language(
    "en",
    components=("ner", "parser", "tagger"),
    cues=CueShapes(lexicon.CUE_AHEAD, lexicon.CUE_TAIL),
    things=ThingShapes(lexicon.NAMED_BY, lexicon.SUCH_AS, lexicon.IS_A_THING, lexicon.GOES_BY),
    lexicon=Lexicon(
        cue_verbs=lexicon.CUE_VERBS,
        plain_cues=lexicon.PLAIN_CUES,
        reporting=lexicon.REPORTING,
        report_ahead=lexicon.REPORT_AHEAD,
        strong_cues=lexicon.STRONG_CUES,
        wording_cues=lexicon.WORDING_CUES,
        speech_nouns=lexicon.SPEECH_NOUNS,
        titling=lexicon.TITLING,
        pronouns_he=lexicon.PRONOUNS_HE,
        pronouns_she=lexicon.PRONOUNS_SHE,
        speaking_pronouns=lexicon.SPEAKING_PRONOUNS,
        pronouns=lexicon.PRONOUNS,
        roles=lexicon.ROLES,
        document_nouns=lexicon.DOCUMENT_NOUNS,
        body_nouns=lexicon.BODY_NOUNS,
        any_body=lexicon.ANY_BODY,
        people_nouns=lexicon.PEOPLE_NOUNS,
        speaking_nouns=lexicon.SPEAKING_NOUNS,
        agent_endings=lexicon.AGENT_ENDINGS,
        no_adjectives=lexicon.NO_ADJECTIVES,
        titles_he=titles.TITLES_HE,
        titles_she=titles.TITLES_SHE,
        titles=titles.TITLES,
        royal=lexicon.ROYAL,
        he_nouns=lexicon.HE_NOUNS,
        she_nouns=lexicon.SHE_NOUNS,
        grammar=GRAMMAR,
        cue_words=CUE_WORDS,
        layout=LAYOUT,
        reference=REFERENCE,
        role_shapes=ROLE_SHAPES,
    ),
    sources=SOURCES,
    naming=NAMING,
)
