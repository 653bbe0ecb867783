"""What gunicorn serves: `gunicorn bot.wsgi:app`."""

import gc

gc.disable()  # what is loaded and built here stays: to look for garbage meanwhile takes a sixth of the time

from bot import logs
from bot.app import create_app
from bot.config import read_settings
from bot.wiring import build

gc.freeze()  # not to be looked through below
_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_app(build(_settings))
gc.freeze()  # what is left is not looked through again while messages are answered
gc.enable()
