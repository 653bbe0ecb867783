"""What a second gunicorn serves as the provider's fallback: `gunicorn bot.spooling:app`. Runs without the database."""

from bot import logs
from bot.app import create_fallback_app
from bot.config import read_settings
from bot.wiring import build_fallback

_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_fallback_app(build_fallback(_settings))
