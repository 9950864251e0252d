"""Lines that were broken at a width become paragraphs again, and other lines stay as they are."""

import textwrap

import pytest

from newsmill.tasks.extract.paragraphs import paragraphs_of, plain_text

PARAGRAPHS = (
    (
        "The last of the herring boats came back to Port Ellen on Friday evening, two days after the storm that had "
        "driven them north, and the whole town stood on the quay to count them in."
    ),
    (
        "“We had stopped counting the waves,” said Ewan Baird, the oldest of the skippers, who has fished from the "
        "harbour since he was a boy of twelve."
    ),
    "Eleven boats had left. Eleven were back by midnight.",
    (
        "The harbour master, who had kept a lamp burning on the outer wall, said that he would now go home and sleep "
        "for a week."
    ),
)


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs_of(text)]


@pytest.mark.parametrize("width", [30, 45, 64, 72, 100])
def test_paragraphs_parted_by_blank_lines_are_joined(width: int) -> None:
    text = "\n\n".join(textwrap.fill(p, width, break_on_hyphens=False) for p in PARAGRAPHS)
    assert texts(text) == list(PARAGRAPHS)


@pytest.mark.parametrize("width", [45, 64, 72])
def test_paragraphs_parted_by_an_indent_are_joined(width: int) -> None:
    text = "\n".join(textwrap.fill(p, width, initial_indent="    ") for p in PARAGRAPHS)
    assert texts(text) == list(PARAGRAPHS)


def test_lines_set_with_double_spacing_are_joined() -> None:
    text = "\n\n\n".join(textwrap.fill(p, 64).replace("\n", "\n\n") for p in PARAGRAPHS)
    assert texts(text) == list(PARAGRAPHS)


def test_a_paragraph_knows_the_line_that_it_starts_in() -> None:
    text = "\n\n".join(textwrap.fill(p, 64) for p in PARAGRAPHS[:2])
    assert [p.number for p in paragraphs_of(text)] == [1, 5]


STAY = {
    "paragraphs": PARAGRAPHS,
    "one sentence a line": (
        "The boats came back on Friday.",
        "Nobody had expected them before the weekend.",
        "The town stood on the quay.",
        "Eleven boats had left, and eleven were back.",
    ),
    "verse": (
        "The lamp upon the outer wall",
        "is older than the town,",
        "and every night the keeper climbs",
        "to set it up and down",
    ),
    "transcript": ("BAIRD: Good evening.", "HALE: Were you afraid?", "BAIRD: No. We were too busy for that."),
    "table": ("Shr 24 cts vs 13 cts", "    Net 771,000 vs 314,000", "    Revs 24.1 mln vs 11.3 mln", "    12 mths"),
    "menu": ("Home", "Local", "Sport", "Weather", "Log in"),
    "list": ("The fleet:", "- four boats from Port Ellen", "- six boats from Portnahaven", "- one boat from Bowmore"),
    "headline and brief": ("Boats come back", "All eleven boats that left Port Ellen on Monday are back."),
}


@pytest.mark.parametrize("kind", STAY)
def test_other_lines_stay_as_they_are(kind: str) -> None:
    assert texts("\n".join(STAY[kind])) == [line.strip() for line in STAY[kind]]


def test_a_lead_whose_first_line_is_short_is_one_paragraph() -> None:
    text = (
        "Port Ellen Fisheries\n"
        "Corp said its eleven boats were back in the harbour and would\n"
        "not leave again before the end of the month, when the weather\n"
        "is expected to change.\n"
        "    It gave no reason for the long absence of two of them.\n"
        " NEWSWIRE\n"
    )
    assert texts(text)[0].startswith("Port Ellen Fisheries Corp said its eleven boats")
    assert texts(text)[1:] == ["It gave no reason for the long absence of two of them.", "NEWSWIRE"]


@pytest.mark.parametrize("headline", ["BOATS COME BACK TO PORT ELLEN", "Boats come back to Port Ellen"])
def test_a_headline_right_above_the_lead_stays_apart(headline: str) -> None:
    assert texts(f"{headline}\n{textwrap.fill(PARAGRAPHS[0], 64)}") == [headline, PARAGRAPHS[0]]


def test_chinese_lines_are_joined_without_a_space() -> None:
    text = (
        "十一艘渔船星期五晚上回到了港口，此前它们被风暴吹向北方已经两\n"
        "天了。全城的人都站在码头上数船，直到午夜最后一艘船进港，人们\n"
        "才回家睡觉。"
    )
    assert texts(text) == [text.replace("\n", "")]


def test_hindi_lines_are_joined_with_one() -> None:
    text = (
        "ग्यारह नावें शुक्रवार की शाम को बंदरगाह पर लौट आईं\n"
        "जिन्हें दो दिन पहले का तूफ़ान उत्तर की ओर ले गया\n"
        "था, और पूरा शहर उन्हें गिनने के लिए घाट पर खड़ा\n"
        "था।"
    )
    assert texts(text) == [text.replace("\n", " ")]


def test_hyphens_go_only_where_the_text_has_the_word_without_one() -> None:
    text = (
        "The harbour master kept a lamp burning on the outer wall of the har-\n"
        "bour, and a well-\n"
        "known song was sung on the quay until the last of the boats was back\n"
        "and the lamp could be put out."
    )
    expected = (
        "The harbour master kept a lamp burning on the outer wall of the harbour, and a well-known song was sung on "
        "the quay until the last of the boats was back and the lamp could be put out."
    )
    assert texts(text) == [expected]


def test_what_markup_left_in_a_text_is_resolved() -> None:
    assert plain_text("Baird &amp; sons: &ldquo;we&#39;re back&amp;rdquo; &nosuch; R&D;") == (
        "Baird & sons: “we're back” &nosuch; R&D;"
    )
    assert plain_text("the har\u00ad\n  bour") == "the harbour"
    assert texts("") == []
