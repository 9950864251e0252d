"""The words that attribution is decided by: cue verbs, titles and roles, pronouns, bodies.

Closed lists kept by hand from the reporting verbs and titles of English news copy.
"""

import re

from newsmill.tasks.enrich.languages.language import any_of


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as running text, to be read and kept in order by people."""
    return tuple(text.split())


_SPEECH = """
    say tell add ask state explain note reply respond conclude argue declare insist write tweet announce warn claim
    acknowledge admit suggest recall remark shout urge vow stress emphasize emphasise underline underscore reiterate
    repeat assert allege comment continue observe mention point joke quip predict promise pledge boast concede confess
    confirm contend complain charge counter caution cry deny disclose elaborate exclaim express hint inform interject
    lament maintain muse mutter offer opine post proclaim pronounce question read recount relate report retort reveal
    scream scoff sigh signal speculate snap tout testify thunder volunteer whisper wonder yell answer advise affirm
    agree appeal assure believe blast blame chant chide cite clarify criticize criticise decry demand denounce describe
    detail dismiss dub echo exhort feel figure gush hail hope implore indicate intone invoke label lambast lambaste
    marvel mock murmur opt outline plead praise quote rail rant reason rebut recommend refer reject remind request
    rejoice retweet rhapsodize roar rule sneer specify summarize summarise term thank think threaten trumpet
    understand voice weigh welcome condemn accuse call characterize characterise brand portray deride deem attack slam
    rap rip pen email e-mail text blog scold exult enthuse object protest testified deadpan crow gripe grumble rave
    hold estimate forecast project assess preach reaffirm contest dispute deplore regret applaud commend tease jab
    growl bellow holler explode fume bemoan bristle chime interrupt quiz press pose profess propose
    teach theorize reckon guess suspect expect worry fear tip divulge impart narrate
    articulate vent address apologize apologise ask beg boom bark beam surmise retaliate chuckle laugh smile nod shrug
    rate classify remember grin react riff sing shoot fire hit go begin start end finish put open close sum find see
    know
