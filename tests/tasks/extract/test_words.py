"""Words and sentence ends in many scripts."""

import pytest

from newsmill.tasks.extract.words import SENTENCE_END, count_words, ends_sentence, words_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The mayor's 3.5 million-euro plan isn't new.", 8),
        ("दो गाँवों की एक दमकल", 5),
        ("চারটি নৌকা ফিরে এসেছে", 4),
        ("دو شہروں کی ایک کشتی", 5),
        ("ዛሬ ሁለት ጀልባዎች ተመለሱ", 4),
        ("Երկու նավակ վերադարձավ", 3),
        ("เรือสองลำกลับมาแล้ว", 6),
        ("今天两艘船回来了", 6),
        ("船が港に戻った", 7),
        ("배 두 척이 돌아왔다", 4),
        ("… — !", 0),
        ("", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert count_words(text) == count


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("The Mayor’s boat", ["the", "mayor’s", "boat"]),
        ("दो नौकाएँ", ["दो", "नौकाएँ"]),
        ("שתי סירות", ["שתי", "סירות"]),
        ("ДВЕ ЛОДКИ", ["две", "лодки"]),
    ],
)
def test_vowel_signs_part_no_words(line: str, words: list[str]) -> None:
    assert words_of(line) == words


ENDED = {
    "Latin": "The boats came back.",
    "quotation": "“The boats came back.”",
    "German quotation": "„Die Boote sind zurück.“",
    "French quotation": "« Les bateaux sont revenus. »",
    "Hindi": "नावें लौट आईं।",
    "Urdu": "کشتیاں واپس آگئیں۔",
    "Arabic question": "هل عادت القوارب؟",
    "Armenian": "Նավակները վերադարձան։",
    "Amharic": "ጀልባዎቹ ተመለሱ።",
    "Khmer": "ទូកបានត្រឡប់មកវិញ។",
    "Burmese": "လှေများ ပြန်လာပြီ။",
    "Chinese": "船回来了。",
    "Japanese quotation": "「船が戻った。」",
    "Thai paragraph": "เรือประมงทั้งสองลำกลับเข้าท่าเรือเมื่อเช้าวันอังคาร หลังจากหายไปในทะเลนานสามวัน และลูกเรือทุกคนปลอดภัยดี",
}


@pytest.mark.parametrize("script", ENDED)
def test_sentences_end_in_every_script(script: str) -> None:
    assert ends_sentence(ENDED[script])


@pytest.mark.parametrize("line", ["Boats come back", "नावें लौट आईं", "เรือกลับมาแล้ว", "The boats, he said,", "", "”"])
def test_headlines_and_clauses_end_no_sentence(line: str) -> None:
    assert not ends_sentence(line)


def test_sentences_within_a_line_are_found() -> None:
    assert len(SENTENCE_END.findall("They left. Did they? “They did.” It cost 3.5 million")) == 3
    assert len(SENTENCE_END.findall("船离开了。它们回来了吗？")) == 2
