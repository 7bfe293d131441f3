"""Whether a path leads to a file that can be read, told before it is opened: opening a pipe waits for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ocr_pipeline.errors import InputFileError

_SAVE_FIRST = "Save what comes through it in a file, or pipe it into: ocr-pipeline page -"
_OTHERS = (
    (stat.S_ISDIR, "a folder", "Name the files in it, for example with *.pdf."),
    (stat.S_ISFIFO, "a pipe", _SAVE_FIRST),
    (stat.S_ISSOCK, "a socket", _SAVE_FIRST),
    (stat.S_ISCHR, "a device", _SAVE_FIRST),
    (stat.S_ISBLK, "a device", _SAVE_FIRST),
)


class NoPathError(InputFileError, TypeError):
    """Something that is no name of a file was given in the place of one."""

    remedy = "Give the path of a file; write bytes to a file first."


def require_name(name: object) -> None:
    """Return where this is the name of a file, there or not. NoPathError for a number, for bytes and the like."""
    if not isinstance(name, str | os.PathLike):
        raise NoPathError(f"A file is named by a str or a Path, not by {type(name).__name__}.")


def require_file(path: Path) -> None:
    """Return where there is a file. InputFileError says what is there instead, or why nothing can be seen."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise input_error(path, error) from error
    for is_kind, kind, remedy in _OTHERS:
        if is_kind(mode):
            raise InputFileError(f"{path} is {kind}, not a file.", remedy)


def input_error(path: Path, error: OSError | ValueError) -> InputFileError:
    """What the system says of a path as a sentence of ours."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputFileError(f"There is no file {path}.", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return InputFileError(f"{path} may not be read.", "Ask for read permission (chmod +r).")
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return InputFileError(f"{path} is a link that leads back to itself.", "Give the file it was made for.")
    # ValueError: a NUL in the name.
    said = error.strerror if isinstance(error, OSError) else None
    return InputFileError(f"{path} cannot be read: {said or error}.")
