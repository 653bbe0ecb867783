"""What a person asked for and cannot have as things stand. The message says what to mend; the command line says it."""


class Refused(Exception):
    """Nothing was changed."""
