"""Our PDF files as other programs see them: poppler's tools, and a reader of QR codes. Required where CI=true."""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import zxingcpp

_DOTS_PER_INCH = 150


@dataclass(frozen=True)
class PrintedFile:
    """A PDF in a file. `pages` are texts as they are read aloud, page by page."""

    path: Path

    @classmethod
    def of(cls, pdf: bytes, folder: Path) -> "PrintedFile":
        if shutil.which("pdftotext") is None:
            assert not os.environ.get("CI"), "poppler-utils is needed"
            pytest.skip("no poppler-utils")
        path = folder / "printed.pdf"
        path.write_bytes(pdf)
        return cls(path)

    @cached_property
    def pages(self) -> list[str]:
        text = self._run("pdftotext", "-raw", str(self.path), "-").decode()
        return [" ".join(page.split()).replace("\u2011", "-") for page in text.split("\f")[:-1]]

    @cached_property
    def facts(self) -> dict[str, str]:
        """What the file says of itself: Title, Tagged, Pages, Page size."""
        lines = self._run("pdfinfo", str(self.path)).decode().splitlines()
        return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @cached_property
    def fonts(self) -> str:
        return self._run("pdffonts", str(self.path)).decode()

    def quick_codes(self, page: int = 1) -> set[str]:
        """What the QR codes on a page say, read from the page as a picture."""
        at = ["-f", str(page), "-l", str(page), "-r", str(_DOTS_PER_INCH), "-gray"]
        picture = self._run("pdftoppm", *at, str(self.path))
        header, pixels = picture.split(b"\n255\n", 1)
        width, height = (int(number) for number in header.split()[1:3])
        image = memoryview(pixels).cast("B", shape=[height, width])
        return {found.text for found in zxingcpp.read_barcodes(image)}

    def words_outside(self, margin_pt: float) -> list[str]:
        """Words that stand nearer to an edge of their page than that."""
        document = ElementTree.fromstring(self._run("pdftotext", "-bbox", str(self.path), "-"))
        outside = []
        for page in document.iter("{http://www.w3.org/1999/xhtml}page"):
            width, height = float(page.attrib["width"]), float(page.attrib["height"])
            for word in page:
                left, top = float(word.attrib["xMin"]), float(word.attrib["yMin"])
                right, bottom = float(word.attrib["xMax"]), float(word.attrib["yMax"])
                if min(left, top, width - right, height - bottom) < margin_pt:
                    outside.append(word.text or "")
        return outside

    def _run(self, *command: str) -> bytes:
        return subprocess.run(command, capture_output=True, check=True).stdout
