"""How long people take to get a text, read it and write another: what was written sooner is no answer to it.

Figures: silent reading 238 words a minute, which is 24 characters a second, for most between 175 and 300 (Brysbaert
2019, 10.1016/j.jml.2019.104047). Writing on a telephone 29 words a minute with one finger, 38 with two thumbs, 82 the
quickest of 37,000: 2.4, 3.2, 6.8 characters a second (Palin et al. 2019, 10.1145/3338286.3340120). Speech is quicker.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Somebody's: seconds that texts are under way, characters read and written in a second."""

    under_way_s: float
    reads: float
    writes: float

    def needs_s(self, *, read: int, written: int) -> float:
        """From sending a text of `read` characters until one of `written` characters has come back."""
        return self.under_way_s + read / self.reads + written / self.writes


QUICKEST = Pace(under_way_s=2, reads=40, writes=12)
"""Nobody is quicker: what comes sooner was begun before the text could be read."""
ORDINARY = Pace(under_way_s=5, reads=20, writes=2)
"""Most are not quicker: what comes sooner, and is no answer to what was asked, was rather begun before."""
LONGEST_S = 60.0
"""Whoever has had a minute has read what was asked."""
CLOCKS_DIFFER_S = 5.0
"""Between the provider's clock, which counts whole seconds, and ours."""
