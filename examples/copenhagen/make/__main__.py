"""`python -m make OUTDIR [SEED]`, run from examples/copenhagen."""

import sys
from pathlib import Path

from .city import make_city

if len(sys.argv) not in (2, 3):
    sys.exit("Usage: python -m make OUTDIR [SEED]")
seed = int(sys.argv[2]) if len(sys.argv) == 3 else 2017
make_city(Path(sys.argv[1]), seed, print)
