"""Hard passages: namesakes, suppositions, pronouns and turns, where the near name is often the wrong one.

Each gives, for the first words of a quotation, who said it; None where the text does not tell or nobody did. Whoever
names nobody is not wrong here; who is named for sure must be the one.
"""

from typing import NamedTuple


class Passage(NamedTuple):
    """A passage and whom its quotations belong to, by their first words."""

    text: str
    speakers: dict[str, str | None]


def _of(text: str, **speakers: str | None) -> Passage:
    return Passage(text, {words.replace("_", " "): name for words, name in speakers.items()})


NAMESAKES = (
    _of("Rory Grant beat Grant Olsen by nine votes. “I am tired,” Grant said.", I_am_tired="Rory Grant"),
    _of("Grant Olsen lost to Rory Grant. “I will be back,” said Olsen.", I_will_be_back="Grant Olsen"),
    _of("Mayor Lewis Carter thanked Carter Dunne. “He wrote it all,” Carter said.", He_wrote="Lewis Carter"),
    _of("Carter Dunne advises Mayor Lewis Carter. “I only type,” Dunne said.", I_only_type="Carter Dunne"),
    _of("Elena Moss and Peter Moss own the inn. “We never close,” Moss said.", We_never_close=None),
    _of("Elena Moss and Peter Moss own the inn. “We never close,” Ms. Moss said.", We_never_close="Elena Moss"),
    _of("Elena Moss and Peter Moss own the inn. “We never close,” Mr. Moss said.", We_never_close="Peter Moss"),
    _of("Elena Moss and Peter Moss own the inn. “We never close,” Peter said.", We_never_close="Peter Moss"),
    _of("Walter Boyd Jr. sued Walter Boyd Sr. “He is my father,” Boyd Jr. said.", He_is_my="Walter Boyd Jr."),
    _of("Walter Boyd Jr. sued Walter Boyd Sr. “He is my son,” Walter Boyd Sr. said.", He_is_my="Walter Boyd Sr."),
    _of("Walter Boyd Jr. sued Walter Boyd Sr. “It is a shame,” Boyd said.", It_is_a_shame=None),
    _of("Judge Anna Stern fined Councilman Eli Stern. “I will pay,” Councilman Stern said.", I_will_pay="Eli Stern"),
    _of("Judge Anna Stern fined Councilman Eli Stern. “You will pay,” Judge Stern said.", You_will_pay="Anna Stern"),
    _of("Judge Anna Stern fined Councilman Eli Stern. “It is done,” Stern said.", It_is_done=None),
    _of("The sisters Clara Bell and Ruth Bell run it. “Mother left us debts,” Clara said.", Mother_left="Clara Bell"),
    _of("The sisters Clara Bell and Ruth Bell run it. “Mother left us debts,” Miss Bell said.", Mother_left=None),
    _of("Hugh Lane met his daughter, Sophie Lane. “He is early,” Ms. Lane said.", He_is_early="Sophie Lane"),
    _of("Hugh Lane met his daughter, Sophie Lane. “She is late,” Mr. Lane said.", She_is_late="Hugh Lane"),
    _of("Hugh Lane spoke first. “The pier is safe,” Lane said.\n\nSophie Lane was away.", The_pier="Hugh Lane"),
    _of("Dr. Omar Said treated him. “He will walk,” Said said.", He_will_walk="Omar Said"),
    _of("Arturo Vega Ruiz met Ana Ruiz. “We spoke of wells,” Vega said.", We_spoke="Arturo Vega Ruiz"),
    _of("Arturo Vega Ruiz met Ana Ruiz. “We spoke of wells,” Ana Ruiz said.", We_spoke="Ana Ruiz"),
    _of("Nasser al-Qadi opened the dam. “It holds,” al-Qadi said.", It_holds="Nasser al-Qadi"),
    _of("Jan van Dorp opened the dam. “It holds for now,” van Dorp said.", It_holds="Jan van Dorp"),
    _of("Ford raised prices. Gerald Ford, a dealer, was glad. “We sell more,” Ford said.", We_sell_more="Gerald Ford"),
    _of("Lincoln grew by a third. Mayor Abel Lincoln smiled. “We build,” Lincoln said.", We_build="Abel Lincoln"),
    _of("Governor Kim Hyun met Senator Kim Dae. “We agreed on rice,” Kim said.", We_agreed=None),
    _of("Governor Kim Hyun met Senator Kim Dae. “We agreed on rice,” Governor Kim said.", We_agreed="Kim Hyun"),
    _of("Governor Kim Hyun met Senator Kim Dae. “We agreed on rice,” Senator Kim said.", We_agreed="Kim Dae"),
    _of("Bob and Jean Marsh farm there. “The lambs died,” Jean Marsh said.", The_lambs="Jean Marsh"),
    _of("Bob and Jean Marsh farm there. “The lambs died,” Mr. Marsh said.", The_lambs="Bob Marsh"),
    _of("Paula Scott hired Scott Paul. “He is cheap,” Paula Scott said.", He_is_cheap="Paula Scott"),
    _of("Paula Scott hired Scott Paul. “She pays on time,” Paul said.", She_pays="Scott Paul"),
    _of("Paula Scott hired Scott Paul. “He is cheap,” Scott said.", He_is_cheap="Paula Scott"),
    _of("Ryan Kelly replaced Kelly Ryan. “I miss her already,” Kelly said.", I_miss="Ryan Kelly"),
    _of("Ryan Kelly replaced Kelly Ryan. “I left him the keys,” Ryan said.", I_left="Kelly Ryan"),
    _of("The brothers Ed Nash and Tom Nash fish. “The nets tore,” Tom Nash said.", The_nets="Tom Nash"),
    _of("The brothers Ed Nash and Tom Nash fish. “The nets tore,” one of them said.", The_nets=None),
    _of("April Stone met June Frost. “It was warm for once,” Frost said.", It_was_warm="June Frost"),
    _of("April Stone met June Frost. “It was warm for once,” April said.", It_was_warm="April Stone"),
)

