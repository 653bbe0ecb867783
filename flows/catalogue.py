"""The packaged flows, texts and word lists, and the reading of an author's YAML. Alone here reads packaged files."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from flows.command_layer import CommandLayer
from flows.commands import CommandReader
from flows.distress import DistressLayer
from flows.documents import DocumentReader, Path, Places, Problem
from flows.drafts import draft_texts
from flows.hearing import CommandHearer
from flows.learned import Known, LearnedModel
from flows.model import Wording
from flows.noticing import SafeguardNoticer
from flows.safeguards import SafeguardRules
from flows.signatures import Shipped
from flows.translations import with_texts
from text.packaged import packaged_yaml

MAX_CHARACTERS = 500_000

_LIBRARY = files("flows") / "library"
_FOR_NO_SURVEY = frozenset({"kept_for_later"})
"""Said where nobody knows the survey, in all finished languages at once."""
_NOT_FLOWS = frozenset({"texts.yaml", "chat.yaml"})


class LoadedDocument(NamedTuple):
    """A document as plain mappings, lists and texts; empty when the file cannot be read at all."""

    document: Mapping[str, object]
    places: Places
    problems: tuple[Problem, ...]


@cache
def flow_names() -> tuple[str, ...]:
    """Names of the packaged flows."""
    names = (item.name for item in _LIBRARY.iterdir() if item.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name not in _NOT_FLOWS))


@cache
def load_document(name: str) -> LoadedDocument:
    """A packaged flow. Raises KeyError for a name that is not one of flow_names()."""
    if name not in flow_names():
        raise KeyError(name)
    return load_document_text(_read(f"{name}.yaml"), f"{name}.yaml")


@cache
def service_texts() -> Mapping[str, Wording]:
    """What is said besides questions (reminder, safeguards, commands), by key."""
    texts: dict[str, Wording] = packaged_yaml("flows", "texts.yaml")
    return texts


@cache
def page_words() -> Mapping[str, Wording]:
    """The chat pages' own words, by key."""
    loaded: dict[str, Wording] = packaged_yaml("flows", "chat.yaml")
    return loaded


@cache
def shipped() -> Shipped:
    """What a language needs besides the words of a flow."""
    texts = {key: wording for key, wording in service_texts().items() if key not in _FOR_NO_SURVEY}
    return Shipped(texts=texts, page=page_words())


@cache
def load_with_drafts(name: str) -> LoadedDocument:
    """A packaged flow and all drafts of it, for who writes or checks them: never for who publishes or asks."""
    loaded = load_document(name)
    document = loaded.document
    for language in draft_names():
        document = with_texts(document, language, draft_texts(draft(language), name))
    return loaded._replace(document=document)


