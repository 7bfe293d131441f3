"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

from ocr_pipeline.errors import OutputError


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises OutputError naming it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {error.strerror or error}.") from error


def write_atomic(path: Path, content: bytes | Iterable[bytes]) -> Path:
    """Put the content into the file at once: whoever looks sees the old file or the new one, never a part.

    content: whole, or in pieces that are made one after the other and need not be in memory together.
    The content goes to a new file in the same folder, to the disk, and then takes the name. On a failure (no space,
    no permission, interrupted) the new file is removed and the old one stays. Raises OutputError naming the path.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        _write_through(temporary, content)
        os.replace(temporary, path)  # noqa: PTH105 (one call to fail in the tests, whatever the path type)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def remove_file(path: Path) -> None:
    """Remove a file that an earlier run left. Raises OutputError naming it."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} is left from an earlier run and cannot be removed: {error.strerror}.") from error


def remove_stale(folder: Path, ours: re.Pattern[str], keep: Collection[Path]) -> None:
    """Remove the files of a folder that bear a name of ours and are not to be kept; the folder need not be there.
    Raises OutputError naming the file that cannot be removed."""
    for path in sorted(folder.glob("*")):
        if ours.fullmatch(path.name) and path not in keep:
            remove_file(path)


def _write_through(path: Path, content: bytes | Iterable[bytes]) -> None:
    # Mode 0666 less the umask, as any program's files have; a name that did not exist, so that no link is followed.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as stream:
        stream.writelines([content] if isinstance(content, bytes) else content)
        stream.flush()
        os.fsync(stream.fileno())
