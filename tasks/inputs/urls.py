"""Addresses: the one that all variants of a page share, and whether a page's own word for its address is plausible."""

import posixpath
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import idna
from tld import get_fld

_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|gbraid|wbraid|gad_\w+|gclsrc|dclid|msclkid|yclid|ttclid|twclid|li_fat_id|igshid"
    r"|_ga|_gl|_hsenc|_hsmi|mkt_tok|vero_\w+|oly_\w+|ns_\w+|at_\w+|wt_\w+|pk_\w+|mtm_\w+|fb_\w+|guce_\w+|guccounter|ga_\w+"
    r"|cmpid|cmp|s_cid|ncid|intcid|icid|intcmp|s_kwcid|ef_id|ito|ref|referrer|ref_?src|ref_?url|smid|smtyp|emc|ocid|xtor"
    r"|taid|tpcc|ftag|spm|share|feature|soc_src|soc_trk|ss_source|sr_share|dicbo|trk|traffic_source|_{0,2}twitter_impression"
)
"""Parameters that say where a reader came from."""
_VIEW = re.compile(r"(?:amp|print|printable)(?:=(?:1|true|y|yes)?)?|(?:output|outputtype|view|mode)=(?:amp|print)")
"""Parameters that ask for another view of the page, with their values."""
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/index\.(?:html?|php|aspx?)$", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"(?:/amp|/[civ])(?:/s)?/(?P<address>[^/]+\..*)", re.DOTALL)
_AMP_HOST = re.compile(r"[^/]+\.cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]+")
_VARIANT_LABELS = frozenset({"www", "m", "mobile", "mobil", "touch", "wap", "amp"})
_VARIANT_SEGMENTS = frozenset({"amp", "print"})
_HOST = re.compile(r"[a-z0-9_.~-]+|[0-9a-f:.]+")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_AS_IT_IS = "!$&'()*+,-./:;=?@_~%[]|"
_SCHEMES = frozenset({"http", "https"})
_DEFAULT_PORTS = frozenset({80, 443})
_MOST_CACHES = 3


def canonical_url(url: str | None) -> str | None:
    """The address that all variants of one page share; None for none or for one that is not http(s).

    Scheme and host in lower case, the host in ASCII; default ports, user names, fragments, session ids and tracking
    parameters dropped, and so what asks for the AMP, mobile or print view; AMP caches give the address that they hold.
    The remaining parameters in order of name, escapes as RFC 3986 wants them, no trailing slash and no index page; the
    path keeps its case, since servers tell it apart. Takes any text.
    """
    text = "" if url is None else url.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    for _ in range(_MOST_CACHES):
        parts = _split(text)
        if parts is None:
            return None
        held = _AMP_HOST.fullmatch(parts.hostname or "") and _AMP_CACHE.fullmatch(parts.path)
        if not held:
            return _canonical(parts)
        text = urlunsplit(("", "", f"https://{held['address']}", parts.query, ""))
    return None


def believable_url(stated: str | None, url: str | None) -> str | None:
    """The canonical form of the address that a page at ``url`` states for itself, or None if that cannot be it.

    Where ``url`` is known, it must be of the same registrable site; a page below a front page is not believed to be the
    front page.
    """
    found, own = canonical_url(stated), canonical_url(url)
    if found is None or own is None or found == own:
        return found
    stands = urlsplit(found), urlsplit(own)
    if site(stands[0].hostname or "") != site(stands[1].hostname or ""):
        return None
    is_front, is_own_front = (parts.path in {"", "/"} and not parts.query for parts in stands)
    return None if is_front and not is_own_front else found


@lru_cache(maxsize=1 << 12)
def site(host: str) -> str:
    """The registrable part of a host by the public suffix list (``bbc.co.uk``), the host itself where there is none."""
    return get_fld(f"https://{host}", fail_silently=True, search_private=True) or host


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname or re.search(r"\s", text) or port == 0:
        return None
    return parts


def _canonical(parts: SplitResult) -> str | None:
    host = _host(parts.hostname or "")
    if host is None:
        return None
    port = f":{parts.port}" if parts.port and parts.port not in _DEFAULT_PORTS else ""
    return urlunsplit(("https", host + port, _path(parts.path), _query(parts.query), ""))


def ascii_host(host: str) -> str | None:
    """A host in ASCII and lower case, without the dot at its end; None for what is none."""
    host = unquote(host)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return None
    host = host.rstrip(".").lower()
    return host if _HOST.fullmatch(host) else None


def _host(stated: str) -> str | None:
    host = ascii_host(stated)
    if host is None:
        return None
    if ":" in host:
        return f"[{host}]"
    registered = site(host)
    labels = host.removesuffix(registered).split(".")[:-1]
    return ".".join([*(label for label in labels if label not in _VARIANT_LABELS), registered])


def _path(path: str) -> str:
    path = _SESSION.sub("", _escaped(path))
    segments = posixpath.normpath(f"/{path.lstrip('/')}").split("/")
    kept = "/".join(segment for segment in segments if segment.lower() not in _VARIANT_SEGMENTS)
    return _INDEX.sub("", _AMP_SUFFIX.sub("", kept)).rstrip("/") or "/"


def _query(query: str) -> str:
    pairs = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name.lower()) and not _VIEW.fullmatch(f"{name}={value}".lower())
    ]
    return urlencode(sorted(pairs))


def _escaped(path: str) -> str:
    """Escapes in capitals and only where they are needed; ``ä`` as its escape."""
    return _ESCAPE.sub(_plain, quote(path, safe=_AS_IT_IS))


def _plain(escape: re.Match[str]) -> str:
    letter = chr(int(escape[0][1:], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escape[0].upper()
