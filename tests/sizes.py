"""The two sizes of a failure test: a short form in every run, the full one in `make soak`."""

from typing import Any

import pytest


def sizes(names: str, *, short: Any, full: Any) -> pytest.MarkDecorator:
    """`names` as in pytest's parametrize."""
    return pytest.mark.parametrize(
        names, [pytest.param(*short, id="short"), pytest.param(*full, id="full", marks=pytest.mark.soak)]
    )
