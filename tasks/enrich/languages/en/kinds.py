"""What kind of thing a name says that it is, by the noun at its head: a Ministry, a River, a Festival.

Closed lists kept by hand from the names of world news. The head is the last word, or the one before the first "of",
"for" or "in": "Ministry of Foreign Affairs", "Bank for International Settlements".
"""

import re

from newsmill.tasks.enrich.languages.en.lexicon import words

_HEADS = {
    "ORG": words("""
        academy administration agency airlines airways alliance army assembly association authority bank banks
        bar battalion battery board brigade brigades broadcaster broadcasting brotherhood bureau cabinet
        cartel chamber chapter church club co co. coalition college command commission committee company
        confederation conference congress consortium consulate cooperative corp corp. corporation corps
        council court dal department directorate division embassy enterprises exchange faculty fc federation
        force forces foundation front fund gazette government group guard guards herald holding holdings inc
        inc. industries institute institution junta laboratories laboratory labs league legislature limited
        llc ltd ltd. magazine media ministry mission morcha movement museums navy network news newspaper ngo
        office orchestra organisation organization parishad parliament partnership party plc police post press
        prosecutor radio railways regiment registry sabha samiti sangh school secretariat senate service
        services society squad studios syndicate task-force taskforce team telecom telecommunications
        television times trade tribunal tribune troupe trust tv union unions unit united university ventures
        watch watchdog workers
    """),
    "FAC": words("""
        airfield airport arena auditorium avenue barracks boulevard bridge building camp canal castle cathedral cemetery
        chowk courthouse dam drive expressway gate highway hospital hotel house-museum interchange jail
        hall lighthouse lodge mall market markets mausoleum
        mine monument mosque motorway museum palace pier pipeline plaza port prison refinery resort
        restaurant road shrine square stadium station street synagogue temple terminal tower tunnel
    """),
    "LOC": words("""
        archipelago basin bay beach cape coast corridor creek delta desert falls forest glacier gorge gulf heights
        hills island islands lagoon lake mountain mountains ocean park peninsula plateau reef refuge ridge
        river sea seas strait straits valley volcano waterfall waters zone
    """),
    "GPE": words("""
        borough city county district governorate prefecture province region suburb town township village
    """),
    "EVENT": words("""
        awards biennale campaign carnival championship championships cup day derby expo exposition fair festival
        framework games genocide inquiry marathon massacre masters mechanism month olympics oscars pageant pandemic
        paralympics plan playoffs prix program programme project qualifiers referendum regatta revolution scheme series
        summit symposium tour tournament trail trophy war wars week yatra
    """),
    "LAW": words("""
        accord accords act agenda agreement amendment bill charter code constitution covenant declaration
        decree law ordinance pact policy protocol resolution strategy treaty
    """),
    "WORK_OF_ART": words("""
        award certificate degree diploma document fellowship guide handbook index medal prize report scholarship
        scholarships show yearbook
    """),
}  # fmt: skip
_OPENERS = {
    "ORG": words("""
        asociacion asociación associação banco banque club compañía confederacion confederación consejo
        corporación diario federacion federación fondation fundacion fundación groupe grupo institut instituto
        ministerio ministère parti partido radio universidad universidade université
    """),
    "FAC": words("""
        hotel museo musée parque
    """),
    "LOC": words("""
        bahía cape cerro isla islas jabal jebel lago laguna lake mount playa playas río volcan volcán wadi
    """),
    "GPE": words("""
        bandar beit ciudad deir ein fort kampong kampung kfar nueva port puerto san santa santo são umm
    """),
}  # fmt: skip
_MAYBE = frozenset(
    words("""
    apparels ag associates bhd biotech breweries cafe center centers centre centres cement consultancy consultants
    consulting cosmetics electronics foods gaming garments gmbh hotels insurance international investments jsc
    logistics mills mines motors nation nations online partners petroleum pharma pharmaceuticals pjsc properties
    pte pty resources robotics securities solutions steel stores supermarkets systems technologies textiles
    ventures wireless
""")
)
"""Heads of names that are bodies unless the model takes them for places or works."""
_LABEL_OF = {head: label for label, heads in _HEADS.items() for head in heads}
_OPENED = {opener: label for label, openers in _OPENERS.items() for opener in openers}
_TWO_WORDS = {
    "EVENT": re.compile(r"\b(?:premier|champions|europa|super|nations|football|basketball|cricket|hockey)\sleague$"),
    "FAC": re.compile(
        r"\b(?:medical|maternity|conference|convention|sports|shopping|cultural|exhibition|detention|visitor|health)"
        r"\s(?:centre|center)$"
    ),
    "LOC": re.compile(r"\b(?:nature|natural|forest|wildlife|biosphere|national|game|marine|indian)\sreserve$"),
}