"""
_IRREGULAR = {
    "say": "says said saying", "tell": "tells told telling", "write": "writes wrote written writing",
    "read": "reads read reading", "think": "thinks thought thinking", "feel": "feels felt feeling",
    "understand": "understands understood", "hold": "holds held holding", "shoot": "shoots shot shooting",
    "hit": "hits hit hitting", "go": "goes went gone going", "begin": "begins began begun beginning",
    "put": "puts put putting", "find": "finds found finding", "see": "sees saw seen seeing",
    "know": "knows knew known knowing", "teach": "teaches taught teaching", "beg": "begs begged begging",
    "quip": "quips quipped quipping", "admit": "admits admitted admitting", "refer": "refers referred referring",
    "rebut": "rebuts rebutted rebutting", "chat": "chats chatted chatting", "dub": "dubs dubbed dubbing",
    "rap": "raps rapped rapping", "rip": "rips ripped ripping", "pen": "pens penned penning",
    "slam": "slams slammed slamming", "snap": "snaps snapped snapping", "jab": "jabs jabbed jabbing",
    "nod": "nods nodded nodding", "grin": "grins grinned grinning", "shrug": "shrugs shrugged shrugging",
    "crow": "crows crowed crowing", "tip": "tips tipped tipping", "sum": "sums summed summing",
    "sing": "sings sang sung singing", "riff": "riffs riffed riffing",
    "opt": "opts opted opting", "quiz": "quizzes quizzed quizzing", "swear": "swears swore sworn swearing",
    "speak": "speaks spoke spoken speaking", "give": "gives gave given giving",
}  # fmt: skip


def _forms(verb: str) -> list[str]:
    if verb in _IRREGULAR:
        return [verb, *words(_IRREGULAR[verb])]
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    plural = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [verb, verb + plural, verb + "ed", verb + "ing"]


CUE_VERBS = frozenset(form for verb in (*words(_SPEECH), *_IRREGULAR) for form in _forms(verb))
"""Every form of the verbs that introduce or follow reported words."""

PLAIN_CUES = frozenset(
    form
    for verb in words(
        """
        say tell add ask state explain note reply respond conclude argue declare insist write tweet announce warn
        claim acknowledge admit suggest recall remark shout urge vow stress emphasize emphasise underline underscore
        reiterate repeat assert allege comment continue observe joke quip predict promise concede confirm contend
        complain counter caution cry exclaim inform interject lament maintain muse mutter opine post proclaim quote
        retort reveal scoff testify whisper wonder yell answer react
        """
    )
    for form in _forms(verb)
)
"""Forms of the verbs that hardly do anything but report speech."""

REPORTING = frozenset(
    form
    for verb in words(
        """
        say tell add state explain note reply respond argue declare insist write tweet announce warn claim acknowledge
        admit recall stress emphasize emphasise underline underscore reiterate assert allege observe predict concede
        confirm contend complain counter caution maintain reveal testify report disclose remark comment conclude ask
        """
    )
    for form in _forms(verb)
)
"""Forms of the verbs whose clause is what somebody said, quotation marks or not."""

_NOUNS_TOO = words("state states report reports note notes comment comments remark remarks claim claims stress counter")
REPORT_AHEAD = re.compile(
    r"\b(?:" + any_of(REPORTING.difference(_NOUNS_TOO)) + r"|according to|" + any_of(_NOUNS_TOO) + r" that)\b",
    re.IGNORECASE,
)
"""What a sentence with indirect speech holds at least."""

STRONG_CUES = PLAIN_CUES | frozenset(
    form
    for verb in words(
        """
        call describe dub brand label term rate classify characterize characterise portray deride denounce decry
        condemn blast
        slam mock accuse praise hail criticize criticise cite chant deem lament liken compare advise affirm assure
        blame boast charge chide deny disclose elaborate emphasize exhort express hint indicate implore joke pledge
        promise plead point predict proclaim question refer relate report remind reply respond stipulate suggest
        tout tweet urge vow warn welcome yell demand order dismiss caution tease preach chime comment thank tell
        retweet reference testify assail speak agree apologize talk
        """
    )
    for form in _forms(verb)
)
"""Forms of the verbs that report what somebody said, or what they called something."""

WORDING_CUES = frozenset(
    form
    for verb in words(
        "call describe dub brand label term characterize characterise portray chant deem liken rate classify"
    )
    for form in _forms(verb)
)
"""Forms of the verbs whose object is the very word that was used."""

SPEECH_NOUNS = frozenset(
    words(
        "response answer reply comment comments remark remarks message advice verdict explanation reaction view words "
        "quote statement conclusion assessment warning argument point question description motto slogan dictum "
        "claim claims assertion call calls promise pledge vow accusation contention insistence admission plea lament "
        "line mantra quip"
    )
)
"""Nouns of what somebody says: "Smith's answer was: ..."."""

TITLING = frozenset(
    words(
        "theme themed titled entitled headlined named nicknamed captioned subtitled "
        "books novels movies films albums songs tracks singles plays poems paintings exhibitions episodes titles"
    )
)
"""Words before the name of a book, a programme or a person, or of several."""

NAMED_BY = frozenset(
    words(
        "of on in host hosts hosting watch watching movie film book novel show program programme series episode "
        "documentary column article piece essay song album track play musical exhibition magazine podcast sitcom drama "
        "comedy memoir report called titled entitled named the a an and or at for with star stars"
    )
)
"""Words right before the name of a thing: on "Meet the Press", the book "Gone With the Wind"."""

PRONOUNS_HE = frozenset({"he", "him", "his"})
PRONOUNS_SHE = frozenset({"she", "her"})
SPEAKING_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who"})
PRONOUNS = SPEAKING_PRONOUNS | PRONOUNS_HE | PRONOUNS_SHE | {"them", "me", "us", "whom"}

ROLES = frozenset(
    words(
        """
    president minister secretary chancellor premier king queen prince princess emir sultan sheikh ayatollah pope
    senator congressman congresswoman representative governor mayor councilman councilwoman councillor lawmaker
    deputy mp parliamentarian ambassador envoy diplomat consul commissioner speaker leader chief chairman chairwoman
    chairperson chair director head boss ceo executive founder cofounder co-founder manager commander general colonel
    lieutenant captain major sergeant admiral marshal brigadier spokesman spokeswoman spokesperson adviser advisor aide
    counsel lawyer attorney prosecutor judge justice magistrate sheriff officer detective inspector constable official
    professor lecturer scientist researcher economist analyst expert strategist pollster historian author writer
    journalist reporter editor columnist correspondent commentator host anchor activist campaigner organizer organiser
    candidate nominee hopeful frontrunner front-runner contender rival opponent incumbent delegate elector
    businessman businesswoman billionaire mogul tycoon entrepreneur investor banker trader farmer teacher doctor nurse
    surgeon physician engineer architect pilot driver worker student pupil actor actress singer musician rapper artist
    comedian director producer coach trainer captain player striker midfielder goalkeeper quarterback pitcher athlete
    champion bishop archbishop cardinal priest pastor reverend rabbi imam cleric patriarch monk
    treasurer comptroller superintendent principal dean rector trustee ombudsman undersecretary
    wife husband mother father son daughter brother sister widow uncle aunt cousin neighbor neighbour friend
    resident witness victim survivor suspect defendant plaintiff voter supporter protester demonstrator
    veteran soldier guard fighter rebel refugee migrant owner operator broker whistleblower
    democrat republican conservative liberal socialist independent
    man woman boy girl person
        """
    )
)
"""Nouns that say who somebody is. A definite description is headed by one; so is a role before or behind a name."""

DOCUMENT_NOUNS = frozenset(
    words(
        """
    statement report letter memo document study survey poll filing lawsuit complaint indictment ruling affidavit ad
    advertisement tweet post email e-mail message article editorial book speech release bill law resolution text sign
    banner headline note notice brief communique transcript petition page caption story review manifesto platform
        """
    )
)
"""Nouns of what is written, that says something for its author."""

BODY_NOUNS = DOCUMENT_NOUNS | frozenset(
    words(
        """
    ministry alliance government administration group organization organisation company firm agency party union
    committee commission council court parliament senate congress army military police bank association federation
    foundation institute university department office embassy bureau league club team coalition bloc network newspaper
    paper magazine channel website broadcaster outlet campaign board authority regulator watchdog charity
    corporation airline carrier automaker maker retailer operator consortium cabinet kremlin presidency palace
    delegation mission panel chamber assembly fund think-tank tribunal force navy station service
        """
    )
)
"""Nouns of bodies and of documents: what "the ministry" or "the statement" is."""

ANY_BODY = frozenset(
    words("organization organisation company firm agency group association charity broadcaster newspaper paper outlet")
)
"""Nouns that a body is called by however it is named: the one that spoke last is meant."""

PEOPLE_NOUNS = frozenset(
    words(
        """
    people officials experts analysts critics supporters sources aides advisers advisors lawmakers politicians
    democrats republicans conservatives liberals voters residents witnesses protesters demonstrators activists
    authorities investigators prosecutors lawyers attorneys doctors scientists researchers economists diplomats leaders
    police soldiers rebels militants journalists reporters editors authors students teachers workers parents families
    friends colleagues others some many several allies members fans users crowd crowds audience chorus men women
    ministers senators governors mayors generals commanders executives investors traders farmers organizers organisers
        """
    )
)

SPEAKING_NOUNS = ROLES | BODY_NOUNS | PEOPLE_NOUNS
"""Nouns of whoever and whatever can say something."""

_AGENT_ENDINGS = "er or ist ian ee ant eon graduate native alum man men woman women people"
AGENT_ENDINGS = (*_AGENT_ENDINGS.split(), *(f"{ending}s" for ending in _AGENT_ENDINGS.split()))
"""What nouns of who does something end with: a commenter, a neurosurgeon."""

NO_ADJECTIVES = CUE_VERBS | frozenset(
    words(
        "a an the this that these those his her its their our my your of in on at to for from by with as and or but "
        "nor is was are were be been has have had will would can could may might should must not who which"
    )
)
"""Words that do not stand between a name and the noun that it is called by."""

ROYAL = frozenset(words("king queen prince princess sister pope saint sheikh emir sultan"))
"""Titles that stand before a given name."""

HE_NOUNS = frozenset(
    words(
        "man boy husband father son brother uncle businessman congressman councilman chairman spokesman king prince "
        "actor gentleman salesman"
    )
)
SHE_NOUNS = frozenset(
    words(
        "woman girl wife mother daughter sister aunt widow businesswoman congresswoman councilwoman chairwoman "
        "spokeswoman queen princess actress lady"
    )
)

_SHORT_NAME = r"[^\W\d_a-zß-ÿ][\w’'.-]*"
_CUE_WORDS = any_of(PLAIN_CUES - {"read", "reads", "post", "posts"})
_SUBJECT = rf"(?:(?:he|she|they|it|[Tt]he\s+\w+(?:\s+\w+)?)|(?:{_SHORT_NAME}\s+){{0,4}}{_SHORT_NAME})"
CUE_AHEAD = re.compile(
    rf"[\s,]*(?:a-?\s?)?(?:{_SUBJECT}\s+(?:(?:also|then|later|has|had|a-)\s*)?{_CUE_WORDS}\b|{_CUE_WORDS}\s+{_SUBJECT})"
)
"""A cue clause at a place where a quotation may just have ended: "he said", "said Mary Smith"."""
CUE_TAIL = re.compile(
    rf"[,?!]\s+(?:{_SUBJECT}\s+(?:(?:also|then|later)\s+)?{_CUE_WORDS}|{_CUE_WORDS}\s+{_SUBJECT})"
    r"(?:\s+(?:on|in|at|to|during|after)\b[^.,;:!?]{0,60}|\s+reporters)?\s*\.?\s*$"
)
"""A cue clause that ends a paragraph whose quotation was never closed."""
HEADLINE = re.compile(r"[^\W\d_a-zß-ÿ][^:.!?]{1,58}:\s[^\n]{15,150}(?<![.:?])")
"""A line that begins with a name and a colon and is no sentence: "Putin: We are ready for talks"."""
GOES_BY = re.compile(
    r"\b(?:(?:goes|go|went|going)\s+by|(?:better\s|widely\s|also\s|locally\s|popularly\s)?known\s+(?:to\s+[\w\s]{2,20}\s)?"
    r"as|nicknamed|nickname(?:\s+(?:is|was))?|alias|a\.?k\.?a\.?|calls?\s+(?:himself|herself|themselves))"
    r"(?:\s+(?:the|his|her|a)\s+(?:\w+\s+)?(?:name|nickname|handle|moniker|alias))?(?:\s+of)?,?\s+$"
)
"""What stands before a nickname."""
IS_A_THING = re.compile(
    r"\s(?:was|is|has been|had been) (?:written|directed|published|released|recorded|produced|composed)\b"
    r"|\s(?:co-)?(?:stars?|hosts?|creator|author|director|actor|actress|singer|alum|episode|premiere|series|tour)\b"
)
"""What stands behind the name of a work in marks."""
SUCH_AS = re.compile(r"\bsuch (?:[a-z-]+ ){1,3}as\s$")
