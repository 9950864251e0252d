"""Addresses: the one that all variants of a page share, and whether a page's own word for its address is plausible."""

import posixpath
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import idna
from tld import get_fld

_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|gbraid|wbraid|gad_\w+|gclsrc|dclid|srsltid|msclkid|yclid|ysclid|ttclid|twclid|li_fat_id"
    r"|epik|rdt_cid|scclid|sc_cid|vmcid|irclickid|wickedid|hsa_\w+|_hsenc|_hsmi|__hs\w+|_kx|_bhlid|bsft_\w+|mkt_tok|vero_\w+"
    r"|oly_\w+|ml_subscriber(?:_hash)?|ns_(?:campaign|mchannel|source|linkname|fee)|at_(?:medium|campaign|custom\d+|link_\w+"
    r"|format|ptr_\w+|bbc_team|send_date)|wt_\w+|pk_\w+|piwik_\w+|mtm_\w+|matomo_\w+|fb_(?:action_\w+|source|ref)|guce_\w+"
    r"|guccounter|_ga|_gl|ga_(?:source|medium|campaign|content|term)|cmpid|s_cid|ncid|intcid|intcmp|s_kwcid|ef_id|ref_?src"
    r"|smid|smtyp|emc|ocid|xtor|taid|tpcc|ftag|spm|srnd|soc_src|soc_trk|ss_source|sr_share|dicbo|igsh(?:id)?|mibextid"
    r"|sfnsn|rdid|share_id|share_source|_{0,2}twitter_impression|_branch_\w+|__s|vgo_ee|wprov|usqp|cvid|gaa_\w+"
    r"|ftcamp|sfmc_\w+|hss_channel|itid|lctg|trk_(?:msg|contact|sid)|sref"
    r"|phpsessid|jsessionid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|sessionid|session_id|sessid|oscsid|zenid"
)
"""Parameters that say where a reader came from, or who is reading.

The names are those of the services that add them, as the lists of ClearURLs, AdGuard (TrackParamFilter), Brave and
Firefox have them. None of those is taken whole: no package on the registry carries one under a licence that we can pass
on, and all of them also name parameters by which sites number their stories, since a browser that drops one too many
loses nothing but a click, while two stories of one address are one story less.
"""
_PERHAPS_TRACKING = re.compile(
    r"ref|referr?er|ref_?url|cmp|icid|ito|share|feature|source|src|trk|traffic_source|partner|campaign|medium|from|cid"
    r"|mod|leadsource"
)
"""Parameters that say so on some sites, and on others number the stories: they are dropped if their value is words."""
_IDENTIFIER = re.compile(
    r"[\W_\d]*\d[\W_\d]*|(?=\w*\d)[0-9a-f]{6,}(?:-[0-9a-f]{4,})*"
    r"|(?:[a-z]{1,3}|article|story|item|news|page|post)[-_.]?\d{2,}",
    re.IGNORECASE,
)
"""A value that tells one page from the next: a number, with what it counts ahead of it perhaps, a hash or a UUID."""
_SESSION_VALUE = re.compile(r"(?:sid|s)=[0-9a-f]{32}", re.IGNORECASE)
"""Of names that others give to stories and sections."""
_ROUTE = re.compile(r"!/?.*\w.*|/.*\w.*", re.DOTALL)
"""A fragment that names a page, on sites that are one page to their server (``#!/story/17``)."""
_TEMPLATE = re.compile(
    r"\{\{|\}\}|\$\{|\{\w*\}|<[%?]|[%?]>|%7b%7b|%24%7b|\[\[|%%|\*\||\[(?:url|link|permalink)\]"
    r"|/(?:undefined|null|nan|\[object(?: |%20)object\]|__\w+__|:[a-z]\w*|@(?:model|html|item)\.\w+)(?=[/?#]|$)",
    re.IGNORECASE,
)
"""What a site's template or script leaves behind where it was to put an address."""
_HTML_AMPERSAND = re.compile(r"&(?:(?:amp|#0*38|#x0*26);)+", re.IGNORECASE)
"""As pages write the sign, escaped once or more often."""
_VIEW = re.compile(r"(?:amp|print|printable)(?:=(?:1|true|y|yes)?)?|(?:output|outputtype|view|mode)=(?:amp|print)")
"""Parameters that ask for another view of the page, with their values."""
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/index\.(?:html?|php|aspx?)$", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"(?:/amp|/[civ])(?:/s)?/(?P<address>[^/]+\..*)", re.DOTALL)
_AMP_HOST = re.compile(r"[^/]+\.cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]+")
_ANYBODYS = re.compile(
    r"a[cdgims]|bz|c[cdfo]|dj|eu|fm|g[aglq]|i[mos]|je|l[acy]|m[elsu]|nu|pw|s[chrtu]|t[kov]|v[cgu]|ws", re.IGNORECASE
)
"""Countries' codes that are sold to anybody, for what else they spell, and those of no country."""
_NAMED_OTHERWISE = {"UK": "GB"}
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

    Scheme and host in lower case, the host in ASCII; default ports, user names, session ids, tracking parameters and
    fragments (but for one that names a page) dropped, and so what asks for the AMP, mobile or print view; AMP caches
    give the address that they hold. The remaining parameters in order of name, escapes as RFC 3986 wants them, no
    trailing slash and no index page; the path keeps its case, since servers tell it apart. Takes any text.
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