STANDING_ALONE = frozenset(words("""
    army assembly bundestag cabinet congress duma house knesset kremlin labour navy parliament pentagon senate treasury
"""))  # fmt: skip
"""Generic nouns that are the name of one body wherever they stand with a capital."""
_GENERIC = frozenset(_LABEL_OF) | frozenset(
    words("""
        administration chancellery citizens commerce commission community constitution crown customs deputies economy
        education executive farmers finance foreign health home house independence interior internal international
        kingdom labor legislative majesty medical member members minister ministers municipality national opposition
        orthodox parties president prince prosecutors research republic science secretariat secretary security sports
        state states supreme territory tourism transport travel treasury agricultural agriculture centre center schemes
        scheme project programme program communications mathematics nation nations area
        atm ai covid covid-19 coronavirus omicron vat gdp ceo cfo cto ngo ngos pdf tv sms gps usb dna hiv aids ipo
        mou npl npls sme smes fdi iq id pm mp mps mla mlas phd md pac pacs ppe ev evs
        coo cpo cro cio cso cmo chro svp evp vp svp hrh igp asp ssp dcp dgp dig aig dag asi sho dsp
        nft nfts stem ict rfid lng lpg cctv pcr ufo faq diy gmo vip suv suvs atv atvs dui adhd ptsd llb mba bsc msc
        sars mers tb roi b2b b2c p2p r&d q&a hr pr lgbt lgbtq lgbti bipoc kpi kpis cv etf etfs spac
        bdt usd gbp eur
    """)
)
"""Words that with a capital or in capitals still name nobody and nothing in particular."""
SURNAMES_TOO = frozenset(
    words("banks bridge camp church day hall hill hills lake masters park post price rivers tower")
)
"""Of those, what people are called too."""
HONORIFICS = frozenset(words("""
    adv adv. alhaji brig brig. capt capt. chief-justice cmdr col col. dato datuk dr dr. emperor empress fr fr.
    gen gen. haji hon hon. imam insp justice lt lt. maj mr mr. mrs mrs. ms ms. mullah pastor prof prof. rev
    rev. sgt shaikh sheik sheikh sir sultan ustaz
"""))  # fmt: skip
"""What stands before a person's name only."""
PEOPLES = frozenset(
    {"first nation", "first nations", "aboriginal", "aboriginals", "inuit", "māori", "maori", "sámi", "roma"}
)
"""Peoples without a country of their own, that models take for bodies or places."""
_FIELDS = frozenset(words("""
    affairs aerospace agriculture artificial arts automotive big capital commerce competitiveness data design digital
    electronics entrepreneurship general global governance government growth history intelligence international internal
    journalism legal literature logistics marketing mathematics media medicine music operations philosophy policy
    politics psychology quality sales software strategic strategy studies supply support sustainability systems
    technical telecommunications theology venture
    commerce communication communications culture defence defense development economy
    education employment energy engineering environment finance foreign health higher human industry information
    innovation justice labour mathematics natural planning public regional relations resources rights rural science
    sciences security social sport sports studies technology tourism trade training transport urban water welfare
    women works youth and & of the for in
"""))  # fmt: skip
"""Words of what ministers and departments are in charge of."""
_ACRONYMS = re.compile(r"[A-Z]{2,}s")
"""Several of a kind, such as ATMs."""
_INNER = re.compile(r"\s(?:of|for|in|on|de|del|da|do)\s", re.IGNORECASE)


def kind_of(name: str) -> str | None:
    """The label that the head noun of a name calls for; None where it calls for none."""
    parts = name.split()
    if len(parts) < 2:
        return None
    inner = _INNER.search(name)
    if inner:
        label = _LABEL_OF.get(name[: inner.start()].rsplit(maxsplit=1)[-1].lower())
        if label is not None:
            return label
    lower = name.lower()
    label = next((kind for kind, pattern in _TWO_WORDS.items() if pattern.search(lower)), None)
    return label or _LABEL_OF.get(parts[-1].lower()) or _OPENED.get(parts[0].lower())


def head_of(name: str) -> str | None:
    """The noun at the head of a body's name, as it stands: the Commission of the Forestry Commission."""
    if " " not in name:
        return None
    inner = _INNER.search(name)
    heads = [name[: inner.start()].rsplit(maxsplit=1)[-1]] if inner else []
    return next((head for head in (*heads, name.rsplit(maxsplit=1)[-1]) if _LABEL_OF.get(head.lower()) == "ORG"), None)


def may_be_body(name: str) -> bool:
    """Whether the last word of a name is one that bodies have, and some places too: a Centre, Motors, Online."""
    last = name.rsplit(maxsplit=1)[-1].lower() if " " in name else ""
    return last in _MAYBE


def is_generic(name: str) -> bool:
    """Whether a name is but a common noun or a field: "the Ministry", "State", "COVID-19", "Science and Technology"."""
    word = name.lower()
    if " " in word:
        return kind_of(word) is None and _FIELDS.issuperset(word.split())
    return bool(_ACRONYMS.fullmatch(name)) or (word in _GENERIC and word not in STANDING_ALONE)
