"""Web addresses as people type them and publishers decorate them, brought back to the page itself."""

import re
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urljoin, urlsplit

# Names of parameters that say where a click came from and nothing about the page: those removed by
# https://github.com/mpchadwick/tracking-query-params-registry and browsers (read 2026-11-23).
_TRACKING = re.compile(
    r"(?:utm_|at_|mtm_|pk_|stm_|ns_|hsa_|sc_|vero_|_hs|mc_)\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|"
    r"yclid|twclid|ttclid|igshid|igsh|xtor|xtref|xts|wt_mc|wtrid|mkt_tok|oly_enc_id|oly_anon_id|s_cid|cmpid|"
    r"ncid|ftag|gaa_at|srsltid|epik|ref_src|ref_url|__twitter_impression|at_medium|at_campaign",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}", re.UNICODE)
_UNWRAPPERS = {
    "google": ("/url", ("url", "q")),
    "facebook": ("/l.php", ("u",)),
    "bing": ("/news/apiclick.aspx", ("url",)),
}


def typed_address(typed: str) -> str:
    """A whole http(s) address from what a person typed (`lemonde.fr`, `feed://…`), nothing if it is none."""
    address = typed.strip().strip("<>\"'«» \u00a0\u202f")
    for scheme in ("feed:", "itpc:", "pcast:", "rss:", "webcal:"):
        if address.lower().startswith(scheme):
            address = address[len(scheme) :].removeprefix("//")
    if not address or len(address) > 4000 or any(c.isspace() or not c.isprintable() for c in address):
        return ""
    if not address.lower().startswith(("http://", "https://")):
        scheme_like = ":" in address.partition("/")[0].partition(".")[0]
        if "://" in address or address.startswith(("@", "#", "/")) or scheme_like:
            return ""
        address = "https://" + address
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    literal = host.replace(".", "").isdigit() or ":" in host or host == "localhost"
    return address if literal or _HOST.fullmatch(host) else ""


def without_tracking(address: str) -> str:
    """The address without what only says where the click came from; unchanged if there is none."""
    if "?" not in address and "#" not in address:
        return address
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    fragment = "" if _TRACKING.match(parts.fragment) else parts.fragment
    if len(kept) == len(pairs) and fragment == parts.fragment:
        return address
    return parts._replace(query=urlencode(kept, quote_via=quote), fragment=fragment).geturl()


def unwrapped(address: str) -> str:
    """The page behind a search engine's redirect, its tracking removed; the address itself if it is none."""
    for _ in range(3):
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        labels = (parts.hostname or "").split(".")
        path, names = next((w for key, w in _UNWRAPPERS.items() if key in labels[-3:]), ("", ()))
        if not path or parts.path != path:
            break
        query = parse_qs(parts.query)
        inner = next((query[name][0] for name in names if name in query), "")
        if not inner.startswith(("http://", "https://")):
            break
        address = inner
    return without_tracking(address)


def absolute(address: str, base: str) -> str:
    """An http(s) address out of what a publisher wrote, completed by `base`, or nothing."""
    address = address.strip()
    if not address.startswith(("http://", "https://")):
        if not address:
            return ""
        address = joined(base, address)
        if not address.lower().startswith(("http://", "https://")):
            return ""
    return address.replace(" ", "%20") if " " in address else address


def joined(base: str, address: str) -> str:
    """`urljoin`, and nothing where one of the two is no address at all."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def site_of(address: str) -> str:
    """The host of an address in lower case, without `www.`; nothing for what has none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
