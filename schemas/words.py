"""The closed lists: every value that a status, reason or method column may hold."""

from enum import StrEnum


class Stage(StrEnum):
    """Where in the pipeline something happened."""

    READ = "read"
    FETCH = "fetch"
    EXTRACT = "extract"
    DEDUPE = "dedupe"
    ENRICH = "enrich"
    VALIDATE = "validate"
    LAND = "land"


class Reason(StrEnum):
    """Why an input did not become an article."""

    NOT_FOUND = "not_found"
    NOT_READABLE = "not_readable"
    UNSUPPORTED_TYPE = "unsupported_type"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    BINARY = "binary"
    BAD_ENCODING = "bad_encoding"
    BAD_JSON = "bad_json"
    BAD_RECORD = "bad_record"
    BAD_ARCHIVE = "bad_archive"
    BAD_URL = "bad_url"
    FETCH_FAILED = "fetch_failed"
    FETCH_TIMEOUT = "fetch_timeout"
    HTTP_ERROR = "http_error"
    UNSAFE_ADDRESS = "unsafe_address"
    """The host is at an address of a private network, or the port is not one of the web."""
    ROBOTS = "robots"
    """The host's robots.txt disallows the address."""
    RESERVED = "reserved"
    """The page reserves the rights to text and data mining, and the settings say to obey."""
    REMOVED = "removed"
    """Removed on demand, and kept from coming back by its tombstone."""
    NOT_ARCHIVED = "not_archived"
    """Nothing was fetched from the address for the date, and a run of the archive asks no host."""
    NO_ARTICLE = "no_article"
    NOT_AN_ARTICLE = "not_an_article"
    """An error page, a wall or a form stands in its place."""
    PAYWALL_STUB = "paywall_stub"
    INDEX_PAGE = "index_page"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    EXPECTATION = "expectation"
    EMBARGOED = "embargoed"
    """Not to be published before a time that has not come."""
    WITHDRAWN = "withdrawn"
    """Killed or withheld by the agency that sent it."""
    NO_TEXT = "no_text"
    """A picture, a video or a headline alone."""
    DAMAGED = "damaged"
    """An export, an office file or agency XML that is cut short or broken."""
    ENCRYPTED = "encrypted"
    """A password is needed to read it."""
    SCAN = "scan"
    """Pictures of pages, without a layer of text."""
    ORIGINAL_REJECTED = "original_rejected"
    """A copy of an article that was rejected after the copy had been suppressed."""


class SourceKind(StrEnum):
    """What stands at the address of a source."""

    AUTO = "auto"
    """A feed or a sitemap, if it begins as one; else an article."""
    ARTICLE = "article"
    FEED = "feed"
    """Or a sitemap, an index of sitemaps or an OPML list: what is polled for new articles."""
    PAGE = "page"
    """A home page, which names its feeds, or whose site has sitemaps."""
    LIST = "list"
    """Addresses of articles, one a line or in a column; may be a file or an S3 object too."""


class ContentKind(StrEnum):
    """What the bytes of a raw document are."""

    HTML = "html"
    TEXT = "text"
    """Text copied from a page, with what stood around the article."""
    ARTICLE = "article"
    """Text that is an article whole, as a record gives it."""


class DateSource(StrEnum):
    """Where a date of publication was found."""

    JSONLD = "jsonld"
    META = "meta"
    TIME = "time"
    """A time element."""
    URL = "url"
    FEED = "feed"
    """The feed or sitemap that lists it; the page has no date."""
    DATELINE = "dateline"
    """A line by the headline."""
    RECORD = "record"
    """Stated by an agency, an archive or a table."""
    TEXT = "text"
    NONE = "none"


class DuplicateMethod(StrEnum):
    """Why two articles are called the same."""

    SAME_URL = "same_url"
    SAME_TEXT = "same_text"
    NEAR = "near"


class WireEvidence(StrEnum):
    """Where an agency is credited."""

    BYLINE = "byline"
    """Among the authors."""
    CREDIT = "credit"
    """A line of its own, or a bracket at the end."""
    DATELINE = "dateline"
    """With the place at the beginning: ``LONDON (Reuters) -``."""
    HOST = "host"
    """The agency's own site."""


class OptOut(StrEnum):
    """What a publisher asks not to be done with a page, and where it says so."""

    NOINDEX = "noindex"
    """Robots meta or X-Robots-Tag: to be in no index (``none`` says so too)."""
    NOARCHIVE = "noarchive"
    """Robots meta or X-Robots-Tag: no copy to be shown."""
    NOAI = "noai"
    """Robots meta or X-Robots-Tag: not to be used for AI (``noai``, ``noimageai``)."""
    TDM = "tdm"
    """TDM Reservation Protocol, by header, meta or the site's tdmrep.json: text and data mining is reserved."""
    AI_ROBOTS = "ai_robots"
    """robots.txt: the crawlers that gather for the training of AI may not fetch the page."""


