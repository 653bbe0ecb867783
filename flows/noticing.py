"""All that goes before the survey in a message: by the rules, and by the learned layer where these are silent."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.distress import KINDS, DistressLayer
from flows.reading import Alarm, Safeguard
from flows.safeguards import SafeguardRules

_ORDER = list(Safeguard)
_LEAVES_OPEN = frozenset({Safeguard.CRIME_REPORT})
"""What the rules may notice without having said whether somebody is in distress. Who says to be under 15 is given the
same numbers to call as a child that tells of harm."""


_MOST_WORDS_OF_AN_AGE = 6


def is_age_alone(text: str, alarms: Sequence[Alarm]) -> bool:
    """Whether the rules notice an age under 15 in `text` and nothing else has room in it."""
    is_age = [alarm.safeguard for alarm in alarms] == [Safeguard.UNDER_AGE]
    return is_age and len(text.split()) <= _MOST_WORDS_OF_AN_AGE


@dataclass(frozen=True, kw_only=True, slots=True)
class SafeguardNoticer:
    """An alarm of the rules counts unless the layer is sure of an ordinary answer; where there is none, the layer's."""

    rules: SafeguardRules
    layer: DistressLayer

    def notice(self, text: str) -> tuple[Alarm, ...]:
        """All that `text` (cleaned, not yet redacted) tells of, one alarm each, in the order of Safeguard."""
        alarms = self.rules.notice(text)
        if alarms and self.layer.is_ordinary(text):
            alarms = tuple(alarm for alarm in alarms if alarm.safeguard not in KINDS)
        if any(alarm.safeguard not in _LEAVES_OPEN for alarm in alarms) or is_age_alone(text, alarms):
            return alarms
        heard = self.layer.alarm(text)
        if heard is None:
            return alarms
        return tuple(sorted((heard, *alarms), key=lambda alarm: _ORDER.index(alarm.safeguard)))