@cache
def draft_names() -> tuple[str, ...]:
    """Languages of which a draft ships, or the frame for one."""
    names = (item.name for item in _LIBRARY.joinpath("drafts").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def draft(language: str) -> Mapping[str, Any]:
    """What ships in a language that Lyhörd is not finished in. Raises KeyError for a language without."""
    if language not in draft_names():
        raise KeyError(language)
    loaded: Mapping[str, Any] = load_document_text(
        _read(f"drafts/{language}.yaml"), f"{language}.yaml"
    ).document
    return loaded


class Helpline(NamedTuple):
    """A telephone number that the texts give; `checked_on` is None where nobody has noted a day."""

    number: str
    what: str
    source: str
    checked_on: date | None


@cache
def helplines() -> tuple[Helpline, ...]:
    """Every number for help that the texts name, with who last saw to it and where it was read."""
    return tuple(
        Helpline(**{**row, "checked_on": row["checked_on"] or None})
        for row in words("helplines")["helplines"]
    )


def safeguard_noticer() -> SafeguardNoticer:
    """The rules and the learned layer of the safeguards. Not kept: it holds a few megabytes."""
    layer = DistressLayer(_model("distress"), **words("distress"))
    return SafeguardNoticer(rules=SafeguardRules(words("safeguards")), layer=layer)


def command_hearer() -> CommandHearer:
    """The rules and the learned layer of the commands. Not kept: it holds megabytes."""
    layer = CommandLayer(model=_model("commands"), **words("command_layer"))
    return CommandHearer(rules=CommandReader(words("commands")), layer=layer)


def _model(name: str) -> LearnedModel:
    return LearnedModel(_LIBRARY.joinpath(f"{name}.bin").read_bytes(), _known())


@cache  # the two layers share it, and what they make of a message
def _known() -> Known:
    return Known(_LIBRARY.joinpath("known.bin").read_bytes())


def words(name: str) -> dict[str, Any]:
    """The word list library/words/NAME.yaml. Not kept: what reads it makes its own of it."""
    loaded: dict[str, Any] = packaged_yaml("flows", "words", f"{name}.yaml")
    return loaded


def load_document_text(text: str | bytes, filename: str) -> LoadedDocument:
    """An author's YAML. Every scalar stays the text that was written (`no`, `0701` and `15_24` mean themselves).

    Doubled keys, aliases and broken YAML are problems with their line.
    """
    loader = _Loader(filename)
    document = loader.load(text)
    document = loader.reader.mapping(document, ())
    if loader.reader.problems:
        document = {}
    return LoadedDocument(document, loader.places, tuple(loader.reader.problems))


def document_text(document: Mapping[str, Any]) -> str:
    """A document as YAML that load_document_text reads as the same document again."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 110
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(dict(document), stream)
    return stream.getvalue()


def _read(name: str) -> str:
    return _LIBRARY.joinpath(name).read_text(encoding="utf-8")


class _Loader:
    """Turns YAML nodes into plain values and notes the line of every path."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.places: dict[Path, str] = {(): filename}
        self.reader = DocumentReader(self.places)
        self._seen: set[int] = set()

    def load(self, text: str | bytes) -> object:
        try:
            decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
            if len(decoded) > MAX_CHARACTERS:
                self._report("too_long", (), "the file is too long to be a flow", "Split it.")
                return {}
            node = YAML(typ="safe", pure=True).compose(decoded)
            return {} if node is None else self._value(node, ())
        except UnicodeDecodeError:
            self._report("not_text", (), "the file is not UTF-8 text", "Save it as UTF-8.")
        except RecursionError:
            self._report("not_yaml", (), "the file is nested too deeply", "See docs/flow-format.md.")
        except YAMLError as error:
            self._report_yaml(error)
        return {}

    def _value(self, node: Node, path: Path) -> object:
        self.places[path] = f"{self.filename}, line {node.start_mark.line + 1}"
        if isinstance(node, ScalarNode):
            empty = str(node.tag).endswith(":null") and node.style is None
            return "" if empty else str(node.value)
        if id(node) in self._seen:
            self._report("alias", path, "a part of the file is used twice (&name, *name)", "Write it out.")
            return {}
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return dict(self._fields(node, path))
        return [self._row(item, path, index) for index, item in enumerate(node.value)]

    def _fields(self, node: MappingNode, path: Path) -> Iterator[tuple[str, object]]:
        seen = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._report("wrong_type", path, "a name must be a text", "Write name: value.")
                continue
            key = str(key_node.value)
            value = self._value(value_node, (*path, key))
            if key in seen:
                self._report("key_doubled", (*path, key), f"{key!r} stands twice", "Keep one of them.")
            seen.add(key)
            yield key, value

    def _row(self, node: Node, path: Path, index: int) -> object:
        """A row, whose place is found by its number and, down to its fields, by its name."""
        name = _name_in(node)
        value = self._value(node, (*path, name if name and (*path, name) not in self.places else index))
        self.places[(*path, index)] = f"{self.filename}, line {node.start_mark.line + 1}"
        return value

    def _report(self, code: str, path: Path, message: str, advice: str) -> None:
        self.reader.report(code, path, message, advice)

    def _report_yaml(self, error: YAMLError) -> None:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        if mark is not None:
            self.places[()] = f"{self.filename}, line {mark.line + 1}"
        fault = getattr(error, "problem", None) or "it cannot be read"
        advice = "Check indentation, colons and quotes on that line and the one before."
        self._report("not_yaml", (), f"not YAML: {fault}", advice)


def _name_in(node: Node) -> str:
    """What stands at `name` in a row."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == "name" and isinstance(value, ScalarNode):
                return str(value.value)
    return ""
