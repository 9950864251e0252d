"""Passages where the near name is the wrong one: the right person is named, or nobody.

Each gives, for words of a quotation, the name that it must have, or None where nobody may be named.
"""

import pytest

from newsmill.schemas.words import SpeakerMethod
from newsmill.tasks.enrich import LanguageModel, enrich_texts

type Speakers = dict[str, str | None]

NAMESAKES: dict[str, tuple[str, Speakers]] = {
    "surname_before_given_name": (
        "Senator Rand Paul debated Paul Ryan on Tuesday. “The bill is dead,” Paul said.",
        {"The bill is dead": "Rand Paul"},
    ),
    "the_other_way_round": (
        "House Speaker Paul Ryan opened the debate. Senator Rand Paul objected. “We cannot afford this,” Paul said.",
        {"We cannot afford this": "Rand Paul"},
    ),
    "surname_that_is_a_given_name": (
        "James Thomas met Thomas Keller in Ohio. “It was a long lunch,” Thomas said.",
        {"It was a long lunch": "James Thomas"},
    ),
    "mr_of_a_couple": (
        "Hanna Carrow, a painter, came with her husband, Bill Carrow. “I vote for her shows,” Mr. Carrow said.",
        {"I vote for her shows": "Bill Carrow"},
    ),
    "mrs_of_a_couple": (
        "Peter Lindt, a baker, and Clara Lindt, a judge, live in Bern. “He bakes at night,” Mrs. Lindt said.",
        {"He bakes at night": "Clara Lindt"},
    ),
    "ms_of_two_politicians": (
        "Labour's Tom Harding clashed with the Liberal Sue Harding. “He would say that,” replied Ms Harding.",
        {"He would say that": "Sue Harding"},
    ),
    "sir_of_two": (
        "Emma Holt and George Holt sat apart. “The vote was lost,” Sir George Holt said. “And badly,” Ms Holt said.",
        {"The vote was lost": "George Holt", "And badly": "Emma Holt"},
    ),
    "brother_and_sister": (
        "Mary Okafor runs the clinic. Her brother John Okafor drives the van. “I sleep in the van,” Mr Okafor said.",
        {"I sleep in the van": "John Okafor"},
    ),
    "bare_surname_of_two": (
        "Mary Okafor runs the clinic. Her brother John Okafor drives the van. “It is hard work,” Okafor said.",
        {"It is hard work": None},
    ),
    "two_politicians_of_a_name": (
        "Labour's Tom Harding clashed with the Liberal Sue Harding. “Nobody won the debate,” Harding said.",
        {"Nobody won the debate": None},
    ),
    "two_brothers": (
        "Jeb Bush and George W. Bush campaigned together. “We are brothers after all,” Bush said.",
        {"We are brothers after all": None},
    ),
    "initials_alone_differ": (
        "George H.W. Bush came first. George W. Bush came later. “I am the father here,” Bush said.",
        {"I am the father here": None},
    ),
    "initials_in_full": (
        "George H.W. Bush came first. George W. Bush came later. “I am the father here,” George H.W. Bush said.",
        {"I am the father here": "George H.W. Bush"},
    ),
    "senior_and_junior": (
        "Martin Kessler Sr. founded the firm. His son, Martin Kessler Jr., runs it. “We never sold,” Kessler Jr. said.",
        {"We never sold": "Martin Kessler Jr."},
    ),
    "senior_in_full": (
        "Martin Kessler Sr. founded the firm. Martin Kessler Jr. runs it. “I sold none,” Martin Kessler Sr. said.",
        {"I sold none": "Martin Kessler Sr."},
    ),
    "the_elder": (
        "Martin Kessler Sr. founded the firm. Martin Kessler Jr. runs it. “I sold nothing,” the elder Kessler said.",
        {"I sold nothing": None},
    ),
    "by_office": (
        (
            "President Valeria Ibarra vetoed the bill. Senator Laura Ibarra, no relation, objected. "
            "“We counted the votes,” Senator Ibarra said."
        ),
        {"We counted the votes": "Laura Ibarra"},
    ),
    "by_the_other_office": (
        (
            "President Valeria Ibarra vetoed the bill. Senator Laura Ibarra, no relation, objected. "
            "“Let them count again,” President Ibarra said."
        ),
        {"Let them count again": "Valeria Ibarra"},
    ),
    "who_bore_it_first": (
        "Donald Kerr opened the port. “It is the largest,” Kerr said.\n\nHis daughter Nora Kerr was there.",
        {"It is the largest": "Donald Kerr"},
    ),
    "daughter_in_full": (
        "Donald Kerr opened the port. “It is the largest,” Kerr said. “My father is right,” Nora Kerr said.",
        {"My father is right": "Nora Kerr"},
    ),
    "a_couple_by_one_surname": (
        "Hanna and Bill Carrow opened the shop. “We were always broke,” Bill Carrow said. “We still are,” said Hanna.",
        {"We were always broke": "Bill Carrow", "We still are": "Hanna Carrow"},
    ),
    "wife_of_whom_only_the_husband_is_named": (
        "Bill Carrow opened the shop in May. “He is never at home,” Mrs. Carrow said.",
        {"He is never at home": "Carrow"},
    ),
    "arab_particle": (
        "Sheikh Tariq al-Hamdani spoke in Muscat. “The well will be shared by both,” al-Hamdani said.",
        {"The well will be shared": "Tariq al-Hamdani"},
    ),
    "two_surnames_by_the_first": (
        "Interior Minister Lucia Herrera Montoya spoke. “The border stays open,” Herrera said.",
        {"The border stays open": "Lucia Herrera Montoya"},
    ),
    "two_surnames_by_both": (
        "Interior Minister Lucia Herrera Montoya spoke. “The border stays open,” Herrera Montoya said.",
        {"The border stays open": "Lucia Herrera Montoya"},
    ),
    "surname_first": (
        "Health Minister Zhou Wenbo spoke in Wuhan. “We cannot say more,” Minister Zhou said.",
        {"We cannot say more": "Zhou Wenbo"},
    ),
}
SUPPOSED: dict[str, tuple[str, Speakers]] = {
    "would_say": (
        "If the coach lost again, Lila Marsh would say “it is time for you to go.”",
        {"it is time for you": None},
    ),
    "if_she_had_said": (
        "If Lila Marsh had said “I will sell the schools tomorrow,” she would have lost.",
        {"I will sell the schools": None},
    ),
    "had_she_said": (
        "Had Lila Marsh said “I will sell the schools tomorrow,” she would have lost.",
        {"I will sell the schools": None},
    ),
    "nobody_said": ("Nobody in the room said “we should stop the trial now.”", {"we should stop the trial": None}),
    "no_minister_said": ("No minister said “we should stop the trial now.”", {"we should stop the trial": None}),
    "never_said": ("Lila Marsh never said “we will close the schools by June.”", {"we will close": None}),
    "did_not_say": ("Lila Marsh did not say “we will close the schools by June.”", {"we will close": None}),
    "has_not_said": ("Lila Marsh has not said “we will close the schools by June.”", {"we will close": None}),
    "might_have_said": ("Lila Marsh might have said “sell it all and be done.”", {"sell it all": None}),
    "should_have_said": ("Lila Marsh should have said “I was wrong about it.”", {"I was wrong": None}),
    "could_say": ("Lila Marsh could say: “I was wrong about it all.”", {"I was wrong": None}),
    "refused_to_say": ("Lila Marsh refused to say “I am sorry for it.”", {"I am sorry for it": None}),
    "declined_to_say": ("Lila Marsh declined to say “I am sorry for it.”", {"I am sorry for it": None}),
    "wanted_her_to_say": ("They wanted Lila Marsh to say “I am sorry for it.”", {"I am sorry for it": None}),
    "did_she_say": ("Did Lila Marsh say “I will sell the schools tomorrow”?", {"I will sell": None}),
    "unless_she_says": ("Unless Lila Marsh says “I was wrong about it,” they will vote.", {"I was wrong": None}),
    "would_only_say": ("Lila Marsh would only say: “We will see about it.”", {"We will see": "Lila Marsh"}),
    "went_on_to_say": ("Lila Marsh went on to say: “We will see about it.”", {"We will see": "Lila Marsh"}),
    "said_what_she_would_say": (
        "“I would never say such a thing,” Lila Marsh said.",
        {"I would never say": "Lila Marsh"},
    ),
    "hoped_for": (
        "Lila Marsh spoke. I hope that one day the town says, “Mayor, thank you for all you did.”",
        {"thank you for all": None},
    ),
    "said_of_nobody": ("“Nobody said so to me,” Lila Marsh said.", {"Nobody said so": "Lila Marsh"}),
}
VERBS: dict[str, tuple[str, Speakers]] = {
    verb: (
        f"“I will not wait,” said Anna White. “We should leave at once!” {verb} Meg Ashe, a nurse from Hull.",
        {"We should leave": "Meg Ashe"},
    )
    for verb in ("sighed", "harrumphed", "deadpanned", "squealed", "snarled", "enthused", "cackled", "hissed")
}
FRAMES: dict[str, tuple[str, Speakers]] = VERBS | {
    "by_role_and_name": (
        "“I will not wait,” said Anna White. “So we should leave,” harrumphed the mayor, Tom Bell.",
        {"So we should leave": "Tom Bell"},
    ),
    "how_she_put_it": (
        "“I, for one, will not be going,” is how Maud Ferris put it.",
        {"will not be going": "Maud Ferris"},
    ),
    "in_the_words_of": (
        "In the words of coach Dena Ruhl, “you cannot teach hunger to a full team.”",
        {"you cannot teach": "Dena Ruhl"},
    ),
    "in_the_words_of_behind": (
        "“You cannot teach hunger to a full team,” in the words of coach Dena Ruhl.",
        {"You cannot teach": "Dena Ruhl"},
    ),
    "her_statement_said": (
        "Minister Nadine Koch resigned. “It was an honour,” her statement said. “I stand by it.”",
        {"It was an honour": "Nadine Koch", "I stand by it": "Nadine Koch"},
    ),
    "bullets": (
        "They said:\n\n• “We were robbed of a penalty” — coach Dena Ruhl\n• “It was fair” — captain Pia Strand",
        {"We were robbed": "Dena Ruhl", "It was fair": "Pia Strand"},
    ),
    "turn_with_marks": (
        'Senator Dale Whitcombe was heard on Tuesday.\n\nWHITCOMBE: "I signed nothing of the sort."',
        {"I signed nothing": "Dale Whitcombe"},
    ),
}
SINGLE: dict[str, tuple[str, Speakers]] = {
    "double_within_single": (
        (
            "‘He looked at me and said “trust me”, and I did,’ said Gemma Hollis.\n\n‘We have written to everybody,’ "
            "said Jack Moss."
        ),
        {"and I did": "Gemma Hollis", "We have written": "Jack Moss"},
    ),
    "straight_double_within_straight_single": (
        "'The boys' heads went down,' Sione Lau said. 'Someone shouted, \"It's gone,\" and I thought, don't.'",
        {"heads went down": "Sione Lau", "Someone shouted": "Sione Lau"},
    ),
}
PRONOUNS: dict[str, tuple[str, Speakers]] = {
    "believes": (
        (
            "Ben Layton, a porter's son, says the book is fair. Porters won better hours in 1955, author Cecil Ford "
            "believes. “I want people to see it,” he says."
        ),
        {"I want people": "Cecil Ford"},
    ),
    "credit": (
        (
            "Researcher Nadia Jamal led the study. “People were kind to us,” she said.\n\nThe city will put up tents. "
            "(Laura Pell / CBN News)\n\n“There are so many voices in that group,” she added."
        ),
        {"There are so many": "Nadia Jamal"},
    ),
    "agency_credit_at_the_end_of_a_caption": (
        (
            "Dale Whitcombe spoke on Tuesday.\n\nThe court in Hull that ruled on the case. AP Photo/Joan Marl\n\n"
            "“No long debate is necessary,” he wrote in a post."
        ),
        {"No long debate": "Dale Whitcombe"},
    ),
    "credit_ahead_of_an_agency": (
        (
            "Dale Whitcombe spoke on Tuesday.\n\nThe court in Hull that ruled on the case. Joan Marl/Getty Images\n\n"
            "“No long debate is necessary,” he wrote in a post."
        ),
        {"No long debate": "Dale Whitcombe"},
    ),
    "caption_between": (
        (
            "“It was over in a second,” said the driver, Jo Lund.\n\nThe crossing. Photo: Adam Wylde/Press Pool\n\n"
            "“I never saw the train.”"
        ),
        {"I never saw": "Jo Lund"},
    ),
    "brother_beside_a_possessive": (
        (
            "Haris Malik took five wickets. The coach, Dean Holroyd, was calm.\n\nKamran Malik, Haris's elder brother, "
            "was asked whether the side had relaxed. “Ask them about it,” he said."
        ),
        {"Ask them about it": "Kamran Malik"},
    ),
    "inspector_by_rank": (
        (
            "Detective Inspector Orla McGinn led the search.\n\nMr Brady's sister Aoife said he knew the lake.\n\n"
            "DI McGinn would not say more. “I will not get ahead of the river,” she said."
        ),
        {"I will not get ahead": "Orla McGinn"},
    ),
    "a_description_leads": (
        (
            "Captain Sione Lau agreed. “We were tired by then,” he said.\n\nThe coach was not impressed. "
            "“There is plenty to do,” he said."
        ),
        {"There is plenty": None},
    ),
}
OTHERS: dict[str, tuple[str, Speakers]] = {
    "office_behind_somebody_else": (
        "After a meeting with Petra Holm, the US President said the deal was “as good as done today.”",
        {"as good as done": None},
    ),
    "mayor_behind_somebody_else": (
        "In a letter to Petra Holm, the mayor wrote: “The deal is as good as done.”",
        {"The deal is as good": None},
    ),
    "office_of_the_one_named": (
        "Petra Holm, the mayor of Solbury, came late. “The deal is as good as done,” the mayor said.",
        {"The deal is as good": "Petra Holm"},
    ),
    "headline_with_its_author_behind": (
        "Lena Marsh said so. “The old bridge closes for good,” by the Courier's Ned Pahl: “It will close on Monday.”",
        {"The old bridge closes": None, "It will close": "Ned Pahl"},
    ),
    "page_on_which_it_stands": (
        "A Facebook post asked everybody to the funeral of the boy. “God’s little angel of ours,” it said.",
        {"little angel": None},
    ),
    "claimed_by_others": (
        "A list of the “raids and arrests of the year” tells of an officer whose killing was claimed by Lena Marsh.",
        {"raids and arrests": None},
    ),
}
PASSAGES = OTHERS | NAMESAKES | SUPPOSED | FRAMES | SINGLE | PRONOUNS


