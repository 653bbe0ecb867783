"""Whole messages that are an instruction, and the answers that only contain its word."""

import csv
from pathlib import Path

import pytest

from flows.catalogue import words
from flows.commands import CommandReader
from flows.reading import Command, CommandName

LABELLED = Path(__file__).parent.parent / "labelled" / "messages_author.tsv"


@pytest.fixture(scope="module")
def reader() -> CommandReader:
    return CommandReader(words("commands"))


def name_of(reader: CommandReader, text: str, *, language: str = "sv", open_question: bool = True) -> str:
    command = reader.read(text, language=language, open_question=open_question)
    return command.name if command else ""


@pytest.mark.parametrize("ending", ["", ".", "!!!", " ", "\n", " tack", ", snälla", " 🙏"])
@pytest.mark.parametrize(
    "word", ["STOPP", "stop", "Sluta", "avsluta", "avanmäl", "unsubscribe", "quit", "end", "cancel"]
)
def test_stop_stops_in_every_case_and_with_every_courtesy(
    reader: CommandReader, word: str, ending: str
) -> None:
    assert name_of(reader, word + ending) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "snälla sluta", "please stop", "Stop. Thank you", "stooopp", "stpp", "avlsuta", "avanmal",
        "sluta skicka", "sluta sms:a mig", "ta bort mitt nummer", "inga fler sms", "avregistrera mig",
        "nu räcker det, inga mer sms", "jag avstår från fler utskick", "quit sending me this crap",
        "stop all", "revoke", "optout", "stop texting me", "don’t text me", "quits", "jag vill inte ha era sms",
        "LOPETA", "توقف", "قف", "JOOJI", "STANS",
    ],
)  # fmt: skip
def test_the_many_ways_to_say_stop(reader: CommandReader, text: str) -> None:
    assert name_of(reader, text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "stopp för epatraktorer", "stoppa fortkörningen", "stopp för nedläggningen", "hjälp till med nattvandring",
        "avsluta projektet med kameror", "hjälpsam polis", "sluta köra så fort", "inga fler moppar", "nästan aldrig",
        "ta bort bommen", "radera klottret", "tillbaka till hur det var", "svenska lagar ska gälla", "topp", "snut",
        "fest", "cancer", "quiet", "end of the road", "det är bedrägeri", "klart",
    ],
)  # fmt: skip
def test_an_answer_that_contains_the_word_is_an_answer(reader: CommandReader, text: str) -> None:
    assert name_of(reader, text) == ""


@pytest.mark.parametrize(
    "text", ["ja", "nej", "nej tack", "ok", "v", "none", "inget", "3", "1,3", "12", "", "?", "👍"]
)
@pytest.mark.parametrize("at_start", [True, False])
def test_answers_to_closed_questions_are_never_commands(
    reader: CommandReader, text: str, at_start: bool
) -> None:
    assert reader.read(text, language="sv", at_start=at_start) is None


@pytest.mark.parametrize(
    "text",
    [
        "avsluta allt",
        "i want to end it all",
        "jag vill sluta leva",
        "jag vill inte vara med längre",
        "hjälp mig",
    ],
)
def test_words_of_despair_are_no_stop(reader: CommandReader, text: str) -> None:
    assert name_of(reader, text) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("radera", "erase"), ("delete", "erase"), ("ta bort mina svar", "erase"), ("glöm mig", "erase"),
        ("hjälp", "help"), ("HJÄLP!", "help"), ("förstår inte", "help"),
        ("ångra", "undo"), ("tillbaka", "undo"), ("back", "undo"),
        ("hoppa över", "skip"), ("skip", "skip"), ("nästa fråga", "skip"), ("pass", "skip"),
        ("fortsätt", "continue"), ("vidare", "continue"), ("continue", "continue"),
        ("börja om", "restart"), ("vem är ni", "info"), ("är det bluff", "info"), ("is this a scam", "info"),
        ("vem har gett er mitt nummer", "info"), ("kostar det något?", "info"), ("glöm mina svar", "erase"),
        ("i don't understand what you are asking", "help"), ("hoppsan tryckte fel", "undo"),
        ("i'd rather not answer that one", "skip"), ("klar", "done"), ("färdig", "done"), ("done", "done"),
    ],
)  # fmt: skip
def test_the_other_commands(reader: CommandReader, text: str, name: str) -> None:
    assert name_of(reader, text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("information", "info"), ("Information!", "info"), ("resultat", "results"), ("test", "test")],
)
def test_a_noun_alone_is_the_answer_to_an_open_question(reader: CommandReader, text: str, name: str) -> None:
    assert name_of(reader, text, open_question=True) == ""
    assert name_of(reader, text, open_question=False) == name


