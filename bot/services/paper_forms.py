"""Paper forms, typed in by staff: one form is one conversation on the channel `paper`, stored whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.services.arrivals import Parts
from bot.services.dates import local_date
from bot.services.entering import Alarmed, Entry, Played, Playing, Unclear, keep_typed, may_enter, store_new
from bot.services.errors import Refused
from bot.services.paper_questions import PAPER, PaperQuestion, questions_on_paper
from bot.services.replies import reply_document
from bot.services.surveys import Survey
from flows.model import Flow
from flows.reading import Safeguard
from privacy.pseudonyms import contact_key, token_hash
from storage import answers, audit, conversations, erasure, looking_back, messages, rounds
from storage.database import Session
from storage.rounds import PlaceCodeRow, RoundRow

STREAM = "residents"


class FormRefused(Refused):
    """Nothing was stored. `code` says why: no_round, closed, unknown_place."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperForm:
    """A form as it was typed. `id` is 128 random bits that the page has made up for it.

    `replies` by question: what each box or line says, in the form's language. `kept` are the questions whose unclear
    answers whoever types has seen, and wants to keep as they are.
    """

    id: str
    language: str
    place_code: str
    replies: Mapping[str, str]
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Blank:
    """What the form asks in a round, in the order of the print."""

    row: RoundRow
    flow: Flow
    questions: tuple[PaperQuestion, ...]
    values: Mapping[str, str]
    place_codes: tuple[PlaceCodeRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """What became of a form. Where `unclear` is not empty, nothing was stored: it may be looked at once more."""

    unclear: tuple[Unclear, ...] = ()
    alarmed: tuple[Alarmed, ...] = ()
    left_out: tuple[str, ...] = ()
    """Questions with an answer on the form that are not asked after the others."""
    has_masked: bool = False
    is_repeated: bool = False
    """The form was stored before, and is stored once."""
    is_other: bool = False
    """It came with other answers than it was stored with: those were not taken."""

    @property
    def withheld(self) -> tuple[Alarmed, ...]:
        """What was told that somebody must act on; the words were not kept."""
        return tuple(a for a in self.alarmed if a.safeguard is not Safeguard.CRIME_REPORT)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack:
    """A form that was erased again, as it stood: values and redacted texts by question."""

    language: str
    place_code: str
    values: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperForms:
    """Each deed is one transaction with a line in the audit log, which says who typed; the answers do not."""

    parts: Parts
    actor: str

    def blank(self, round_code: str) -> Blank:
        """Raises FormRefused for a round that is not there, asks no residents, or is not open."""
        with self.parts.sessions.reading() as session:
            row, survey = self._open(session, round_code)
        flow = survey.flows[survey.versions[STREAM]]
        return Blank(
            row=row,
            flow=flow,
            questions=questions_on_paper(flow, {**survey.given, "place_code": ""}),
            values=survey.values,
            place_codes=tuple(code for code in survey.place_codes.values() if code.kind != "meeting"),
        )

    def enter(self, round_code: str, form: PaperForm) -> Entered:
        """Store the form, once however often it comes. Raises FormRefused."""
        return self.parts.sessions.run(
            lambda session: self._enter(session, round_code, form), contact=token_hash(form.id)
        )

    def _enter(self, session: Session, round_code: str, form: PaperForm) -> Entered:
        now = self.parts.now()
        row, survey = self._open(session, round_code)
        known = looking_back.find_message(session, PAPER, token_hash(form.id))
        if known is not None:
            kept = (known.reply or {}).get("content")
            return Entered(is_repeated=True, is_other=kept is not None and kept != _content(form))
        entry = self._entry(row, survey, form)
        playing = Playing(self.parts, survey, entry.flow, entry.begin(), local_date(now))
        played = playing.play(lambda at: form.replies.get(at.question, ""))
        unclear = tuple(u for u in played.unclear if u.question not in form.kept)
        if unclear:
            return Entered(unclear=unclear)
        conversation_id = store_new(session, entry, played, now)
        keep_typed(self.parts, session, entry, played, now)
        messages.add_message(
            session,
            {
                "provider": PAPER,
                "provider_id": token_hash(form.id),
                "round_id": row.id,
                "conversation_id": conversation_id,
                "sender_key": None,
                "received_at": now,
                "reply": {**reply_document(row.id, None, ()), "content": _content(form)},
            },
        )
        audit.add_audit_entry(session, actor=self.actor, action="paper_form_entered", round_id=row.id, at=now)
        return Entered(alarmed=played.alarmed, left_out=_left_out(form, played), has_masked=played.has_masked)

    def take_back(self, round_code: str, form_id: str) -> TakenBack | None:
        """Erase a form that was typed just now, for it to be typed again. None for one that is not there.

        Whoever knows the id has typed the form: it stands nowhere but in their browser. Raises FormRefused.
        """
        return self.parts.sessions.run(
            lambda session: self._take_back(session, round_code, form_id), contact=token_hash(form_id)
        )

    def _take_back(self, session: Session, round_code: str, form_id: str) -> TakenBack | None:
        row, _ = self._open(session, round_code)
        key = self._contact_key(row, form_id)
        found = conversations.get_latest_conversation(session, key)
        if found is None:
            return None
        stored = answers.list_current_answers(session, found.id)
        erasure.erase_contact(session, key, at=self.parts.now())
        audit.add_audit_entry(
            session, actor=self.actor, action="paper_form_taken_back", round_id=row.id, at=self.parts.now()
        )
        return TakenBack(
            language=str(found.state["language"]),
            place_code=str(found.state["given"].get("place_code", "")),
            values={answer.question: answer.value for answer in stored},
            texts={answer.question: answer.text for answer in stored if answer.text},
        )

    def _open(self, session: Session, round_code: str) -> tuple[RoundRow, Survey]:
        row = rounds.get_round(session, round_code)
        if row is None or row.status == "draft":
            raise FormRefused("no_round")
        if not may_enter(row, local_date(self.parts.now())):
            raise FormRefused("closed")
        survey = self.parts.surveys.of(session, row)
        if STREAM not in survey.versions:
            raise FormRefused("no_round")
        return row, survey

    def _entry(self, row: RoundRow, survey: Survey, form: PaperForm) -> Entry:
        place = survey.find_place_code(form.place_code) if form.place_code else None
        if form.place_code and place is None:
            raise FormRefused("unknown_place")
        return Entry(
            row=row,
            survey=survey,
            stream=STREAM,
            channel=PAPER,
            language=form.language,
            place_code=place.code if place else "",
            contact_key=self._contact_key(row, form.id),
        )

    def _contact_key(self, row: RoundRow, form_id: str) -> str:
        if row.wrapped_key is None:
            raise FormRefused("closed")
        return contact_key(self.parts.keys.unwrap_key(row.wrapped_key), row.key_id, f"{PAPER}:{form_id}")


def _content(form: PaperForm) -> str:
    """Tells the same answers again from others. Nobody without the form's id can try out words on it."""
    said = "\n".join(f"{name}={text}" for name, text in sorted(form.replies.items()) if text.strip())
    return token_hash(f"{form.id}\n{form.language}\n{form.place_code}\n{said}")


def _left_out(form: PaperForm, played: Played) -> tuple[str, ...]:
    asked = {position.question for position in played.asked}
    return tuple(name for name, text in form.replies.items() if text.strip() and name not in asked)
