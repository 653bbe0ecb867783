"""The house around the code: what is tracked names no machine, and the papers agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)|--(?:extra-)?index-url")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/[\w.-]+")


def tracked_texts() -> dict[str, str]:
    """Every tracked text file by its name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode:
        pytest.skip("not a git work tree: there is no list of tracked files")
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            try:
                texts[name] = (ROOT / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture or a font
    return texts


def project() -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE_PATH], ids=["registry", "machine_path"])
def test_tracked_files_name_no(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts().items()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_licence_of_the_package_is_the_licence_file() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project()["license"] == "EUPL-1.2"
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert "SPDX-License-Identifier: EUPL-1.2" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_changelog_has_a_place_for_what_is_new_and_the_version_of_the_package() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert headings[1:2] in ([], [project()["version"]])
