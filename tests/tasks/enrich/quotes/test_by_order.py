"""Who speaks by the order of words: common nouns are no names, and a pronoun is nobody rather than the wrong one."""

import pytest

from newsmill.schemas.rows import Quote
from newsmill.schemas.words import QuoteKind, SpeakerKind, SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts
from newsmill.tasks.enrich.entities.people import find_people
from newsmill.tasks.enrich.languages.registry import language_of
from newsmill.tasks.enrich.quotes.find import find_quotes


def _quotes(code: str, text: str) -> tuple[Quote, ...]:
    language = language_of(code)
    assert language.order is not None
    return find_quotes("0" * 16, text, find_people(text, language.order), language)


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        pytest.param(
            "de",
            "Nach Rolf van der Meers Abschiedsgala wurde gefeiert. „Es war ein langer Abend“, sagt er.",
            [None],
            id="genitive_before_a_noun",
        ),
        pytest.param(
            "de",
            "Im neuen Camp-Krankenhaus hält Nana Okello ihr Kind. „Wir bleiben bis zum Herbst hier“, sagt sie.",
            ["Nana Okello"],
            id="compound_is_no_name",
        ),
        pytest.param(
            "de",
            "«Er hat das wirklich gut gemacht», findet Olivier zu den Gesprächen, die Renato gab.",
            ["Olivier"],
            id="what_about_is_no_name",
        ),
        pytest.param(
            "de",
            "Georg Gall, ein Berater in Lexington, Massachusetts, äußerte sich kritisch: „Kein Cent fließt dorthin.“",
            [None],
            id="a_state_is_nobody",
        ),
        pytest.param(
            "de",
            "Die Polizei teilte mit, es sei ruhig.\n»Der Anfang gehört zu Solbach«\nAuch die Stadt war ruhig.",
            [None],
            id="heading",
        ),
        pytest.param(
            "de",
            "Wie der Finanzminister Udo Pohl erklärte, sieht er in dem Gesetz „kein Hindernis für den Verkehr“.",
            ["Udo Pohl"],
            id="in_the_law",
        ),
        pytest.param(
            "de",
            "Wie der Richter, Udo Pohl, ausführte, hätte es „ein ungeheures Blutbad mit vielen Toten gegeben“.",
            ["Udo Pohl"],
            id="apposition_within_how",
        ),
        pytest.param(
            "de",
            "Udo Pohl trat auf. Zitat von Pohl: „Wir haben etwas erreicht, was viele für unmöglich hielten.“",
            ["Udo Pohl"],
            id="announced_by_a_noun",
        ),
        pytest.param(
            "de",
            "„Jeder von uns muss jetzt in den Spiegel schauen“, sagte Kapitän Virgel van Loo nach dem Spiel.",
            ["Virgel van Loo"],
            id="particle_behind_an_unlisted_given_name",
        ),
        pytest.param(
            "fr",
            "Charlotte Houpel, fondatrice du musée affirme « C’est une bonne décision pour tout le pays ».",
            ["Charlotte Houpel"],
            id="role_between_a_name_and_its_verb",
        ),
        pytest.param(
            "fr",
            "Le 10 octobre, Yves Lavy a été nommé « conseiller du musée en service extraordinaire ».",
            [None],
            id="who_is_named_something_does_not_speak",
        ),
        pytest.param(
            "es",
            "El alcalde de Pilar Federico Ruiz habló. “Encontramos las obras paralizadas en mayo”, dijo Ruiz.",
            ["Federico Ruiz"],
            id="town_before_the_name",
        ),
        pytest.param(
            "es",
            "El hijo de Juan Carlos Ruiz habló. “Encontramos las obras paralizadas en mayo”, dijo Ruiz.",
            ["Juan Carlos Ruiz"],
            id="whole_name_behind_another_noun",
        ),
        pytest.param("de", "„Wir haben die Konten gesperrt“, teilte Facebook mit.", ["Facebook"], id="known_body"),
        pytest.param(
            "de", "Mehr Informationen zu den Wahlen: „Die Insel wählt im Herbst wieder“", [None], id="more_of_something"
        ),
        pytest.param(
            "de",
            "„Streit ist nur ein Ausdruck von Kraft“, sagt der Kommunikations- und Konfliktexperte Uwe Lorenz.",
            ["Uwe Lorenz"],
            id="two_parts_of_a_role",
        ),
        pytest.param(
            "de",
            "„Das wird teuer für alle“, sagte Pressesprecher Jan Gartmann.",
            ["Jan Gartmann"],
            id="name_like_a_role",
        ),
        pytest.param(
            "de",
            "„Das wird teuer für alle“, sagte Ministerin Anna Richter.",
            ["Anna Richter"],
            id="name_that_is_a_role",
        ),
        pytest.param(
            "de",
            "Minister Jan Ahlers kam. „Das wird teuer“, sagte ein Sprecher. „Wir zahlen es nicht“, sagte er.",
            [None],
            id="he_is_somebody_without_a_name",
        ),
        pytest.param(
            "de",
            "Im Hafen, sagt Ole Brandt, ist ,,Ebbe’’ ein Wort. Ole Brandt sagt: ,,Wer das Wasser kennt, wartet.’’",
            ["Ole Brandt"],
            id="doubled_marks",
        ),
        pytest.param(
            "de",
            "Bischof Jan Stäblein kam nach Bern. „Wir bauen die Kirche wieder auf“, sagte Stäblein.",
            ["Jan Stäblein"],
            id="surname_that_ends_as_nouns_do",
        ),
        pytest.param(
            "de", "Laut Hafenschutzgesetz sind „alle Boote in der Bucht zu melden“.", [None], id="a_law_is_no_name"
        ),
        pytest.param(
            "de", "Den Hafen will „jeder gern wieder offen sehen“, fordern Aktivisten.", [None], id="people_are_no_name"
        ),
        pytest.param(
            "fr",
            "Le président du tribunal, Denis Morel, a lu le texte. « Je ne le connaissais pas », affirme ce père de "
            "quatre enfants. Pour lui, c'était « le récit de ce qui allait venir ».",
            [None, None],
            id="for_him",
        ),
        pytest.param(
            "fr",
            "Le Premier ministre Andrej Novak a parlé. « Je reste à mon poste », a déclaré le ministre de la Santé.",
            [None],
            id="another_minister",
        ),
        pytest.param(
            "es",
            "Ana Ruiz alabó los espacios “amigables” para el bienestar de todos. “Lo esencial es escuchar a cada uno”.",
            [None],
            id="for_a_thing",
        ),
    ],
)
def test_the_right_one_or_nobody(code: str, text: str, names: list[str | None]) -> None:
    found = [quote.speaker_name for quote in _quotes(code, text) if len(quote.text.split()) > 3]

    assert found == names


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        pytest.param(
            "„Das ist besser als Streit“, meint der 28-jährige Sudanese.", "der 28-jährige Sudanese", id="age"
        ),
        pytest.param("„Das wird teuer für alle“, sagte die Zeitung.", "die Zeitung", id="body"),
    ],
)
def test_a_description_is_whole(text: str, speaker: str) -> None:
    (quote,) = _quotes("de", text)

    assert (quote.speaker_text, quote.speaker_name) == (speaker, None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Jan Korn (»Neue Woche« 35/2023) befürchtet, es kehre alles wieder.", id="title_in_brackets"),
        pytest.param("Die Polizei hatte auf Anfrage der „Deutschen Presseagentur“ gesagt, es sei ruhig.", id="agency"),
        pytest.param(
            "Im Mai führte die Polizei einen „Kehraus im Norden“ (Säuberung) genannten Einsatz.", id="called_so"
        ),
        pytest.param("Antworten auf solche Fragen gibt die Doku „Pohl 100“ von Andrea Kern.", id="film"),
    ],
)
def test_names_in_marks_are_no_quotations(text: str) -> None:
    assert [quote.text for quote in _quotes("de", text) if quote.kind is not QuoteKind.INDIRECT] == []