SUPPOSITIONS = (
    _of("If Dora Finch had said “I will resign today,” all would be over.", I_will_resign=None),
    _of("Had Dora Finch said “I will resign today,” all would be over.", I_will_resign=None),
    _of("Dora Finch would say “let us vote on it again.”", let_us_vote=None),
    _of("Dora Finch could have said “let us vote on it again.”", let_us_vote=None),
    _of("Dora Finch never said “the vote was bought by them.”", the_vote_was=None),
    _of("Dora Finch did not say “the vote was bought by them.”", the_vote_was=None),
    _of("Dora Finch denied having said “the vote was bought by them.”", the_vote_was=None),
    _of("Nobody has said “the vote was bought by them.”", the_vote_was=None),
    _of("No senator said “the vote was bought by them.”", the_vote_was=None),
    _of("Neither Dora Finch nor Abe Lund said “the vote was bought by them.”", the_vote_was=None),
    _of("Dora Finch refused to say “the vote was fair and free.”", the_vote_was=None),
    _of("Dora Finch declined to say “the vote was fair and free.”", the_vote_was=None),
    _of("They wanted Dora Finch to say “the vote was fair and free.”", the_vote_was=None),
    _of("Did Dora Finch say “the vote was fair and free”?", the_vote_was=None),
    _of("Should Dora Finch say “the vote was fair and free,” she would lose.", the_vote_was=None),
    _of("Unless Dora Finch says “the vote was fair and free,” they will march.", the_vote_was=None),
    _of("Whether Dora Finch said “the vote was fair and free” is not known.", the_vote_was=None),
    _of("Dora Finch may say “the vote was fair and free” tomorrow.", the_vote_was=None),
    _of("Dora Finch is expected to say “the vote was fair and free.”", the_vote_was=None),
    _of("Dora Finch plans to say “the vote was fair and free” on Monday.", the_vote_was=None),
    _of("Dora Finch was afraid to say “the vote was fair and free.”", the_vote_was=None),
    _of("Dora Finch hopes to say “we won the harbour back” in May.", we_won=None),
    _of("Imagine Dora Finch saying “I was wrong about the harbour.”", I_was_wrong=None),
    _of("“I was wrong about the harbour,” Dora Finch would never say.", I_was_wrong=None),
    _of("“I was wrong about the harbour” is what Dora Finch should say.", I_was_wrong=None),
    _of("Dora Finch only said “we will look at the harbour again.”", we_will_look="Dora Finch"),
    _of("Dora Finch would later say “we looked at the harbour too late.”", we_looked="Dora Finch"),
    _of("Dora Finch would only say: “We will look at the harbour.”", We_will_look="Dora Finch"),
    _of("“We will look at the harbour,” Dora Finch did say in the end.", We_will_look="Dora Finch"),
    _of("Dora Finch, who had never spoken, said: “The harbour is ours.”", The_harbour="Dora Finch"),
    _of("Dora Finch could not stay, and said: “The harbour is ours.”", The_harbour="Dora Finch"),
    _of("“If I must, I will sell the harbour,” Dora Finch said.", If_I_must="Dora Finch"),
    _of("Abe Lund asked whether Dora Finch had said “sell the harbour to them.”", sell_the_harbour=None),
    _of("Abe Lund warned that Dora Finch might say “sell the harbour to them.”", sell_the_harbour=None),
    _of("Dora Finch's critics want her to say “I was wrong about it all.”", I_was_wrong=None),
)

