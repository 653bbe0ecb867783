"""What is said of questionnaires that changed while a round was open, in the report and in the method note."""

from collections.abc import Callable, Iterator

from summary.rows import VersionChange
from summary.wording import LANGUAGES, Words

_TEXTS: dict[str, tuple[str, str]] = {
    "quoted": ("”{text}”", "“{text}”"),
    "p_version": (
        "{flow}: version {before} till {day}, sedan version {after}.",
        "{flow}: version {before} until {day}, version {after} from then on.",
    ),
    "p_carried": (
        "Den som var mitt i enkäten gick över till den nya, som ställer samma frågor.",
        "Those in the middle of it went over to the new one, which asks the same questions.",
    ),
    "p_finished": (
        "Den som hade börjat svarade färdigt på den version som hade börjats.",
        "Those who had begun finished the version that they had begun.",
    ),
    "p_together": (
        "Svar på alla versioner står i samma tabeller, efter svarens koder.",
        "Answers to all versions stand in the same tables, by the codes of the answers.",
    ),
    "p_added": (
        "Bara den nya versionen frågar, och färre kan därför ha svarat: {questions}.",
        "Asked in the new version only, so that fewer can have answered: {questions}.",
    ),
    "p_removed": (
        "Bara den gamla versionen frågade: {questions}.",
        "Asked in the old version only: {questions}.",
    ),
    "p_broken": (
        "Besvarades på annat sätt eller med andra svarsalternativ, så att svaren inte kan jämföras mellan "
        "versionerna: {questions}.",
        "Answered otherwise or from other choices, so that answers cannot be compared between the versions: "
        "{questions}.",
    ),
    "p_reworded": (
        "Ställdes med andra ord, vilket kan ha påverkat svaren: {questions}.",
        "Asked in other words, which may have affected the answers: {questions}.",
    ),
    "p_cautious": (
        "Ställdes till andra eller på annan plats i enkäten, vilket kan ha påverkat svaren: {questions}.",
        "Asked of others or elsewhere in the survey, which may have affected the answers: {questions}.",
    ),
}
_LISTS = ("added", "removed", "broken", "reworded", "cautious")


def version_sentences(
    changes: tuple[VersionChange, ...], words: Words, question: Callable[[VersionChange, str], str]
) -> Iterator[str]:
    """One step after the other; nothing where nothing changed. `question` gives the words of a question by its name."""
    for change in changes:
        yield _text(
            words,
            "p_version",
            before=change.before,
            after=change.after,
            flow=change.flow,
            day=words.day(change.asked_from),
        )
        yield _text(words, "p_carried" if change.carried else "p_finished")
        for name in _LISTS:
            named = [_text(words, "quoted", text=question(change, one)) for one in getattr(change, name)]
            if named:
                yield _text(words, f"p_{name}", questions=", ".join(named))
    if changes:
        yield _text(words, "p_together")


def _text(words: Words, key: str, **values: str) -> str:
    return _TEXTS[key][LANGUAGES.index(words.language)].format(**values)
