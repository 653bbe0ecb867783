"""What people write, for tests that invent conversations: fitting answers, own words, commands, danger, noise.

`NIGHTLY` is the profile of `make soak`; `ordinary` that of every run, with as many examples as take some seconds.
"""

from hypothesis import settings
from hypothesis import strategies as st

from flows.model import Choice, Kind, Question

settings.register_profile(
    "nightly", max_examples=2000, stateful_step_count=40, deadline=None, print_blob=True
)
NIGHTLY = settings.get_profile("nightly")


def ordinary(examples: int) -> settings:
    return settings(max_examples=examples, stateful_step_count=25, deadline=None, derandomize=True)


COMMANDS = (
    *("hjälp", "tillbaka", "ångra", "hoppa över", "fortsätt", "börja om", "klar", "vem är ni", "resultat"),
    *("ENGLISH", "svenska", "suomi", "العربية", "test", "back", "skip", "continue", "restart"),
)
DANGER = (
    *("hjälp mig han har kniv", "min man slår mig", "jag vill dö", "jag ska döda dem", "my husband hits me"),
    *("vill anmäla en misshandel", "jag är 11 och pappa slår mig", "jag är 12 år", "4 år"),
)
ENDINGS = ("stopp", "STOP", "radera")
OWN_WORDS = (
    *("det är mörkt vid torget", "Folk kör för fort på E14", "stationen i Duved", "mer ljus", "vet ej"),
    *("vill inte svara", "INGET", "allt", "the street is dark", "الحديقة مظلمة", "ring 070-174 06 44"),
)
CLOSED = (
    *"01234567",
    "ja",
    "nej",
    "1,2",
    "2,5",
    "7och8",
    "47",
    "1962",
    "12,9,3,8",
    "Duved",
    "duvved",
    "MOTE1",
    "annat",
)
NOISE = (
    "",
    " ",
    "?",
    "...",
    "\U0001f621",
    "\x00",
    "\ud800",
    "asdf",
    "x" * 1700,
    "\u0301",
    "<b>",
    "%s",
    "[K]",
)

sayings = st.one_of(
    st.sampled_from(CLOSED),
    st.sampled_from(OWN_WORDS),
    st.sampled_from(COMMANDS),
    st.sampled_from((*DANGER, *NOISE)),
    st.text(max_size=20),
)


def fitting(question: Question, which: int) -> str:
    """A reply that answers the question, so that conversations get far: `which` chooses among its choices."""
    if question.kind is Kind.CONSENT:
        return "ja"
    if question.kind in (Kind.OPEN, Kind.PLACE):
        return OWN_WORDS[which % 4]
    if question.kind is Kind.NUMBERS:
        return ",".join(str(which + place) for place in range(len(question.parts)))
    if not question.choices:
        return str(20 + which)
    return _pressed(question.choices[which % len(question.choices)])


def _pressed(choice: Choice) -> str:
    return choice.key or next(iter(choice.label.values()))
