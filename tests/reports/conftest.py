"""Puts the repository root on the import path: the five reports are content of the sample maker."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
