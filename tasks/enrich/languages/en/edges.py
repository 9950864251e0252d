"""The words of English that are no part of a name at its edges, or tell that there is no name."""

import re

from newsmill.tasks.enrich.languages.en.lexicon import ROLES
from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Edges

_PEOPLE = "|".join(
    sorted(
        ROLES
        - words("""
            owner operator broker producer leader rival contender opponent supporter trader banker champion sponsor host
            partner independent guard coach general republican democrat pilot author trainer conservative liberal
            socialist head chief chair king queen prince princess emir sultan pope witness justice
        """)
    )
)

EDGES = Edges(
    joint=re.compile(r"['’]s\s(?:the\s)?|,?\s(?:and|&)\s(?:the\s)?|,\s(?:the\s)?"),
    numbers=words("one two three four five six seven eight nine ten hundred thousand million billion half"),
    small_nouns=words("""
        app campaign clique committee forum meeting members officials rally regime shares staff summit team website
    """),
    hyphened=re.compile(r"-[Oo]peration(?:\s(?:and\s|&\s)?[A-Z][a-z]+)*"),
    field=re.compile(
        r"\s(?:on|against|for\sthe)\s(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|"
        r"Dec)[A-Z][a-z]+(?:\s(?:(?:and|of|of\sthe|&)\s)?[A-Z][a-z]+)*"
    ),
    numbered=re.compile(r"(?:Bill|Act|Proposition|Prop|Measure|Article|Section|Chapter)\s(?:[A-Z]{1,2}-)?\d"),
    crude=re.compile(r"\s(?:crude|futures|oil|rose|fell|gained|lost|settled|was\s(?:up|down|trading)|prices?)\b"),
    partisans=words(
        "liberals conservatives democrats republicans tories greens socialists nationalists unionists independents"
    ),
    ranks=words("DI DCI DSI Cllr Supt"),
    holidays=words("christmas easter ramadan eid diwali hanukkah passover halloween thanksgiving nowruz juneteenth"),
    says_behind=re.compile(r"\s(?:said|says|told|added|wrote|warned|insisted|claimed|argued|noted|explained)\b"),
    person_behind=re.compile(
        rf",\s(?:(?:an?|the|his|her|their)\s)?(?:(?!who\b|which\b|and\b|of\b|for\b)[\w’'-]+\s){{0,4}}(?:{_PEOPLE})\b"
    ),
    person_ahead=re.compile(rf"\b(?:{_PEOPLE})\s$"),
    faiths=re.compile(r"Islam|Christianity|Judaism|Hinduism|Buddhism|Sikhism|Catholicism|Protestantism|Sufism|Zionism"),
    no_name_tail=re.compile(
        r"-(?:led|based|backed|run|owned|linked|controlled|born|style|class|era|made|funded|held|occupied|administered|"
        r"sponsored|affiliated|speaking|trained|brokered|wide|long|like|related|listed|dominated|aligned|allied|bound|star|"
        r"mediated|supported|installed|built|produced|inspired|headquartered|registered)\b.*$",
        re.DOTALL,
    ),
    no_name_head=re.compile(
        r"(?:(?:pro|anti|non|ex|post|pre)-(?=[A-Z])|(?:an?|several|some|many|new|former|late|ex|all|both|other|two|three)\s+|"
        r"(?:In|At|On|From|For|With|By|But|And|As|While|When|After|Before|Since|If|Meanwhile|However|Especially|Deceased|"
        r"Under|Inside|Outside|Like|Unlike|Former|Late|Dear)\s+(?:the\s+)?)+"
    ),
    inverted=re.compile(
        r"(?:Says|Added|Tweeted|Wrote|Asked|Replied|Said(?=\s[A-Z][^.!?\n]{2,120}[,:]\s[“\"]))\s+(?=[A-Z])"
    ),
    small_tail=re.compile(
        r"(?:,?\s+(?:for|of|among|through|in|with|and|the|to|by|at|on|from|as|under|over|an?|or|is))+$"
    ),
    portfolio=re.compile(
        r"\b(?i:(?:ministers?|secretary|undersecretary|commissioner|councill?or|professor|faculty|dean|provost)\s(?:of|for)|"
        r"president(?:\sgeneral)?\sfor)\s(?:the\s)?"
        r"(?:[A-Z][a-z]+(?:\s(?:(?:and|&|of)\s)?[A-Z][a-z]+){0,3},\s(?:and\s)?){0,3}$"
    ),
    office=re.compile(r"([^\W\d_]+)\s(?:of|for)\s(?:the\s)?", re.IGNORECASE),
    organ=re.compile(
        r"(?:[\w’'-]+\s|&\s){0,4}(?:[Mm]inistry|[Dd]epartment|[Gg]overnment|Embassy|embassy|Consulate|Parliament|Cabinet|"
        r"Senate|Judiciary|Presidency|Treasury|Army|Navy|Police|Military|Air\sForce|Armed\sForces|Coast\sGuard|"
        r"Marine\sCorps|Security\sForces|Supreme\sCourt|High\sCourt|Constitutional\sCourt|Central\sBank|Federal\sReserve|"
        r"Foreign\sOffice|Secret\sService|Prosecutor\sGeneral|Attorney\sGeneral)|Congress|State|"
        r"(?:Ministry|Department|Directorate|Bureau|Embassy|Consulate|Office)\s(?:of|for|in|to)\s.+"
    ),
    ranking=words("""
        interim grand non-executive executive principal financial general chief senior deputy acting permanent national
    """),
)
