"""Notes from meetings, taken on a device that may be offline: each comes with an id of its own, and is stored once.

The points of one sitting are turns of the repeat of one conversation, on the channel `notes`, as if they had come by
text message: so that a place that one meeting names ten times is named by one conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.services.applying import Filing
from bot.services.arrivals import Parts
from bot.services.dates import local_date
from bot.services.entering import (
    Alarmed,
    Entry,
    Played,
    Playing,
    in_words,
    keep_typed,
    may_enter,
    store_new,
    store_steps,
)
from bot.services.errors import Refused
from bot.services.paper_questions import PaperQuestion, questions_on_paper
from bot.services.replies import reply_document, said_in
from bot.services.surveys import Survey
from flows.conversation import Conversation, Position, from_json
from flows.events import Said, Turn
from flows.model import Flow, Question
from flows.reading import Safeguard
from privacy.pseudonyms import contact_key, token_hash
from storage import audit, conversations, looking_back, messages, rounds
from storage.conversations import ConversationRow
from storage.database import Session
from storage.rounds import PlaceCodeRow, RoundRow

NOTES = "notes"
"""The channel of the note-taker's form."""
STREAM = "dialogue"
_A_MOMENT = timedelta(microseconds=1)
_WAITS_FOR_POINTS = "ja"
_NO_MORE = "nej"


