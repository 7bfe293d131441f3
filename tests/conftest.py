"""What all tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# Examples are not timed: the machines that run the tests are shared, and pytest-timeout guards against a standstill.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `models` need the weights; scripts/test fetches them, a bare pytest may be without."""
    waiting = [item for item in items if item.get_closest_marker("models")]
    if not waiting:
        return
    from ocr_pipeline.ocr import weights

    missing = [state.entry.name for state in weights.list_models() if state.entry.default and not state.present]
    if missing:
        reason = f"weights missing: {', '.join(missing)}; run: ocr-pipeline models fetch"
        for item in waiting:
            item.add_marker(pytest.mark.skip(reason=reason))
