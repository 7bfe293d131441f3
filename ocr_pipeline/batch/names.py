"""What files are called: paths of this machine, or addresses in a store that fsspec knows (s3://bucket/in/a.pdf)."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TypeAlias

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::[A-Za-z][A-Za-z0-9+.-]+)*://")
"""One protocol or a chain of them. At least two letters: C:// is a drive."""
_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/]*@")
_SIGNATURE = re.compile(r"(://[^\s?#]*)\?[^\s'\"]*=[^\s'\")]*")
"""A query that sets something: signed addresses carry their permission there. A lone ? may be part of a pattern."""


class Address(str):
    """The address of a file in a store as people are told it: without passwords and signatures."""

    __slots__ = ()

    @property
    def stem(self) -> str:
        """The last name in it without its suffix."""
        return PurePosixPath(self).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self).suffix


Name: TypeAlias = Path | Address
"""Under which a file was given, and which its document records."""


def is_url(name: str) -> bool:
    """Whether it is to be looked for in a store, not on this machine's disks."""
    return _URL.match(name) is not None


def as_name(text: str) -> Name:
    """The name that was written down as this text."""
    return Address(text) if is_url(text) else Path(text)


def full_name(name: Name) -> bytes:
    """What tells it from every other file on this machine and elsewhere. File names need not be text."""
    return os.fsencode(name if isinstance(name, Address) else name.absolute())


def without_secrets(text: str) -> str:
    """The text with the passwords and signatures of addresses in it left out."""
    return _SIGNATURE.sub(r"\1", _PASSWORD.sub(r"\1@", text))
