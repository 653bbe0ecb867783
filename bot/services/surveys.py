"""What seldom changes about a round once it is open, put together for the path of every message and kept.

A `Survey` is built from the database on first use in each process, and again when the round was changed: flows bound to
the round's areas and meetings, keywords, place codes, known places, the values that fill the texts.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from categories.places import Place, PlaceFinder
from flows.model import Choice, Flow, Wording
from flows.parsing import parse_flow, with_round_lists
from storage import corrections, rounds
from storage.database import Session
from storage.rounds import AreaRow, PlaceCodeRow, PlaceRow, RoundRow
from text.folding import folded
from text.normalising import for_matching
from text.place_codes import read_code

UNKNOWN_PLACE_CODE = "unknown"
_LONGEST_CODE = 14
_ASKED_BY_SMS = ("gender", "feedback")


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """A message that begins a survey: a keyword, a place code, or both."""

    stream: str
    language: str | None
    place_code: str
    with_keyword: bool


@dataclass(frozen=True, kw_only=True)
class Survey:
    """An opened round, ready for messages. Immutable."""

    round_id: int
    revision: int
    code: str
    values: Mapping[str, str]
    """What fills [K], [U], [T], [ORT], [VÄG], [ANTAL], [KOD] and [ORD] in texts."""
    given: Mapping[str, str]
    """Settings of the round that flows see as hidden values."""
    versions: Mapping[str, int]
    """By stream, the id of the flow version that is asked now."""
    flows: Mapping[int, Flow]
    """By version id, what is asked now first, then what was asked earlier in the round."""
    keywords: Mapping[str, tuple[str, str | None]]
    """Stream and language by folded keyword."""
    place_codes: Mapping[str, PlaceCodeRow]
    """Place codes by folded code."""
    places: PlaceFinder
    lists: Mapping[str, tuple[Choice, ...]] = field(repr=False)
    texts: Mapping[str, Wording] = field(default_factory=dict, repr=False)
    """Service texts in the languages that its flows offer besides those that Lyhörd is finished in."""
    keeps_alarms: bool = False
    """Mode B of the safeguards: what tells of danger is kept for the round's guardian."""

    def beginning(self, text: str) -> Beginning | None:
        """How `text` begins a survey ("TRYGG", "trygg duved 3", "Duved3"), or None where it does not."""
        words = [part.strip(".,:;!?\"'") for part in folded(for_matching(text)).split()]
        compact = "".join(words).replace("-", "")
        if words and words[0] in self.keywords:
            return self._with_keyword(words[0], compact[len(words[0]) :])
        for keyword in self.keywords:
            if compact.startswith(keyword) and self.find_place_code(compact[len(keyword) :]):
                return self._with_keyword(keyword, compact[len(keyword) :])
        code = self.find_place_code(compact)
        if code is not None:
            stream = "dialogue" if code.kind == "meeting" else "residents"
            if stream in self.versions:
                return Beginning(stream=stream, language=None, place_code=code.code, with_keyword=False)
        return None

    def find_place_code(self, text: str) -> PlaceCodeRow | None:
        """The place code that `text` is: letter by letter, but that O and 0, I and 1 are one in codes with a check."""
        if len(text) > _LONGEST_CODE:
            return None
        return self.place_codes.get(fold_code(text)) or self.place_codes.get(read_code(text).lower())

    def _with_keyword(self, keyword: str, rest: str) -> Beginning | None:
        if len(rest) > _LONGEST_CODE:
            return None
        stream, language = self.keywords[keyword]
        known = self.find_place_code(rest)
        code = known.code if known else (UNKNOWN_PLACE_CODE if rest else "")
        return Beginning(stream=stream, language=language, place_code=code, with_keyword=True)


class Surveys:
    """Surveys of this process, built once for each round. Safe for threads."""

    def __init__(self) -> None:
        self._by_round: dict[int, Survey] = {}
        self._lock = threading.Lock()

    def of(self, session: Session, round_row: RoundRow) -> Survey:
        """The survey of a round as it stands in `session`: built again where it was changed since."""
        survey = self._by_round.get(round_row.id)
        if survey is None or survey.revision != round_row.revision:
            with self._lock:
                survey = self._by_round.get(round_row.id)
                if survey is None or survey.revision != round_row.revision:
                    survey = self._by_round[round_row.id] = build_survey(session, round_row)
        return survey

    def flow(self, session: Session, survey: Survey, flow_version_id: int) -> Flow:
        """The flow version that a conversation began with, bound to the round's lists."""
        flow = survey.flows.get(flow_version_id)
        if flow is None:
            document = rounds.get_flow_document(session, flow_version_id)
            flow = with_round_lists(load_published(document), survey.lists)
        return flow


