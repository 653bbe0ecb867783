"""What a round's papers are filled with: its own facts, and the names of those that it lacks. Nothing is invented."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.channels.numbers import to_readable
from bot.papers.paper import Facts, Table, table_of
from bot.papers.wording import LANGUAGES, sentence, unbroken
from bot.services.closing import ClosingPlan, plan_of, step_day
from bot.services.codebooks import question_alone
from bot.services.round_documents import LEGAL
from bot.services.surveys import load_published
from bot.services.version_changes import list_version_changes
from categories.catalogue import CURRENT
from flows.parsing import STREAMS
from storage import corrections, rounds
from storage.database import Session
from storage.rounds import AreaRow, FlowVersionRow, RoundRow
from summary.rows import VersionChange
from summary.versions import version_sentences
from summary.wording import Words
from text.typography import capitalised

_NEEDED = (*LEGAL, "municipality", "information_page", "telephone")
_SHOWN = ("controller", "diary_number", "dpia_date", "deletion_decision", "safeguard_mode")
_MODES = {"A": "mode_A", "B": "mode_B"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """A round as its papers know it."""

    row: RoundRow
    document: Mapping[str, Any]
    flows: tuple[FlowVersionRow, ...]
    """Every version that was asked, stream by stream, the latest first."""
    areas: tuple[AreaRow, ...]
    plan: ClosingPlan
    version_changes: tuple[VersionChange, ...] = ()


def gather_facts(session: Session, row: RoundRow, today: date) -> RoundFacts:
    return RoundFacts(
        row=row,
        document=rounds.get_round_document(session, row.id),
        flows=tuple(one.row for one in corrections.list_asked_flows(session, row.id)),
        areas=tuple(rounds.list_round_areas(session, row.id)),
        plan=plan_of(row, today),
        version_changes=list_version_changes(session, row),
    )


def facts_of(round_: RoundFacts, language: str) -> Facts:
    """With the tables that papers name: facts, retention, data, recipients, risks."""
    values, flags = _values(round_, language), _flags(round_)
    lacking = tuple(name for name in _NEEDED if not round_.document.get(name))
    bare = Facts(values=values, flags=flags, lacking=lacking)
    tables = {
        "facts": _facts_table(bare, language),
        "retention": retention_table(round_.plan, language),
    }
    if language == LANGUAGES[0]:  # what only the municipality and the police read
        tables |= {name: table_of(name, language, (), bare) for name in ("data", "recipients", "risks")}
    return Facts(values=values, flags=flags, lacking=lacking, tables=tables)


def retention_table(plan: ClosingPlan, language: str) -> Table:
    rows = [(step_day(step, language), sentence("closing", step.kind.value, language)) for step in plan.steps]
    return table_of("retention", language, rows)


def joined(parts: Iterable[str], language: str) -> str:
    return Words(language).and_(list(parts))


def _values(round_: RoundFacts, language: str) -> dict[str, object]:
    row, plan = round_.row, round_.plan
    words = Words(language)
    flows = sorted(round_.flows, key=lambda flow: STREAMS.index(flow.stream))
    return {
        **{name: str(round_.document.get(name, "")) for name in _NEEDED},
        "code": row.code,
        "name": row.name,
        "round": f"{row.name} ({row.code})",
        "number": unbroken(to_readable(row.phone_number)),
        "telephone": unbroken(str(round_.document.get("telephone", ""))),
        "keyword": _keyword(round_.document, language),
        "opens": plan.opens_on,
        "closes": plan.closes_on,
        "period": words.period(plan.opens_on, plan.closes_on),
        "answers_until": plan.answers_until,
        "erase_until": plan.dates.erase_until,
        "key_on": plan.dates.key_destroyed_on,
        "exact_from": plan.exact_from,
        "text_until": plan.dates.masked_text_until,
        "numbers_until": plan.dates.feedback_numbers_until,
        "codes_until": plan.dates.coded_answers_until,
        "decided_on": plan.decided_on or "",
        "answered": words.period(plan.opens_on, plan.answers_until),
        "sources": "; ".join(
            sentence("tables", f"stream_{stream}", language)
            for stream in dict.fromkeys(flow.stream for flow in flows)
        ),
        "versions": " ".join(version_sentences(round_.version_changes, words, _question_of(flows, language))),
        "flows": "; ".join(_title(flow, language) for flow in flows),
        "areas": joined((area.name for area in round_.areas), language),
        "languages": joined(_languages(round_.flows, language), language),
        "taxonomy": CURRENT,
    }


def _flags(round_: RoundFacts) -> frozenset[str]:
    options = {f"ask_{name}" for name, on in round_.document.get("options", {}).items() if on}
    named = {
        "decided": round_.plan.decided_on is not None,
        "closed_early": round_.plan.is_closed_early,
        "has_versions": bool(round_.version_changes),
        "has_feedback": any(_asks_for_numbers(flow) for flow in round_.flows),
    }
    mode = _MODES.get(str(round_.document.get("safeguard_mode", "")))
    return frozenset(options | {name for name, is_so in named.items() if is_so} | ({mode} if mode else set()))


def _title(flow: FlowVersionRow, language: str) -> str:
    """``Trygghet där du bor (residents, version 1)``."""
    title = flow.document["settings"].get("title") or {}
    named = title.get(language, flow.flow) if isinstance(title, Mapping) else str(title)
    return f"{named} ({flow.flow}, version {flow.version})"


def _question_of(flows: Iterable[FlowVersionRow], language: str) -> Callable[[VersionChange, str], str]:
    """The words of a question in the latest version that asks it."""
    labels: dict[tuple[str, str], str] = {}
    for flow in flows:
        for question in load_published(flow.document).questions:
            label = question_alone(question.label.get(language) or question.name)
            labels.setdefault((flow.flow, question.name), label)
    return lambda change, name: labels.get((change.flow, name), name)


def _asks_for_numbers(flow: FlowVersionRow) -> bool:
    """Residents may ask to hear about the results, whether a question offers it or not."""
    return flow.stream == "residents"


def _keyword(document: Mapping[str, Any], language: str) -> str:
    """The residents' keyword in the language, or else their first."""
    words = [k for k in document.get("keywords", []) if k["flow"] == "residents"]
    of_language = [k["word"] for k in words if k.get("language") == language]
    return str(next(iter([*of_language, *(k["word"] for k in words)]), ""))


def _languages(flows: Iterable[FlowVersionRow], language: str) -> list[str]:
    """Names of the languages that somebody can answer in."""
    codes: dict[str, None] = {}
    for flow in flows:
        codes |= dict.fromkeys(load_published(flow.document).languages)
    return [sentence("tables", f"language_{code}", language) for code in codes]


def _facts_table(facts: Facts, language: str) -> Table:
    named = ("municipality", *_SHOWN, "round", "period", "sources", "flows", "number", "information_page")
    rows = [
        (capitalised(sentence("tables", f"fact_{name}", language)), _shown(facts, name, language))
        for name in named
    ]
    return table_of("facts", language, rows)


def _shown(facts: Facts, name: str, language: str) -> str:
    if name in facts.lacking:
        what = sentence("tables", f"fact_{name}", language)
        return sentence("tables", "lacks", language, what=what)
    return str(facts.values[name])