@pytest.mark.parametrize(("text", "speakers"), PASSAGES.values(), ids=PASSAGES.keys())
def test_the_right_one_or_nobody(model: LanguageModel, text: str, speakers: Speakers) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    for said, speaker in speakers.items():
        quotes = [quote for quote in enriched.quotes if said in quote.text]
        assert [quote.speaker_name for quote in quotes] == [speaker]


def test_there_are_sixty() -> None:
    assert len(PASSAGES) >= 60


@pytest.mark.parametrize(
    ("passage", "method"),
    [("bare_surname_of_two", SpeakerMethod.AMBIGUOUS), ("would_say", SpeakerMethod.SUPPOSED)],
)
def test_method_says_why(model: LanguageModel, passage: str, method: SpeakerMethod) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, PASSAGES[passage][0], "en")])

    assert [(quote.method, quote.confidence, quote.speaker_entity_id) for quote in enriched.quotes] == [
        (method, None, None)
    ]


def test_namesakes_are_no_entity_of_each_other(model: LanguageModel) -> None:
    text = PASSAGES["bare_surname_of_two"][0]
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert len({entity.entity_id for entity in enriched.entities if entity.label == "PERSON"}) == 3


def test_a_nickname_is_no_quotation(model: LanguageModel) -> None:
    text = "“Gunfire again last night,” said a man who goes by the name “Lofty.” He is known to friends as “The Bear.”"
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert [quote.text for quote in enriched.quotes] == ["Gunfire again last night,"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Bill C-14 passed on Friday; Bill 21 did not. B.C. Liberals voted against both.", []),
        ("Brent crude rose 2 percent on Monday.", []),
        (
            "April Hayes and May Lindgren met in May. June Tan will follow in June.",
            ["April Hayes", "May Lindgren", "June Tan"],
        ),
        ("SOPHY SANTOVAL, 41, was named treasurer on Monday, the club said.", ["SOPHY SANTOVAL"]),
        ("Harrison Ford visited Detroit. Ford recalled 200,000 trucks.", ["Harrison Ford"]),
    ],
    ids=["bill", "crude", "months", "capitals_and_age", "company_of_a_name"],
)
def test_persons_are_persons(model: LanguageModel, text: str, people: list[str]) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert people == [entity.text for entity in enriched.entities if entity.label == "PERSON"]
