"""Which words stand in quotation marks, whatever the marks and however they are broken."""

import pytest

from newsmill.tasks.enrich.languages.en import ENGLISH
from newsmill.tasks.enrich.quotes.marks import quoted_spans


def _quoted(text: str) -> list[str]:
    return [" | ".join(text[start:end] for start, end in span.segments) for span in quoted_spans(text, ENGLISH.cues)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('"We won the vote," he said.', ["We won the vote,"], id="straight"),
        pytest.param("“We won the vote,” he said.", ["We won the vote,"], id="curly"),
        pytest.param("„Wir haben gewonnen“, sagte er.", ["Wir haben gewonnen"], id="low_high"),
        pytest.param("„Wygraliśmy wybory”, powiedział.", ["Wygraliśmy wybory"], id="low_right"),
        pytest.param("”Vi vann valet”, sade han.", ["Vi vann valet"], id="right_right"),
        pytest.param("« Nous avons gagné », dit-il.", ["Nous avons gagné"], id="guillemets"),
        pytest.param("»Wir haben gewonnen«, sagte er.", ["Wir haben gewonnen"], id="guillemets_inward"),
        pytest.param("他说：「我们赢了」。", ["我们赢了"], id="corner_brackets"),
        pytest.param("''We won the vote,'' he said.", ["We won the vote,"], id="doubled_singles"),
        pytest.param("``We won the vote,'' he said.", ["We won the vote,"], id="back_ticks"),
        pytest.param("'We won the vote,' he said.", ["We won the vote,"], id="single_straight"),
        pytest.param("‘We won the allies’ vote,’ he said.", ["We won the allies’ vote,"], id="plural_apostrophe"),
        pytest.param("It's the allies' plan and the '90s are over, isn't it?", [], id="apostrophes_alone"),
        pytest.param("“It’s ours, don’t you see,” he said.", ["It’s ours, don’t you see,"], id="apostrophes_inside"),
        pytest.param("“He said ‘go away’ to me,” she said.", ["He said ‘go away’ to me,"], id="nested_single"),
        pytest.param("“He said “go away” to me,” she said.", ["He said “go away” to me,"], id="nested_same"),
        pytest.param('"One," he said. "Two."', ["One,", "Two."], id="two"),
        pytest.param("“We find ways, “Smith said on air.", ["We find ways,"], id="swapped_close"),
        pytest.param("“All the reasons “, he added.", ["All the reasons"], id="spaced_close"),
        pytest.param(
            "“One thing, “he said. “Two things, “he added.", ["One thing,", "Two things,"], id="swapped_twice"
        ),
        pytest.param("“I mean Iran. C “It is rail,” he said.", ["I mean Iran. C “It is rail,"], id="stray_mark_inside"),
        pytest.param("“We will win, he said.", ["We will win,"], id="never_closed_before_cue"),
        pytest.param("“We will win.\n\nRain fell on the town.", ["We will win."], id="never_closed_before_paragraph"),
        pytest.param("“One.\n\n“Two.”", ["One. | Two."], id="per_paragraph"),
        pytest.param("“One.\nTwo.\nThree.”", ["One.\nTwo.\nThree."], id="opened_once_closed_lines_later"),
        pytest.param('The 6" pipe and the 5\'10" man met.', [], id="inches"),
        pytest.param('He is 5\'10" tall. "We won," he said.', ["We won,"], id="inches_before_quotation"),
        pytest.param("“(We) won,” he said (“again”).", ["(We) won,", "again"], id="brackets"),
        pytest.param("“ ” and “” and “...” are empty.", [], id="no_words"),
        pytest.param(
            "“A ‘TurkStream’ pipe,” he said of the ‘TurkStream’.", ["A ‘TurkStream’ pipe,"], id="single_terms"
        ),
    ],
)
def test_quoted_spans(text: str, expected: list[str]) -> None:
    assert expected == _quoted(text)