def test_a_few_words_belong_to_their_own_clause() -> None:
    text = "Seit Mai spricht selbst Kanzler Udo Pohl vom »neuen Anfang«, fordern Vereine mehr Geld."
    (quote,) = _quotes("de", text)

    assert (quote.speaker_name, quote.cue) == ("Udo Pohl", "spricht")


def test_a_known_body_is_no_person(model: LanguageModel) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, "„Wir haben die Konten gesperrt“, teilte Facebook mit.", "de")])

    assert [(quote.speaker_kind, quote.speaker_name) for quote in enriched.quotes] == [(SpeakerKind.BODY, "Facebook")]
    assert [(entity.label, entity.text) for entity in enriched.entities] == [("ORG", "Facebook")]


def test_who_does_something_speaks_without_a_name() -> None:
    (quote,) = _quotes("de", "Der 23-jährige Sportler gab bekannt: „Ich war an keiner Schlägerei beteiligt.“")

    assert (quote.speaker_text, quote.speaker_name, quote.confidence) == ("Der 23-jährige Sportler", None, 0.84)


def test_who_is_told_something_does_not_speak() -> None:
    text = "Bernd Voss hofft, dass Ole kommt, sagte der Zeitung: „Ich werde ihn jeden Tag anrufen.“"
    (quote,) = _quotes("de", text)

    assert quote.speaker_text != "der Zeitung"


def test_the_name_of_a_campaign_is_no_quotation() -> None:
    text = "Jan Ahlers sagte mit Blick auf die Aktion „Kirche im Dorf lassen“ lange nichts."

    assert [quote.method for quote in _quotes("de", text)] == [SpeakerMethod.NO_CUE]


