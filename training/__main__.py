"""`make train` writes flows/library/distress.bin; `make measure` says what the layer finds and costs.

`python -m training measure distress_1 ordinary_1`: of these files, when the layer has learned from the others alone.
"""

import sys
from pathlib import Path

from training.learning import learn
from training.reporting import report
from training.rows import all_rows

WEIGHTS = Path(__file__).parent.parent / "flows" / "library" / "distress.bin"

if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        report(all_rows(), sys.argv[2:])
    else:
        WEIGHTS.write_bytes(learn(all_rows()).packed())
        print(f"{WEIGHTS}: {WEIGHTS.stat().st_size} bytes")
