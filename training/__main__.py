"""`make train`: writes flows/library/distress.bin. `python -m training measure` says what each threshold costs."""

import sys
from pathlib import Path

from training.learning import learn
from training.rows import all_rows

WEIGHTS = Path(__file__).parent.parent / "flows" / "library" / "distress.bin"

if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        from training.reporting import report

        report(all_rows())
    else:
        WEIGHTS.write_bytes(learn(all_rows()).packed())
        print(f"{WEIGHTS}: {WEIGHTS.stat().st_size} bytes")
