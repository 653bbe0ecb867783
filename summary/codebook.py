"""What every code in the tables means, in words: lists of codes, their labels, what they are part of.

The round's own lists (categories, areas, choices) are handed in; those of the program itself stand here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from summary.released import MISSING, OTHER, UNSORTED
from summary.rows import Outcome
from text.typography import in_print


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One code of a list. `parent` is a code of the same list that this one is part of, or empty."""

    list: str
    code: str
    label: Mapping[str, str]
    parent: str = ""


class Codebook:
    """Labels and hierarchy by list. Lists: category area place place_code question_STREAM channel language outcome
    age gender role workplace when missing_groups, and the role of every other closed question.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lists: dict[str, dict[str, Entry]] = {}
        for entry in (*entries, *OWN):
            self._lists.setdefault(entry.list, {}).setdefault(entry.code, entry)

    def label(self, list_name: str, code: str, language: str) -> str:
        """The words for a code: in the language, else in Swedish, else the code itself."""
        entry = self._lists.get(list_name, {}).get(code) or self._lists["any"].get(code)
        if entry is None:
            return code
        return in_print(entry.label.get(language) or entry.label.get("sv") or code)

    def parents(self, list_name: str) -> dict[str, str]:
        """Parent by code, for the codes of the list that are part of another."""
        entries = self._lists["any"] | self._lists.get(list_name, {})
        return {code: entry.parent for code, entry in entries.items() if entry.parent}

    def order(self, list_name: str, codes: Iterable[str]) -> list[str]:
        """The codes as the list orders them; unknown ones after, by name."""
        place = {code: index for index, code in enumerate(self._lists.get(list_name, {}))}
        return sorted(set(codes), key=lambda code: (place.get(code, len(place)), code))

    def leaves(self, list_name: str) -> tuple[str, ...]:
        """Codes of the list that no other code is part of."""
        entries = self._lists.get(list_name, {})
        parts = {entry.parent for entry in entries.values()}
        return tuple(code for code in entries if code not in parts)

    def lists(self) -> tuple[str, ...]:
        """Names of the lists, those handed in first."""
        return tuple(self._lists)

    def entries(self, list_name: str) -> tuple[Entry, ...]:
        return tuple(self._lists.get(list_name, {}).values())


NO_ANSWER = "no_answer"
"""What refusals, *don't know* and questions not asked are part of."""


MERGED = "merged"
"""Stands for every workplace that too few answered at to stand by itself."""


MISSING_ANSWERS = ("dont_know", "refused", "skipped", "not_understood", "withheld")
"""Codes that stand where a choice would, and say why there is none."""


def _own(list_name: str, codes: Mapping[str, tuple[str, str]], parent: str = "") -> list[Entry]:
    return [
        Entry(list=list_name, code=code, label={"sv": swedish, "en": english}, parent=parent)
        for code, (swedish, english) in codes.items()
    ]


OWN: tuple[Entry, ...] = (
    *_own(
        "any",
        {
            NO_ANSWER: ("Inget svar eller vet ej", "No answer or don't know"),
            UNSORTED: ("Ännu inte sorterat", "Not sorted yet"),
            OTHER: ("Övriga", "Other"),
            "": ("Okänd", "Unknown"),
        },
    ),
    *_own(
        "any",
        {
            "dont_know": ("Vet ej", "Don't know"),
            "refused": ("Vill inte svara", "Would rather not say"),
            "skipped": ("Hoppade över", "Skipped"),
            "not_understood": ("Svaret gick inte att tolka", "Answer could not be read"),
            "withheld": (
                "Sparas inte av hänsyn till den som svarar",
                "Not kept, out of care for the respondent",
            ),
            MISSING: ("Fick inte eller besvarade inte frågan", "Not asked or not answered"),
        },
        parent=NO_ANSWER,
    ),
    *_own(
        "outcome",
        {
            Outcome.COMPLETE: ("Fullständigt svar", "Complete"),
            Outcome.PARTIAL: ("Delvis svar", "Partial"),
        },
        parent="counted",
    ),
    *_own(
        "outcome",
        {
            Outcome.BREAK_OFF: ("Slutade svara", "Broke off"),
            Outcome.STOPPED: ("Avslutade med STOPP", "Ended with STOP"),
        },
        parent="left",
    ),
    *_own(
        "outcome",
        {
            "counted": ("Svar som räknas i bilden", "Answers counted in the picture"),
            "not_counted": ("Svar som inte räknas", "Answers not counted"),
        },
    ),
    *_own(
        "outcome",
        {
            "left": ("Slutade under vägen", "Left under way"),
            Outcome.REFUSED: ("Tackade nej", "Declined"),
            Outcome.UNDER_AGE: ("Under 15 år (svaren raderade)", "Under 15 (answers deleted)"),
        },
        parent="not_counted",
    ),
    *_own(
        "channel",
        {
            "sms": ("Sms", "Text message"),
            "chat": ("Webbchatt", "Web chat"),
            "paper": ("Papper", "Paper"),
            "notes": ("Antecknarens formulär", "Note-taker's form"),
            "terminal": ("Provkörning", "Trial run"),
        },
    ),
    *_own(
        "language",
        {
            "sv": ("Svenska", "Swedish"),
            "en": ("Engelska", "English"),
            "ar": ("Arabiska", "Arabic"),
            "so": ("Somaliska", "Somali"),
            "fi": ("Finska", "Finnish"),
            "sma": ("Sydsamiska", "South Sámi"),
            "fa": ("Persiska", "Persian"),
            "ti": ("Tigrinja", "Tigrinya"),
            "uk": ("Ukrainska", "Ukrainian"),
        },
    ),
    *_own(
        "marked",
        {
            "unmarked": ("Ett svar per person, så vitt känt", "One answer a person, as far as is known"),
            "marked": (
                "Kanske samma person igen, eller en maskin",
                "Perhaps the same person again, or a machine",
            ),
        },
    ),
    *_own(
        "safeguard",
        {
            "emergency": ("Fara just nu: hänvisad till 112", "Danger now: referred to 112"),
            "child": ("Barn som far illa: hänvisad till stöd", "Child at risk: referred to support"),
            "under_age": ("Under 15 år: tackad och avslutad", "Under 15: thanked and ended"),
            "suicide": ("Självmordstankar: hänvisad till stöd", "Suicidal thoughts: referred to support"),
            "domestic": (
                "Våld i nära relation: hänvisad till stöd",
                "Domestic violence: referred to support",
            ),
            "threat": ("Hot: besvarat", "Threat: answered"),
            "crime_report": ("Brott: hänvisad till 114 14", "Crime told: referred to 114 14"),
        },
    ),
    *_own(
        "stream",
        {
            "residents": ("Boende", "Residents"),
            "employees": ("Anställda", "Employees"),
            "dialogue": ("Möten", "Meetings"),
        },
    ),
    *_own(
        "workplace",
        {
            MERGED: (
                "Sammanslagna arbetsplatser (färre än fem svar)",
                "Workplaces merged (fewer than five answers)",
            )
        },
    ),
    *_own("category", {UNSORTED: ("Ännu inte sorterat", "Not sorted yet")}),
)
"""Lists of the program itself. A list handed in goes before; ``any`` holds what may stand in every list."""