@pytest.mark.parametrize("text", ["stopp", "STOP", "slut", "radera", "hjälp", "info"])
def test_what_must_always_be_heard_is_a_command_in_an_open_question_too(
    reader: CommandReader, text: str
) -> None:
    assert name_of(reader, text, open_question=True) != ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english", "en"), ("in english please", "en"), ("på svenska tack", "sv"), ("kan vi ta det på finska", "fi"),
        ("suomeksi", "fi"), ("عربي", "ar"), ("soomaali", "so"), ("norsk", "no"),
    ],
)  # fmt: skip
def test_asking_for_a_language_in_any_language(reader: CommandReader, text: str, language: str) -> None:
    command = reader.read(text, language="sv")
    assert command == Command(name=CommandName.LANGUAGE, language=language)


def test_a_misspelt_command_in_own_words_counts_only_where_silence_would_harm(reader: CommandReader) -> None:
    assert name_of(reader, "fortsätp", open_question=False) == "continue"
    assert name_of(reader, "fortsätp", open_question=True) == ""
    assert name_of(reader, "stpp", open_question=True) == "stop"


def test_no_interest_is_a_stop_only_at_the_start(reader: CommandReader) -> None:
    assert reader.read("inte intresserad", language="sv", at_start=True) == Command(name=CommandName.STOP)
    assert reader.read("inte intresserad", language="sv") is None


def test_other_commands_of_a_language_count_in_its_conversations_only(reader: CommandReader) -> None:
    assert name_of(reader, "jatka", language="fi") == "continue"
    assert name_of(reader, "jatka", language="sv") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lopettakaa viestit kiitos", "stop"), ("من فضلك توقف", "stop"), ("fadlan jooji", "stop"),
        ("vær så snill å stoppe", "stop"), ("poistakaa vastaukseni", "erase"), ("احذفوا إجاباتي", "erase"),
        ("masax jawaabaha", "erase"), ("slett svarene mine", "erase"),
    ],
)  # fmt: skip
def test_stop_and_erase_are_heard_in_every_language_whatever_the_survey_speaks(
    reader: CommandReader, text: str, name: str
) -> None:
    assert name_of(reader, text, language="sv") == name
    assert name_of(reader, text, language="so") == name


@pytest.mark.parametrize("text", ["stoppa det", "stop them", "sluta med det", "stoppa dom!"])
def test_what_may_be_the_answer_to_an_open_question_is_not_sure_there(
    reader: CommandReader, text: str
) -> None:
    command = reader.read(text, language="sv", open_question=True)
    assert command is not None
    assert (command.name, command.sure) == (CommandName.STOP, False)


@pytest.mark.parametrize(
    "text", ["STOPP", "stoppa", "sluta", "sluta nu", "stopp nu räcker det", "Stop. Thank you"]
)
def test_who_surely_wants_to_stop_is_not_asked(reader: CommandReader, text: str) -> None:
    command = reader.read(text, language="sv", open_question=True)
    assert command is not None and command.sure


@pytest.mark.parametrize(
    "text", ["START", "starta igen", "börja", "aloita", "ابدأ", "bilow", "begynn", "unstop"]
)
def test_to_begin_again_is_understood_in_every_language_outside_a_survey_only(
    reader: CommandReader, text: str
) -> None:
    assert reader.is_start(text)
    assert reader.read(text, language="sv") is None


@pytest.mark.parametrize("text", ["starta en fritidsgård", "start vid skolan", "ja", ""])
def test_an_answer_does_not_begin_a_survey(reader: CommandReader, text: str) -> None:
    assert not reader.is_start(text)


