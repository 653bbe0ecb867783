"""What would change about a round, in words."""

from collections.abc import Iterator

from bot.services.round_changes import Change, RoundPlan
from bot.services.workbooks.faults import phrases, shown
from bot.services.workbooks.form import Field, Sheet, round_form, said


def plan_sentences(plan: RoundPlan, language: str) -> Iterator[str]:
    """How many things would change, each of them, what is refused and why, and what stays."""
    said_of = phrases("changes", language)
    yield said_of[plan.status].format(code=plan.code, count=len(plan.changes))
    for change in plan.changes:
        yield f"  {change_sentence(change, language)}"
    if plan.kept_places:
        yield said_of["kept"].format(count=len(plan.kept_places), places=shown(", ".join(plan.kept_places)))


def change_sentence(change: Change, language: str) -> str:
    """``Sista dag: 2026-10-31 → 2026-11-15``, with why not where it is refused."""
    said_of = phrases("changes", language)
    before, after = (_in_words(change, text, language) for text in (change.before, change.after))
    text = f"{_named(change, language)}: {before} → {after}"
    return f"{text}. {said_of[change.refused]}" if change.refused else text


def _in_words(change: Change, text: str, language: str) -> str:
    if not text:
        return phrases("changes", language)["nothing"]
    field = _field(change)
    kind = field.kind if field else ""
    wording = round_form().choices.get("flag" if kind == "flow" else kind, {}).get(text)
    return said(wording, language) if wording else shown(text)


def _named(change: Change, language: str) -> str:
    sheet, field = _sheet(change.path[0]), _field(change)
    parts = [said(sheet.title, language)] if sheet else []
    if len(change.path) > 1:
        parts.append(change.path[1])
    if field is not None:
        parts.append(said(field.label, language))
    return ", ".join(parts) or ".".join(change.path)


def _sheet(name: str) -> Sheet | None:
    return next((s for s in round_form().sheets if s.is_table and s.name == name.split(".")[0]), None)


def _field(change: Change) -> Field | None:
    """The form's field, or the table's column, that the change is about."""
    for sheet in round_form().sheets:
        for field in sheet.fields:
            is_column = (
                sheet.is_table and len(change.path) == 3 and (sheet.name, field.key) == change.path[::2]
            )
            if is_column or (not sheet.is_table and (field.key,) == change.path):
                return field
    return None
