"""The rows of the eight tables, and the records that pass between the stages."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, ClassVar

import pyarrow as pa

from newsmill.schemas.record import OFFSET, STRING, STRINGS, TIMESTAMP, Column, Record
from newsmill.schemas.words import (
    ChangeKind,
    ContentKind,
    DateSource,
    DuplicateMethod,
    EnrichmentDepth,
    LinkKind,
    OptOut,
    PlaceKind,
    QuoteKind,
    Reason,
    RunStatus,
    SpeakerKind,
    SpeakerMethod,
    Stage,
    WireEvidence,
)

ARTICLE_ID = r"[0-9a-f]{16}"
HASH = r"[0-9a-f]{64}"
URL = r"https?://\S+"

ArticleId = Annotated[
    str,
    Column(
        arrow=STRING,
        pattern=ARTICLE_ID,
        references="articles.article_id",
        description="The article that the row is of.",
    ),
]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of an item: a code of a scheme, a name, or both."""

    scheme: str | None = None
    """As the source names it; ``medtop`` and ``subj`` for IPTC's media topics and subject codes."""
    code: str | None = None
    name: str | None = None


TOPICS = pa.list_(pa.struct([pa.field(part.name, STRING) for part in fields(Topic)]))

# What agencies, archives and tables state of an article beyond what a page does.
Guid = Annotated[
    str | None,
    Column(since=3, arrow=STRING, description="What its agency or archive calls it, the same in every version."),
]
Version = Annotated[
    int | None, Column(since=3, arrow=pa.int64(), minimum=0, description="Version of the item, as its agency counts.")
]
Subhead = Annotated[str | None, Column(since=3, arrow=STRING, description="Second headline.")]
Byline = Annotated[str | None, Column(since=3, arrow=STRING, description="The authors' line as it is printed.")]
Dateline = Annotated[
    str | None, Column(since=3, arrow=STRING, description="Place and day of the report, as they stand ahead of it.")
]
PrintPage = Annotated[str | None, Column(since=3, arrow=STRING, description="Page of the newspaper.")]
Slug = Annotated[str | None, Column(since=3, arrow=STRING, description="The agency's keyword line for the story.")]
Urgency = Annotated[
    int | None,
    Column(since=3, arrow=pa.int32(), minimum=0, maximum=9, description="Urgency for editors, 1 the most urgent."),
]
Topics = Annotated[
    tuple[Topic, ...] | None,
    Column(
        since=3,
        arrow=TOPICS,
        description="Subjects with scheme, code and name; scheme medtop or subj for IPTC's media topics and codes.",
    ),
]
Places = Annotated[
    tuple[str, ...] | None, Column(since=3, arrow=STRINGS, description="Places that it is about or comes from.")
]
Genre = Annotated[str | None, Column(since=3, arrow=STRING, description="Kind of text: analysis, interview, letter.")]
EditorNote = Annotated[str | None, Column(since=3, arrow=STRING, description="The agency's note to editors.")]
Copyright = Annotated[str | None, Column(since=3, arrow=STRING, description="Notice of copyright.")]
UsageTerms = Annotated[str | None, Column(since=3, arrow=STRING, description="What it may be used for, and by whom.")]
EmbargoedUntil = Annotated[
    datetime | None, Column(since=3, arrow=TIMESTAMP, description="Not to be published before that time.")
]
StatedWords = Annotated[
    int | None, Column(since=3, arrow=pa.int32(), minimum=0, description="Length in words, as its source states it.")
]
StatedUrl = Annotated[
    str | None,
    Column(
        since=3,
        arrow=STRING,
        min_length=1,
        description="What its source states as its address, where that is none and url is null; 200 characters of it.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Record):
    """What the record of an article states of it: taken as it is, before anything that is found in the text."""

    table: ClassVar[str] = "stated"
    grain: ClassVar[str] = "what an agency, an archive or a table states of an article"

    title: Annotated[str | None, Column(arrow=STRING, description="Headline.")] = None
    authors: Annotated[tuple[str, ...], Column(arrow=STRINGS, description="Names of the authors, in order.")] = ()
    published_at: Annotated[
        datetime | None,
        Column(arrow=TIMESTAMP, description="Time of publication; midnight UTC if only a day is known."),
    ] = None
    published_on: Annotated[
        date | None, Column(arrow=pa.date32(), description="Day of publication where it was published.")
    ] = None
    modified_at: Annotated[datetime | None, Column(arrow=TIMESTAMP, description="Time of the last change.")] = None
    language: Annotated[str | None, Column(arrow=STRING, description="ISO 639 code.")] = None
    description: Annotated[str | None, Column(arrow=STRING, description="A summary that is no part of the text.")] = (
        None
    )
    section: Annotated[str | None, Column(arrow=STRING, description="Section of the newspaper or desk.")] = None
    tags: Annotated[tuple[str, ...], Column(arrow=STRINGS, description="Keywords.")] = ()
    publisher: Annotated[str | None, Column(arrow=STRING, description="Newspaper or agency.")] = None
    guid: Guid = None
    version: Version = None
    subhead: Subhead = None
    byline: Byline = None
    dateline: Dateline = None
    page: PrintPage = None
    slug: Slug = None
    urgency: Urgency = None
    topics: Topics = ()
    places: Places = ()
    genre: Genre = None
    editor_note: EditorNote = None
    copyright: Copyright = None
    usage_terms: UsageTerms = None
    embargoed_until: EmbargoedUntil = None
    stated_words: StatedWords = None


STATED = pa.struct(list(Stated.arrow_schema()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument(Record):
    """The bytes of one input as they came, before anything is decided about them."""

    table: ClassVar[str] = "raw_documents"
    grain: ClassVar[str] = "an input that could be read"

    input_id: Annotated[str, Column(arrow=STRING, description="Names the input within its run.")]
    source: Annotated[str, Column(arrow=STRING, description="The configured source, or where the input stands.")]
    kind: Annotated[ContentKind, Column(arrow=STRING, values=ContentKind, description="What the bytes are.")]
    content: Annotated[bytes, Column(arrow=pa.large_binary(), description="The bytes as they came.")]
    charset: Annotated[str | None, Column(arrow=STRING, description="The encoding that the transport states.")] = None
    url: Annotated[str | None, Column(arrow=STRING, description="Address that the document was fetched from.")] = None
    raw_uri: Annotated[str, Column(arrow=STRING, description="Where the bytes can be read again.")]
    fetched_at: Annotated[datetime | None, Column(arrow=TIMESTAMP, description="When the bytes were fetched.")] = None
    http_status: Annotated[int | None, Column(arrow=pa.int32(), description="Status of the response.")] = None
    opt_outs: Annotated[
        tuple[OptOut, ...],
        Column(arrow=STRINGS, description="What the publisher asks not to be done with the page."),
    ] = ()
    listed_title: Annotated[str | None, Column(arrow=STRING, description="Headline in the feed that lists it.")] = None
    listed_at: Annotated[
        datetime | None, Column(arrow=TIMESTAMP, description="Time of publication in the feed that lists it.")
    ] = None
    stated: Annotated[Stated | None, Column(arrow=STATED, description="What its record states of the article.")] = None
    stated_url: StatedUrl = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a revision did to a sentence: as it was, none for one that came, and as it is, none for one that went."""

    kind: ChangeKind
    before: str | None
    after: str | None


CHANGES = pa.list_(pa.struct([pa.field(part.name, STRING) for part in fields(Change)]))


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in an article: its address, and what the page writes at it."""

    url: str
    caption: str | None
    credit: str | None


IMAGES = pa.list_(pa.struct([pa.field(part.name, STRING) for part in fields(Image)]))


@dataclass(frozen=True, slots=True)
class FurnitureLine:
    """A line that was cut: its place among the lines of the text as it was before, from 0, and its words."""

    line: int
    text: str


FURNITURE = pa.list_(pa.struct([pa.field("line", pa.int32()), pa.field("text", STRING)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Record):
    """A clean article, traceable to its bytes and to the versions that made it."""

    table: ClassVar[str] = "articles"
    grain: ClassVar[str] = "a unique article"
    sorted_by: ClassVar[tuple[str, ...]] = ("source", "published_at", "article_id")
    row_group_rows: ClassVar[int] = 16_384
    """About 80 MB of text before compression."""
    nearly_unique: ClassVar[frozenset[str]] = frozenset(
        {"article_id", "canonical_url", "description", "image_url", "text", "text_hash", "title", "url"}
    )

    article_id: Annotated[
        str,
        Column(
            arrow=STRING,
            pattern=ARTICLE_ID,
            unique=True,
            description="Stable hash of the canonical URL, else of the guid, else of the text.",
        ),
    ]
    url: Annotated[
        str | None,
        Column(arrow=STRING, pattern=URL, description="Address it was fetched from, or that its record states."),
    ]
    canonical_url: Annotated[
        str | None,
        Column(arrow=STRING, pattern=URL, description="The address without tracking, AMP or mobile variants."),
    ]
    source: Annotated[str, Column(arrow=STRING, min_length=1, description="The source that it was collected from.")]
    hostname: Annotated[str | None, Column(arrow=STRING, description="Host of the canonical URL, without www.")]
    title: Annotated[
        str | None, Column(arrow=STRING, min_length=1, description="Headline without the site's name; null for none.")
    ]
    authors: Annotated[tuple[str, ...], Column(arrow=STRINGS, description="Names of the authors, in order.")]
    published_at: Annotated[
        datetime | None,
        Column(arrow=TIMESTAMP, description="Time of publication; midnight UTC if only a day is known."),
    ]
    published_on: Annotated[
        date | None,
        Column(
            arrow=pa.date32(),
            description="Day of publication in the dateline that the page shows its readers; where it shows none, the "
            "day of the time of publication in the zone that the page states.",
        ),
    ]
    published_at_source: Annotated[
        DateSource, Column(arrow=STRING, values=DateSource, description="Where the time of publication was found.")
    ]
    modified_at: Annotated[datetime | None, Column(arrow=TIMESTAMP, description="Time of the last change, if stated.")]
    language: Annotated[
        str | None,
        Column(
            arrow=STRING,
            pattern="[a-z]{2,3}",
            description="ISO 639 code, as its record states it or detected on the text.",
        ),
    ]
    description: Annotated[str | None, Column(arrow=STRING, description="The page's own summary.")]
    text: Annotated[
        str, Column(arrow=STRING, min_length=1, description="The article's text, paragraphs separated by newlines.")
    ]
    word_count: Annotated[
        int,
        Column(arrow=pa.int32(), minimum=1, description="Words in the text by Unicode's word breaks (UAX 29, ICU)."),
    ]
    text_hash: Annotated[
        str, Column(arrow=STRING, pattern=HASH, description="SHA-256 of the text's words, case and spacing folded.")
    ]
    section: Annotated[str | None, Column(arrow=STRING, description="Section of the site or newspaper.")]
    tags: Annotated[tuple[str, ...], Column(arrow=STRINGS, description="Keywords that the page or record states.")]
    image_url: Annotated[str | None, Column(arrow=STRING, description="The page's main picture.")]
    extraction_method: Annotated[
        str, Column(arrow=STRING, pattern="[a-z_+]+", description="What found the text in the document.")
    ]
    lines_removed: Annotated[
        int, Column(arrow=pa.int32(), minimum=0, description="Boilerplate lines cut from the text.")
    ]
    revision: Annotated[
        int, Column(arrow=pa.int32(), minimum=0, description="0 for the first text seen at the URL, then counted up.")
    ]
    is_wire: Annotated[bool | None, Column(arrow=pa.bool_(), description="Agency copy; null where not examined.")]
    wire_agency: Annotated[str | None, Column(arrow=STRING, description="The agency of agency copy.")]
    raw_uri: Annotated[str, Column(arrow=STRING, min_length=1, description="Where the source bytes can be read again.")]
    fetched_at: Annotated[
        datetime | None, Column(arrow=TIMESTAMP, description="When the bytes were fetched, if known.")
    ]
    http_status: Annotated[
        int | None, Column(arrow=pa.int32(), minimum=100, maximum=599, description="Status of the response.")
    ]
    schema_version: Annotated[int, Column(arrow=pa.int32(), minimum=1, description="Version of these columns.")]
    pipeline_version: Annotated[str, Column(arrow=STRING, min_length=1, description="Version of newsmill.")]
    model_name: Annotated[
        str | None, Column(arrow=STRING, description="Language model that enriched it; null for none.")
    ]
    model_version: Annotated[str | None, Column(arrow=STRING, description="Version of the language model.")]
    site_name: Annotated[
        str | None, Column(since=2, arrow=STRING, description="Name of the site, as the page states it.")
    ] = None
    publisher: Annotated[
        str | None,
        Column(
            since=2, arrow=STRING, description="Name of the publisher or newspaper, as the page or record states it."
        ),
    ] = None
    modified_at_source: Annotated[
        DateSource | None,
        Column(since=2, arrow=STRING, values=DateSource, description="Where the time of the last change was found."),
    ] = DateSource.NONE
    revision_similarity: Annotated[
        float | None,
        Column(
            since=2,
            arrow=pa.float64(),
            minimum=0,
            maximum=1,
            description="Jaccard similarity (3-word shingles) to the revision before; null for revision 0.",
        ),
    ] = None
    words_added: Annotated[
        int | None,
        Column(
            since=2,
            arrow=pa.int32(),
            minimum=0,
            description="Words that the revision before has not; null for revision 0.",
        ),
    ] = None
    words_removed: Annotated[
        int | None,
        Column(
            since=2,
            arrow=pa.int32(),
            minimum=0,
            description="Words that only the revision before has; null for revision 0.",
        ),
    ] = None
    wire_evidence: Annotated[
        WireEvidence | None,
        Column(
            since=2, arrow=STRING, values=WireEvidence, description="Where the agency is credited; null for no agency."
        ),
    ] = None
    opt_outs: Annotated[
        tuple[OptOut, ...] | None,
        Column(
            since=2,
            arrow=STRINGS,
            description="What the publisher asks not to be done with the page: noindex, noarchive, noai, tdm, "
            "ai_robots.",
        ),
    ] = ()
    enrichment: Annotated[
        EnrichmentDepth | None,
        Column(
            since=2,
            arrow=STRING,
            values=EnrichmentDepth,
            description="What could be found in an article in its language: full, names (no speakers), rules (people "
            "and speakers by rules alone), or no_model.",
        ),
    ] = None
    guid: Guid = None
    version: Version = None
    subhead: Subhead = None
    byline: Byline = None
    dateline: Dateline = None
    page: PrintPage = None
    slug: Slug = None
    urgency: Urgency = None
    topics: Topics = ()
    places: Places = ()
    genre: Genre = None
    editor_note: EditorNote = None
    copyright: Copyright = None
    usage_terms: UsageTerms = None
    embargoed_until: EmbargoedUntil = None
    stated_words: StatedWords = None
    stated_url: StatedUrl = None
    dateline_geoname_id: Annotated[
        int | None,
        Column(
            since=4,
            arrow=pa.int64(),
            minimum=1,
            description="The dateline's place in GeoNames, where it is decided.",
        ),
    ] = None
    changes: Annotated[
        tuple[Change, ...] | None,
        Column(
            since=4,
            arrow=CHANGES,
            description="Sentences that the revision added, removed, changed or moved, as they were and as they are; "
            "null for revision 0.",
        ),
    ] = None
    story_id: Annotated[
        str | None,
        Column(
            since=4,
            arrow=STRING,
            pattern=ARTICLE_ID,
            description="The same for articles on the same event, across outlets and dates: the article_id of the "
            "first one in the window; its own for one that stands alone.",
        ),
    ] = None
    story_terms: Annotated[
        bytes | None,
        Column(
            since=4,
            arrow=pa.binary(),
            description="What stories are told by: the weightiest names and words of headline and beginning, five "
            "bytes each (32 bits of a hash, the first for a name, and the weight).",
        ),
    ] = None
    images: Annotated[
        tuple[Image, ...] | None,
        Column(
            since=4,
            arrow=IMAGES,
            description="Pictures in the article, in order of the page, each with its caption and whom it is credited "
            "to; null for what is no page.",
        ),
    ] = None
    furniture: Annotated[
        tuple[FurnitureLine, ...] | None,
        Column(
            since=4,
            arrow=FURNITURE,
            description="Lines cut from the text since they stand on page after page of the host, with their place "
            "among its lines; null for none.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Record):
    """A mention of a named entity."""

    table: ClassVar[str] = "entities"
    grain: ClassVar[str] = "a mention of an entity"
    sorted_by: ClassVar[tuple[str, ...]] = ("entity_id", "article_id", "mention_index")

    article_id: ArticleId
    mention_index: Annotated[
        int, Column(arrow=pa.int32(), minimum=0, description="Position among the article's mentions, in order of text.")
    ]
    text: Annotated[str, Column(arrow=STRING, min_length=1, description="The mention as it stands in the text.")]
    start: Annotated[
        int,
        Column(arrow=OFFSET, minimum=0, description="Offset of its first character in articles.text (code points)."),
    ]
    end: Annotated[int, Column(arrow=OFFSET, minimum=1, description="Offset behind its last character.")]
    label: Annotated[str, Column(arrow=STRING, pattern="[A-Z_]+", description="Class of the entity (OntoNotes).")]
    entity_id: Annotated[
        str,
        Column(arrow=STRING, pattern=ARTICLE_ID, description="Identity, the same in every article and run."),
    ]
    entity_name: Annotated[
        str, Column(arrow=STRING, min_length=1, description="The entity's fullest name in the article.")
    ]
    country_code: Annotated[
        str | None,
        Column(
            arrow=STRING,
            pattern="[A-Z]{2}",
            description="ISO 3166 code of a place or nationality, or of the country whose organ a body is.",
        ),
    ]
    within: Annotated[
        int | None,
        Column(
            since=2,
            arrow=pa.int32(),
            minimum=0,
            description="The mention_index of the name that this one is part of (Ghana in Bank of Ghana), else null.",
        ),
    ] = None
    role: Annotated[
        str | None,
        Column(
            since=2,
            arrow=STRING,
            min_length=1,
            description="What the words right beside a person's name say that they are: Russian Foreign Minister.",
        ),
    ] = None
    geoname_id: Annotated[
        int | None,
        Column(
            since=4,
            arrow=pa.int64(),
            minimum=1,
            description="The place in GeoNames, where the article decides among those of the name; a people's country.",
        ),
    ] = None
    latitude: Annotated[
        float | None,
        Column(
            since=4,
            arrow=pa.float64(),
            minimum=-90,
            maximum=90,
            description="Degrees (WGS 84); of a country that of its capital, of a division that of its largest town.",
        ),
    ] = None
    longitude: Annotated[
        float | None,
        Column(since=4, arrow=pa.float64(), minimum=-180, maximum=180, description="Degrees, as the latitude."),
    ] = None
    admin1: Annotated[
        str | None,
        Column(since=4, arrow=STRING, description="The state, province or region that the place is or lies in."),
    ] = None
    place_kind: Annotated[
        PlaceKind | None, Column(since=4, arrow=STRING, values=PlaceKind, description="What the place is.")
    ] = None
    place_confidence: Annotated[
        float | None,
        Column(since=4, arrow=pa.float64(), minimum=0, maximum=1, description="The chance that it is that place."),
    ] = None
    authority_id: Annotated[
        str | None,
        Column(
            since=4,
            arrow=STRING,
            min_length=1,
            description="Id of the entity_name in the authority of the settings; null where none or several have it.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text: character offsets into articles.text, end exclusive."""

    start: int
    end: int


SEGMENTS = pa.list_(pa.struct([pa.field("start", OFFSET, nullable=False), pa.field("end", OFFSET, nullable=False)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One of several who said the same words together: name, identity, and offsets of the mention in the text."""

    name: str
    entity_id: str | None
    start: int
    end: int


SPEAKERS = pa.list_(
    pa.struct(
        [
            pa.field("name", STRING),
            pa.field("entity_id", STRING),
            pa.field("start", OFFSET),
            pa.field("end", OFFSET),
        ]
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Record):
    """A quotation and, where the text tells, who said it."""

    table: ClassVar[str] = "quotes"
    grain: ClassVar[str] = "a quotation"
    sorted_by: ClassVar[tuple[str, ...]] = ("speaker_name", "article_id", "quote_index")
    nearly_unique: ClassVar[frozenset[str]] = frozenset({"quote_id", "text", "words_hash"})

    article_id: ArticleId
    quote_id: Annotated[
        str,
        Column(
            arrow=STRING,
            pattern=ARTICLE_ID,
            description="The same for quotations of the same words, shortened or changed a little, across articles and "
            "dates: the words_hash of the first one in the window.",
        ),
    ]
    quote_index: Annotated[
        int,
        Column(arrow=pa.int32(), minimum=0, description="Position among the article's quotations, in order of text."),
    ]
    text: Annotated[
        str,
        Column(arrow=STRING, min_length=1, description="The words without the outer marks: articles.text[start:end]."),
    ]
    start: Annotated[int, Column(arrow=OFFSET, minimum=0, description="Offset of the first quoted character.")]
    end: Annotated[int, Column(arrow=OFFSET, minimum=1, description="Offset behind the last quoted character.")]
    segments: Annotated[
        tuple[Segment, ...], Column(arrow=SEGMENTS, description="The quoted parts, where a cue stands in between.")
    ]
    kind: Annotated[QuoteKind, Column(arrow=STRING, values=QuoteKind, description="How the words are reported.")]
    speaker_text: Annotated[str | None, Column(arrow=STRING, description="The speaker as the text names them there.")]
    speaker_start: Annotated[
        int | None, Column(arrow=OFFSET, minimum=0, description="Offset of the speaker's mention.")
    ]
    speaker_end: Annotated[
        int | None, Column(arrow=OFFSET, minimum=1, description="Offset behind the speaker's mention.")
    ]
    speaker_entity_id: Annotated[
        str | None,
        Column(
            arrow=STRING, pattern=ARTICLE_ID, references="entities.entity_id", description="Identity of the speaker."
        ),
    ]
    speaker_name: Annotated[
        str | None, Column(arrow=STRING, min_length=1, description="Resolved name of the speaker; null where unknown.")
    ]
    speaker_role: Annotated[str | None, Column(arrow=STRING, description="Role that the text gives the speaker.")]
    cue: Annotated[str | None, Column(arrow=STRING, description="The verb or phrase that attributes the words.")]
    cue_start: Annotated[int | None, Column(arrow=OFFSET, minimum=0, description="Offset of the cue.")]
    cue_end: Annotated[int | None, Column(arrow=OFFSET, minimum=1, description="Offset behind the cue.")]
    method: Annotated[
        SpeakerMethod,
        Column(arrow=STRING, values=SpeakerMethod, description="How the speaker was found, or why nobody is named."),
    ]
    confidence: Annotated[
        float | None,
        Column(
            arrow=pa.float64(),
            minimum=0,
            maximum=1,
            description="Chance that the speaker is right; null for none, and for one that the text does not tell.",
        ),
    ]
    words_hash: Annotated[
        str | None,
        Column(
            since=2,
            arrow=STRING,
            pattern=ARTICLE_ID,
            description="Hash of its own words, whatever their case, marks and accents; null where it is the quote_id.",
        ),
    ] = None
    speakers: Annotated[
        tuple[Speaker, ...] | None,
        Column(
            since=3,
            arrow=SPEAKERS,
            description="Everybody who said the words together, in order of text, the one of speaker_name first; "
            "null where one speaker did, or none is known.",
        ),
    ] = None
    is_disputed: Annotated[
        bool | None,
        Column(
            since=3,
            arrow=pa.bool_(),
            description="Whether other articles that carry the quotation, of the same or an earlier date, give it to "
            "another person; null where none gives it to anybody.",
        ),
    ] = None
    own_method: Annotated[
        SpeakerMethod | None,
        Column(
            since=3,
            arrow=STRING,
            values=SpeakerMethod,
            description="Why the article itself names nobody, where method is elsewhere; else null.",
        ),
    ] = None
    speaker_kind: Annotated[
        SpeakerKind | None,
        Column(
            since=4,
            arrow=STRING,
            values=SpeakerKind,
            description="What kind of source speaks, whether it has a name or not; null where the words do not tell.",
        ),
    ] = None
    speaker_authority_id: Annotated[
        str | None,
        Column(since=4, arrow=STRING, min_length=1, description="The authority_id of the speaker's entity."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Record):
    """An article that was suppressed because another one stands for it."""

    table: ClassVar[str] = "duplicates"
    grain: ClassVar[str] = "a suppressed article"
    sorted_by: ClassVar[tuple[str, ...]] = ("source", "article_id", "input_id")
    nearly_unique: ClassVar[frozenset[str]] = frozenset({"article_id", "input_id", "text", "text_hash", "title", "url"})

    input_id: Annotated[str, Column(arrow=STRING, min_length=1, description="The input, within its run.")]
    article_id: Annotated[str, Column(arrow=STRING, pattern=ARTICLE_ID, description="Id of the suppressed article.")]
    url: Annotated[str | None, Column(arrow=STRING, description="Address of the suppressed article.")]
    duplicate_of: Annotated[
        str, Column(arrow=STRING, pattern=ARTICLE_ID, description="Id of the article that was kept.")
    ]
    duplicate_of_date: Annotated[
        date, Column(arrow=pa.date32(), description="Logical date of the article that was kept.")
    ]
    method: Annotated[
        DuplicateMethod, Column(arrow=STRING, values=DuplicateMethod, description="What the two have in common.")
    ]
    similarity: Annotated[
        float,
        Column(
            arrow=pa.float64(),
            minimum=0,
            maximum=1,
            description="Jaccard similarity of the two texts (3-word shingles), 1 for equal words.",
        ),
    ]
    title: Annotated[str | None, Column(arrow=STRING, description="Headline of the suppressed article.")]
    source: Annotated[str, Column(arrow=STRING, min_length=1, description="Source of the suppressed article.")]
    published_at: Annotated[datetime | None, Column(arrow=TIMESTAMP, description="Its time of publication.")]
    containment: Annotated[
        float | None,
        Column(
            since=2,
            arrow=pa.float64(),
            minimum=0,
            maximum=1,
            description="How much of the shorter text stands in the longer one.",
        ),
    ] = None
    hostname: Annotated[
        str | None, Column(since=2, arrow=STRING, description="Host that the suppressed article stands on.")
    ] = None
    wire_agency: Annotated[str | None, Column(since=2, arrow=STRING, description="The agency that it credits.")] = None
    text_hash: Annotated[
        str | None, Column(since=2, arrow=STRING, pattern=HASH, description="Hash of its words, as in articles.")
    ] = None
    text: Annotated[
        str | None, Column(since=2, arrow=STRING, description="Its text; null where its words are the kept article's.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """A link in an article's text."""

    table: ClassVar[str] = "links"
    grain: ClassVar[str] = "a link in an article's text"
    sorted_by: ClassVar[tuple[str, ...]] = ("domain", "article_id", "link_index")
    nearly_unique: ClassVar[frozenset[str]] = frozenset({"canonical_url", "target_article_id", "text", "url"})

    article_id: ArticleId
    link_index: Annotated[
        int, Column(arrow=pa.int32(), minimum=0, description="Position among the article's links, in order of text.")
    ]
    text: Annotated[str, Column(arrow=STRING, min_length=1, description="The linked words: articles.text[start:end].")]
    start: Annotated[int, Column(arrow=OFFSET, minimum=0, description="Offset of the first linked character.")]
    end: Annotated[int, Column(arrow=OFFSET, minimum=1, description="Offset behind the last linked character.")]
    url: Annotated[
        str,
        Column(
            arrow=STRING,
            min_length=1,
            description="Where it leads, in full; as it is written where the address of its page is not known.",
        ),
    ]
    canonical_url: Annotated[
        str | None,
        Column(
            arrow=STRING,
            pattern=URL,
            description="The address without tracking, variants and counters of clicks; null for none on the web.",
        ),
    ]
    host: Annotated[str | None, Column(arrow=STRING, description="Host of the canonical URL, without www.")]
    domain: Annotated[
        str | None, Column(arrow=STRING, description="The host's registrable domain by the public suffix list.")
    ]
    kind: Annotated[LinkKind, Column(arrow=STRING, values=LinkKind, description="What it leads to.")]
    rel: Annotated[
        str | None, Column(arrow=STRING, description="The link's rel attribute: nofollow, sponsored, author.")
    ]
    target_article_id: Annotated[
        str | None,
        Column(
            arrow=STRING,
            pattern=ARTICLE_ID,
            description="The article_id that a page at that address has: joins to articles of any date where the lake "
            "holds it. Null for social, document and self.",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry(Record):
    """What dedupe remembers of an article or a duplicate; see docs/deduplication.md."""

    table: ClassVar[str] = "ledger"
    grain: ClassVar[str] = "an article or a duplicate"
    sorted_by: ClassVar[tuple[str, ...]] = ("published_at", "article_id", "text_hash")
    nearly_unique: ClassVar[frozenset[str]] = frozenset({"article_id"})

    article_id: Annotated[str, Column(arrow=STRING, pattern=ARTICLE_ID, description="The article's id.")]
    text_hash: Annotated[int, Column(arrow=pa.int64(), description="The first 64 bits of the text's hash.")]
    published_at: Annotated[datetime | None, Column(arrow=TIMESTAMP, description="Its time of publication.")]
    is_kept: Annotated[bool, Column(arrow=pa.bool_(), description="In articles; false for what is in duplicates.")]
    revision: Annotated[int, Column(arrow=pa.int32(), minimum=0, description="As in articles; 0 for a duplicate.")]
    sketch: Annotated[
        bytes,
        Column(
            arrow=pa.binary(),
            description="The smallest hashes of the text's shingles, 32 bits each; empty for short texts and for those "
            "with the words of the article that stands for them.",
        ),
    ]
    version: Annotated[
        str, Column(arrow=STRING, min_length=1, description="Everything that a sketch depends on, but the text.")
    ]
    hostname: Annotated[
        str | None, Column(since=4, arrow=STRING, description="As in articles; null for a duplicate.")
    ] = None
    lines: Annotated[
        bytes | None,
        Column(
            since=4,
            arrow=pa.binary(),
            description="Lines that may be furniture of the host, five bytes each (32 bits of a hash, and what the "
            "line is on its page); null where none is looked for.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection(Record):
    """An input that did not become an article, and why."""

    table: ClassVar[str] = "rejections"
    grain: ClassVar[str] = "an input that did not become an article"
    sorted_by: ClassVar[tuple[str, ...]] = ("stage", "reason", "input_id")
    nearly_unique: ClassVar[frozenset[str]] = frozenset({"input_id", "url"})

    input_id: Annotated[str, Column(arrow=STRING, min_length=1, description="The input, within its run.")]
    url: Annotated[str | None, Column(arrow=STRING, description="Address of the input, if known.")]
    stage: Annotated[Stage, Column(arrow=STRING, values=Stage, description="The stage that rejected it.")]
    reason: Annotated[Reason, Column(arrow=STRING, values=Reason, description="Why, from a closed list.")]
    detail: Annotated[str, Column(arrow=STRING, description="Why, in words, with what to do where something helps.")]
    expectation: Annotated[str | None, Column(arrow=STRING, description="The expectation that the row failed.")]
    raw_uri: Annotated[str | None, Column(arrow=STRING, description="Where the input can be read again.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Record):
    """The execution that published a date."""

    table: ClassVar[str] = "runs"
    grain: ClassVar[str] = "a published run"
    sorted_by: ClassVar[tuple[str, ...]] = ("attempt_id",)

    attempt_id: Annotated[str, Column(arrow=STRING, min_length=1, unique=True, description="One execution of the run.")]
    status: Annotated[RunStatus, Column(arrow=STRING, values=RunStatus, description="How the execution ended.")]
    started_at: Annotated[datetime, Column(arrow=TIMESTAMP, description="Start of the execution.")]
    finished_at: Annotated[datetime, Column(arrow=TIMESTAMP, description="Time of the commit.")]
    sources: Annotated[tuple[str, ...], Column(arrow=STRINGS, description="What was asked to be read.")]
    read_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Inputs.")]
    article_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Rows in articles.")]
    duplicate_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Rows in duplicates.")]
    rejection_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Rows in rejections.")]
    entity_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Rows in entities.")]
    quote_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Rows in quotes.")]
    attributed_count: Annotated[int, Column(arrow=pa.int64(), minimum=0, description="Quotations with a speaker.")]
    stage_seconds: Annotated[
        str, Column(arrow=STRING, pattern=r"\{.*\}", description="JSON object: stage to seconds of wall time.")
    ]
    validation: Annotated[
        str,
        Column(arrow=STRING, pattern=r"\{.*\}", description="JSON object: expectations checked, failed and warned."),
    ]
    input_hash: Annotated[str, Column(arrow=STRING, pattern=HASH, description="SHA-256 over the inputs in order.")]
    config_hash: Annotated[
        str, Column(arrow=STRING, pattern=HASH, description="SHA-256 over the settings that change rows.")
    ]
    schema_version: Annotated[int, Column(arrow=pa.int32(), minimum=1, description="Version of the tables' columns.")]
    pipeline_version: Annotated[str, Column(arrow=STRING, min_length=1, description="Version of newsmill.")]
    model_name: Annotated[str, Column(arrow=STRING, min_length=1, description="Language model.")]
    model_version: Annotated[str, Column(arrow=STRING, min_length=1, description="Version of the language model.")]
    library_versions: Annotated[
        str,
        Column(arrow=STRING, pattern=r"\{.*\}", description="JSON object: library to version, those that change rows."),
    ]
    source_names: Annotated[
        tuple[str, ...] | None, Column(since=2, arrow=STRINGS, description="The names of the sources, in order.")
    ] = None
    ledger_hash: Annotated[
        str | None,
        Column(
            since=2, arrow=STRING, pattern=HASH, description="SHA-256 over what was taken from earlier dates' articles."
        ),
    ] = None
    file_hashes: Annotated[
        tuple[str, ...] | None,
        Column(arrow=STRINGS, since=2, description="SHA-256 of each file that the run landed in the other tables."),
    ] = None
    asked_sources: Annotated[
        int | None,
        Column(
            since=3,
            arrow=pa.int64(),
            minimum=0,
            description="Sources that list articles, and were asked for news of it.",
        ),
    ] = None
    answered_sources: Annotated[
        int | None, Column(since=3, arrow=pa.int64(), minimum=0, description="How many of them gave a listing.")
    ] = None
    notices: Annotated[
        tuple[str, ...] | None,
        Column(
            since=3, arrow=STRINGS, description="What a person ought to know of sources, by what most have in common."
        ),
    ] = None
    link_count: Annotated[int | None, Column(since=4, arrow=pa.int64(), minimum=0, description="Rows in links.")] = None


SCHEMA_VERSION = 4
"""Counted up when a column of a table is added or changes its meaning."""

TABLES: tuple[type[Record], ...] = (Entity, Quote, Link, Duplicate, LedgerEntry, Rejection, Run, Article)
"""The tables of the lake in the order in which they are published: articles last, since all else hangs on them."""

KEY_FIELDS = (
    pa.field(
        "logical_date",
        pa.date32(),
        nullable=False,
        metadata={"description": "The day whose articles the run collected; the partition."},
    ),
    pa.field(
        "run_id",
        pa.string(),
        nullable=False,
        metadata={"description": "The run that made the row: a hash of date, inputs, configuration and versions."},
    ),
)


def table_schema(record: type[Record]) -> pa.Schema:
    """The Arrow schema of a landed table: the key columns that every table has, then the record's own."""
    return pa.schema([*KEY_FIELDS, *record.arrow_schema()])