PRONOUNS = (
    _of("Abe Lund said Carl Voss was late.\n\n“I waited for an hour,” he said.", I_waited="Abe Lund"),
    _of("Abe Lund, the aide of Voss, said Voss would win.\n\n“I counted the votes,” he said.", I_counted="Abe Lund"),
    _of("Asked by Abe Lund about it, Carl Voss shrugged.\n\n“I forget,” he said.", I_forget="Carl Voss"),
    _of("Carl Voss was silent when Abe Lund asked about it.\n\n“I forget,” he said at last.", I_forget="Carl Voss"),
    _of("In a talk with Abe Lund, the writer spoke of home.\n\n“I miss the rain,” he said.", I_miss=None),
    _of("Dora Finch left. Ida Krall's term is over, but she said “the work goes on for us.”", the_work="Ida Krall"),
    _of("A friend believes the Voss campaign erred.\n\n“I told them so,” he said.", I_told_them=None),
    _of("Dora Finch thanked Ida Krall.\n\n“She saved the harbour,” she said.", She_saved="Dora Finch"),
    _of("Photo: Carl Voss/City News\n\nAbe Lund fell ill.\n\n“I am better,” he said.", I_am_better="Abe Lund"),
    _of("By Carl Voss\n\nAbe Lund fell ill.\n\n“I am better now,” he said.", I_am_better="Abe Lund"),
    _of("Dora Finch met Abe Lund. “He was kind to us,” she said.", He_was_kind="Dora Finch"),
    _of("Dora Finch met Abe Lund. “She was kind to us,” he said.", She_was_kind="Abe Lund"),
    _of("Abe Lund and Carl Voss met. “The harbour is lost,” he said.", The_harbour=None),
    _of("Dora Finch and Ida Krall met. “The harbour is lost,” she said.", The_harbour=None),
    _of("The coach praised Abe Lund. “He runs all day,” he said.", He_runs=None),
    _of("Abe Lund's lawyer, Carl Voss, rose. “My client is ill,” he said.", My_client="Carl Voss"),
    _of("Abe Lund told Carl Voss to leave. “You are fired,” he said.", You_are_fired="Abe Lund"),
    _of("According to Abe Lund, Carl Voss left. “I saw him go,” he said.", I_saw="Abe Lund"),
    _of("“I never met him,” Abe Lund said of Carl Voss. “I only wrote,” he added.", I_only_wrote="Abe Lund"),
    _of("Dora Finch said Ida Krall lied. Krall laughed. “I never lie,” she said.", I_never_lie="Ida Krall"),
)

