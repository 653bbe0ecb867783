"""What is made of a message before the engine sees it, and what an open answer is about."""

from collections.abc import Iterator
from itertools import cycle

from benchmarks.figures import Effort, Figure, microseconds
from bot.cli.demo import demonstration_round
from bot.services.shipped import load_player
from flows.catalogue import load_document
from flows.reading import ReadMessage
from text.normalising import clean

ORDINARY = (
    "ja",
    "1",
    "Duved",
    "4",
    "Folk kör för fort på E14 vid skolan, snart händer det nåt",
    "2,5",
    "fartkamera vid Ica tack",
    "47",
    "vet ej",
    "Ungdomar som dricker och bråkar utanför stationen på helgerna. Ring mig på 070-174 06 05",
    "Cars go too fast by the school",
    "hjälp",
)
OPEN = tuple(text for text in ORDINARY if len(text) > 20)


def figures(effort: Effort) -> Iterator[Figure]:
    document = demonstration_round()
    player = load_player(load_document("residents").document, document, today=document.opens_on)
    reader, languages = player.reader, player.flow.languages
    question = next(q for q in player.flow.questions if q.role == "problem")

    padding = cycle(" " * length for length in range(101))

    def read() -> None:
        for text in _unlike_before(ORDINARY, next(padding)):
            cleaned = clean(text)
            reader.read(cleaned, language="sv", question=question)
            reader.notice_language(cleaned, languages)

    def code() -> None:
        for text in _unlike_before(OPEN, next(padding)):
            reader.code(ReadMessage(text=text), question, player.places)

    def hear() -> None:
        for text in _unlike_before(OPEN, next(padding)):
            reader.safeguards.layer.alarm(text)

    few = Effort(runs=effort.runs, calls=max(1, effort.calls // 20))
    reading = microseconds(read, few, things=len(ORDINARY))
    hearing = microseconds(hear, few, things=len(OPEN))
    coding = microseconds(code, few, things=len(OPEN))
    yield Figure(name="reading a message", unit="µs", values=reading, most=300)
    yield Figure(name="of which the learned layer of the safeguards", unit="µs", values=hearing, most=100)
    yield Figure(name="coding an open answer, with its places", unit="µs", values=coding, most=1_000)


def _unlike_before(texts: tuple[str, ...], padding: str) -> Iterator[str]:
    """What was made of the last few messages is kept: these mean the same, and are others."""
    return (text + padding for text in texts)
