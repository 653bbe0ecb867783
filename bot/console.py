"""What gunicorn serves to the staff: `gunicorn bot.console:app`, a process and an origin of its own."""

import gc

gc.disable()  # as in bot.wsgi: what is loaded and built here stays

from bot import logs
from bot.config import read_settings
from bot.coordinator.application import create_console
from bot.coordinator.desk import open_desk

gc.freeze()
_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_console(open_desk(_settings))
gc.freeze()
gc.enable()
