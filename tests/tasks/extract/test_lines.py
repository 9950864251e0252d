"""The line cleaner: what it keeps, what it cuts, and that a verdict comes with a reason."""

from collections.abc import Sequence

import numpy as np
import pytest

from newsmill.tasks.extract.chain import STATES, TEXT
from newsmill.tasks.extract.lines import Role, judge_lines, verdicts_by

HEADLINE = "Coastal towns agree to rebuild the harbour wall"
ARTICLE = (
    "The mayors of three coastal towns agreed on Tuesday to rebuild the harbour wall that a storm broke in January.",
    "“We have waited long enough for this decision,” said Maria Keller, the mayor of the largest of the towns.",
    "The work will cost about four million euros, and the region has promised to pay half of it within two years.",
    "Engineers had warned that another winter without repairs would put the old quarter of the harbour at risk.",
    "Fishermen said that they had lost a third of their income since the storm and hoped for work to start soon.",
    "A first contract is expected to be signed in March, after the councils have voted on the plan.",
)
WIRE = (
    "PORT ELLEN, Scotland (NW) — A ferry with 212 people aboard ran aground in thick fog early on Sunday.",
    "Two passengers were treated for light injuries. The hull is not leaking.",
    "The operator said that the captain, 54, had been on the route for more than twenty years.",
    '"Nobody panicked," said Ewan Baird, a teacher who was on his way home. "The crew was calm and so were we."',
    "Investigators will look at the radar data and at a buoy that drifted from its place last week.",
    "Ferries will not run before Wednesday.",
)
FEATURE = (
    "I bought my first beehive in the spring that my father died, because I needed something to look after.",
    "It did not go well. Half of the colony left in May, and the other half stung the neighbour’s dog.",
    "Why the second year was better",
    "A retired baker two streets away, who had kept bees since he was nine, told me to leave them alone.",
    "So I stopped opening the hive every weekend. I learned to listen at the entrance instead, and to weigh it.",
    "“You will hear a queen before you see her,” he told me, and he was right.",
    "Last autumn I took eleven kilos of honey from it, and gave most of it to the dog’s owner.",
)


def kept(lines: Sequence[str]) -> list[str]:
    return [line for line, v in zip(lines, judge_lines(lines), strict=True) if v.role is Role.TEXT]


@pytest.mark.parametrize("article", [ARTICLE, WIRE, FEATURE])
def test_an_article_alone_is_kept_whole(article: Sequence[str]) -> None:
    assert kept(article) == list(article)


@pytest.mark.parametrize(
    "junk",
    [
        "Share",
        "Share on Facebook Share on Twitter",
        "Advertisement",
        "[ad_1]",
        "[ad_2]",
        "Source link",
        "0 $",
        "Leave a Reply",
        "Your email address will not be published.",
        "Check Also",
        "Read more",
        "Related Articles",
        "Do you like this content? Consider helping us!",
        "Click to see full-size image",
        "Copy/paste the article video embed link below: Copy to clipboard Copied",
        "© 2021 The Harbour Times. All rights reserved.",
    ],
)
@pytest.mark.parametrize("place", [0, 3, len(ARTICLE)])
def test_a_line_of_furniture_is_cut_wherever_it_stands(junk: str, place: int) -> None:
    lines = [*ARTICLE[:place], junk, *ARTICLE[place:]]
    assert kept(lines) == list(ARTICLE)


