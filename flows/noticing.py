"""All that goes before the survey in a message: by the rules and, where these are silent, by the learned layer."""

from dataclasses import dataclass

from flows.distress import DistressLayer
from flows.reading import Alarm, Safeguard
from flows.safeguards import SafeguardRules

_ORDER = list(Safeguard)
_LEAVES_OPEN = frozenset({Safeguard.UNDER_AGE, Safeguard.CRIME_REPORT})
"""What the rules may notice without having said whether somebody is in distress."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SafeguardNoticer:
    """Rules or layer: an alarm of either counts, and the rules say better which."""

    rules: SafeguardRules
    layer: DistressLayer

    def notice(self, text: str) -> tuple[Alarm, ...]:
        """All that `text` (cleaned, not yet redacted) tells of, one alarm each, in the order of Safeguard."""
        alarms = self.rules.notice(text)
        if any(alarm.safeguard not in _LEAVES_OPEN for alarm in alarms):
            return alarms
        heard = self.layer.alarm(text)
        if heard is None:
            return alarms
        return tuple(sorted((heard, *alarms), key=lambda alarm: _ORDER.index(alarm.safeguard)))
