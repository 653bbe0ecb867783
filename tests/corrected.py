"""Corrected versions of the residents' flow, as an author would hand them in."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.services.publishing import load_flow

ADDED = "Hur trygg känner du dig där mitt på dagen?"
NEW_WORDS = "Vad skulle göra det tryggare just här?"


def reworded(version: str = "2") -> dict[str, Any]:
    """Nothing but words: everybody goes over."""
    flow = _copy(version)
    _question(flow, "wish")["label"]["sv"] = NEW_WORDS
    _question(flow, "wish")["sms"] = {**_question(flow, "wish").get("sms", {}), "sv": NEW_WORDS}
    return flow


def more_and_fewer(version: str = "2") -> dict[str, Any]:
    """One question more (`daytime`) and one choice fewer: nobody goes over."""
    flow = _copy(version)
    places = [question.get("name") for question in flow["survey"]]
    safety = copy.deepcopy(_question(flow, "safety"))
    numbers = safety["sms"]["sv"].partition("?")[2]
    safety |= {"name": "daytime", "role": "daytime"}
    safety["label"] = {"sv": ADDED, "en": "How safe do you feel there at midday?"}
    safety["sms"] = {"sv": f"{ADDED}{numbers}", "en": safety["sms"]["en"]}
    flow["survey"].insert(places.index("safety") + 1, safety)
    return flow


def fewer_choices(flow: dict[str, Any], list_name: str, gone: str) -> dict[str, Any]:
    flow["choices"][list_name] = [one for one in flow["choices"][list_name] if one["name"] != gone]
    return flow


def _copy(version: str) -> dict[str, Any]:
    flow = copy.deepcopy(dict(load_flow("residents", Path())))
    flow["settings"]["version"] = version
    return flow


def _question(flow: Mapping[str, Any], name: str) -> dict[str, Any]:
    return next(question for question in flow["survey"] if question.get("name") == name)
