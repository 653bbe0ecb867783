"""Reads the YAML that packages carry in their library/: texts, word lists, rules."""

import gc
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


def packaged_yaml(package: str, *path: str) -> Any:
    """What stands in PACKAGE/library/PATH, scalars as YAML 1.2 means them. Raises FileNotFoundError."""
    with files(package).joinpath("library", *path).open(encoding="utf-8") as document:
        loaded = YAML(typ="safe").load(document)
    gc.collect(0)  # the reader leaves a circle that holds all it has read
    return loaded