@pytest.mark.parametrize(
    ("code", "text", "confidence"),
    [
        pytest.param("de", "Am Montag sagte Udo Pohl: „Das Werk bleibt offen.“", 0.98, id="name_verb_colon"),
        pytest.param("de", "Udo Pohl hat am Montag gesagt: „Das Werk bleibt offen.“", 0.98, id="verb_in_two_words"),
        pytest.param("de", "Udo Pohl betonte, er sei „mit der Lage sehr zufrieden“.", 0.98, id="part_of_a_clause"),
        pytest.param("de", "Udo Pohl sprach von einem „sehr guten Test“.", 0.89, id="a_few_words"),
        pytest.param(
            "de", "Udo Pohl brachte Anna Gall dazu, sich zu öffnen: „Ich bin dabei.“", 0.89, id="no_verb_of_speech"
        ),
        pytest.param("de", "Dazu gratulierten Udo Pohl (grün) und Jan Gall: „Das ist ein Erfolg.“", 0.89, id="plural"),
        pytest.param(
            "de", "Später beschreibt das FBI Udo Pohl als „äußerst nachlässig in vielen Dingen“.", 0.89, id="whom"
        ),
        pytest.param("de", "„Das Werk bleibt offen“, so Udo Pohl.", 0.98, id="so"),
        pytest.param("de", "Laut Udo Pohl ist das Werk „noch lange nicht am Ende“.", 0.89, id="source_ahead"),
        pytest.param("de", "Minister Udo Pohl: „Das Werk bleibt offen.“", 0.98, id="label_and_sentence"),
        pytest.param("de", "Udo Pohl: „Das offene Werk“", 0.89, id="label_and_what_may_be_a_title"),
        pytest.param("fr", "Anne Morel a déclaré : « Le pont ferme demain. »", 0.98, id="french"),
        pytest.param("fr", "« Le pont ferme demain », selon Anne Morel.", 0.98, id="french_source"),
        pytest.param("es", "Ana Ruiz dijo ayer: “El puente cierra mañana”.", 0.98, id="spanish"),
    ],
)
def test_a_name_beside_a_verb_of_speech_is_sure(code: str, text: str, confidence: float) -> None:
    quotes = [quote for quote in _quotes(code, text) if quote.kind is not QuoteKind.INDIRECT]
    assert [(quote.speaker_text, quote.confidence) for quote in quotes] == [
        ({"de": "Udo Pohl", "fr": "Anne Morel", "es": "Ana Ruiz"}[code], confidence)
    ]


def test_who_goes_on_right_behind_a_sure_quotation_is_as_sure() -> None:
    quotes = _quotes(
        "de", "„Das Werk bleibt offen“, sagt Udo Pohl, der Leiter. „Wir stellen sogar ein.“ Alle waren froh."
    )
    assert [(quote.speaker_name, quote.method, quote.confidence) for quote in quotes] == [
        ("Udo Pohl", SpeakerMethod.CUE_AFTER, 0.98),
        ("Udo Pohl", SpeakerMethod.SAME_PARAGRAPH, 0.98),
    ]


@pytest.mark.parametrize(
    ("text", "name", "confidence"),
    [
        ("„Das Werk bleibt offen“, sagte Tarkow.", "Tarkow", 0.89),
        ("Der Leiter Jan Tarkow kam. „Das Werk bleibt offen“, sagte Tarkow.", "Jan Tarkow", 0.98),
    ],
    ids=["named_nowhere_else", "named_in_full"],
)
def test_one_word_with_a_capital_is_less_sure(text: str, name: str, confidence: float) -> None:
    (quote,) = _quotes("de", text)
    assert (quote.speaker_name, quote.confidence) == (name, confidence)


@pytest.mark.parametrize(
    "text",
    [
        "Zum Rücktritt sagte der Kardinal Udo Pohl: „Das kommt aus heiterem Himmel.“",
        "Nach seinem „Müll“-Vergleich sagte Udo Pohl: „Das kommt aus heiterem Himmel.“",
        "Der Minister Udo Pohl war da. Wie Pohl vor seinem „Müll“-Vergleich sagte: „Das kommt aus heiterem Himmel.“",
    ],
    ids=["topic_ahead", "words_in_a_compound", "compound_ahead_of_the_verb"],
)
def test_what_opens_the_sentence_does_not_speak(text: str) -> None:
    assert [(quote.text, quote.speaker_name) for quote in _quotes("de", text)] == [
        ("Das kommt aus heiterem Himmel.", "Udo Pohl")
    ]


@pytest.mark.parametrize(
    ("code", "text", "name"),
    [
        ("de", "Jan Vos schrieb drei Romane: „Der lange Weg nach Haus“, „Ein Fluss aus Glas und Sand“.", None),
        ("de", "Jan Vos sagte über seine Romane: „Die habe ich heute ganz vergessen.“", "Jan Vos"),
        ("fr", "Anne Morel a écrit deux romans : « La longue route du retour », « Un fleuve de verre ».", None),
        ("es", "Ana Ruiz escribió dos novelas: “El largo camino a casa” y “La casa junto al mar”.", None),
    ],
    ids=["german", "said_about_them", "french", "spanish"],
)
def test_nobody_says_a_list_of_works(code: str, text: str, name: str | None) -> None:
    assert {quote.speaker_name for quote in _quotes(code, text)} == {name}
