"""The patterns of English that tell what a name is by the words around it."""

import re

from newsmill.tasks.enrich.languages.language import words
from newsmill.tasks.enrich.languages.parsed import Context

_BODY_NOUN = (
    r"(?:company|firm|startup|start-up|group|app|platform|brand|newspaper|daily|weekly|website|broadcaster|agency|NGO|"
    r"party|club|band|retailer|carmaker|airline|bank|magazine|channel|militia|organi[sz]ation|outlet|charity|manufacturer|"
    r"conglomerate|telecom|contractor|operator|publisher|union|developer|chain|label|movement|portal|nonprofit|"
    r"non-profit|think-tank|database|tabloid|automaker|drugmaker|chipmaker|lender|insurer|supermarket|cooperative|"
    r"giant|subsidiary|franchise|studio|network|consultancy)"
)
_STAFF = (
    r"(?:CEO|CFO|COO|CTO|founders?|co-founders?|chairman|chairwoman|shareholders|shares|board|spokes\w+|employees|staff|"
    r"executives?|members|app|website|headquarters|subsidiary|editors?|correspondents?|reporters?)"
)

CONTEXT = Context(
    placed=re.compile(r"\b(?:in|at|near|from|into|across|around|outside|of)\s+(?:the\s+)?$", re.IGNORECASE),
    aged=re.compile(
        r"(?<![\w.'’-])((?!January|February|March|July|September|October|November|December)[A-ZÀ-Þ][\w'’-]+"
        r"(?:\s[A-ZÀ-Þ][\w'’.-]+){1,2}),\s(?:aged\s)?[1-9]\d,\s(?=[a-z])"
    ),
    month_name=re.compile(r"(?<![\w.'’-])((?:April|May|June|August)\s[A-Z][a-z]{2,})(?=,?\s(?:and\s|[a-z]+\b))"),
    days=words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday Day Days Fool Fools"),
    goes_on=re.compile(
        r"[^.!?\n“”\"A-ZÀ-Þ]*?\b(?:(?P<personal>he|his|him|himself|she|hers?|herself)|its?|itself|they|their|them)\b"
    ),
    in_business=re.compile(
        r"(?:['’]s)?\s(?:shares|stock|sales|dealers|plants?|factor(?:y|ies)|trucks?|cars?|workers|recalled|recalls|customers|"
        r"profits?|revenue|reported\s(?:an?\s)?(?:profit|loss|earnings)|Motors?|executives?|vehicles|employees)\b"
    ),
    opening_word=re.compile(r"[A-Z][a-z]{3,}(?:ly|ing|[ai]sed|ized|wards)"),
    in_place=re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]cross|[Tt]hroughout|[Ii]nto|[Ii]nside)\s$"),
    place_noun=re.compile(
        r"\s(?:province|district|city|region|town|village|island|river|county|valley|beach|suburb|area|bases?|ports?|"
        r"highway|neighbou?rhood|peninsula|fjords?|governor|constituency|municipality|plateau|desert|mountains?)\b"
    ),
    place_of=re.compile(
        r"\b(?:city|town|village|province|district|island|region|county|municipality|governorate)\sof\s$"
    ),
    body_before=re.compile(
        rf"\b(?:{_BODY_NOUN}|(?:CEO|founder|co-founder|chairman|owner|subsidiary|shareholders?|employees|spokes\w+)"
        r"\s(?:of|for|at))\s[“\"‘']?$"
    ),
    body_behind=re.compile(
        rf"(?:,\s(?:an?|the)|\sis\s(?:an?|the|one\sof\sthe))\s(?:(?!at\s|of\s|for\s|in\s|with\s|from\s)[\w’'-]+\s){{0,4}}"
        rf"{_BODY_NOUN}"
        r"\b(?!\s(?:manager|analyst|official|executive|spokes|owner|founder|director|chief|employee|worker|president|member|"
        r"leader|boss|consultant|lawyer|activist|chairman|candidate|veteran))|"
        r"['’]s?\s(?:CEO|founder|chairman|shareholders|shares|board|users|"
        r"customers|revenue|app|website|headquarters|subsidiary|spokes\w+|managing\sdirector|Managing\sDirector|employees)\b"
    ),
    served=re.compile(
        r"\b(?:directors?|researchers?|analysts?|economists?|strategists?|engineers?|employees?|professors?|manager)\s"
        r"(?:of|at|with|from)\s(?:the\s)?$"
    ),
    introduced=re.compile(
        r"\b(?:newspaper|daily|weekly|magazine|broadcaster|news\sagency|news\soutlet|website|portal|startup|carmaker|airline|"
        r"NGO|militia|think-tank)\s([A-Z][\w-]+(?:\.\w+)*(?:\s[A-Z][\w-]+){0,3})"
    ),
    capitals=re.compile(
        r"(?<![\w.’'-])[A-Z][\w’'-]+(?:[ ](?:(?:of|for|and|&|of\sthe)[ ])?[A-Z][\w’'-]+){1,6}(?![\w-]|[ ][A-Z])"
    ),
    beside=re.compile(rf"[”\"’']?\s(?!app\b|platform\b|brand\b|label\b|chain\b|band\b)(?:{_BODY_NOUN}|{_STAFF})\b"),
    acts=re.compile(
        r",?\s(?:(?:also|then|later|has|had)\s)?(?:who|said|says|told|tells|added|noted|announced|explained|stressed|claimed|"
        r"argued|warned|thinks|believes|replied|wrote|recalled|admitted|insisted)\b"
    ),
    short_form=re.compile(r"\b[Tt]he\s([A-Z][a-z]+)\b(?!-|\s(?:(?:of|for|on|in|and)\s(?:the\s)?)?[A-Z])"),
    never_short=frozenset({"church", "court", "government", "university", "force", "police"}),
    ministry=re.compile(
        r"(?:['’]s?)?(?:\s(?:foreign|external|defen[cs]e|interior|home|internal|health|finance|justice|education|economy|"
        r"economic|energy|oil|petroleum|trade|commerce|industry|labou?r|agriculture|culture|transport|tourism|information|"
        r"environment|security|emergency|emergencies|planning|development|technology|science|water|affairs|and))+\sministry\b"
    ),
    bracketed=re.compile(
        r"((?:\s(?:of|for|on|in|and|the|de|del|[A-Z][\w’'-]+)){0,5}?)\s{0,2}"
        r"(?:\(\s?(?:the\s+)?[“\"'‘]?|[“\"])([A-Z][A-Za-z&.-]{1,9})(?:[”\"'’]?\s?\)|[”\"])"
    ),
)
