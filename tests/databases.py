"""What tests ask of the fixture that opens databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from storage.database import Database

NewDatabase = Callable[[str, Path], AbstractContextManager[Database]]
"""Opens a database on the engine that is named, with SQLite's file in the folder given."""