def fetched_url(url: str | None) -> str | None:
    """The address of one view of a page: as :func:`canonical_url`, but with whatever may tell two stories apart.

    So with the parameters that are perhaps no tracking, and with parts of the path that mark a view on most sites.
    """
    text = "" if url is None else url.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    parts = _split(text)
    return _canonical(parts, is_view=True) if parts else None


def believable_url(stated: str | None, url: str | None) -> str | None:
    """The canonical form of the address that a page at ``url`` states for itself, or None if that cannot be it.

    Where ``url`` is known, it must be of the same registrable site; a page below a front page is not believed to be the
    front page. What a template left unfilled is no address.
    """
    if stated is not None and _TEMPLATE.search(stated):
        return None
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


def country_of(url: str | None) -> str | None:
    """The country that the host of an address is registered under, by its ISO 3166 code; None where anybody can be."""
    parts = _split(url or "")
    host = parts and parts.hostname
    code = host.rpartition(".")[2].upper() if host else ""
    if len(code) != 2 or not code.isalpha() or _ANYBODYS.fullmatch(code):
        return None
    return _NAMED_OTHERWISE.get(code, code)


def target_of(address: str) -> str:
    """The address that stands in a link by way of a service that counts clicks or checks links; else the link's own.

    Nothing is asked for: a link that has its target only in a database at the service is left as it is.
    """
    for _ in range(_MOST_CACHES):
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return address
        path = parts.path.rstrip("/").lower()
        names = next((n for hosts, paths, n in _REDIRECTORS if hosts.fullmatch(host) and re.fullmatch(paths, path)), ())
        found = dict(reversed(parse_qsl(parts.query)))
        stated = [found.get(name, "") for name in names]
        stated += [unquote(within["target"]) for form in _REDIRECTING_PATHS if (within := form.match(address))]
        target = next((url for url in stated if url.startswith(("http://", "https://"))), None)
        if target is None or _split(target) is None:
            return address
        address = target
    return address


