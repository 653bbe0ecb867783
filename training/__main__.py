"""`make train` writes the weights under flows/library; `make measure` says what the layers find and cost.

`python -m training measure distress distress_1 ordinary_1`: of these files, when the layer has learned from the others
alone; `measure commands` the same of the commands.
"""

import sys
from pathlib import Path

from training import reporting
from training.learning import learn_commands, learn_distress, learn_known
from training.rows import all_rows

LIBRARY = Path(__file__).parent.parent / "flows" / "library"
LEARN = {"distress": learn_distress, "commands": learn_commands}
REPORTS = {"distress": reporting.report_distress, "commands": reporting.report_commands}

if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        names = sys.argv[2:3] or list(REPORTS)
        for name in names:
            REPORTS[name](all_rows(), sys.argv[3:])
    else:
        rows = all_rows()
        known = learn_known(rows)
        learned = {"known": known.checks} | {
            name: learn(rows, known).packed() for name, learn in LEARN.items()
        }
        for name, packed in learned.items():
            (LIBRARY / f"{name}.bin").write_bytes(packed)
            print(f"{name}.bin: {len(packed)} bytes")
