"""Phrases that tell what a line is by themselves, whatever stands around them."""

import re

_SERVICES = (
    r"facebook|twitter|whatsapp|reddit|linkedin|telegram|pinterest|instagram|youtube|tumblr|messenger|flipboard"
    r"|e-?mail|print|x|threads|bluesky|mastodon|sms|pocket|copy|link|copied"
)
_NAME = r"[A-Z][\w.'’-]+(?: (?:de |van |von |al |el |bin )?[A-Z][\w.'’-]+){1,3}"

type _Kind = tuple[str, tuple[str, ...]]
"""The name of a kind of phrase and its forms; a form is a pattern that the whole line matches."""

_CERTAIN: tuple[_Kind, ...] = (
    (
        "advertisement",
        (
            r"\W*(?:advertisements?(?: \d+)?|sponsored(?: content)?|promoted content|paid content|advert)\W*",
            r"\W*\[ad_\d+\]\W*",
            r"\W*(?:story|article) continues (?:below|after).{0,40}\W*",
            r"\W*(?:scroll (?:down )?to continue.{0,40}|continue reading below|ad feedback|ads by .{1,30})\W*",
        ),
    ),
    (
        "share bar",
        (
            (
                rf"\W*(?:(?:re)?tweet|share|like|pin it|save|{_SERVICES}|share this(?: (?:article|story|page|post|on))?"
                r"|follow us|follow|close button)"
                rf"(?:\W+(?:{_SERVICES}|on|via|to|by|this|article|story|post|comments?|close|button|share|tweet|save|\d+))*"
                r"\W*"
            ),
        ),
    ),
    (
        "embed box",
        (r"copy/?paste the .{0,60}embed.*", r"copy (?:link )?to clipboard.*", r"embed(?: (?:code|video))?"),
    ),
    (
        "navigation",
        (
            (
                r"(?:go|skip|jump|back) to .{0,30}"
                r"(?:shortcuts|content|navigation|menu|top|main|search|footer|homepage)"
            ),
            r"loader|loading\W*|(?:main )?menu|search|home ?page|home|log ?in|sign ?in|log ?out|register|close|next",
            r"previous|prev|newsletters?|subscribe|sign up|top of page|show more|load more|view all|see all",
            r"toggle .{0,30}",
        ),
    ),
    ("source link", (r"(?:source|original) (?:link|article|url)\W*",)),
    (
        "picture control",
        (
            r"(?:click|tap) (?:here )?(?:to|on .{0,20} to) (?:see|view|enlarge|zoom|expand).{0,40}",
            r"(?:view|open|enlarge|see full.size) (?:this )?(?:image|photo|gallery).{0,20}",
            r"image (?:\d+ )?of \d+|hide caption|toggle caption|view \d+ photos",
        ),
    ),
    (
        "comment form",
        (
            r"leave (?:a|your) (?:reply|comment)\W*(?:cancel reply)?",
            r"your e-?mail address will not be published\..{0,60}|required fields are marked\W*",
            r"(?:post|add|write) (?:a |your )?comment\W*",
            r"(?:view |show |see )?(?:all )?\(?\d*\)? ?comments?(?: ?\(?\d+\)?)?",
            r"join the (?:conversation|discussion)\W*|be the first to comment\W*",
            r"save my name, email.{0,100}|notify me of .{0,80}",
        ),
    ),
    (
        "donation box",
        (
            r"[\d.,]+ ?[$€£]|[$€£] ?[\d.,]+",
            r"(?:donate|support us)(?: now)?\W*",
            r"do you like this (?:content|article)\?.{0,60}",
            r".{0,60}\bconsider (?:helping|supporting|donating to) us\b.{0,20}",
        ),
    ),
    (
        "related",
        (
            r"check also\W*|(?:read|see|watch) (?:more|next|also)\W*|also read\W*|see also\W*|up next\W*",
            r"related(?: (?:articles?|stories|story|posts?|news|topics|content|coverage|items|links|tags))?\W*",
            r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy).{0,20}",
            r"recommended(?: (?:for you|stories|articles|reading))?\W*|trending(?: now| stories)?\W*",
            r"(?:more|most) (?:from .{1,40}|popular|read|viewed|stories|news|recent)\W*",
            r"latest(?: (?:news|stories|articles|posts))?\W*",
            r"editor['’]?s['’]? picks?\W*|don['’]t miss\W*|what to read next\W*",
        ),
    ),
    ("copyright", (r"(?:©|copyright\b|\(c\) ?\d{4}).{0,160}", r".{0,80}\ball rights reserved.{0,80}")),
)
_LIKELY: tuple[_Kind, ...] = (
    (
        "newsletter",
        (
            r"(?:sign up|subscribe|register) (?:for|to|now|here).{0,120}",
            r"(?:get|receive) .{0,80}\b(?:inbox|newsletters?)\b.{0,60}",
            r".{0,80}\bdelivered (?:straight )?to your inbox\b.{0,40}",
        ),
    ),
    (
        "cookie notice",
        (
            r".{0,160}\bcookies\b.{0,160}\b(?:accept|agree|settings|policy|preferences|browser|website|site)\b.{0,200}",
            r"accept (?:all )?cookies",
        ),
    ),
    (
        "related link",
        (
            (
                r"(?:read|see|also read|watch|related|more|must read|recommended)(?: (?:more|also|next|here))?\s*[:|»>]"
                r".{3,200}"
            ),
        ),
    ),
    (
        "credit",
        (
            (
                r"(?:photo|image|picture|credit|source|photograph|illustration|video)s?"
                r"(?: (?:by|credit|courtesy|source|via))?\s*[:/|].{2,80}"
            ),
            r".{0,60}\b(?:getty images|shutterstock|via reuters|afp photo|ap photo)\b.{0,40}",
        ),
    ),
)
_AUTHOR_BOX = re.compile(rf"About (?:the [Aa]uthors?|{_NAME})\W*")
_BYLINE = re.compile(
    rf"(?:written |reported |posted |words |story |edited )?[Bb][Yy]:?\s+(?:{_NAME}|[A-Z][\w.'’ ,&|/-]{{2,70}})"
    r"|BY:?\s+[A-Z .,&'’-]{4,60}"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATELINE = re.compile(
    r"(?:(?:first )?(?:published|updated|posted|last (?:updated|modified|edited)|date|modified|created)"
    r"(?: (?:on|at|:))?\W*)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?|(?:mon|tue|wed|thu|fri|sat|sun)[.,]?)?\W*"
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{2,4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
    r"(?:\W*(?:at|@|t)?\W*\d{1,2}[:.]\d\d(?:[:.]\d\d)?)?(?:\W*[ap]\.?m\.?)?(?:\W*[a-z]{1,4})?(?:\W.{0,40})?"
    r"|(?:published|updated|posted)(?: (?:on|at))?\W*"
    r"|\d+ ?(?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?) (?:ago|read)",
    re.IGNORECASE,
)
_COMPILED = tuple((name, re.compile("|".join(forms), re.IGNORECASE)) for name, forms in (*_CERTAIN, *_LIKELY))
_ANY = re.compile("|".join(form for _, forms in (*_CERTAIN, *_LIKELY) for form in forms), re.IGNORECASE)
"""All of them at once: most lines are none, and are known for it in one step."""

BYLINE_PHRASES = frozenset({"byline", "dateline"})
CERTAIN_PHRASES = frozenset({name for name, _ in _CERTAIN})
"""Phrases that are never a sentence of an article; the others are evidence that the model weighs."""


def phrase_of(line: str) -> str | None:
    """The kind of phrase that the whole line is; None for most lines. White space in ``line`` is folded."""
    if len(line) > 400:
        return None
    if _ANY.fullmatch(line):
        return next(name for name, pattern in _COMPILED if pattern.fullmatch(line))
    if len(line) > 120:
        return None
    if _AUTHOR_BOX.fullmatch(line):
        return "author box"
    if _BYLINE.fullmatch(line):
        return "byline"
    return "dateline" if _DATELINE.fullmatch(line) else None
