"""From an address as a person types it to fsspec's file system; what is wrong with it in one sentence."""

from __future__ import annotations

from typing import Any

from ocr_pipeline.batch.names import without_secrets
from ocr_pipeline.errors import ExitCode, PipelineError


class AddressError(PipelineError):
    """An address that cannot be used, whatever lies there."""

    exit_code = ExitCode.BAD_ARGUMENTS


def open_url(url: str) -> tuple[Any, str]:
    """The file system for a URL, and the path in it. AddressError."""
    fsspec, shown = _fsspec(url), without_secrets(url)
    protocol = url.partition("://")[0]
    try:
        found: tuple[Any, str] = fsspec.url_to_fs(url)
    except ImportError as error:
        raise AddressError(
            f"Addresses that begin with {protocol}:// need a package that is not installed.",
            f"fsspec says: {without_secrets(str(error))}.",
        ) from None
    except ValueError as error:
        raise AddressError(
            f"{shown} cannot be used: {without_secrets(str(error))}.",
            f"Known are {', '.join(_usual(fsspec))} and others of fsspec.",
        ) from None
    except Exception as error:  # a server that does not answer, credentials that it does not take
        told = without_secrets(first_line(error))
        raise AddressError(f"{shown} cannot be reached: {type(error).__name__}: {told}.", "") from None
    return found


def _fsspec(url: str) -> Any:
    try:
        import fsspec
    except ImportError:
        raise AddressError(
            f"{without_secrets(url)} is in a store, and reading stores needs fsspec, which is not installed.",
            'Run: python -m pip install "ocr-pipeline[remote]".',
        ) from None
    return fsspec


def _usual(fsspec: Any) -> list[str]:
    known = fsspec.available_protocols()
    return [f"{name}://" for name in ("s3", "gs", "abfs", "sftp", "webdav", "https", "file") if name in known]


def first_line(error: BaseException) -> str:
    """What an exception says, in one line without its full stop."""
    return (str(error).strip().partition("\n")[0] or "no reason was given").rstrip(".")
