"""The process's own streams: closed ones made harmless, and one that takes no results told as such.

A program started with a stream closed gets None for it, and the first file it opens takes the number of the
descriptor: what a library then prints on standard error would land in that file.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from ocr_pipeline.errors import OutputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare_streams() -> None:
    """Give closed streams something harmless. From then on a message that nobody can hear stops no work, and a result
    that standard output does not take is an OutputError, from whatever library the writing was asked for."""
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free: this one
    # Where somebody has put others there, they are for us to write into.
    if sys.stdout is sys.__stdout__:
        sys.stdout = _text_stream(_StandardOutput(1, "w", closefd=False), sys.__stdout__)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _text_stream(_StandardError(2, "w", closefd=False), sys.__stderr__)


def settle_streams() -> OutputError | None:
    """Write what the streams still hold; the failure of standard output, if there was one not told before.

    What cannot be written is let go: the interpreter would end with a code of its own.
    """
    lost = None
    try:
        sys.stdout.flush()
    except OutputError as error:
        lost = error
    except (OSError, ValueError):  # whoever read it has gone, or somebody closed it
        pass
    for stream, number in ((sys.stdout, 1), (sys.__stdout__, 1), (sys.__stderr__, 2)):
        _let_go(stream, number)
    return lost


class _StandardOutput(io.FileIO):
    """The descriptor 1, which says in a sentence what is wrong with it."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read it has gone, and needs no sentence
                raise
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            remedy = "Send it to a file or a program that takes it."
            raise OutputError(f"Standard output cannot be written: {reason}.", remedy) from error


class _StandardError(io.FileIO):
    """The descriptor 2, which takes everything."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _text_stream(raw: io.FileIO, before: TextIO | None) -> TextIO:
    """A stream for text like the one before; of one that was closed nothing is known."""
    encoding, errors = (before.encoding, before.errors) if before is not None else ("utf-8", "backslashreplace")
    soon = raw.fileno() == 2 or raw.isatty()
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors=errors, line_buffering=soon)


def _let_go(stream: TextIO | None, number: int) -> None:
    if stream is None:
        return
    try:
        stream.flush()
    except (OSError, OutputError):
        with suppress(OSError, OutputError):
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, number)
            os.close(sink)
            stream.flush()
    except ValueError:  # closed
        return
