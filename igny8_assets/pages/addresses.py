"""What is an address of a site's page, and the one form in which it is kept."""

import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

LONGEST_URL = 2000
LONGEST_SHOWN = 80
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
# U+FFFD stands for what could not be decoded.
_FOREIGN_SIGNS = re.compile('[\\s<>"\\\\`{}|^\ufffd]')
_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*:)?[/\\\\]*")
_FILE_ENDING = re.compile(r"\.(html?|php|aspx?)$", re.IGNORECASE)


class NotAPage(Exception):
    """An address is not one of the site's pages; says why, and echoes no password."""


class OnAnotherSite(NotAPage):
    """An address is sound but stands on another domain than the site's."""


def page_address(text: str, domain: str) -> str:
    """The address of a page as it is kept: host in lower case, without a fragment.

    Args:
        text: an address as a sitemap or table has it.
        domain: the site's; its pages stand there, with or without www., and under it. Empty: anywhere.

    Raises:
        NotAPage: it is no http(s) address, or not one of this domain.
    """
    if not text:
        raise NotAPage("there is no address")
    if len(text) > LONGEST_URL:
        raise NotAPage(f"the address has {len(text):,} characters, {LONGEST_URL:,} are allowed")
    if has_login(text):
        raise NotAPage("the address holds a user name or a password; leave them out")
    if not text.isprintable() or _FOREIGN_SIGNS.search(text):
        raise NotAPage("the address holds signs that no address has")
    parts, host, port = _parts(text)
    if domain and not _is_under(host, domain):
        raise OnAnotherSite(f"{_shown(text)} is not on the site's domain {domain}")
    place = host if port in (None, PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))


def has_login(address: str) -> bool:
    """Whether an address holds a user name or a password, or what may be meant as one in an address that is broken."""
    rest = _SCHEME.sub("", address.strip())
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    _, colon, port = place.rpartition("]")[2].partition(":")
    # A password with an unescaped slash in it looks like a port.
    return "@" in place or ("@" in rest and colon == ":" and not port.isdecimal())


def host_of(address: str) -> str:
    """The host of an address for a person to read: in lower case, without www."""
    return bare(urlsplit(address).hostname or "")


def bare(host: str) -> str:
    """A host or domain in lower case, without www. and the dot that may end it."""
    return host.lower().rstrip(".").removeprefix("www.")


def title_of(url: str, domain: str, site_name: str) -> str:
    """A title from the last part of an address: `/blog/how-to-descale/` is "How to descale".

    The home page is called like the site, and that of a subdomain like its host.
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    words = re.sub(r"[-_+.]+", " ", _FILE_ENDING.sub("", unquote(parts[-1]))) if parts else ""
    words = one_line(words)
    if words:
        return words[:1].upper() + words[1:]
    host = host_of(url)
    return one_line(site_name) if host == bare(domain) and one_line(site_name) else host


def one_line(text: str) -> str:
    """The text on one line, without signs that can't be shown."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())


def _parts(text: str) -> tuple[SplitResult, str, int | None]:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        raise NotAPage(f"{_shown(text)} is not an address") from None
    if parts.scheme not in PORTS or not host:
        raise NotAPage(f"{_shown(text)} is not an http(s) address")
    if not _HOST.fullmatch(host):
        raise NotAPage(f"{_shown(text)} names no host that can exist")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise NotAPage(f"{_shown(text)} has a port that can't exist; ports are 1 to 65535")
    return parts, host, port


def _is_under(host: str, domain: str) -> bool:
    home = bare(domain)
    return host == home or host.endswith(f".{home}")


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
