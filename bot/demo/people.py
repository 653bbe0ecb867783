"""Invented people: what they would write, question by question. All of it is made up."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

AREAS = (
    ("Åre", 26),
    ("Järpen", 22),
    ("Mörsil", 15),
    ("Undersåker", 13),
    ("Duved", 11),
    ("Hallen", 7),
    ("Kall", 4),
    ("Storlien", 2),
)
ROLES = (("1", 68), ("2", 16), ("3", 10), ("4", 6))
SAFETY = (("1", 24), ("2", 34), ("3", 14), ("4", 17), ("5", 7), ("v", 4))
AGES = (("1", 17), ("2", 29), ("3", 30), ("4", 18), ("5", 5), ("0", 1))
GENDERS = (("1", 51), ("2", 46), ("0", 3))
TIMES = (
    ("2", 14),
    ("3", 10),
    ("5", 16),
    ("6", 18),
    ("5,6", 12),
    ("2,5", 9),
    ("7", 7),
    ("1", 6),
    ("8", 6),
    ("5 och 6", 2),
)

PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "": (
        "Folk kör alldeles för fort på E14, särskilt långtradarna",
        "för höga farter genom byn",
        "EPA-traktorer som buskör hela kvällarna",
        "epor å mopeder som kör som galningar",
        "skotrar mitt i bostadsområdet på nätterna",
        "Mörkt på gångvägen, halva belysningen är trasig",
        "ingen gatubelysning där barnen går till skolan",
        "halt som bara den, ingen sandar trottoaren",
        "Farligt övergångsställe vid skolan, bilarna stannar inte",
        "ungdomar som dricker och röker gräs",
        "vejpande högstadieelever överallt",
        "det langas öppet till tonåringar",
        "klotter och sönderslagna rutor",
        "skräp och glassplitter på lekplatsen",
        "Det syns aldrig någon polis här",
        "inbrott i källarförråd",
        "cykelstölder",
        "stölder av skidor utanför affären",
        "telefonbedragare som ringer äldre",
        "känns otryggt att gå ensam hem på kvällen",
        "Inget",
        "inga problem, lugnt och skönt",
        "bilar som kör mot rött vid järnvägsövergången",
        "snöröjningen, man ser inget i korsningarna",
        "mobbning i skolan och inget att göra för unga",
        "parkeringskaos när det är lov",
        "renar på vägen och folk kör ändå fort",
    ),
    "Åre": (
        "fulla människor utanför krogarna på helgnätterna",
        "Bråk och slagsmål vid taxikön efter stängning",
        "fylla och skrik vid torget när säsongen är igång",
        "hög musik från efterfester i hyresstugorna",
        "knark på krogen bland säsongare",
        "tafsande på afterskin",
        "narkotika säljs på torget",
        "trångt och stökigt vid kabinbanan, bilar överallt",
    ),
    "Järpen": (
        "gäng som hänger vid Coop och stör",
        "mörkt runt Racklöfska skolan",
        "ungdomsfylla vid badplatsen",
        "buskörning i centrum med epor",
    ),
    "Mörsil": ("gångtunneln är mörk och nedklottrad", "sönderslagna lampor i tunneln"),
    "Duved": ("ingen belysning vid Duveds skola", "bussarna kör för fort förbi skolan"),
}
PROBLEMS_EN: tuple[str, ...] = (
    "Cars driving way too fast on the main road",
    "drunk people shouting outside the bars at night",
    "No street lights on the path to the station",
    "snowmobiles between the houses at night",
    "icy pavements that nobody grits",
    "someone stole my skis outside the shop",
    "fights in the taxi queue",
    "people selling drugs in the clubs",
    "nothing really, feels safe",
)
PLACES = (
    "stationen",
    "vid skolan",
    "på torget",
    "E14",
    "utanför Coop",
    "gångtunneln",
    "badplatsen",
    "v",
    "överallt",
    "Årevägen",
)
PLACES_EN = ("the station", "at the square", "E14", "near the gondola", "not sure")
WISHES: tuple[str, ...] = (
    "fler poliser som syns",
    "Laga belysningen",
    "fartkameror på E14",
    "sätt upp farthinder vid skolan",
    "fältare och vuxna ute på kvällarna",
    "Mer kontroller av epor och skotrar",
    "en fritidsgård som är öppen på helgen",
    "sanda trottoarerna",
    "ordningsvakter på helgnätterna",
    "prata med ungdomarna och deras föräldrar",
    "vet ej",
    "ta krafttag mot langarna",
)
WISHES_EN = (
    "more police at night",
    "fix the lights",
    "speed cameras",
    "more night buses",
    "grit the pavements",
)
STAFF_PROBLEMS = (
    "ungdomar som dricker och vejpar på skoltid",
    "fortkörning förbi skolan",
    "narkotika bland säsongsarbetare",
    "våld och hot vid krogstängning",
    "skadegörelse på skolgården",
    "trasig belysning och klotter i tunneln",
    "buskörning med skoter och epa",
    "unga som mår dåligt och saknar vuxna",
)
POINTS = (
    ("Det kör för fort förbi skolan i Järpen", "Järpens skola", "1,2", "14", "3", "Farthinder", "0"),
    (
        "Mörkt vid stationen, lamporna är trasiga",
        "stationen",
        "2,5",
        "11",
        "2",
        "Laga lamporna",
        "Gatuchefen svarar i maj",
    ),
    ("EPA-traktorer stör på helgkvällarna", "centrum", "5,6", "9", "2", "0", "0"),
    (
        "Ungdomar har ingenstans att vara",
        "Järpen",
        "2,5",
        "12",
        "1",
        "Öppen fritidsgård",
        "Fritidschefen återkommer",
    ),
    ("Fylla och bråk utanför krogarna", "torget", "6", "10", "4", "Ordningsvakter", "0"),
    (
        "Det säljs droger öppet på torget",
        "torget",
        "5,6",
        "7",
        "2",
        "Fler kontroller",
        "Kommunpolisen svarar",
    ),
    ("Halt på trottoarerna i hela byn", "Åre", "8", "8", "3", "Sanda oftare", "0"),
    ("Äldre blir lurade på telefon", "0", "1", "6", "3", "Information", "0"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody with a telephone. `answers` says what is written to which question; None puts the phone away."""

    number: str
    first_text: str
    answers: Callable[[str], str | None]


