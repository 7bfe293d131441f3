"""What is spared while models are loaded, most of which is Python at work: modules imported, dictionaries parsed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading_fast() -> Iterator[None]:
    """For as long as models are loaded: no garbage is looked for, YAML is parsed by libyaml."""
    with _garbage_left(), _yaml_in_c():
        yield


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Hundreds of thousands of objects are made to stay: to go through them again and again takes 0.3 s."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _yaml_in_c() -> Iterator[None]:
    """Paddlex parses a model's inference.yml, with all of its characters, by PyYAML's loader in Python: 0.5 s for the
    two that read, a tenth of it by the same loader around libyaml, where PyYAML was built with it."""
    import yaml

    in_python = yaml.FullLoader
    yaml.FullLoader = getattr(yaml, "CFullLoader", in_python)
    try:
        yield
    finally:
        yaml.FullLoader = in_python
