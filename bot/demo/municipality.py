"""A page that stands for the municipality's: another origin, a strict policy, and the chat's loader on it.

For tests, for rehearsal and for the person who will paste the line into the real site. Knows Flask and nothing of
what the chat does.
"""

from flask import Flask, Response, render_template

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; script-src {chat}; frame-src {chat}"
)
"""What the site allows. The last two are all that the chat needs (docs/chat.md)."""


def create_site(*, chat: str, round_code: str) -> Flask:
    """The site. `chat` is the origin of the running program, as ``http://127.0.0.1:8000``."""
    app = Flask(__name__)

    @app.context_processor
    def around() -> dict[str, str]:
        return {"chat": chat, "round_code": round_code}

    @app.get("/")
    def home() -> str:
        return render_template("site_home.html")

    @app.get("/trygghet")
    def safety() -> str:
        return render_template("site_safety.html")

    @app.after_request
    def add_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format(chat=chat)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app
