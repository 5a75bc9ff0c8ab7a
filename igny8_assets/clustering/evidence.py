"""What the results of a search engine say about which keywords one page answers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from igny8_assets.vocabulary import RESULTS, Reason


@dataclass(frozen=True)
class Tie:
    """Two keywords, by their places in a list, that one page answers; `shared` results, 0 for the same parent page."""

    first: int
    second: int
    reason: Reason
    shared: int = 0


def find_ties(
    texts: Sequence[str],
    parents: Sequence[str | None],
    pages: Sequence[str | None],
    results: Sequence[Sequence[str]],
    *,
    shared_urls: int,
) -> list[Tie]:
    """Find the keywords that belong together by evidence.

    Args:
        texts: n normalised texts.
        parents: for each the keyword whose page is the best known answer (Ahrefs' parent keyword), if known.
        pages: for each the page that ranks for it, if known; a home page says nothing, it ranks for anything.
        results: for each the URLs of its first results, the first ten of which count; none if unknown.
        shared_urls: from how many shared results two keywords are tied, 1 to 10.

    Returns:
        The ties, the strongest first: by shared results, then by parent page.
    """
    ties = sorted(_shared(results, shared_urls), key=lambda tie: (-tie.shared, texts[tie.first], texts[tie.second]))
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    at = {text: place for place, text in enumerate(texts)}
    for place in sorted(range(len(texts)), key=texts.__getitem__):
        parent, page = parents[place], pages[place]
        if parent:
            groups["parent", parent.casefold()].append(place)
        if page and (address := _address(page)):
            groups["page", address].append(place)
    for (kind, name), members in sorted(groups.items()):
        if kind == "parent" and name in at and at[name] not in members:
            members.append(at[name])
        ties += [Tie(members[0], other, Reason.PARENT) for other in members[1:]]
    return ties


def _shared(results: Sequence[Sequence[str]], least: int) -> Iterator[Tie]:
    """Pairs that share enough results, which together lead from each to all that it shares enough with.

    Two keywords that share `least` of their results share one of the rarest of each, all but `least` - 1 of them
    (prefix filtering: Bayardo, Ma and Srikant, Scaling Up All Pairs Similarity Search, 2007).
    """
    found = [frozenset(filter(None, map(_whole_address, urls[:RESULTS]))) for urls in results]
    # Keywords with the very same results are a chain; of them the first stands for all.
    first_with: dict[frozenset[str], int] = {}
    frequency: dict[str, int] = defaultdict(int)
    for place, addresses in enumerate(found):
        if len(addresses) < least:
            continue
        first = first_with.setdefault(addresses, place)
        if first != place:
            yield Tie(first, place, Reason.URLS, len(addresses))
            continue
        for address in addresses:
            frequency[address] += 1
    seen: dict[str, list[int]] = defaultdict(list)
    for addresses, place in first_with.items():
        rarest = sorted(addresses, key=lambda address: (frequency[address], address))[: len(addresses) - least + 1]
        for other in sorted({other for address in rarest for other in seen[address]}):
            shared = len(addresses & found[other])
            if shared >= least:
                yield Tie(other, place, Reason.URLS, shared)
        for address in rarest:
            # Where one shared result is enough, the last with it leads to all others.
            if least == 1:
                seen[address].clear()
            seen[address].append(place)


def _address(url: str) -> str:
    """A page's address without scheme, www, query and fragment; nothing for a home page or what is no address."""
    whole = _whole_address(url).partition("?")[0].rstrip("/")
    return whole if "/" in whole else ""


def _whole_address(url: str) -> str:
    """A page's address as results are compared: without scheme, www, fragment and a last slash."""
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
    except ValueError:
        return ""
    host = (parts.netloc or "").casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"