def build_survey(session: Session, round_row: RoundRow) -> Survey:
    """Read everything that messages to this round need."""
    document = rounds.get_round_document(session, round_row.id)
    place_codes = rounds.list_place_codes(session, round_row.id)
    lists = round_lists(rounds.list_round_areas(session, round_row.id), place_codes)
    asked = [one.row for one in corrections.list_asked_flows(session, round_row.id)]
    published = {row.id: load_published(row.document) for row in asked}
    versions = {row.stream: row.id for row in reversed(asked)}
    return Survey(
        round_id=round_row.id,
        revision=round_row.revision,
        code=round_row.code,
        values={
            **text_values(document, (published[version] for version in versions.values())),
            "KOD": first_meeting(place_codes),
        },
        given=given_values(document),
        versions=versions,
        flows={version: with_round_lists(flow, lists) for version, flow in published.items()},
        keywords={fold_code(k["word"]): (k["flow"], k.get("language")) for k in document["keywords"]},
        place_codes={fold_code(code.code): code for code in place_codes},
        places=PlaceFinder(place_of(row) for row in rounds.list_round_places(session, round_row.id)),
        lists=lists,
        texts=_texts_of(published.values()),
        keeps_alarms=keeps_alarms(document),
    )


def _texts_of(flows: Iterable[Flow]) -> dict[str, Wording]:
    texts: dict[str, Wording] = {}
    for flow in flows:
        for key, wording in flow.texts.items():
            texts[key] = {**wording, **texts.get(key, {})}
    return texts


def keeps_alarms(document: Mapping[str, Any]) -> bool:
    """Whether a round's document chooses mode B of the safeguards."""
    return document.get("safeguard_mode") == "B"


def load_published(document: Mapping[str, object]) -> Flow:
    """A published flow from its document. Raises ValueError where it is none: what is published was checked."""
    flow = parse_flow(document).flow
    if flow is None:
        raise ValueError("a published flow cannot be read: it was written by another version of the program")
    return flow


def round_lists(
    areas: Iterable[AreaRow], place_codes: Iterable[PlaceCodeRow]
) -> dict[str, tuple[Choice, ...]]:
    """The choices that flows take from the round: its areas and its meetings."""
    return {
        "areas": tuple(_area_choice(area) for area in areas),
        "meetings": tuple(_meeting_choice(code) for code in place_codes if code.kind == "meeting"),
    }


def first_meeting(place_codes: Iterable[PlaceCodeRow]) -> str:
    """A meeting's code as an example, for [KOD] in the question after it."""
    return next((code.code for code in place_codes if code.kind == "meeting"), "")


def text_values(document: Mapping[str, Any], flows: Iterable[Flow]) -> dict[str, str]:
    """What fills the placeholders of texts, from a round's document and the flows that it uses.

    [ANTAL] is how many questions residents get by SMS: the core, and what the round has switched on.
    """
    core = next((len(flow.core) for flow in flows if flow.stream == "residents"), 0)
    switched_on = sum(bool(document["options"].get(name)) for name in _ASKED_BY_SMS)
    return {
        "K": str(document["municipality"]),
        "U": str(document["information_page"]),
        "T": str(document["telephone"]),
        "ORT": str(document["example_village"]),
        "VÄG": str(document["example_road"]),
        "ANTAL": str(core + switched_on),
        "ORD": str(next((k["word"] for k in document["keywords"] if k["flow"] == "residents"), "")),
    }


def given_values(document: Mapping[str, Any]) -> dict[str, str]:
    """The settings of a round that flows see as hidden values: ask_gender and the like, yes or no."""
    return {f"ask_{name}": "yes" if on else "no" for name, on in document["options"].items()}


def place_of(row: PlaceRow) -> Place:
    """A place of the register as the finder of places knows it."""
    return Place(code=row.code, name=row.name, aliases=row.aliases, area=row.area_code)


def fold_code(code: str) -> str:
    """A keyword or place code as it is compared: lower case, no diacritics, no spaces or dashes."""
    return folded(for_matching(code)).replace(" ", "").replace("-", "")


def _area_choice(area: AreaRow) -> Choice:
    return Choice(
        name=area.code,
        key="",
        label={"sv": area.name, "en": area.name},
        synonyms={"sv": area.aliases, "en": area.aliases},
    )


def _meeting_choice(code: PlaceCodeRow) -> Choice:
    return Choice(
        name=code.code, key="", label={"sv": code.code, "en": code.code}, synonyms={"sv": (code.label,)}
    )