def residents(count: int, *, seed: int) -> list[Person]:
    """`count` invented residents, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311  invention, not secrecy
    return [_resident(chance, index) for index in range(count)]


def employees(count: int, *, seed: int) -> list[Person]:
    """`count` invented employees; every third meets two problems."""
    chance = random.Random(seed)  # noqa: S311
    return [_employee(chance, index) for index in range(count)]


def note_takers(codes: tuple[str, ...]) -> list[Person]:
    """One note-taker for each meeting; the points are shared out between them."""
    size = -(-len(POINTS) // len(codes))
    return [_note_taker(code, i, POINTS[i * size : (i + 1) * size]) for i, code in enumerate(codes)]


def _resident(chance: random.Random, index: int) -> Person:
    is_english = chance.random() < 0.12
    area = _weighted(chance, AREAS)
    gives_up_at = chance.choice(("role", "area", "problem", "when", "wish")) if chance.random() < 0.12 else ""
    problems = PROBLEMS_EN if is_english else (*PROBLEMS[""], *(PROBLEMS.get(area, ()) * 3))
    written = {
        "start": "OK" if is_english else chance.choice(("JA", "ja", "Ja!", "japp", "ok")),
        "role": _weighted(chance, ROLES),
        "area": _as_typed(chance, area),
        "safety": _weighted(chance, SAFETY),
        "problem": _as_typed(chance, chance.choice(problems)),
        "place": chance.choice(PLACES_EN if is_english else PLACES),
        "when": _weighted(chance, TIMES),
        "wish": _as_typed(chance, chance.choice(WISHES_EN if is_english else WISHES)),
        "age": _weighted(chance, AGES),
        "gender": _weighted(chance, GENDERS),
    }
    code = chance.choice(
        ("ARE1", "ARE2", "DUVED3", "JARPEN4", "UAKER5", "MORSIL6", "HALLEN7", "KALL8", "", "")
    )
    return Person(
        number=f"+46703{index:06d}",
        first_text=f"{'safe' if is_english else 'trygg'} {code}".strip(),
        answers=lambda question: None if question == gives_up_at else written.get(question),
    )


def _employee(chance: random.Random, index: int) -> Person:
    problems = chance.sample(STAFF_PROBLEMS, 2)
    more = iter(("1", "2") if index % 3 == 0 else ("2",))
    told = iter(problems)

    def answer(question: str) -> str | None:
        written = {
            "start": "ja",
            "workplace": chance.choice("1234567"),
            "area": _weighted(chance, AREAS),
            "place": "skolan",
            "when": chance.choice(("2,5", "5,6", "1")),
            "affected": chance.choice(("1", "1,2", "7")),
            "trend": chance.choice("123"),
            "cause": "för få vuxna ute på kvällarna",
            "present": "samverkan varje vecka, fungerar bra",
            "needed": "1,2,3",
            "work_safety": chance.choice("12234"),
        }
        if question == "problem":
            return next(told)
        return next(more) if question == "problems" else written.get(question)

    return Person(number=f"+46701{index:06d}", first_text="PERSONAL", answers=answer)


def _note_taker(code: str, index: int, points: tuple[tuple[str, ...], ...]) -> Person:
    queue = iter(points)
    current: list[tuple[str, ...]] = []
    columns = ("point", "places", "when", "support", "raised_by", "measure", "promised_answer")

    def answer(question: str) -> str | None:
        if question == "point":
            current[:] = [next(queue)]
        if question == "points":
            return "1" if points.index(current[0]) + 1 < len(points) else "2"
        if question in columns:
            return current[0][columns.index(question)]
        return {"participants": "12,9,3,8", "missing_groups": "1,5"}.get(question)

    return Person(number=f"+46702{index:06d}", first_text=code, answers=answer)


def _weighted(chance: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([c for c, _ in choices], [w for _, w in choices])[0]


def _as_typed(chance: random.Random, text: str) -> str:
    """As on a phone: now and then without capitals, without dots over letters, with a slip."""
    if chance.random() < 0.4:
        text = text.lower()
    if chance.random() < 0.2:
        text = text.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))
    if len(text) > 12 and chance.random() < 0.15:
        at = chance.randrange(3, len(text) - 3)
        text = text[:at] + text[at + 1 :]
    return text
