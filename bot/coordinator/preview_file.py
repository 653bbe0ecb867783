"""The script of a survey as one HTML file, with templates, words and style of the page that shows a round's."""

import hashlib
from base64 import b64encode
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.webchat import LANGUAGE_NAMES
from bot.coordinator.wording import words
from bot.services.scripts import Script

_STYLES = ("console.css", "rounds.css", "preview.css")


def write_script(script: Script, *, language: str, round_code: str = "") -> str:
    """`language` is that of headings and conditions. The policy in it lets a browser load its own style and no more."""
    style = "".join(
        files("bot.coordinator").joinpath("static", name).read_text(encoding="utf-8") for name in _STYLES
    )
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=PackageLoader("bot.coordinator"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("preview_file.html").render(
        script=script,
        language=language,
        languages=LANGUAGE_NAMES,
        words=words("preview", language),
        round=round_code,
        style=Markup(style),  # noqa: S704  # our own files
        style_hash=f"sha256-{digest}",
    )