_REDIRECTORS = (
    (
        re.compile(r"(?:www\.|news\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?"),
        r"/url|/news/url|/imgres",
        ("url", "q", "imgrefurl"),
    ),
    (re.compile(r"(?:www\.|cn\.)?bing\.com"), r"/news/apiclick\.aspx|/ck/a", ("url",)),
    (re.compile(r"[a-z0-9]+\.safelinks\.protection\.(?:outlook\.com|office365\.us)"), r".*", ("url",)),
    (re.compile(r"lm?\.(?:facebook|instagram)\.com|(?:www\.|m\.)?facebook\.com"), r"|/l\.php|/flx/warn", ("u",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), r"/redir/redirect|/safety/go", ("url",)),
    (re.compile(r"(?:www\.|m\.)?youtube\.com"), r"/redirect", ("q",)),
    (re.compile(r"(?:m\.)?vk\.com"), r"/away(?:\.php)?", ("to",)),
    (re.compile(r"t\.umblr\.com"), r"/redirect", ("z",)),
    (re.compile(r"(?:www\.)?duckduckgo\.com"), r"/l", ("uddg",)),
    (re.compile(r"(?:www\.)?slack-redir\.net"), r"/link", ("url",)),
    (re.compile(r"out\.reddit\.com"), r".*", ("url",)),
    (re.compile(r"(?:www\.)?getpocket\.com"), r"/redirect", ("url",)),
    (re.compile(r"go\.(?:skimresources|redirectingat)\.com"), r".*", ("url",)),
)
"""Hosts and paths, in lower case, of such services, and the parameters in which the target stands."""

_REDIRECTING_PATHS = (
    re.compile(r"https?://r\.search\.yahoo\.com/(?:[^/?]*/)*RU=(?P<target>[^/?]+)", re.IGNORECASE),
    re.compile(r"https?://urldefense\.(?:com|us)/v3/__(?P<target>.+?)__;", re.IGNORECASE),
    re.compile(r"https?://[^/]+\.awstrack\.me/L0/(?P<target>[^/?]+)", re.IGNORECASE),
)
"""Services in whose paths it stands."""


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(_HTML_AMPERSAND.sub("&", text))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname or re.search(r"\s", text) or port == 0:
        return None
    return parts


def _canonical(parts: SplitResult, *, is_view: bool = False) -> str | None:
    host = _host(parts.hostname or "")
    if host is None:
        return None
    port = f":{parts.port}" if parts.port and parts.port not in _DEFAULT_PORTS else ""
    fragment = _escaped(parts.fragment) if _ROUTE.fullmatch(parts.fragment) else ""
    path = _path(parts.path, is_view=is_view)
    return urlunsplit(("https", host + port, path, _query(parts.query, is_view=is_view), fragment))


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


def _path(path: str, *, is_view: bool = False) -> str:
    path = _SESSION.sub("", _escaped(path))
    kept = posixpath.normpath(f"/{path.lstrip('/')}")
    if not is_view:
        kept = "/".join(segment for segment in kept.split("/") if segment.lower() not in _VARIANT_SEGMENTS)
        kept = _AMP_SUFFIX.sub("", kept)
    return _INDEX.sub("", kept).rstrip("/") or "/"


def _query(query: str, *, is_view: bool = False) -> str:
    pairs = [
        (name, value)
        for name, value in _pairs(query)
        if not _is_tracking(name.lower(), value, is_view=is_view)
        and (is_view or not _VIEW.fullmatch(f"{name}={value}".lower()))
    ]
    return urlencode(sorted(pairs), errors="surrogateescape")


def _pairs(query: str) -> list[tuple[str, str]]:
    """Names and values; escapes that are no UTF-8 stay the bytes that they are, since those tell pages apart."""
    return parse_qsl(query, keep_blank_values=True, errors="surrogateescape")


def _is_tracking(name: str, value: str, *, is_view: bool) -> bool:
    if _TRACKING.fullmatch(name) or _SESSION_VALUE.fullmatch(f"{name}={value}"):
        return True
    return not is_view and bool(_PERHAPS_TRACKING.fullmatch(name)) and not _IDENTIFIER.fullmatch(value)


def _escaped(path: str) -> str:
    """Escapes in capitals and only where they are needed; ``ä`` as its escape."""
    return _HTML_AMPERSAND.sub("&", _ESCAPE.sub(_plain, quote(path, safe=_AS_IT_IS)))


def _plain(escape: re.Match[str]) -> str:
    letter = chr(int(escape[0][1:], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escape[0].upper()