AHEAD = {
    "navigation": ("Skip to main content", "Home", "News", "Politics", "Sport", "Weather", "Log in", "Search"),
    "cookie notice": (
        "We and our partners use cookies on this website to improve your experience. Cookie settings",
        "Accept all cookies",
    ),
    "byline and dateline": (HEADLINE, "By Jane Doe", "Published March 3, 2021 at 9:14 am", "Updated 2 hours ago"),
    "share bar": (HEADLINE, "Facebook", "Twitter", "WhatsApp", "Email", "Copy link"),
    "caption and credit": (
        HEADLINE,
        "Waves hit the broken wall in January. (Photo: John Smith/Getty Images)",
        "Image: John Smith",
    ),
    "player": (HEADLINE, "Listen to this article", "4 min read"),
    "repeated title": (HEADLINE, HEADLINE),
    "script residue": (
        "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}",
        "var adUnit = {id: 7, path: '/top'};",
    ),
}
INSIDE = {
    "advertisement": ("Advertisement", "Story continues below"),
    "newsletter": ("Sign up for our daily newsletter", "Get the top stories delivered straight to your inbox"),
    "related": (
        "Related Articles",
        "Storm damage costs insurers millions",
        "Five things to know about the old quarter",
    ),
    "read more": ("Read more: Storm damage costs insurers millions",),
    "embed": ("Click to see full-size image",),
    "donation box": ("Support us", "5 €", "10 €", "25 €", "Do you like this content? Consider helping us!"),
}
BEHIND = {
    "author box": (
        "About William Ferguson",
        "William Ferguson is a reporter who covers the coast. Follow him on Twitter.",
    ),
    "related": (
        "Related Articles",
        "Storm Damage Costs Insurers Millions",
        "Five Things to Know About the Old Quarter",
        "Why Nobody Wants to Be Mayor Any More",
    ),
    "teaser": (
        "Check Also",
        "Will the ferry ever come back?",
        "The history of the line is long. The list of its delays …",
    ),
    "comment form": (
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Name *",
        "Email *",
        "Website",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Post Comment",
    ),
    "footer": ("About us", "Contact", "Privacy Policy", "Terms of Use", "© 2021 Harbour Media. All rights reserved."),
    "tags": ("Tags:", "harbour", "storm"),
    "newsletter": ("Subscribe to our newsletter", "Enter your email address", "Subscribe"),
    "agency mark": ("[ad_2]", "Source link"),
}


@pytest.mark.parametrize("article", [ARTICLE, WIRE, FEATURE], ids=["report", "wire", "feature"])
@pytest.mark.parametrize("kind", AHEAD)
def test_what_stands_ahead_of_an_article_goes(kind: str, article: Sequence[str]) -> None:
    assert kept([*AHEAD[kind], *article]) == list(article)


@pytest.mark.parametrize("article", [ARTICLE, WIRE, FEATURE], ids=["report", "wire", "feature"])
@pytest.mark.parametrize("kind", INSIDE)
def test_what_interrupts_an_article_goes(kind: str, article: Sequence[str]) -> None:
    assert kept([*article[:4], *INSIDE[kind], *article[4:]]) == list(article)


@pytest.mark.parametrize("article", [ARTICLE, WIRE, FEATURE], ids=["report", "wire", "feature"])
@pytest.mark.parametrize("kind", BEHIND)
def test_what_follows_an_article_goes(kind: str, article: Sequence[str]) -> None:
    assert kept([*article, *BEHIND[kind]]) == list(article)


