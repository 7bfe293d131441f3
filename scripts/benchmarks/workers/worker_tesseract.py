"""Tesseract with the simplified Chinese model: text lines only."""

from __future__ import annotations

import subprocess
from typing import Any

from protocol import Read, Region, serve


def load() -> Read:
    def read(image: str, regions: list[Region]) -> dict[str, Any]:
        command = ["tesseract", image, "stdout", "-l", "chi_sim"]
        text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
        return {"tables": [], "lines": [line for line in text.splitlines() if line.strip()]}

    return read


if __name__ == "__main__":
    serve(load)