class NoteRefused(Refused):
    """Nothing was stored, and will not be as things stand. `code`: no_round, closed, unknown_meeting, empty."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An answer as the device has it: codes of ticked boxes, and what was written."""

    codes: Sequence[str] = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A point, or the end of a meeting. `id` and `sitting` are 128 random bits that the device has made up.

    `answers` by question: with a point also what is known of the meeting, in case it is the first to arrive.
    """

    id: str
    sitting: str
    round_code: str
    meeting: str
    language: str
    is_end: bool
    answers: Mapping[str, Given]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The note is stored. `alarmed`: what was told that somebody must act on, whose words were not kept."""

    is_repeated: bool = False
    alarmed: tuple[Safeguard, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NotesRound:
    """What a device needs to note meetings of a round without a network."""

    row: RoundRow
    flow: Flow
    questions: tuple[PaperQuestion, ...]
    values: Mapping[str, str]
    meetings: tuple[PlaceCodeRow, ...] = field(default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingNotes:
    """Each note is one transaction with a line in the audit log."""

    parts: Parts
    actor: str

    def list_rounds(self) -> list[NotesRound]:
        """The rounds that meetings are noted for now."""
        today = local_date(self.parts.now())
        with self.parts.sessions.reading() as session:
            surveys = [
                (row, self.parts.surveys.of(session, row))
                for row in rounds.list_rounds(session)
                if may_enter(row, today)
            ]
        return [_notes_round(row, survey) for row, survey in surveys if STREAM in survey.versions]

    def take(self, note: Note) -> Taken:
        """Store the note, once however often it comes. Raises NoteRefused, and DatabaseUnavailable to come again."""
        return self.parts.sessions.run(
            lambda session: self._take(session, note), contact=token_hash(note.sitting)
        )

    def _take(self, session: Session, note: Note) -> Taken:
        known = looking_back.find_message(session, NOTES, token_hash(note.id))
        if known is not None:
            told = said_in(known.reply) if known.reply else ()
            return Taken(is_repeated=True, alarmed=tuple(Safeguard(said.key) for said in told))
        now = self.parts.now()
        row, survey = self._open(session, note)
        entry = self._entry(row, survey, note)
        found = conversations.get_latest_conversation(session, entry.contact_key, STREAM)
        conversation_id, alarmed = self._store(session, entry, found, note, now)
        kinds = tuple(a.safeguard for a in alarmed if a.safeguard is not Safeguard.CRIME_REPORT)
        messages.add_message(
            session,
            {
                "provider": NOTES,
                "provider_id": token_hash(note.id),
                "round_id": row.id,
                "conversation_id": conversation_id,
                "sender_key": None,
                "received_at": now,
                "reply": reply_document(row.id, None, tuple(Said(key=k.value, language="") for k in kinds)),
            },
        )
        audit.add_audit_entry(session, actor=self.actor, action="meeting_note_taken", round_id=row.id, at=now)
        return Taken(alarmed=kinds)

    def _store(
        self, session: Session, entry: Entry, found: ConversationRow | None, note: Note, now: datetime
    ) -> tuple[int | None, tuple[Alarmed, ...]]:
        """The conversation that the note went into, and what was told in it."""
        if found is not None and _takes_more(entry, found, note):
            played = self._play_on(entry, from_json(found.state), note, now)
            store_steps(session, _filing(entry, found, now), played)
            keep_typed(self.parts, session, entry, played, now)
            return found.id, played.alarmed
        if note.is_end:
            return (found.id if found else None), ()  # there is nothing to end
        played = self._play(entry, entry.begin(), note, now)
        moved_at = _moved_at(found, now) if found else now
        keep_typed(self.parts, session, entry, played, now)
        return store_new(session, entry, played, now, moved_at), played.alarmed

    def _play(self, entry: Entry, first: Turn, note: Note, now: datetime) -> Played:
        """From `first` to where the next point, or the end of the meeting, is waited for."""
        playing = Playing(self.parts, entry.survey, entry.flow, first, local_date(now))
        return playing.play(_Typed(entry.flow, note), until=_ends_a_point)

    def _play_on(self, entry: Entry, state: Conversation, note: Note, now: datetime) -> Played:
        playing = Playing(
            self.parts, entry.survey, entry.flow, Turn(conversation=state, events=()), local_date(now)
        )
        typed = _Typed(entry.flow, note)
        if not note.is_end:
            playing.say(_WAITS_FOR_POINTS)
            return playing.play(typed, until=_ends_a_point)
        for question in entry.flow.questions:
            position = Position(question.name, 0)
            if question.role == "participants" and typed(position) and position in state.answers:
                playing.change(position)
                playing.say(typed(position))
        return playing.play(lambda at: typed(at) or (_NO_MORE if _closes(entry.flow, at) else ""))

    def _open(self, session: Session, note: Note) -> tuple[RoundRow, Survey]:
        row = rounds.get_round(session, note.round_code)
        if row is None or row.status == "draft":
            raise NoteRefused("no_round")
        if not may_enter(row, local_date(self.parts.now())):
            raise NoteRefused("closed")
        survey = self.parts.surveys.of(session, row)
        if STREAM not in survey.versions:
            raise NoteRefused("no_round")
        return row, survey

    def _entry(self, row: RoundRow, survey: Survey, note: Note) -> Entry:
        meeting = survey.find_place_code(note.meeting) if note.meeting else None
        if note.meeting and meeting is None:
            raise NoteRefused("unknown_meeting")
        flow = survey.flows[survey.versions[STREAM]]
        if not note.is_end and not any(_Typed(flow, note)(Position(name, 0)) for name in flow.core):
            raise NoteRefused("empty")
        if row.wrapped_key is None:
            raise NoteRefused("closed")
        return Entry(
            row=row,
            survey=survey,
            stream=STREAM,
            channel=NOTES,
            language=note.language if note.language in flow.languages else flow.default_language,
            place_code=meeting.code if meeting else "",
            contact_key=contact_key(
                self.parts.keys.unwrap_key(row.wrapped_key), row.key_id, f"{NOTES}:{note.sitting}"
            ),
        )


def _notes_round(row: RoundRow, survey: Survey) -> NotesRound:
    flow = survey.flows[survey.versions[STREAM]]
    meetings = tuple(code for code in survey.place_codes.values() if code.kind == "meeting")
    given = {**survey.given, "place_code": "-"}  # the device has asked for the meeting
    return NotesRound(
        row=row,
        flow=flow,
        questions=questions_on_paper(flow, given),
        values=survey.values,
        meetings=meetings,
    )


def _takes_more(entry: Entry, found: ConversationRow, note: Note) -> bool:
    """Whether the conversation waits for a point, or for its end: a meeting may have more points than it takes."""
    state = from_json(found.state)
    if found.flow_version_id != entry.survey.versions[STREAM] or not state.is_open or state.at is None:
        return False
    return note.is_end or _closes(entry.flow, state.at)


def _moved_at(found: ConversationRow, now: datetime) -> datetime:
    """After all that moved the sitting before: clocks may be set back."""
    return max(now, found.last_at + _A_MOMENT)


def _filing(entry: Entry, found: ConversationRow, now: datetime) -> Filing:
    return Filing(
        round_id=found.round_id,
        conversation_id=found.id,
        flow_version_id=found.flow_version_id,
        flow=entry.flow,
        now=now,
        moved_at=_moved_at(found, now),
        begun_at=found.started_at,
        mark=found.mark,
    )


class _Typed:
    """What the note says at a position."""

    def __init__(self, flow: Flow, note: Note) -> None:
        self._questions: dict[str, Question] = {q.name: q for q in flow.questions if not q.closes_repeat}
        self._note = note

    def __call__(self, at: Position) -> str:
        question, given = self._questions.get(at.question), self._note.answers.get(at.question)
        if question is None or given is None:
            return ""
        return in_words(question, given.codes, given.text, self._note.language)


def _closes(flow: Flow, at: Position) -> bool:
    return flow.question(at.question).closes_repeat


def _ends_a_point(question: Question) -> bool:
    """Nothing more is asked of a point: whether there are more, or what is asked once all are noted."""
    return question.closes_repeat or question.role == "missing_groups"
