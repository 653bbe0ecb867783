"""The sites that may show a round's chat in a frame: checked in the round's document, read back from its row."""

import re
from collections.abc import Mapping

from flows.documents import DocumentReader

_HOST = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SITE = re.compile(rf"https://{_HOST}(?:\.{_HOST})+(?::[0-9]{{1,5}})?")
_ON_THIS_MACHINE = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?")
"""Browsers trust these without a certificate: for a rehearsal."""
_ADVICE = (
    "Write where the page is and nothing behind it, as https://www.are.se: no path, no star, small letters."
)


def read_sites(reader: DocumentReader, fields: Mapping[str, object]) -> list[str]:
    """The origins under `sites`, in order, each once. What is none is reported with its place."""
    sites: list[str] = []
    for index, site in enumerate(reader.words(fields.get("sites", ""), ("sites",))):
        if not (_SITE.fullmatch(site) or _ON_THIS_MACHINE.fullmatch(site)):
            reader.report("site", ("sites", index), f"{site!r} is not the address of a site", _ADVICE)
        elif site not in sites:
            sites.append(site)
    return sites


def sites_in(document: Mapping[str, object]) -> tuple[str, ...]:
    """The origins in a stored round; none in rounds that were stored before there were any."""
    found = document.get("sites")
    return tuple(str(site) for site in found) if isinstance(found, list) else ()
