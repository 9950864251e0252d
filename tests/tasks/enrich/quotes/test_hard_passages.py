"""Hard passages, one kind of difficulty each: which words are reported, whose they are, and what says so.

``who`` is the resolved name, or the words of the text where no name is known; None where nobody can tell.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsmill.tasks.enrich import LanguageModel, enrich_texts
from newsmill.tasks.enrich.languages.en import ENGLISH
from newsmill.tasks.enrich.languages.registry import LANGUAGES

type Row = tuple[str, str | None, str | None]

PASSAGES: dict[str, tuple[str, list[Row]]] = {
    # --- marks ---
    "doubled_singles": (
        "''The harvest failed again this year,'' said Grace Mwangi, who farms near Nakuru.",
        [("The harvest failed again this year,", "Grace Mwangi", "said")],
    ),
    "back_ticks": (
        "``The harvest failed again this year,'' Grace Mwangi said in Nakuru.",
        [("The harvest failed again this year,", "Grace Mwangi", "said")],
    ),
    "low_high": (
        "„We cannot close the mine before winter“, Jan Kowalski told the parliament in Warsaw.",
        [("We cannot close the mine before winter", "Jan Kowalski", "told")],
    ),
    "guillemets": (
        "« We cannot close the port before winter », said Marie Dubois in Marseille.",
        [("We cannot close the port before winter", "Marie Dubois", "said")],
    ),
    "corner_brackets": (
        "Kenji Tanaka said: 「We will rebuild the school by spring」.",
        [("We will rebuild the school by spring", "Kenji Tanaka", "said")],
    ),
    "single_marks": (
        "'The lads' effort was there for all to see,' said Harry Walsh after the match in Leeds.",
        [("The lads' effort was there for all to see,", "Harry Walsh", "said")],
    ),
    "nested_marks": (
        "“My mother told me ‘never sell the land’ and I never did,” said Pedro Quispe in Cusco.",
        [("My mother told me ‘never sell the land’ and I never did,", "Pedro Quispe", "said")],
    ),
    "apostrophes_and_inches": (
        "The 6'2\" keeper didn't start. \"It's the boss's call, isn't it?\" said Danny O'Brien.",
        [("It's the boss's call, isn't it?", "Danny O'Brien", "said")],
    ),
    "mark_on_every_paragraph": (
        "Ana Souza said: “The river rose in an hour.\n\n“We lost the house.\n\n“Nobody came for us.”",
        [("The river rose in an hour.\n\n“We lost the house.\n\n“Nobody came for us.", "Ana Souza", "said")],
    ),
    "never_closed": (
        "“The dam will hold through the rains, said Ana Souza on Sunday.\n\nRain fell on the valley all night.",
        [("The dam will hold through the rains,", "Ana Souza", "said")],
    ),
    "closing_mark_swapped": (
        "Igor Petrov spoke in Minsk. “We see no reason to stop, “Petrov stressed on the air.",
        [("We see no reason to stop,", "Igor Petrov", "stressed")],
    ),
    "closing_mark_adrift": (
        "Igor Petrov spoke in Minsk. “We see no reason to stop “, he stressed.",
        [("We see no reason to stop", "Igor Petrov", "stressed")],
    ),
    "opening_mark_reversed": (
        "”We see no reason to stop the work,” said Igor Petrov.",
        [("We see no reason to stop the work,", "Igor Petrov", "said")],
    ),
    "bracketed_words": (
        "“They [the rebels] left at dawn (or so we heard),” Amina Yusuf said by phone.",
        [("They [the rebels] left at dawn (or so we heard),", "Amina Yusuf", "said")],
    ),
    "ellipsis": (
        "“We tried … we really tried to get out …” Amina Yusuf said.",
        [("We tried … we really tried to get out …", "Amina Yusuf", "said")],
    ),
    "low_single": (
        "‚We cannot close the mine before winter‘, said Jan Kowalski in Bonn.",
        [("We cannot close the mine before winter", "Jan Kowalski", "said")],
    ),
    "never_closed_behind_a_cue": (
        "Jan Kowalski said “we cannot close the mine. The town depends on it.\n\nRain fell all day.",
        [("we cannot close the mine. The town depends on it.", "Jan Kowalski", "said")],
    ),
    # --- split and continued ---
    "split_inside_a_sentence": (
        "“The bridge,” Li Wei said, “was never meant for lorries.”",
        [("The bridge,” Li Wei said, “was never meant for lorries.", "Li Wei", "said")],
    ),
    "goes_on_behind_its_cue": (
        "“The bridge is old,” Li Wei said. “It was never meant for lorries.”",
        [("The bridge is old,", "Li Wei", "said"), ("It was never meant for lorries.", "Li Wei", "said")],
    ),
    "goes_on_in_the_next_paragraph": (
        "“The bridge is old and tired,” said Li Wei.\n\n“It was never meant for lorries, and everybody knew it.”",
        [
            ("The bridge is old and tired,", "Li Wei", "said"),
            ("It was never meant for lorries, and everybody knew it.", "Li Wei", "said"),
        ],
    ),
    "led_up_to_with_a_colon": (
        "Fatima Zahra explained:\n\n“The wells ran dry in March and no tanker came.”",
        [("The wells ran dry in March and no tanker came.", "Fatima Zahra", "explained")],
    ),
    "somebody_else_speaks_in_between": (
        "“The wells ran dry,” said Fatima Zahra. Omar Benali said no tanker ever came. “We waited for weeks in vain.”",
        [
            ("The wells ran dry,", "Fatima Zahra", "said"),
            ("no tanker ever came", "Omar Benali", "said"),
            ("We waited for weeks in vain.", "Omar Benali", "said"),
        ],
    ),
    "dialogue": (
        "“Will you sign it tomorrow?” asked Omar Benali.\n\n“I will sign nothing at all,” Fatima Zahra replied.",
        [
            ("Will you sign it tomorrow?", "Omar Benali", "asked"),
            ("I will sign nothing at all,", "Fatima Zahra", "replied"),
        ],
    ),
    # --- cues ---
    "told_somebody": (
        "“Nobody asked the villagers,” Carlos Mamani told Reuters on Friday.",
        [("Nobody asked the villagers,", "Carlos Mamani", "told")],
    ),
    "in_an_interview_with": (
        "“Nobody asked the villagers,” Carlos Mamani said in an interview with El Deber.",
        [("Nobody asked the villagers,", "Carlos Mamani", "said")],
    ),
    "according_to": (
        "The road was “swept away in minutes,” according to Carlos Mamani.",
        [("swept away in minutes,", "Carlos Mamani", "according to")],
    ),
    "statement_by_a_body": (
        "The ceasefire “must be kept by all sides,” said a statement by the African Union.",
        [("must be kept by all sides,", "African Union", "said")],
    ),
    "wrote_on_twitter": (
        "“Proud of this team tonight!” Priya Sharma wrote on Twitter.",
        [("Proud of this team tonight!", "Priya Sharma", "wrote")],
    ),
    "tweeted_before": (
        "Priya Sharma tweeted, “Proud of this team tonight!”",
        [("Proud of this team tonight!", "Priya Sharma", "tweeted")],
    ),
    "puts_it": (
        "As Priya Sharma puts it, “the coach has no plan and no players.”",
        [("the coach has no plan and no players.", "Priya Sharma", "puts it")],
    ),
    "headline": (
        "Priya Sharma: “I never asked to be captain”",
        [("I never asked to be captain", "Priya Sharma", ":")],
    ),
    "transcript_turn": (
        "Ms Sharma (Delhi): “I ask the House to think again.”",
        [("I ask the House to think again.", "Sharma", ":")],
    ),
    "turns_of_a_transcript": (
        'Anna Weber met Jonas Roth on air. A transcript follows:\n\n"WEBER: Will you run again?\n\n"ROTH: I will not."',
        [("WEBER: Will you run again?", "Anna Weber", None), ("ROTH: I will not.", "Jonas Roth", None)],
    ),
    "signature": (
        "“The best soup in the whole of Hanoi.” — Linh Nguyen",
        [("The best soup in the whole of Hanoi.", "Linh Nguyen", "—")],
    ),
    "signature_at_the_mark": (
        "“The best soup in the whole of Hanoi.”― Linh Nguyen",
        [("The best soup in the whole of Hanoi.", "Linh Nguyen", "―")],
    ),
    "signature_behind_two_spaces": (
        "“The best soup in the whole of Hanoi.” ―  Linh Nguyen.",
        [("The best soup in the whole of Hanoi.", "Linh Nguyen", "―")],
    ),
    "signature_below": (
        "“The best soup in the whole of Hanoi.”\n\n— Linh Nguyen",
        [("The best soup in the whole of Hanoi.", "Linh Nguyen", None)],
    ),
    "signature_with_an_office": (
        "“Always choose authenticity over imitation.” —Linh Nguyen, global design director at Hart & Sons of Hanoi",
        [("Always choose authenticity over imitation.", "Linh Nguyen", "—")],
    ),
    "rank_with_a_full_stop": (
        "“The reserves are sufficient for now,” Col. Yusuf Demir, a defence official, said from the crossing.",
        [("The reserves are sufficient for now,", "Yusuf Demir", "said")],
    ),
    "cue_set_into_the_sentence_before": (
        "The cell, Sarah Levi said, is constantly sensing acids. “Once they go out of whack, it fires.”",
        [
            ("The cell, Sarah Levi said, is constantly sensing acids", "Sarah Levi", "said"),
            ("Once they go out of whack, it fires.", "Sarah Levi", "said"),
        ],
    ),
    "relative_with_a_name": (
        "The siblings’ stepfather, Kurt Schilling, told Reuters:\n\n“Seven years for four lives. Where’s the justice?”",
        [("Seven years for four lives. Where’s the justice?", "Kurt Schilling", "told")],
    ),
    "reply_with_a_colon": (
        "Her answer was blunt. Linh Nguyen's message to the mayor was: “Leave our market alone.”",
        [("Leave our market alone.", "Linh Nguyen", "was")],
    ),
    "cue_set_into_the_sentence": (
        "The budget, Tomas Novak said, “is not worth the paper it is written on.”",
        [("is not worth the paper it is written on.", "Tomas Novak", "said")],
    ),
    "cue_behind_a_mixed_one": (
        "The budget is “a bad joke on pensioners” and will fail, Tomas Novak said.",
        [("a bad joke on pensioners", "Tomas Novak", "said")],
    ),
    "inverted_with_a_long_name": (
        "“We shall appeal,” said the lawyer of the family, Katarzyna Wójcik-Nowak.",
        [("We shall appeal,", "Katarzyna Wójcik-Nowak", "said")],
    ),
    "clause_between_name_and_verb": (
        "“We shall appeal,” Tomas Novak, who was sacked in May and has not worked since, told the court.",
        [("We shall appeal,", "Tomas Novak", "told")],
    ),
    "participle": (
        "Tomas Novak walked out of the hall, calling the vote “a stain on this chamber.”",
        [("a stain on this chamber.", "Tomas Novak", "calling")],
    ),
    "participle_behind_a_clause": (
        "Tomas Novak said the vote was a disgrace, adding that he would “never sit in that hall again.”",
        [
            ("the vote was a disgrace", "Tomas Novak", "said"),
            ("never sit in that hall again.", "Tomas Novak", "adding"),
        ],
    ),
    "second_verb_of_one_subject": (
        "Tomas Novak said the deal was dead but added it was “nobody's fault in this room.”",
        [("the deal was dead", "Tomas Novak", "said"), ("nobody's fault in this room.", "Tomas Novak", "added")],
    ),
    "who_was_asked_is_not_who_speaks": (
        "Asked which party he would join, Tomas Novak demurred: “Whichever one will have me.”",
        [("Whichever one will have me.", "Tomas Novak", "demurred")],
    ),
    "verb_that_is_no_cue_there": (
        "Tomas Novak said he was sure that Ivana Horak would continue to be “a friend of this house.”",
        [("a friend of this house.", "Tomas Novak", "said")],
    ),
    "stronger_cue_behind": (
        "Ivana Horak saw it differently: “There was no fraud at all,” the judge said.",
        [("There was no fraud at all,", "the judge", "said")],
    ),
    "quoted_as_saying": (
        "“We give up the old way of thinking,” state agency Sina quoted Kenji Tanaka as saying on Thursday.",
        [("We give up the old way of thinking,", "Kenji Tanaka", "quoted")],
    ),
    "quoted_as_saying_before": (
        "The paper quoted Kenji Tanaka as saying: “We give up the old way of thinking.”",
        [("We give up the old way of thinking.", "Kenji Tanaka", "saying")],
    ),
    "next_sentence_has_its_own_source": (
        "Tomas Novak demanded “an end to the bad roads.” According to Ivana Horak, a petition had been filed.",
        [
            ("an end to the bad roads.", "Tomas Novak", "demanded"),
            ("a petition had been filed", "Ivana Horak", "According to"),
        ],
    ),
    "clause_behind_reports_something_else": (
        "Tomas Novak declared he would “never be part of this war,” Ivana Horak alleged that he had lied.",
        [("never be part of this war,", "Tomas Novak", "declared")],
    ),
    "participle_behind_the_words": (
        "Ann Lee objected because “it does not reflect my view of it,” adding that America continues to add gun laws.",
        [("it does not reflect my view of it,", "Ann Lee", "objected")],
    ),
    "what_somebody_calls_something_else": (
        "The pact names “an edge over the whole region”, which helps with what Israel calls its “deterrence”.",
        [("an edge over the whole region", None, None)],
    ),
    "where_somebody_demands": (
        "The change puts an end to “warrants on all our phones,” where police demand that firms hand over data.",
        [("warrants on all our phones,", None, None)],
    ),
    "so_called": (
        "Israel's main argument was the so-called “war between the wars,” a campaign of strikes.",
        [("war between the wars,", None, None)],
    ),
    "verb_of_something_else_first": (
        "“We are on the precipice of a change,” now that researchers understand these hormones, Sarah Levi says.",
        [("We are on the precipice of a change,", "Sarah Levi", "says")],
    ),
    "apposition_before_the_verb": (
        "Manuel Gallego, a member of the party in the province, said it was time to “sell more fruit abroad”.",
        [("sell more fruit abroad", "Manuel Gallego", "said")],
    ),
    "nickname_in_the_name": (
        "“This is a big year for our city!” Robert “Bobby” Scott shouted to the crowd.",
        [("This is a big year for our city!", "Robert “Bobby” Scott", "shouted")],
    ),
    "who_asks_is_not_who_answers": (
        "I asked the coauthor what the purpose of the book was.\n\n“It shows how all things hang together.”",
        [("It shows how all things hang together.", None, None)],
    ),
    "story_that_does_not_speak": (
        "The story follows a young boy on a hunt.\n\n“It has a few levels to it but it is about courage.”",
        [("It has a few levels to it but it is about courage.", None, None)],
    ),
    "headline_without_marks": (
        "Priya Sharma: We will play to win every match\n\nThe team flew out on Monday.",
        [("We will play to win every match", "Priya Sharma", ":")],
    ),
    "headline_that_names_a_topic": ("Priya Sharma: The early years of a captain\n\nThe team flew out.", []),
    # --- who that is ---
    "who_acts_right_before": (
        "“Stop it, please,” Tom Hill said. Ann Lee shook her head. “Tom is much better at it than I am.”",
        [("Stop it, please,", "Tom Hill", "said"), ("Tom is much better at it than I am.", "Ann Lee", "shook")],
    ),
    "name_behind_the_office": (
        "“The plan is dead,” according to the Polish minister of mines, Jan Kowalski.",
        [("The plan is dead,", "Jan Kowalski", "according to")],
    ),
    "he_is_the_last_speaker": (
        "Kwame Mensah met Ama Owusu in Accra on Monday.\n\n“The talks went well,” he said.",
        [("The talks went well,", "Kwame Mensah", "said")],
    ),
    "she_by_given_name": (
        "David Cohen and his lawyer arrived early. Sarah Levi came late. “I was stuck on the bridge,” she said.",
        [("I was stuck on the bridge,", "Sarah Levi", "said")],
    ),
    "gender_by_title": (
        "Mr. Okafor met Mrs. Bello in Lagos. “We agreed on every point,” she said.",
        [("We agreed on every point,", "Bello", "said")],
    ),
    "surname_alone": (
        "Finance minister Yusuf Demir resigned on Friday.\n\n“I have done my duty,” Demir said.",
        [("I have done my duty,", "Yusuf Demir", "said")],
    ),
    "the_minister": (
        "Finance minister Yusuf Demir met central banker Elif Kaya.\n\n“Rates must fall,” the minister said.",
        [("Rates must fall,", "Yusuf Demir", "said")],
    ),
    "the_alliance": (
        "NATO met in Vilnius on Friday.\n\n“We stand by our allies in the north,” the alliance said.",
        [("We stand by our allies in the north,", "NATO", "said")],
    ),
    "body_by_its_country": (
        "“We reject these claims in full,” Egypt's foreign ministry said.",
        [("We reject these claims in full,", "Egypt's foreign ministry", "said")],
    ),
    "nobody_with_a_name": (
        "“It sounded like thunder at first,” a shopkeeper said.",
        [("It sounded like thunder at first,", "a shopkeeper", "said")],
    ),
    "nobody_can_tell": (
        "Rain fell on the capital.\n\n“Keep away from the river at all times.”",
        [("Keep away from the river at all times.", None, None)],
    ),
    "machine_rewritten_copy": (
        "Yusuf Demir said that rates would fall in June.\n\n“The bank counts on its people”.",
        [("rates would fall in June", "Yusuf Demir", "said"), ("The bank counts on its people", None, None)],
    ),
    "description_that_names_itself": (
        "Critics spoke of the Levi government. “We will not change course on this,” the Cohen government said.",
        [("We will not change course on this,", "Cohen government", "said")],
    ),
    "the_company_that_spoke": (
        "Microsoft will close the plant. “Our people are told first,” the company said.",
        [("Our people are told first,", "Microsoft", "said")],
    ),
    "statement_without_an_author": (
        "Yusuf Demir released a statement on Friday. “We do not agree at all,” the statement said.",
        [("We do not agree at all,", "the statement", "said")],
    ),
    "name_that_ends_in_a_place": (
        "“More cuts could follow from this one,” Rainbow Ethiopia said.",
        [("More cuts could follow from this one,", "Rainbow Ethiopia", "said")],
    ),
    "role_without_its_nationality": (
        "Francis Kere, an architect, has built ten schools. “I begin with the wind,” the Burkinabe architect said.",
        [("I begin with the wind,", "Francis Kere", "said")],
    ),
    "she_says_more_in_between": (
        "Ann Lee said the centre would close.\n\nShe said staff were told on Monday.\n\n“We are angry,” she said.",
        [
            ("the centre would close", "Ann Lee", "said"),
            ("staff were told on Monday", "Ann Lee", "said"),
            ("We are angry,", "Ann Lee", "said"),
        ],
    ),
    "title_behind_the_name": (
        "Harry, the Duke of Sussex, said the work must go on.\n\n“Let us talk about it,” he said.",
        [("the work must go on", "Harry", "said"), ("Let us talk about it,", "Harry", "said")],
    ),
    "hyphen_in_the_office": (
        "“I begin a new chapter as a professor,” wrote the ex-president.",
        [("I begin a new chapter as a professor,", "the ex-president", "wrote")],
    ),
    # --- no quotations ---
    "stage_name": (
        "The show has concluded with wins for both, and Omar Benali praised the return of Dwayne “The Rock” Johnson.",
        [],
    ),
    "description_at_arms_length": (
        "Tomas Novak sent his family a series of letters about his “sudden disappearance” in the mountains.",
        [],
    ),
    "film_that_somebody_is_in": ("Omar Benali starred in films such as “wall street” and “the long road”.", []),
    "song_behind_a_quotation": (
        "“Come and hear us tonight,” Elena Rossi said.\n\n“The Road to Hanoi” was released in 1999.",
        [("Come and hear us tonight,", "Elena Rossi", "said")],
    ),
    "compound_with_speaking": (
        "They host a seminar called “Israel then and now beyond books”, with a Cantonese-speaking guide from Hanoi.",
        [("Israel then and now beyond books", None, None)],
    ),
    "arms_length": ("For years, Elena Rossi has positioned herself as a “global citizen” open to all.", []),
    "theme": (
        "The fair is on the theme: “Tourism, the heart of the coast and its people,” which seeks visitors.",
        [("Tourism, the heart of the coast and its people,", None, None)],
    ),
    "nickname": ("Roberto “Manos” Duran opened a gym in Panama City.", []),
    "title_of_a_work": ("Elena Rossi was a guest on RAI's “Good Morning Italy” on Tuesday.", []),
    "title_behind_a_cue": (
        "“It was fun,” Elena Rossi said on “Good Morning Italy.”",
        [("It was fun,", "Elena Rossi", "said")],
    ),
    "title_that_is_written": (
        "Elena Rossi sang.\n\n“The Road to Hanoi (Part 2)” was written in 1999.",
        [],
    ),
    "scare_quotes": ("The “smart” meters never worked in the cold.", []),
    # --- indirect speech ---
    "reported_clause": (
        "Sipho Dlamini said on Tuesday that the strike would go on until May.",
        [("the strike would go on until May", "Sipho Dlamini", "said")],
    ),
    "reported_before_its_cue": (
        "The strike will go on until the end of May, Sipho Dlamini said on Tuesday.",
        [("The strike will go on until the end of May", "Sipho Dlamini", "said")],
    ),
    "reported_around_its_cue": (
        "The strike, Sipho Dlamini said, will go on until the end of May.",
        [("The strike, Sipho Dlamini said, will go on until the end of May", "Sipho Dlamini", "said")],
    ),
    "reported_according_to": (
        "According to Sipho Dlamini, the strike will go on until May.",
        [("the strike will go on until May", "Sipho Dlamini", "According to")],
    ),
    "reported_question": (
        "Sipho Dlamini asked whether the mine would ever open again.",
        [("whether the mine would ever open again", "Sipho Dlamini", "asked")],
    ),
    "not_said_at_all": ("Sipho Dlamini did not say that the strike would go on until May.", []),
}


@pytest.mark.parametrize(("text", "expected"), PASSAGES.values(), ids=PASSAGES.keys())
def test_passage(model: LanguageModel, text: str, expected: list[Row]) -> None:
    (enriched,) = enrich_texts(model, [("0" * 16, text, "en")])

    assert expected == [(q.text, q.speaker_name or q.speaker_text, q.cue) for q in enriched.quotes]


def test_there_are_sixty() -> None:
    assert len(PASSAGES) >= 60


def test_parsing_every_sentence_changes_nothing(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = sorted((Path(__file__).parents[4] / "seeds").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in seeds] + [text for text, _ in PASSAGES.values()]
    rows = [("0" * 16, text, "en") for text in texts]
    where_needed = enrich_texts(model, rows)

    assert ENGLISH.lexicon is not None
    everywhere = replace(ENGLISH, lexicon=replace(ENGLISH.lexicon, report_ahead=re.compile("")))
    monkeypatch.setitem(LANGUAGES, "en", everywhere)

    assert where_needed == enrich_texts(model, rows)
