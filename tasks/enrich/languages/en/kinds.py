"""What kind of thing a name says that it is, by the noun at its head: a Ministry, a River, a Festival.

Closed lists kept by hand from the names of world news. The head is the last word, or the one before the first "of",
"for" or "in": "Ministry of Foreign Affairs", "Bank for International Settlements".
"""

import re

from newsmill.tasks.enrich.languages.en.context import CONTEXT
from newsmill.tasks.enrich.languages.en.edges import EDGES
from newsmill.tasks.enrich.languages.en.lexicon import ROLES
from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Naming
from newsmill.tasks.enrich.languages.titles import TITLES

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
    consulting cosmetics electronics foods gaming garments gmbh hotels insurance international investments jsc lines
    shipping freight logistics mills mines motors nation nations online partners petroleum pharma pharmaceuticals pjsc
    properties pte pty resources robotics securities solutions steel stores supermarkets systems technologies textiles
    ventures wireless
""")
)
_LABEL_OF = {head: label for label, heads in _HEADS.items() for head in heads}
_OPENED = {opener: label for label, openers in _OPENERS.items() for opener in openers}
_TWO_WORDS = {
    "ORG": re.compile(
        r"\bfirst\snations?$|\b(?:executive|legislative|control|judicial|examination)\syuan$|"
        r"\b(?:geological|antarctic|ordnance|geodetic|hydrographic)\ssurvey$"
    ),
    "EVENT": re.compile(r"\b(?:premier|champions|europa|super|nations|football|basketball|cricket|hockey)\sleague$"),
    "FAC": re.compile(
        r"\b(?:medical|maternity|conference|convention|sports|shopping|cultural|exhibition|detention|visitor|health)"
        r"\s(?:centre|center)$"
    ),
    "LOC": re.compile(r"\b(?:nature|natural|forest|wildlife|biosphere|national|game|marine|indian)\sreserve$"),
}

_STANDING_ALONE = words("""
    army assembly bundestag cabinet congress duma house knesset kremlin labour navy parliament pentagon senate treasury
""")  # fmt: skip
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
_SURNAMES_TOO = frozenset(
    words("banks bridge camp church day hall hill hills lake masters park post price rivers tower")
)
_HONORIFICS = words("""
    adv adv. alhaji brig brig. capt capt. chief-justice cmdr col col. dato datuk dr dr. emperor empress fr fr.
    gen gen. haji hon hon. imam insp justice lt lt. maj mr mr. mrs mrs. ms ms. mullah pastor prof prof. rev
    rev. sgt shaikh sheik sheikh sir sultan ustaz
""")  # fmt: skip
_PEOPLES = frozenset(
    {"first nation", "first nations", "aboriginal", "aboriginals", "inuit", "māori", "maori", "sámi", "roma"}
)
_FIELDS = words("""
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
""")  # fmt: skip
_INNER = re.compile(r"\s(?:of|for|in|on|de|del|da|do)\s", re.IGNORECASE)
_OFFICERS = (ROLES | words("councilor sub-inspector investigator specialist environmentalist custodian")) - words(
    "independent guard coach general republican democrat champion pilot star"
)

NAMING = Naming(
    label_of=_LABEL_OF,
    opened=_OPENED,
    two_words=_TWO_WORDS,
    inner=_INNER,
    maybe=_MAYBE,
    standing_alone=_STANDING_ALONE,
    generic=_GENERIC,
    fields=_FIELDS,
    surnames_too=_SURNAMES_TOO,
    honorifics=_HONORIFICS,
    titled=TITLES | _HONORIFICS,
    peoples=_PEOPLES,
    roles=ROLES,
    officers=_OFFICERS,
    officer_behind=re.compile(rf"\s(?:{'|'.join(sorted(word.title() for word in _OFFICERS))})\b"),
    context=CONTEXT,
    edges=EDGES,
)