TURNS = (
    _of("Ida Krall spoke to us.\n\nQ: Why now?\n\nA: I am seventy.\n\nQ: And then?\n\nA: I sleep.", I_am="Ida Krall"),
    _of("Ida Krall met Abe Lund.\n\nQ: Why now?\n\nA: I am old.\n\nQ: And then?\n\nA: I sleep.", I_am_old=None),
    _of("Ida Krall paints.\n\nHERALD: Why do you?\n\nKRALL: I like the smell.", I_like="Ida Krall", Why_do="Herald"),
    _of("Abe Lund: Where were you?\nIda Krall: I was at home.\nAbe Lund: You were not.", I_was="Ida Krall"),
    _of("LUND: Where were you?\n\nKRALL: I was at home.\n\nLUND: I doubt it.", I_was="Krall", I_doubt="Lund"),
    _of("Ida Krall and Ole Krall came.\n\nLUND: Who is it?\n\nKRALL: It is me.\n\nLUND: You again.", It_is_me=None),
    _of("Director: Ida Krall\nEditor: Abe Lund\nDirector: We thank you.", We_thank=None),
    _of("Thank you, all of you.\n\n— Ida Krall (@idakrall) May 2, 2026\n\nAbe Lund replied.", Thank_you="Ida Krall"),
    _of("Abe Lund wrote:\n\nThank you, all of you.\n\n— Ida Krall (@idakrall) May 2, 2026", Thank_you="Ida Krall"),
    _of("I miss it. — Ida Krall, 71\n\nMy dog too. — Abe Lund, 40", I_miss="Ida Krall", My_dog="Abe Lund"),
    _of("Abe Lund listened.\n\n— Are you well?\n\n— I am not, Ida Krall answered.", I_am_not="Ida Krall", Are_you=None),
    _of("Abe Lund listened.\n\n— Are you well?\n\n— I am not.", I_am_not=None, Are_you=None),
    _of("Abe Lund came late.\n\n— Are you well? asked Ida Krall.\n\n— I am not.", Are_you="Ida Krall", I_am_not=None),
    _of("- “I miss it,” Ida Krall said.\n- “My dog too,” Abe Lund said.", I_miss="Ida Krall", My_dog="Abe Lund"),
    _of("- “I miss it so much.” — Ida Krall\n- “My dog does too.” — Abe Lund", I_miss="Ida Krall", My_dog="Abe Lund"),
    _of("WHO: Ida Krall\nWHAT: We sing\nWHO: Abe Lund\nWHAT: We dance", We_sing=None, We_dance=None),
    _of("NOTE: I was there.\n\nIda Krall left.\n\nNOTE: We all were.", I_was=None, We_all=None),
    _of("Krall: 7. Saved a penalty.\nLund: 5. I have seen better.\nVoss: 6. Ran.", Saved=None, I_have=None),
    _of("Ida Krall and Abe Lund said in a joint note: “We part as friends.”", We_part="Ida Krall"),
    _of("“We part as friends,” said Abe Lund, Ida Krall and Carl Voss.", We_part="Abe Lund"),
    _of("Ida Krall thanked Abe Lund, and Carl Voss said: “We part as friends.”", We_part="Carl Voss"),
    _of("Ida Krall saw Abe Lund and Carl Voss said: “We part as friends.”", We_part="Carl Voss"),
    _of("CHAIR: Order, please.\n\nMS. KRALL: I object.\n\nCHAIR: We note it.", I_object="Krall", We_note=None),
    _of("The clerk Abe Lund read.\n\nTHE COURT: Did you?\n\nTHE WITNESS: I did.\n\nTHE COURT: I see.", I_did=None),
    _of("Ida Krall, 71: I knew him well.\nAbe Lund, 40: We all did.\nCarl Voss, 9: I did not.", I_knew="Ida Krall"),
)

PASSAGES = {"namesakes": NAMESAKES, "suppositions": SUPPOSITIONS, "pronouns": PRONOUNS, "turns": TURNS}