def test_to_change_is_not_the_other_one(reader: CommandReader) -> None:
    assert name_of(reader, "ändra", open_question=False) == "undo"
    assert name_of(reader, "andra svaret", open_question=False) == "undo"
    assert name_of(reader, "den andra", open_question=False) == ""
    assert name_of(reader, "andra", open_question=False) == ""


def test_a_stop_before_an_outburst_stops_at_a_closed_question(reader: CommandReader) -> None:
    assert name_of(reader, "STOPP!! hör ni dåligt", open_question=False) == "stop"
    assert name_of(reader, "jag sitter i möte, sluta skicka", open_question=False) == "stop"


def test_an_answer_behind_which_it_is_undone_is_undone(reader: CommandReader) -> None:
    assert name_of(reader, "2. oj fel", open_question=False) == "undo"
    assert name_of(reader, "3, nästa", open_question=False) == ""


def test_a_stop_before_what_should_be_stopped_is_an_answer_to_an_open_question(reader: CommandReader) -> None:
    assert name_of(reader, "stopp, jag har inte tid") == "stop"
    assert name_of(reader, "stopp! säger jag till alla som kör för fort") == ""
    assert name_of(reader, "jag orkar inte mer, slut") == ""


def test_erasing_is_not_stopping(reader: CommandReader) -> None:
    assert name_of(reader, "jag vill att ni tar bort mina svar") == "erase"
    assert name_of(reader, "ta bort mitt nummer") == "stop"
    assert name_of(reader, "vill att ni slänger mina svar") == "erase"
    assert name_of(reader, "allt skräp ska bort") == ""


def test_to_pass_over_one_question_is_not_stopping(reader: CommandReader) -> None:
    assert name_of(reader, "Jag avstår från denna fråga, var god gå vidare.") == "skip"
    assert name_of(reader, "vill inte svara på den, gå vidare") == "skip"
    assert name_of(reader, "jag avstår från fler frågor") == "stop"
    assert name_of(reader, "jag avstår från att gå ut på kvällen") == ""


@pytest.mark.parametrize(
    "text",
    [
        "det ska sluta",
        "det måste sluta nu",
        "jag vill slippa detta",
        "jag vill avsluta allt",
        "få bort dom",
        "jag vill få bort allt",
        "stör inte",
        "jag orkar inte mer",
        "vill inte höra mer om det",
        "jag ska hoppa",
    ],
)
def test_what_may_be_said_of_life_or_of_others_is_no_command(reader: CommandReader, text: str) -> None:
    assert name_of(reader, text) == ""
    assert name_of(reader, text, open_question=False) == ""


@pytest.mark.parametrize("part", ["development", "unseen"])
def test_labelled_commands_and_near_misses(reader: CommandReader, part: str) -> None:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["part"] == part
        ]
    wrong = [row["text"] for row in rows if _read(reader, row) != _intended(row)]
    assert len(wrong) / len(rows) <= 0.02, wrong


@pytest.mark.parametrize(
    "name",
    [
        "commands_third",
        "commands_fourth",
        "commands_fifth",
        "commands_sixth",
        "commands_seventh",
        "commands_eighth",
        "commands_ninth",
        "commands_tenth",
    ],
)
def test_commands_and_near_misses_in_six_languages(reader: CommandReader, name: str) -> None:
    with LABELLED.with_name(f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in found if row["intended"] not in ("ask", "start", "suicide")]
    wrong = [row["text"] for row in rows if _read(reader, row) != _intended(row)]
    assert len(wrong) / len(rows) <= 0.02, wrong


def _read(reader: CommandReader, row: dict[str, str]) -> str:
    is_open = row["state"] == "open_question"
    command = reader.read(row["text"], language=row["language"], open_question=is_open)
    return ":".join(filter(None, (command.name, command.language))) if command else ""


def _intended(row: dict[str, str]) -> str:
    name = row["intended"].partition(":")[0]
    return row["intended"] if name in {member.value for member in CommandName} else ""
