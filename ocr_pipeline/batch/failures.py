"""Failures on their way: from an answer to the ledger, to people, and back to exceptions."""

from __future__ import annotations

from ocr_pipeline import errors
from ocr_pipeline.batch.ledger import Failure
from ocr_pipeline.batch.messages import Failed, Lost
from ocr_pipeline.batch.names import Name
from ocr_pipeline.errors import ExitCode, PipelineError

_FILE = "{file}"
"""Stands for the file's name in the ledger: one content may have several names."""

_CLASSES: dict[int, type[PipelineError]] = {
    kind.exit_code: kind
    for kind in (
        errors.InputFileError,
        errors.EncryptedError,
        errors.UnsupportedError,
        errors.TooLargeError,
        errors.OutputError,
        errors.ModelError,
        errors.EngineError,
        errors.ProfileError,
    )
}


def as_error(message: str, exit_code: int) -> PipelineError:
    """The exception that has that exit code; the message holds its remedy already."""
    return _CLASSES.get(exit_code, PipelineError)(message, "")


def concerns_all(failed: Failed) -> bool:
    """Whether every file would fail in the same way: models, engine, disk."""
    return failed.disk or failed.exit_code in (ExitCode.MODELS, ExitCode.ENGINE, ExitCode.PROFILE)


def of_answer(outcome: Failed | Lost, what: str, path: Name) -> Failure:
    """The failure for the ledger. what: the thing that failed, as a sentence begins ("Page 3 of x.pdf")."""
    if isinstance(outcome, Failed):
        return Failure(outcome.message.replace(str(path), _FILE), outcome.exit_code)
    message = f"{what}: the process that read it {outcome.reason}. {_remedy(outcome.reason)}"
    return Failure(message.replace(str(path), _FILE), ExitCode.OTHER)


def named(failure: Failure, path: Name) -> str:
    """The failure's sentence with the name of the file."""
    return failure.message.replace(_FILE, str(path))


def _remedy(reason: str) -> str:
    if "longer" in reason:
        return "Scan it again at 300 dpi or less, or allow more with --page-timeout and --retry-failed."
    if "memory" in reason:
        return "Scan it again at 300 dpi or less, or allow more with --page-memory and --retry-failed."
    return "Try it alone with: ocr-pipeline run; if that ends too, report the file."
