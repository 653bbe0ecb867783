"""Who may see a page is said where its address is said. A route that does not say it does not start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Flask

from bot.services.roles import Role

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route: everybody, or accounts with one of these roles."""

    roles: frozenset[Role]
    is_open: bool = False

    @classmethod
    def of(cls, *roles: Role | str) -> "Access":
        """Accounts with one of these roles."""
        return cls(frozenset(Role(role) for role in roles))

    def admits(self, role: str | None) -> bool:
        """`role` is None for who is not signed in."""
        return self.is_open or role in self.roles


ANYONE = Access(frozenset(), is_open=True)
SIGNED_IN = Access(frozenset(Role))
COORDINATORS = Access.of(Role.COORDINATOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """What a route says of itself. `navigation`: the word ``nav_...`` under which the head of pages links to it;
    `waiting`: how much there waits for somebody, to stand beside that word.
    """

    access: Access
    navigation: str = ""
    most_bytes: int | None = None
    waiting: Callable[[], int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """In the head of pages: where to, under which word, and how much waits there."""

    endpoint: str
    word: str
    waiting: int


@dataclass
class _Statements:
    by_endpoint: dict[str, Stated] = field(default_factory=dict)


class Pages(Blueprint):
    """A blueprint whose routes say who may call them."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(name, module, template_folder="templates")
        self._stated: dict[str, Stated] = {}
        self.record(self._hand_over)

    def page(
        self,
        rule: str,
        *,
        access: Access,
        navigation: str = "",
        most_bytes: int | None = None,
        waiting: Callable[[], int] | None = None,
    ) -> Callable[[View], View]:
        """A page that is read. Changes nothing."""
        said = Stated(access=access, navigation=navigation, most_bytes=most_bytes, waiting=waiting)
        return self._say("GET", rule, said)

    def deed(self, rule: str, *, access: Access, most_bytes: int | None = None) -> Callable[[View], View]:
        """A form that is sent (POST). `most_bytes`: of a body that is larger than 64 KiB."""
        return self._say("POST", rule, Stated(access=access, most_bytes=most_bytes))

    def _say(self, method: str, rule: str, stated: Stated) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.add_url_rule(rule, view.__name__, view, methods=[method])
            self._stated[f"{self.name}.{view.__name__}"] = stated
            return view

        return register

    def _hand_over(self, state: Any) -> None:
        _statements(state.app).by_endpoint.update(self._stated)


def stated(app: Flask, endpoint: str | None) -> Stated | None:
    """What the route says of itself; None for no route."""
    return _statements(app).by_endpoint.get(endpoint or "")


def navigation(app: Flask, role: str) -> Iterable[Link]:
    """The pages that the head links to for a role, in the order in which they were registered."""
    for endpoint, said in _statements(app).by_endpoint.items():
        if said.navigation and said.access.admits(role):
            waiting = said.waiting() if said.waiting else 0
            yield Link(endpoint=endpoint, word=said.navigation, waiting=waiting)


def require_statements(app: Flask) -> None:
    """Raises ValueError naming the routes that do not say who may call them."""
    silent = {rule.endpoint for rule in app.url_map.iter_rules()} - set(_statements(app).by_endpoint)
    if silent:
        raise ValueError(f"routes that do not say who may call them: {', '.join(sorted(silent))}")


def _statements(app: Flask) -> _Statements:
    statements: _Statements = app.extensions.setdefault("lyhord_access", _Statements())
    return statements
