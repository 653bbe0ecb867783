"""The chat's API does what docs/chat-api.openapi.yaml says, for what fits it and for what does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from town import ROUND, Town

from bot.channels import webchat
from storage.database import Database

DESCRIPTION = Path(__file__).parents[2] / "docs" / "chat-api.openapi.yaml"
OPERATIONS = [
    ("/api/chat/{round}/{stream}/conversations", "POST"),
    ("/api/chat/{round}/messages", "POST"),
    ("/api/chat/{round}/conversation", "GET"),
]
SOME = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    yield Town.build(database)


@pytest.fixture
def schema(town: Town) -> Any:
    schema = schemathesis.openapi.from_path(DESCRIPTION)
    schema.app = town.client.application
    return schema


def _begun(town: Town) -> str:
    body = {"message_id": webchat.new_message_id()}
    token: str = town.client.post(f"/api/chat/{ROUND}/residents/conversations", json=body).json["token"]
    return token


def test_the_description_has_every_route_of_the_api(town: Town, schema: Any) -> None:
    described = {(path, method) for path, method in OPERATIONS if schema[path][method]}
    served = {
        (rule.rule.replace("<round_code>", "{round}").replace("<stream>", "{stream}"), method)
        for rule in town.client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == described


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=["start", "message", "look"])
@pytest.mark.parametrize("is_ours", [True, False], ids=["in a conversation", "anywhere"])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_is_answered_as_described(
    town: Town, schema: Any, path: str, method: str, is_ours: bool, mode: GenerationMode
) -> None:
    """In a conversation that is there, and with addresses and tokens that nobody has.

    Without a token there is no 401: an answer of its own would tell which tokens are known.
    """
    operation = schema[path][method]
    ours: dict[str, Any] = {}
    if is_ours:
        ours["path_parameters"] = {"round": ROUND, "stream": "residents"}
        ours["headers"] = {"Authorization": f"Bearer {_begun(town)}"}
    if is_ours and method == "GET" and mode is GenerationMode.NEGATIVE:
        return  # nothing is left that could be wrong

    @given(case=operation.as_strategy(mode, **ours))
    @SOME
    def try_it(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=[checks.ignored_auth])

    try_it()
