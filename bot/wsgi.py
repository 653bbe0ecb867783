"""What gunicorn serves: `gunicorn bot.wsgi:app`."""

import gc

from bot import logs
from bot.app import create_app
from bot.config import read_settings
from bot.wiring import build

gc.disable()  # what is built here stays: to look for garbage meanwhile takes a quarter of the time
_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_app(build(_settings))
gc.freeze()  # and it is not looked through again while messages are answered
gc.enable()