class QuoteKind(StrEnum):
    """How the words are reported."""

    DIRECT = "direct"
    """A whole sentence or more in quotation marks."""
    MIXED = "mixed"
    """Quoted words inside a paraphrase."""
    INDIRECT = "indirect"
    """Reported speech without quotation marks."""
    TURN = "turn"
    """A turn of an interview, a transcript, a dialogue or a post, told by the layout alone, without quotation marks."""


class SpeakerMethod(StrEnum):
    """How the speaker of a quotation was found, or why nobody is named."""

    CUE_AFTER = "cue_after"
    """A reporting verb behind the words, or "according to": "...," Smith said."""
    CUE_BEFORE = "cue_before"
    """A reporting verb before them: Smith said: "..."."""
    CUE_CLOSING = "cue_closing"
    """A reporting verb that ends the sentence they stand in: the plan is "...", Smith said."""
    ACCORDING_TO = "according_to"
    COLON = "colon"
    """A name, or a sentence without a reporting verb, and a colon before them."""
    SIGNATURE = "signature"
    """A name set under them: - Mary Smith."""
    TRANSCRIPT = "transcript"
    """A name in capitals that opens a turn: SMITH: ..."""
    SAME_PARAGRAPH = "same_paragraph"
    """They go on from other words of the same speaker."""
    CONTINUATION = "continuation"
    """They go on from the last words of the paragraph before."""
    LEAD_CUE = "lead_cue"
    """The sentence before them ends with a reporting verb."""
    LEAD = "lead"
    """Whoever the sentence before them is about, where they stand in a paragraph of their own."""
    SENTENCE_BEFORE = "sentence_before"
    """The same within a paragraph."""
    VERB_BEFORE = "verb_before"
    """A verb before them that need not report speech."""
    VERB_AFTER = "verb_after"
    """Such a verb behind them."""
    ELSEWHERE = "elsewhere"
    """The article names nobody; all others that carry the words, up to its date, name this person."""
    UNRESOLVED = "unresolved"
    """The text says "he", "the minister" or "Turkey's defence chief", and does not tell who that is."""
    AMBIGUOUS = "ambiguous"
    """The text names somebody by a name that several of its people have, and does not tell which."""
    SUPPOSED = "supposed"
    """They are supposed, asked for or denied, not said: "would say", "never said", "if Smith had said"."""
    NO_CUE = "no_cue"
    """Nothing near them says who speaks."""
    DETACHED = "detached"
    """Their full stop stands outside the marks, as where a rewriter cut the cue off."""
    OTHER_LANGUAGE = "other_language"
    """There are no rules for speakers in the language."""


class EnrichmentDepth(StrEnum):
    """What could be found in an article in its language."""

    FULL = "full"
    """Names, quotations and their speakers."""
    NAMES = "names"
    """Names, and quotations by their marks: there is a model for the language, and no rules for speakers."""
    RULES = "rules"
    """People by their given names, roles and titles, quotations and their speakers by the order of words: the language
    has rules, and no spaCy model of it is installed."""
    NO_MODEL = "no_model"
    """Quotations by their marks alone: no spaCy model of the language is installed, or it does not load."""


class RunStatus(StrEnum):
    """How an execution of a run ended; one that did not publish leaves no row."""

    PUBLISHED = "published"


class LinkKind(StrEnum):
    """What a link of an article leads to."""

    INTERNAL = "internal"
    """A page of the same site."""
    EXTERNAL = "external"
    SOCIAL = "social"
    """A post or a profile on a network where people publish."""
    DOCUMENT = "document"
    """A file to be read elsewhere: PDF, office documents, data."""
    SELF = "self"
    """The article itself, or a place in it."""


class PlaceKind(StrEnum):
    """What a place is that a mention names."""

    COUNTRY = "country"
    ADMIN1 = "admin1"
    """A first-level division of a country: a state, a province."""
    ADMIN2 = "admin2"
    """A division of such a one: a county, a district."""
    CITY = "city"
    """A settlement of any size."""


class ChangeKind(StrEnum):
    """What a revision did to a sentence."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """Put otherwise: most words are the same."""
    MOVED = "moved"


class SpeakerKind(StrEnum):
    """What kind of source is quoted."""

    PERSON = "person"
    """Somebody with a name, or with a role that the text tells them by: the minister."""
    UNNAMED = "unnamed"
    """Somebody without a name: a senior official, experts."""
    BODY = "body"
    """A company, an authority, a country: what acts by its people."""
    DOCUMENT = "document"
    """What is written or recorded: a report, a post."""
    CROWD = "crowd"
    """Many who speak as one: protesters, a people."""