FOREIGN = {
    "German": (
        ("Startseite", "Anmelden", "Teilen", "Drucken"),
        (
            "Die Bürgermeister von drei Küstenorten wollen die Hafenmauer wieder aufbauen, wie sie am Dienstag sagten.",
            "„Wir haben lange genug auf diese Entscheidung gewartet“, sagte Maria Keller, die Bürgermeisterin.",
            "Die Arbeiten werden etwa vier Millionen Euro kosten, und das Land will die Hälfte davon übernehmen.",
            "Ingenieure hatten davor gewarnt, dass ein weiterer Winter ohne Reparatur die Altstadt gefährden würde.",
        ),
        ("Anzeige", "Mehr zum Thema", "12 Kommentare"),
    ),
    "French": (
        ("Accueil", "Se connecter", "Partager"),
        (
            "Les maires de trois villes de la côte se sont mis d’accord mardi pour reconstruire la digue du port.",
            "« Nous avons attendu cette décision assez longtemps », a déclaré Marie Keller, maire de la plus grande.",
            "Les travaux coûteront environ quatre millions d’euros et la région a promis d’en payer la moitié.",
            "Les ingénieurs avaient averti qu’un autre hiver sans réparations mettrait le vieux quartier en danger.",
        ),
        ("Publicité", "À lire aussi", "Laisser un commentaire"),
    ),
    "Spanish": (
        ("Inicio", "Iniciar sesión", "Compartir"),
        (
            "Los alcaldes de tres ciudades de la costa acordaron el martes reconstruir el muro del puerto.",
            "«Hemos esperado bastante esta decisión», dijo María Keller, la alcaldesa de la mayor de las ciudades.",
            "Las obras costarán unos cuatro millones de euros y la región ha prometido pagar la mitad.",
            "Los ingenieros habían advertido de que otro invierno sin obras pondría en peligro el barrio viejo.",
        ),
        ("Publicidad", "Te puede interesar", "Deja un comentario"),
    ),
    "Russian": (
        ("Главная", "Поиск", "Поделиться"),
        (
            "Мэры трёх прибрежных городов договорились во вторник восстановить стену гавани после шторма.",
            "«Мы достаточно долго ждали этого решения», — сказала Мария Келлер, мэр самого большого из этих городов.",
            "Работы будут стоить около четырёх миллионов евро, и регион обещал заплатить половину этой суммы.",
            "Инженеры предупреждали, что ещё одна зима без ремонта поставит под угрозу старый квартал.",
        ),
        ("Реклама", "Читайте также", "Оставить комментарий"),
    ),
    "Arabic": (
        ("الرئيسية", "بحث", "شارك"),
        (
            "اتفق رؤساء بلديات ثلاث مدن ساحلية يوم الثلاثاء على إعادة بناء جدار الميناء الذي حطمته عاصفة في يناير.",
            "وقالت ماريا كيلر، رئيسة بلدية أكبر هذه المدن، إنهم انتظروا هذا القرار بما فيه الكفاية.",
            "وستبلغ تكلفة الأعمال نحو أربعة ملايين يورو، وقد وعدت المنطقة بدفع نصفها خلال عامين.",
            "وكان المهندسون قد حذروا من أن شتاء آخر من دون إصلاحات سيعرض الحي القديم للخطر.",
        ),
        ("إعلان", "اقرأ أيضا", "اترك تعليقا"),
    ),
    "Chinese": (
        ("首页", "登录", "分享"),
        (
            "三个沿海城市的市长星期二同意重建今年一月被风暴摧毁的港口防波堤,工程预计明年春天开始。",
            "“我们等这个决定已经等得够久了,”最大城市的市长玛丽亚·凯勒在新闻发布会上说。",
            "这项工程将耗资约四百万欧元,该地区政府承诺在两年之内支付其中的一半费用。",
            "工程师们曾经警告说,如果再过一个冬天还不修理,港口的老城区将会面临危险。",
        ),
        ("广告", "相关阅读", "评论"),
    ),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_text_in_other_languages_passes_and_its_furniture_goes(language: str) -> None:
    ahead, article, behind = FOREIGN[language]
    assert kept(article) == list(article)
    assert kept([*ahead, *article, *behind]) == list(article)
    assert kept([*article[:2], behind[0], *article[2:]]) == list(article)


SHAPES = {
    "one paragraph": ("The ferry that ran aground on Sunday will be towed to Oban on Tuesday, its operator said.",),
    "brief without a verb's mark": ("Ferry aground off Islay",),
    "table of a wire": (
        "Shr profit 24 cts vs loss 13 cts",
        "Net profit 771,000 vs loss 314,000",
        "Revs 24.1 mln vs 11.3 mln",
        "12 mths",
        "Shr 65 cts vs 38 cts",
        "NOTE: Prior year net excludes a tax credit of 298,000 dlrs.",
        "NEWSWIRE",
    ),
    "transcript": (
        "BAIRD: Good evening, and welcome to the programme.",
        "HALE: Thank you.",
        "BAIRD: Were you afraid?",
        "HALE: No. We were far too busy for that, all of us, and the sea was calm by then.",
    ),
    "verse": (
        "The lamp upon the outer wall",
        "is older than the town,",
        "and every night the keeper climbs",
        "to set it up and down",
    ),
    "a last short line": (*ARTICLE, "(nw/kb)"),
    "a list": (
        "The council has agreed on three steps for the winter:",
        "- sandbags for the old quarter",
        "- a second pump by November",
        "- a lookout on the mole",
        "It will vote on the wall itself in March.",
    ),
    "words of the web in the text": (
        "The mayor shared the plan on Facebook on Monday, and 2,000 people liked it within the hour.",
        "Opponents asked readers to subscribe to a newsletter and to comment on the plan before Friday.",
        "Nobody on the council would say who had leaked the draft to the local paper.",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_that_shows_no_sign_of_a_page_is_kept_whole(shape: str) -> None:
    assert kept(SHAPES[shape]) == list(SHAPES[shape])


ELSEWHERE = {
    "Hindi": (
        ("होम", "खेल", "मनोरंजन", "तूफ़ान के बाद बनेगी नई दीवार", "3 मार्च 2021"),
        (
            "तीन तटीय शहरों के महापौरों ने मंगलवार को बंदरगाह की उस दीवार को फिर से बनाने पर सहमति जताई जिसे तूफ़ान ने तोड़ा।",
            "काम पर लगभग चालीस करोड़ रुपये ख़र्च होंगे और राज्य ने इसका आधा हिस्सा दो साल में देने का वादा किया है।",
            "मछुआरों ने कहा कि तूफ़ान के बाद से उनकी एक तिहाई आमदनी चली गई है।",
        ),
        ("यह भी पढ़ें", "नाव सेवा फिर शुरू", "सर्वाधिकार सुरक्षित"),
    ),
    "Urdu": (
        ("ہوم", "کھیل", "دنیا", "طوفان کے بعد نئی دیوار بنے گی", "3 مارچ 2021"),
        (
            "تین ساحلی شہروں کے میئروں نے منگل کو بندرگاہ کی اس دیوار کو دوبارہ بنانے پر اتفاق کیا جسے طوفان نے توڑا۔",
            "کام پر تقریباً چالیس کروڑ روپے خرچ ہوں گے اور صوبے نے اس کا نصف دو سال میں دینے کا وعدہ کیا ہے۔",
            "ماہی گیروں نے کہا کہ طوفان کے بعد سے ان کی ایک تہائی آمدنی چلی گئی ہے۔",
        ),
        ("یہ بھی پڑھیں", "کشتی سروس پھر شروع", "جملہ حقوق محفوظ ہیں"),
    ),
    "Thai": (
        ("หน้าแรก", "กีฬา", "บันเทิง", "สามเมืองชายฝั่งสร้างกำแพงท่าเรือใหม่", "3 มีนาคม 2564"),
        (
            "นายกเทศมนตรีของเมืองชายฝั่งสามแห่งตกลงกันเมื่อวันอังคารว่าจะสร้างกำแพงท่าเรือขึ้นใหม่ หลังจากพายุพัดพังไปเมื่อเดือนมกราคม",
            "งานก่อสร้างจะใช้เงินประมาณสี่ล้านยูโร และรัฐบาลท้องถิ่นสัญญาว่าจะจ่ายครึ่งหนึ่งภายในสองปี",
            "ชาวประมงกล่าวว่ารายได้ของพวกเขาหายไปหนึ่งในสามตั้งแต่เกิดพายุ และหวังว่างานจะเริ่มขึ้นในเร็ววันนี้",
        ),
        ("ข่าวที่เกี่ยวข้อง", "เรือข้ามฟากกลับมาวิ่ง", "สงวนลิขสิทธิ์"),
    ),
    "Turkish": (
        ("Anasayfa", "Gündem", "Spor", "Fırtınadan sonra yeni liman duvarı yapılacak", "3 Mart 2021 09:14"),
        (
            "Üç kıyı kentinin belediye başkanları salı günü fırtınanın yıktığı duvarı yeniden yapma kararı aldı.",
            "Çalışmalar yaklaşık dört milyon avroya mal olacak ve bölge yarısını iki yıl içinde ödemeye söz verdi.",
            "Balıkçılar, fırtınadan bu yana gelirlerinin üçte birini kaybettiklerini söyledi.",
        ),
        ("İlgili Haberler", "Feribot seferleri başlıyor", "Tüm hakları saklıdır"),
    ),
    "Korean": (
        ("홈", "뉴스", "스포츠", "폭풍 뒤 새 항구 방벽 세운다", "2021.03.03 09:14"),
        (
            "해안 도시 세 곳의 시장들은 화요일 지난 1월 폭풍에 무너진 항구 방벽을 다시 세우기로 합의했다고 밝혔다.",
            "공사에는 약 400만 유로가 들 것으로 보이며 지방 정부는 2년 안에 절반을 내기로 약속했다.",
            "어민들은 폭풍 이후 수입의 3분의 1을 잃었다며 공사가 빨리 시작되기를 바란다고 말했다.",
        ),
        ("관련 기사", "여객선 운항 재개", "무단 전재 금지"),
    ),
}


@pytest.mark.parametrize("language", ELSEWHERE)
def test_three_paragraphs_between_menus_are_an_article_in_any_language(language: str) -> None:
    ahead, article, behind = ELSEWHERE[language]
    verdicts = judge_lines([*ahead, *article, *behind])
    assert [v.role for v in verdicts[len(ahead) :]] == [Role.TEXT] * 3 + [Role.BOILERPLATE] * 3
    assert [v.role for v in verdicts[3:5]] == [Role.TITLE, Role.BYLINE]


@pytest.mark.parametrize("script", ELSEWHERE)
def test_an_article_in_any_script_is_kept_whole(script: str) -> None:
    assert kept(ELSEWHERE[script][1]) == list(ELSEWHERE[script][1])


def test_a_sentence_between_menus_is_an_article() -> None:
    brief = "The bridge at Port Ellen is closed to all traffic until Friday while divers look at its piers."
    lines = ["Home", "Local", "Sport", "Bridge closed until Friday", "3 March 2021", brief, "Share", "Contact us"]
    assert kept(lines) == [brief]
    assert judge_lines(lines)[3].role is Role.TITLE


def test_the_only_sentence_is_text_though_it_looks_like_a_headline() -> None:
    line = "Come and see the wall that three towns and four hundred people have built with their own hands!"
    assert kept(["The Wall", "Facebook", line, "Buy tickets"]) == [line]


@pytest.mark.parametrize(
    "byline",
    [
        "By Jane Doe, 5:30 PM",
        "By JANE DOE and JOHN ROE | March 3, 2021 at 5:30 p.m.",
        "Von Jana Doe und Jörg Rau",
        "Par Jeanne Élan et Luc Roi",
        "3 mars 2021 à 18h05",
        "03.03.2021, 18:05 Uhr",
        "3 марта 2021, 18:05",
        "3 مارس 2021",
        "2021年3月3日",
    ],
)
def test_bylines_and_datelines_of_many_forms_are_neither_text_nor_headline(byline: str) -> None:
    verdicts = judge_lines([HEADLINE, byline, *ARTICLE])
    assert [v.role for v in verdicts[:3]] == [Role.TITLE, Role.BYLINE, Role.TEXT]


@pytest.mark.parametrize(
    "line",
    ["https://example.org/a-storm-and-its-wall", "- rebuild the wall", ARTICLE[0], "Shr 24 cts vs 13 cts"],
    ids=["address", "entry", "sentence", "row"],
)
def test_not_every_first_line_is_a_headline(line: str) -> None:
    verdicts = judge_lines([line, "Net 771,000 vs 314,000" if line.startswith("Shr") else ARTICLE[1], *ARTICLE[2:]])
    assert Role.TITLE not in [v.role for v in verdicts]


def test_blank_lines_make_no_difference() -> None:
    spaced = [part for line in ["Share", *ARTICLE, "Leave a Reply"] for part in ("", line, "   ")]
    assert kept(spaced) == list(ARTICLE)
    assert judge_lines(["", "  "])[0].role is Role.BLANK


def test_a_headline_becomes_the_title_and_its_repeats_go() -> None:
    lines = ["Share", HEADLINE, HEADLINE, "By Jane Doe", "March 3, 2021", *ARTICLE]
    roles = [v.role for v in judge_lines(lines)]
    assert roles.count(Role.TITLE) == 1
    assert Role.TITLE in roles[1:3]
    assert roles[3:5] == [Role.BYLINE, Role.BYLINE]
    assert kept(lines) == list(ARTICLE)


def test_no_headline_is_invented() -> None:
    assert Role.TITLE not in [v.role for v in judge_lines(["[ad_1]", *ARTICLE])]


def test_entries_of_a_live_ticker_are_kept_without_its_furniture() -> None:
    entries = [
        "The coastguard says that the last of the passengers have been brought ashore after more than five hours.",
        "Two helicopters are on their way back to their base, and the lifeboat stays with the ferry until then.",
        "The operator has told us that it will pay for hotel rooms and that buses will leave from the pier at noon.",
    ]
    lines = ["Live", "Ferry runs aground off the island", "Refresh", "Pinned"]
    for clock, entry in zip(("11:42", "11:15", "10:58"), entries, strict=True):
        lines += [clock, entry, "Share"]
    assert kept([*lines, "Load more", "Share", "Leave a comment"]) == entries


TEASERS = [
    f"{who} {what} as fans wait for news of the {year} tour and its many guests"
    for who in ("Singer Ada Quist", "Actor Ben Orla", "EXCLUSIVE Chef Kim Tal", "Presenter Lou Marsh")
    for what, year in (("steps out in a red coat", 2021), ("REVEALS a new home", 2022), ("shares a rare snap", 2023))
]


def sure_of(lines: Sequence[str]) -> list[str]:
    """What is kept of lines if the model takes all of them for text."""
    chances = np.full((len(lines), len(STATES)), 0.025)
    chances[:, TEXT] = 0.9
    verdicts = verdicts_by(lines, [None] * len(lines), chances)
    return [line for line, v in zip(lines, verdicts, strict=True) if v.role is Role.TEXT]


def test_a_long_run_of_teasers_is_no_article() -> None:
    assert sure_of([*ARTICLE[:2], *TEASERS[:6], "12 comments", *TEASERS[6:], *ARTICLE[2:]]) == list(ARTICLE)
    assert sure_of([*ARTICLE, *TEASERS[:6]]) == [*ARTICLE, *TEASERS[:6]]


def test_long_lines_without_marks_are_kept_where_there_is_nothing_else() -> None:
    verse = [line.lower() for line in TEASERS]
    assert sure_of(verse) == verse[1:]  # the first one is the headline


def test_nothing_is_kept_of_a_page_without_an_article() -> None:
    assert kept(["Home", "News", "Sport", "Log in", "Search", "Contact", "Privacy policy", "Terms of use"]) == []


def test_verdicts_are_one_a_line_with_a_reason_and_the_same_each_time() -> None:
    lines = ["Share", HEADLINE, *ARTICLE, "Leave a Reply"]
    first = judge_lines(lines)
    judge_lines(list(reversed(lines)))
    assert judge_lines(lines) == first
    assert len(first) == len(lines)
    assert all(v.reason for v in first)
    assert judge_lines([]) == []


@pytest.mark.parametrize("line", ["x" * 100_000, "a " * 50_000, "|" * 5_000, "\u0301" * 500, "😀" * 1000])
def test_odd_lines_are_judged_too(line: str) -> None:
    assert len(judge_lines([line, *ARTICLE])) == len(ARTICLE) + 1


def test_a_document_of_very_many_lines_is_judged_in_pieces() -> None:
    lines = [*ARTICLE, *(["Share"] * 25_000), *ARTICLE]
    assert kept(lines) == [*ARTICLE, *ARTICLE]
