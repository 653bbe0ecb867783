"""Words that begin surveys on one number: two rounds may share it as long as no text begins one in both."""

from collections.abc import Iterable

from bot.services.surveys import fold_code
from storage import rounds
from storage.database import Session
from storage.rounds import RoundRow


def list_shared_words(session: Session, row: RoundRow) -> dict[str, str]:
    """What begins a survey in this round and in another that is under way on its number, by that round's code."""
    mine = _beginnings(session, row.id)
    found = {}
    for other in rounds.list_rounds_on_number(session, row.phone_number):
        if other.is_under_way and other.id != row.id:
            shared = mine.keys() & _beginnings(session, other.id).keys()
            if shared:
                found[other.code] = mine[min(shared)]
    return found


def list_codes_beside(session: Session, row: RoundRow) -> list[str]:
    """Place codes of other rounds under way on its number."""
    beside = [
        other
        for other in rounds.list_rounds_on_number(session, row.phone_number)
        if other.is_under_way and other.id != row.id
    ]
    return [code.code for other in beside for code in rounds.list_place_codes(session, other.id)]


def _beginnings(session: Session, round_id: int) -> dict[str, str]:
    """Keywords, place codes, and the two together, as they are written by how they are compared."""
    keywords = [str(k["word"]) for k in rounds.get_round_document(session, round_id)["keywords"]]
    codes = [code.code for code in rounds.list_place_codes(session, round_id)]
    return _by_fold((*(f"{word}{code}" for word in keywords for code in codes), *codes, *keywords))


def _by_fold(words: Iterable[str]) -> dict[str, str]:
    return {fold_code(word): word for word in words}
