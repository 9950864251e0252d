"""Short reports whose quotations are said by "he" or "she", and who that is: no corpus with resolved names gives that.

The last line of each names who said what, by words of the quotation; the others are the report.
"""

from typing import NamedTuple


class Report(NamedTuple):
    """A report and whom its quotations by pronouns belong to, by words of theirs."""

    text: str
    speakers: dict[str, str]


_REPORTS = """
Nora Feld has run the ferry for twelve years.
“The river decides when we go,” she said.
“I only sell the tickets,” she added.
Nora Feld = The river decides | Nora Feld = I only sell

Mayor Paul Reiner opened the new bridge on Monday. He said it would “last for a hundred years.”
“We should have built it sooner,” he told reporters.
Paul Reiner = last for a hundred | Paul Reiner = We should have built

Clara Voss met Peter Lang at the station in March. “We were both late,” Voss said.
“I had missed my train,” she said.
Clara Voss = I had missed

Peter Lang said the strike would go on. Clara Voss, who runs the depot, said she had no drivers left.
“I am driving the bus myself,” she said.
Clara Voss = I am driving

Judge Helen Marsh fined the company on Friday. “You knew about the leak,” she told its lawyers.
Daniel Orr, the company's chief, was not in court. He later called the ruling “a mistake that will be mended.”
Helen Marsh = You knew about | Daniel Orr = a mistake that will

Ivan Petrov, a baker from Lom, bakes three hundred loaves a night.
His wife, Vera Petrova, sells them in the morning.
“I have not slept past three in years,” he said.
Ivan Petrov = I have not slept

Ruth Okoye won the seat by nine votes. Her opponent, Samuel Bright, asked for a recount.
“Every vote must be seen by somebody,” he said.
Okoye said she would wait. “I have waited for ten years,” she said.
Samuel Bright = Every vote must | Ruth Okoye = I have waited for

Senator Amy Holt criticised the plan. “It is too little,” Holt said.
President Carl Dunn defended it in a speech. “It is what we can pay,” he said.
Amy Holt was not convinced. “He can pay more than that,” she said.
Carl Dunn = It is what we can | Amy Holt = He can pay more

Professor Lena Brandt studied the lake for a decade. She calls it “the saddest water in the country.”
“There is not a single fish left in it,” she said.
Lena Brandt = the saddest water | Lena Brandt = There is not a single

Tom Hale and his brother Rick Hale own the mill. Rick Hale keeps the books.
“We lose money with every sack,” he said.
Rick Hale = We lose money

Coach Marta Ruiz praised her keeper after the match. “She saved us twice,” Ruiz said.
“I would not swap her for anybody,” she added.
Marta Ruiz = I would not swap

Minister Jonas Weil promised help for the farmers. He said the money would come “before the first frost.”
The farmers' leader, Greta Stahl, did not believe it. “We have heard that before,” she said.
Jonas Weil = before the first frost | Greta Stahl = We have heard that

Anna Lund lost her house in the flood. “I heard the water before I saw it,” she said.
Her neighbour, Erik Holm, took her in. “There was no time to think,” he said.
Anna Lund = I heard the water | Erik Holm = There was no time

Kofi Mensah left the party in May. In a letter to its chair, Abena Osei, he wrote that he was “tired of waiting.”
Osei said she was sorry. “He was the best of us,” she said.
Kofi Mensah = tired of waiting | Abena Osei = He was the best

David Stone told the court what he had seen. “The van had no lights,” he said.
“It came straight at us,” he added.
Asked by the lawyer Maria Keen how fast it was, he said: “Faster than I have ever driven.”
David Stone = The van had no | David Stone = It came straight | David Stone = Faster than I have

Sofia Marin, the museum's director, showed the painting to the press. “Nobody has seen it since the war,” she said.
The painting was found by Luis Vega in a barn. “I took it for a door,” he said.
Sofia Marin = Nobody has seen it | Luis Vega = I took it for

Karen Bly, 54, has worked at the plant since 1990. “They told us by text message,” she said.
“My father worked here too,” she said. “And his father.”
Karen Bly = They told us by | Karen Bly = My father worked

The union's head, Oscar Lind, said the talks had failed. According to him, the offer was “an insult to the night shift.”
“We will be back on Monday,” he said.
Oscar Lind = We will be back

Emily Frost and James Pike wrote the report. “We looked at every bridge in the county,” said Pike.
“Nine of them should be closed today,” he said.
James Pike = Nine of them

Helga Nord sang in Oslo on Saturday. After the concert she said she was “happier than in any year before.”
Helga Nord = happier than in any

Doctor Simon Asher warned of a hard winter. “We have forty beds and eighty patients,” he said.
Nurse Joan Pell works on his ward. “I go home and I sleep in my coat,” she said.
Simon Asher = We have forty beds | Joan Pell = I go home and

Rania Saleh crossed the border in June with two children. “We walked at night,” she said.
“In the day we hid in the wheat,” she said.
Rania Saleh = We walked at night | Rania Saleh = In the day we hid

Commissioner Frank Dole announced the arrest on Tuesday. He called the case “the longest of my career.”
“She never stopped calling us,” he said of the victim's mother, Pearl Jones.
Frank Dole = the longest of my | Frank Dole = She never stopped

Isabel Cruz bought the hotel for a dollar. “The roof cost a little more,” she said with a laugh.
Her partner in the venture is Hugo Blanc. “I would have bought a boat,” he said.
Isabel Cruz = The roof cost | Hugo Blanc = I would have bought

Martin Gale, the captain, apologised to the fans. “We owe them a better season,” he said.
“We will start on Saturday,” he said.
Martin Gale = We owe them | Martin Gale = We will start on

Olga Sorin translated the book from Latvian. “The jokes were the hardest part,” she said.
Its author, Janis Kalns, never learned English. “I trust her with everything,” he said.
Olga Sorin = The jokes were | Janis Kalns = I trust her

Governor Ellen Tate signed the bill in a school. “Every child in this room can read now,” she said.
Her predecessor, Bill Warner, had vetoed it twice. In a statement, he called it “money thrown into a well.”
Ellen Tate = Every child in this | Bill Warner = money thrown into

Yusuf Demir opened his shop at six, as on every day. “People need bread in a storm too,” he said.
Yusuf Demir = People need bread

Grace Abara, who lives next door, heard the shots. “I counted five of them,” she said.
Inspector Leo Marsh asked for witnesses. “Somebody must have seen the car,” he said.
Grace Abara = I counted five | Leo Marsh = Somebody must have

Walter Finch grows apples on the hill above the town. He said the frost had taken “three trees out of four.”
“I will plant cherries now,” he said.
Walter Finch = three trees out of | Walter Finch = I will plant
"""


def _reports() -> tuple[Report, ...]:
    reports = []
    for block in _REPORTS.strip().split("\n\n"):
        *lines, told = block.split("\n")
        pairs = (pair.split(" = ") for pair in told.split(" | "))
        reports.append(Report("\n".join(lines), {words: name for name, words in pairs}))
    return tuple(reports)


REPORTS = _reports()
