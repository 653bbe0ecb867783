"""The figures of the evaluation, counted by hand on a few rows, and the files that the rows come from."""

import io
from pathlib import Path

import pytest

from bot.services.evaluation import (
    Share,
    evaluate_codings,
    evaluate_languages,
    evaluate_messages,
    evaluate_replies,
)
from bot.services.labelled_files import BadTableError, read_tsv, write_predictions


def _message(number: int, intended: str, read: str, language: str = "sv") -> dict[str, str]:
    return {"id": f"m{number}", "language": language, "state": "idle", "intended": intended, "read": read}


MESSAGES = [
    _message(1, "emergency", "emergency"),
    _message(2, "emergency", "domestic"),
    _message(3, "suicide", "answer"),
    _message(4, "answer", "emergency", "en"),
    _message(5, "answer", "answer", "en"),
    _message(6, "answer", "answer", "en"),
]


def _read(row: dict[str, str]) -> str:
    return row["read"]


def test_precision_recall_and_false_alarms_of_a_label() -> None:
    figures = {label.label: label for label in evaluate_messages(MESSAGES, _read).labels}
    emergency = figures["emergency"]
    assert (emergency.precision, emergency.recall) == (Share(hits=1, n=2), Share(hits=1, n=2))
    assert emergency.false_alarms == Share(hits=1, n=4)


def test_one_safeguard_taken_for_another_still_counts_as_any_safeguard() -> None:
    figures = {label.label: label for label in evaluate_messages(MESSAGES, _read).labels}
    assert figures["any safeguard"].recall == Share(hits=2, n=3)
    assert figures["any safeguard"].false_alarms == Share(hits=1, n=3)


def test_confusions_name_the_rows_most_frequent_first() -> None:
    rows = [*MESSAGES, _message(7, "suicide", "answer")]
    first = evaluate_messages(rows, _read).confusions[0]
    assert (first.intended, first.read, first.ids) == ("suicide", "answer", ("m3", "m7"))


def test_shares_by_language_and_what_was_read_in_the_order_of_rows() -> None:
    evaluation = evaluate_messages(MESSAGES, _read)
    assert evaluation.groups["language"] == {"en": Share(hits=2, n=3), "sv": Share(hits=1, n=3)}
    assert evaluation.read[:3] == ("emergency", "domestic", "answer")


def test_replies_are_counted_by_kind_and_language() -> None:
    rows = [
        {"id": "1", "language": "sv", "question_kind": "yesno", "intended": "yes", "read": "yes"},
        {"id": "2", "language": "en", "question_kind": "yesno", "intended": "no", "read": "unclear"},
    ]
    evaluation = evaluate_replies(rows, _read)
    assert evaluation.overall == Share(hits=1, n=2)
    assert evaluation.groups["question kind and language"]["yesno en"] == Share(hits=0, n=1)


def test_codings_distinguish_primary_any_and_all() -> None:
    rows = [
        {"primary_category": "a", "other_categories": "b", "read": "a;b"},
        {"primary_category": "a", "other_categories": "", "read": "b;a"},
        {"primary_category": "b", "other_categories": "", "read": ""},
    ]
    evaluation = evaluate_codings([{"id": "1", "language": "sv", **row} for row in rows], _read)
    match = evaluation.groups["match"]
    assert (match["primary"].hits, match["any"].hits, match["all"].hits) == (1, 2, 1)


def test_languages_are_counted_by_length() -> None:
    rows = [
        {"id": "1", "language": "sv", "text": "ja", "read": "no"},
        {"id": "2", "language": "sv", "text": "det är för mörkt på vägen till skolan", "read": "sv"},
    ]
    by_length = evaluate_languages(rows, _read).groups["length"]
    assert by_length == {"1 word": Share(hits=0, n=1), "8 words or more": Share(hits=1, n=1)}


def test_no_rows_give_no_share() -> None:
    assert evaluate_replies([], _read).overall.share is None


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "rows.tsv"
    path.write_bytes(content)
    return path


def test_reads_a_file_as_excel_writes_it(tmp_path: Path) -> None:
    path = _file(tmp_path, '\ufeffid\ttext\r\n1\tmörkt "där"\r\n\r\n'.encode())
    assert read_tsv(path, ["id", "text"]) == ({"id": "1", "text": 'mörkt "där"'},)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"id\ttext\n1\tok\n2\tm\xf6rkt\n", "line 3: is not UTF-8, probably Windows-1252"),
        ("id\ttext\n".encode("utf-16"), "UTF-16"),
        (b"id\tlanguage\n", "line 1: lacks the column text. It has id, language"),
        (b"id;text\n1;ok\n", "Put tabs between the columns"),
        (b"id\ttext\ttext\n", "has the column text twice"),
        (b"id\ttext\n1\ta\tb\n", "line 2: has 3 fields where there are 2 columns"),
        (b"id\ttext\n\n1\n", "line 3: ends before the column text"),
    ],
)
def test_a_bad_file_is_refused_with_place_and_advice(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadTableError) as refused:
        read_tsv(_file(tmp_path, content), ["id", "text"])
    assert said in str(refused.value)
    assert "rows.tsv" in str(refused.value)


def test_a_missing_file_is_a_bad_table(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match="cannot be read"):
        read_tsv(tmp_path / "none.tsv", ["id"])


def test_predictions_replace_columns_or_stand_last() -> None:
    out = io.StringIO()
    write_predictions(out, [{"id": "1", "category": "a"}], [{"category": "b", "read": "c"}])
    assert out.getvalue() == "id\tcategory\tread\n1\tb\tc\n"
