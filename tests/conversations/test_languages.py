"""Whole conversations of every survey in every language, with all that may come in between: each word that is said is
in the conversation's language, complete, filled in and within its budget.

The drafts are signed off here; what they are worth, a person who knows the language must say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

import pytest
from signing import DRAFTED, flow_in, signed_document

from bot.channels import webchat
from bot.cli.demo import demonstration_round
from bot.services.surveys import first_meeting, round_lists, text_values
from flows import catalogue, engine
from flows.answers import ReplyReader
from flows.commands import CommandReader
from flows.conversation import Conversation, Status, from_json, to_json
from flows.events import Answered, Said, Turn
from flows.model import FINISHED, Flow, Kind, Question
from flows.parsing import with_round_lists
from flows.reading import Alarm, Command, CommandName, ReadMessage, Safeguard
from flows.wording import render, with_more
from flows.wording_checks import BUDGETS, IN_UCS2, LONGEST_VALUES
from text.sms import measure, swap_lookalikes

LANGUAGES = (*FINISHED, *DRAFTED)
STREAMS = ("residents", "employees", "dialogue")
CHANNELS = ("sms", "chat")
THE_SAME_IN_ALL = frozenset({"sender_test"})
ARABIC = re.compile("[\u0600-\u06ff]")
REPLIES = ReplyReader(partial(catalogue.words, "replies"))
COMMANDS = CommandReader(catalogue.words("commands"))
YEAR = 2026


@cache
def flow_of(stream: str) -> Flow:
    document = demonstration_round()
    asked = [area for area in document.areas if area.code in document.asked_areas]
    return with_round_lists(flow_in(signed_document(stream)), round_lists(asked, document.place_codes))


@cache
def values_of(stream: str) -> Mapping[str, str]:
    document = demonstration_round()
    own = text_values(document.values, [flow_of("residents")])
    return {**own, "KOD": first_meeting(document.place_codes), "D": "2026-12-29"}


def wordings(flow: Flow, said: Said, channel: str) -> Mapping[str, str]:
    """All languages of what is said."""
    kind, _, name = said.key.partition(":")
    if kind == "question":
        question = flow.question(name)
        return {**question.label, **question.sms} if channel == "sms" else question.label
    if kind == "constraint":
        return flow.question(name).constraint_message
    if kind == "thanks":
        return {**flow.thanks, **flow.thanks_sms} if channel == "sms" else flow.thanks
    texts = with_more(catalogue.service_texts(), flow.texts)
    return texts.get(f"{kind}_page", texts[kind]) if channel != "sms" else texts[kind]


def check_text(flow: Flow, said: Said, channel: str, language: str) -> str:
    """Every promise about one text. The text."""
    where = f"{flow.id} {said.key} in {language} by {channel}"
    assert said.language == language, where
    known = wordings(flow, said, channel)
    assert language in known, f"{where}: falls back"
    others = [text for code, text in known.items() if code != language]
    assert known[language] not in others or said.key in THE_SAME_IN_ALL or len(known[language]) < 12, where
    text = render(
        said, flow=flow, texts=catalogue.service_texts(), values=values_of(flow.stream), channel=channel
    )
    assert not re.search(r"\[[A-ZÅÄÖ]+\]", text), f"{where}: {text}"
    if said.key not in THE_SAME_IN_ALL:
        assert bool(ARABIC.search(text)) is (language == "ar"), where
    if channel == "sms":
        size = measure(swap_lookalikes(text))
        assert size.segments <= BUDGETS.get(language, 1), f"{where}: {size.segments} segments"
        assert (
            size.encoding == ("UCS-2" if language in IN_UCS2 else "GSM-7") or said.key in THE_SAME_IN_ALL
        ), where
    return text


class Walk:
    """A conversation, in which every turn is checked and passes through JSON."""

    def __init__(self, flow: Flow, language: str, channel: str) -> None:
        self.flow, self.language, self.channel = flow, language, channel
        self.keys: set[str] = set()
        given = {hidden.name: "yes" for hidden in flow.hidden} | {"place_code": ""}
        begun = engine.start(flow, language=language, channel=channel, given=given)
        self.state = self._hear(begun)

    def say(self, text: str, **read: object) -> Turn:
        """What follows; the state is kept."""
        turn = self._turn(ReadMessage(text=text, **read))  # type: ignore[arg-type]
        self.state = self._hear(turn)
        return turn

    def probe(self, message: ReadMessage) -> None:
        """What would follow, and what would then follow from going on; the state stays as it is."""
        before = self.state
        self.state = self._hear(self._turn(message))
        if self.state.is_open:
            self._hear(self._turn(ReadMessage(text="", command=Command(name=CommandName.CONTINUE))))
        self.state = before

    @property
    def question(self) -> Question | None:
        return self.flow.question(self.state.at.question) if self.state.at and self.state.is_open else None

    def _turn(self, message: ReadMessage) -> Turn:
        return engine.resume(self.flow, self.state, message, reader=REPLIES, this_year=YEAR)

    def _hear(self, turn: Turn) -> Conversation:
        assert turn.conversation.language == self.language
        for said in turn.said:
            check_text(self.flow, said, self.channel, self.language)
            self.keys.add(said.key)
        return from_json(to_json(turn.conversation))


def probes(question: Question) -> Iterator[ReadMessage]:
    for safeguard in Safeguard:
        yield ReadMessage(text="", alarms=(Alarm(safeguard=safeguard, rule="test"),))
    for name in CommandName:
        if name not in (CommandName.LANGUAGE, CommandName.START):
            yield ReadMessage(text="", command=Command(name=name))
    for name in (CommandName.STOP, CommandName.ERASE):
        yield ReadMessage(text="", command=Command(name=name, sure=False))
    yield ReadMessage(text="", command=Command(name=CommandName.LANGUAGE, language="sma"))
    yield ReadMessage(text="qzx", masked=("telephone",))
    for text in ("qzxw", "1,2", "1,2,3,4", "99999", "are", "7 ar"):
        yield ReadMessage(text=text)


def answer_to(question: Question, language: str, turns: int) -> str:
    if question.closes_repeat:
        return "1" if turns == 0 else "2"
    if question.kind is Kind.CONSENT:
        return {"sv": "ja", "en": "ok", "fi": "kyllä", "ar": "نعم", "so": "haa", "no": "ja"}[language]
    if question.kind is Kind.AREA:
        return "Duved"
    if question.kind is Kind.NUMBERS:
        return "12,9,3,8"
    if question.choices and question.from_round:
        return question.choices[0].name
    return question.choices[0].key if question.choices else "17 skotrar"


def walk(stream: str, language: str, channel: str) -> Walk:
    """From the first question to the thanks, with every probe at every question."""
    walked = Walk(flow_of(stream), language, channel)
    repeats: dict[str, int] = {}
    while (question := walked.question) is not None:
        for message in probes(question):
            walked.probe(message)
        for text in ("qzxw vbnm", "qzxw vbnm"):  # not understood, and then kept as text: of a copy
            before = walked.state
            walked.say(text)
            walked.state = replace(before, tries=min(before.tries + 1, 1))
        walked.state = replace(walked.state, tries=0)
        turns = repeats.get(question.name, 0)
        repeats[question.name] = turns + 1
        turn = walked.say(answer_to(question, language, turns))
        answered = [event for event in turn.events if isinstance(event, Answered)]
        assert question.kind is Kind.CONSENT or answered, f"{question.name} in {language}: not understood"
        assert not any(event.value == "not_understood" for event in answered), question.name
    assert walked.state.status is Status.FINISHED
    walked._hear(engine.welcome_back(walked.flow, walked.state))
    return walked


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stream", STREAMS)
def test_everything_that_is_said_on_the_way_is_in_the_language_of_the_conversation(
    stream: str, language: str, channel: str
) -> None:
    walked = walk(stream, language, channel)
    asked = {key for key in walked.keys if key.startswith("question:")}
    skipped = {"residents": {"list", "avoided", "victim", "police_enough", "municipality_enough"}}
    expected = {f"question:{q.name}" for q in walked.flow.questions}
    if channel == "sms":
        expected -= {f"question:{name}" for name in skipped.get(stream, set())}
    if channel == "chat":
        expected -= {"question:feedback"}
    assert asked == expected
    assert {
        "thanks",
        "help",
        "who_are_we",
        "stopped",
        "erase_or_answer",
        "emergency",
        "domestic",
        "language_not_offered",
    } <= walked.keys
    assert {"not_understood", "kept_as_text", "masked" if stream != "employees" else "secrecy"} <= walked.keys


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_lyhord_ever_says_is_there_in_the_language(language: str, channel: str) -> None:
    flow = flow_of("residents")
    for key in catalogue.shipped().texts:
        if not key.endswith("_page"):
            moment = {name: LONGEST_VALUES[name] for name in ("A", "B", "N", "SPRÅK")}
            check_text(flow, Said(key=key, language=language, values=moment), channel, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_and_addresses_of_every_text_are_those_of_the_swedish(language: str) -> None:
    for stream in STREAMS:
        flow = flow_of(stream)
        texts = with_more(catalogue.shipped().texts, flow.texts)
        pairs = [(key, wording) for key, wording in texts.items()]
        pairs += [(q.name, wording) for q in flow.questions for wording in (q.label, q.sms, q.hint)]
        for key, wording in pairs:
            if wording and key not in THE_SAME_IN_ALL:
                numbers = re.compile(
                    r"020-50 50 50|114 14|116 111|\b\d(?:[\d,]*\d)?|bris\.se|polisen\.se|\[[A-ZÅÄÖ]+\]"
                )
                ours, theirs = (sorted(set(numbers.findall(wording[code]))) for code in ("sv", language))
                assert [n for n in ours if len(n) > 1] == [n for n in theirs if len(n) > 1], (key, language)


WORDS = {
    "en": {"STOPP": "STOP", "RADERA": "DELETE", "FORTSÄTT": "CONTINUE", "RESULTAT": "RESULTS"},
    "fi": {"STOPP": "LOPETA", "RADERA": "POISTA", "FORTSÄTT": "JATKA", "RESULTAT": "TULOKSET"},
    "ar": {"STOPP": "توقف", "RADERA": "حذف", "FORTSÄTT": "متابعة", "RESULTAT": "النتائج"},
    "so": {"STOPP": "JOOJI", "RADERA": "TIRTIR", "FORTSÄTT": "SII WAD", "RESULTAT": "NATIIJO"},
    "no": {"STOPP": "STOPP", "RADERA": "SLETT", "FORTSÄTT": "FORTSETT", "RESULTAT": "RESULTATER"},
}
"""What each language writes for the Swedish command words of texts."""
MEANT = {
    "STOPP": CommandName.STOP,
    "RADERA": CommandName.ERASE,
    "FORTSÄTT": CommandName.CONTINUE,
    "RESULTAT": CommandName.RESULTS,
}
ANSWERS = {
    "en": {"JA": "OK", "INGET": "NONE", "ALLA": "ALL", "V": "V"},
    "fi": {"JA": "KYLLÄ", "INGET": "EI MITÄÄN", "ALLA": "KAIKKI", "V": "V"},
    "ar": {"JA": "نعم", "INGET": "لا شيء", "ALLA": "الكل", "V": "لا أعرف"},
    "so": {"JA": "HAA", "INGET": "WAXBA", "ALLA": "KULLI", "V": "V"},
    "no": {"JA": "JA", "INGET": "INGENTING", "ALLA": "ALLE", "V": "V"},
}
"""And for the words that answer a question."""


def sms_texts(stream: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    flow = flow_of(stream)
    yield from ((q.name, q.sms) for q in flow.questions if q.sms)
    yield "thanks", flow.thanks_sms
    texts = with_more(catalogue.shipped().texts, flow.texts)
    yield from ((key, wording) for key, wording in texts.items() if not key.endswith("_page"))


def has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("stream", STREAMS)
def test_a_text_names_the_words_to_write_in_its_own_language(stream: str, language: str) -> None:
    for key, wording in sms_texts(stream):
        for swedish, own in {**WORDS[language], **ANSWERS[language]}.items():
            if has_word(wording["sv"], swedish) and not (key == "emergency" and swedish == "V"):
                assert has_word(wording[language], own), f"{key} in {language} does not say {own}"


@pytest.mark.parametrize("language", WORDS)
def test_a_command_that_a_text_tells_to_write_is_obeyed_in_that_language(language: str) -> None:
    for swedish, own in WORDS[language].items():
        for written in (own, own.lower(), f" {own}. "):
            command = COMMANDS.read(written, language=language, open_question=swedish != "RESULTAT")
            assert command is not None, f"{written} is no command in {language}"
            assert command.name is MEANT[swedish], written
            assert command.sure, written


@pytest.mark.parametrize("language", WORDS)
def test_an_answer_that_a_text_tells_to_write_is_understood_in_that_language(language: str) -> None:
    residents, employees = flow_of("residents"), flow_of("employees")
    words = ANSWERS[language]
    for written in (words["JA"], words["JA"].lower()):
        reading = REPLIES.read(residents.question("start"), written, language, this_year=YEAR)
        assert reading.values == ("yes",), written
    for name in ("safety", "place", "when"):
        reading = REPLIES.read(residents.question(name), words["V"], language, this_year=YEAR)
        assert reading.outcome.value == "dont_know", (name, words["V"])
    reading = REPLIES.read(employees.question("area"), words["ALLA"], language, this_year=YEAR)
    assert reading.values == ("all",), words["ALLA"]


@pytest.mark.parametrize("language", DRAFTED)
def test_every_choice_is_understood_by_its_own_words(language: str) -> None:
    for stream in STREAMS:
        for question in flow_of(stream).questions:
            if question.choices and not question.from_round:
                for choice in question.choices:
                    for word in (choice.label[language], *choice.synonyms.get(language, ())):
                        reading = REPLIES.read(question, word, language, this_year=YEAR)
                        assert choice.name in reading.values, f"{question.name} in {language}: {word}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_of_the_chat_are_heard_in_every_language(language: str) -> None:
    flow, said = flow_of("residents"), webchat._SAYS
    yes = REPLIES.read(flow.question("start"), webchat.YES, language, this_year=YEAR)
    assert yes.values == ("yes",)
    for question in flow.questions[1:]:
        reading = REPLIES.read(question, said[webchat.Action.DONT_KNOW], language, this_year=YEAR)
        assert reading.outcome.value == "dont_know", question.name
    for name in ("age", "gender"):
        reading = REPLIES.read(flow.question(name), said[webchat.Action.REFUSE], language, this_year=YEAR)
        assert reading.outcome.value == "refused", name
    for action in (webchat.Action.SKIP, webchat.Action.BACK, webchat.Action.CONTINUE, webchat.Action.ERASE):
        assert COMMANDS.read(said[action], language=language, open_question=True), action
    for code, name in webchat.LANGUAGE_NAMES.items():
        command = COMMANDS.read(name, language=language, open_question=True)
        assert command is not None, name
        assert (command.name, command.language) == (CommandName.LANGUAGE, code)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_telephone_number_in_an_arabic_sentence_is_shown_in_its_order(channel: str) -> None:
    flow, marked = flow_of("residents"), 0
    for key in catalogue.shipped().texts:
        if key.endswith("_page"):
            continue
        moment = {name: LONGEST_VALUES[name] for name in ("A", "B", "N", "SPRÅK")}
        text = check_text(flow, Said(key=key, language="ar", values=moment), channel, "ar")
        for number in ("114 14", "116 111", "020-50 50 50", values_of("residents")["T"]):
            if number in text:
                marked += 1
                assert f"\N{LEFT-TO-RIGHT MARK}{number}" in text, key
    assert marked > 8
