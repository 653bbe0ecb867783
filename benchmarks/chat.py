"""The web chat on its way to the first question: what travels, and how long a browser with nothing kept takes."""

import gzip
import re
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.figures import Effort, Figure
from benchmarks.server import serving
from benchmarks.serving import PROGRAM
from benchmarks.setting import an_sqlite_file, prepared
from bot.cli.demo import demonstration_round

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
_SLOW_4G = {"offline": False, "latency": 70, "downloadThroughput": 500_000, "uploadThroughput": 500_000}
"""70 ms and 4 Mbit/s, in the protocol's milliseconds and bytes a second."""
_ADDRESSES = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
_FROM_OPENING_TO_FIRST_QUESTION = """() => new Promise((done) => {
  const asked = () => {
    const question = document.querySelector("form.question h2");
    if (!question) return false;
    requestAnimationFrame(() => done((performance.now() - pressed + ready) / 1000));
    return true;
  };
  const ready = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  const pressed = performance.now();
  new MutationObserver((_, observer) => asked() && observer.disconnect())
    .observe(document.body, { childList: true, subtree: true });
  document.querySelector("#start button").click();
})"""
"""Opening the page, then pressing Start as soon as it can be: from the first byte asked for to the question drawn."""


def figures(effort: Effort) -> Iterator[Figure]:
    """Bytes are the same in every run; times are a resident's who presses Start at once."""
    with an_sqlite_file() as url, serving(PROGRAM, prepared(url)) as server:
        address = f"http://127.0.0.1:{server.port}"
        page = f"/chat/{demonstration_round().code}/residents"
        yield _bytes("the loader, compressed", [_size(address, "/static/widget.js")], most=2 * 1024)
        yield _bytes("everything until the first question, compressed", _sizes(address, page), most=12 * 1024)
        if shutil.which("chromium") is None:
            print("Chromium is not installed: no times")
            return
        yield from _times(address + page, effort)


def _bytes(name: str, sizes: list[int], *, most: int) -> Figure:
    return Figure(name=name, unit="bytes", values=(float(sum(sizes)),), most=most)


def _sizes(address: str, page: str) -> list[int]:
    """Of the page and of the styles and scripts that it names."""
    found = sorted(set(_ADDRESSES.findall(gzip.decompress(_fetched(address, page)))))
    return [_size(address, path) for path in (page, *(path.decode() for path in found))]


def _size(address: str, path: str) -> int:
    return len(_fetched(address, path))


def _fetched(address: str, path: str) -> bytes:
    request = Request(address + path.replace("&amp;", "&"), headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urlopen(request) as response:  # noqa: S310  our own server
        body: bytes = response.read()
    return body


def _times(page: str, effort: Effort) -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        _time(browser, page, None)  # the program's own caches are filled now
        for name, network, most in (("unshaped", None, 0.35), ("slow 4G: 70 ms, 4 Mbit/s", _SLOW_4G, 0.6)):
            values = tuple(_time(browser, page, network) for _ in range(effort.runs))
            yield Figure(name=f"first question, nothing kept, {name}", unit="s", values=values, most=most)
        browser.close()


def _time(browser: Any, page: str, network: dict[str, Any] | None) -> float:
    """In a context of its own, which keeps nothing of the one before."""
    context = browser.new_context(locale="sv-SE", viewport={"width": 390, "height": 844})
    opened = context.new_page()
    if network is not None:
        session = context.new_cdp_session(opened)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", network)
    opened.goto(page, wait_until="domcontentloaded")
    seconds = float(opened.evaluate(_FROM_OPENING_TO_FIRST_QUESTION))
    context.close()
    return seconds
