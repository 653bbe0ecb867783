"""What gunicorn serves: `gunicorn bot.wsgi:app`."""

from bot import logs
from bot.app import create_app
from bot.config import read_settings
from bot.wiring import build

_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_app(build(_settings))
