"""Counts for whoever watches the program, in the form of Prometheus. How often and how long; never who, what or where.

Alone here the client for Prometheus is known, and it is imported only where there is a token to read with. What
could tell of a single person (safeguard replies, a round's answers by hour) must not be counted here.
"""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import NamedTuple

from flask import Blueprint, Request, Response, abort, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.values import MutexValue, ValueClass

from bot.services.inbound import Reply
from storage import condition, outbox
from storage.database import DatabaseUnavailable, Session, Sessions

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TURN = "sms.receive_sms"
_IS_SHARED = ValueClass is not MutexValue
"""Whether several processes count together, in the folder that gunicorn.conf.py makes."""

_registry = CollectorRegistry()

_WEBHOOK_OUTCOMES = {
    200: "answered",
    400: "refused_malformed",
    403: "refused_forged",
    413: "too_large",
    503: "unavailable",
}
_REFUSED = frozenset({"refused_malformed", "refused_forged", "too_large"})
_CHAT_OUTCOMES = {
    200: "answered",
    400: "refused_malformed",
    403: "refused_other_site",
    404: "gone",
    413: "too_large",
    503: "unavailable",
}

_webhook_requests = Counter(
    "lyhord_webhook_requests",
    "Requests of the provider, by webhook (sms or status) and by what became of them.",
    ["webhook", "outcome"],
    registry=_registry,
)
_chat_requests = Counter(
    "lyhord_chat_requests",
    "Pages and forms of the web chat, by what became of them.",
    ["outcome"],
    registry=_registry,
)
_turn_seconds = Histogram(
    "lyhord_turn_duration_seconds",
    "From a signed message to its answer, as the program sees it; what was refused is not among them.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=_registry,
)
_database_unavailable = Counter(
    "lyhord_database_unavailable",
    "Requests that nothing could be stored for.",
    registry=_registry,
)
_loop_guard = Counter(
    "lyhord_loop_guard",
    "Messages that were not answered because their sender had written too many in an hour.",
    registry=_registry,
)

# A labelled counter is looked up once: all that can be counted stands at 0 from the start, and counting is cheap.
_webhook = {
    (endpoint, outcome): _webhook_requests.labels(name, outcome)
    for endpoint, name in ((_TURN, "sms"), ("sms.receive_status", "status"))
    for outcome in (*_WEBHOOK_OUTCOMES.values(), "repeated", "failed")
}
_chat = {outcome: _chat_requests.labels(outcome) for outcome in (*_CHAT_OUTCOMES.values(), "shown", "failed")}


def count(asked: Request, response: Response, reply: Reply | None, took_s: float) -> None:
    """Count a request of the webhooks or of the chat that has its answer; `reply` where a message was taken."""
    status, blueprint = response.status_code, asked.blueprint
    if blueprint == "sms":
        _count_webhook(asked.endpoint or "", status, reply, took_s)
    elif blueprint in ("chat", "chat_api") and asked.endpoint != "chat.static":
        _count_chat(asked.method, status)
    if status == 503 and blueprint != "health":
        _database_unavailable.inc()
    if reply is not None and reply.is_held_back:
        _loop_guard.inc()


def _count_webhook(endpoint: str, status: int, reply: Reply | None, took_s: float) -> None:
    outcome = _WEBHOOK_OUTCOMES.get(status, "failed")
    if reply is not None and reply.is_repeated:
        outcome = "repeated"
    _webhook[endpoint, outcome].inc()
    if endpoint == _TURN and outcome not in _REFUSED:
        _turn_seconds.observe(took_s)


def _count_chat(method: str, status: int) -> None:
    outcome = _CHAT_OUTCOMES.get(status, "failed")
    _chat["shown" if outcome == "answered" and method == "GET" else outcome].inc()


def make_blueprint(sessions: Sessions, now: Callable[[], datetime], token: str) -> Blueprint:
    """Route /metrics, for whoever shows the token."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        shown = request.headers.get("Authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            abort(403)
        counted = CollectorRegistry() if _IS_SHARED else _registry
        if _IS_SHARED:
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        seen = CollectorRegistry()
        seen.register(_Seen(sessions, now))
        return Response(generate_latest(counted) + generate_latest(seen), content_type=MEDIA_TYPE)

    return blueprint


# --- what is looked up when somebody asks ------------------------------------------------------------------------


class _Gauge(NamedTuple):
    """A number that the database holds; `read` gives None where there is none yet. Its query must be cheap."""

    name: str
    explanation: str
    read: Callable[[Session, datetime], float | None]


def _upkeep_age_s(session: Session, now: datetime) -> float | None:
    ran_at = condition.get_last_run(session, condition.UPKEEP)
    return None if ran_at is None else max(0.0, (now - ran_at).total_seconds())


_GAUGES = (
    _Gauge(
        "lyhord_upkeep_age_seconds",
        "Since the worker has seen to dates: above 900 it does not run.",
        _upkeep_age_s,
    ),
    _Gauge(
        "lyhord_rounds_open",
        "Rounds whose state is open.",
        lambda session, _: condition.count_open_rounds(session),
    ),
    _Gauge(
        "lyhord_outbox_waiting",
        "Messages that have still to leave: many, or for long, and the worker or the provider is away.",
        lambda session, _: outbox.count_messages(session),
    ),
    # Messages that wait in the spool of another host are not seen from here.
)


class _Seen(Collector):
    """The program and its database as they are now."""

    def __init__(self, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("lyhord_build", "Which version runs.", value={"version": version("lyhord")})
        current = condition.has_current_tables(self._sessions)
        yield GaugeMetricFamily(
            "lyhord_database_schema_current", "1 where the database has this version's tables.", value=current
        )
        reachable = current or condition.is_reachable(self._sessions)
        yield GaugeMetricFamily("lyhord_database_reachable", "1 where the database answers.", value=reachable)
        if current:
            yield from self._read()

    def _read(self) -> list[Metric]:
        try:
            with self._sessions.reading() as session:
                read = [(gauge, gauge.read(session, self._now())) for gauge in _GAUGES]
        except DatabaseUnavailable:
            return []
        return [
            GaugeMetricFamily(gauge.name, gauge.explanation, value=value)
            for gauge, value in read
            if value is not None
        ]
