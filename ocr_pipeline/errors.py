"""Exit codes, and exceptions that own their code and their remedy.

Every failure a user can meet is one class here: a sentence that names the file, a remedy, a documented exit code.
The command line prints exactly that; the traceback only with --verbose.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The process exit codes of ocr-pipeline; part of the documented interface."""

    OK = 0
    BAD_ARGUMENTS = 2
    INPUT_FILE = 3
    ENCRYPTED = 4
    UNSUPPORTED = 5
    TOO_LARGE = 6
    OUTPUT = 7
    MODELS = 8
    ENGINE = 9
    PARTIAL = 10
    PROFILE = 11
    OTHER = 15
    INTERRUPTED = 130


class PipelineError(Exception):
    """A failure with a sentence for people, a remedy and an exit code of its own."""

    exit_code = ExitCode.OTHER
    remedy = ""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if remedy is not None:
            self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ArgumentError(PipelineError):
    """An argument of the command line makes no sense."""

    exit_code = ExitCode.BAD_ARGUMENTS


class InputFileError(PipelineError):
    """The file is missing, empty, truncated or damaged."""

    exit_code = ExitCode.INPUT_FILE
    remedy = "Check that the file is complete, or scan it again."


class EncryptedError(PipelineError):
    """The PDF needs a password."""

    exit_code = ExitCode.ENCRYPTED
    remedy = "Remove the password first (for example with: qpdf --decrypt IN OUT)."


class UnsupportedError(PipelineError):
    """The file is not a PDF, TIFF, JPEG or PNG, whatever its name says."""

    exit_code = ExitCode.UNSUPPORTED
    remedy = "Give a PDF, TIFF, JPEG or PNG file."


class TooLargeError(PipelineError):
    """The page image is beyond the size limit."""

    exit_code = ExitCode.TOO_LARGE
    remedy = "Scan at 300 dpi or less, or split the page."


class OutputError(PipelineError):
    """The results cannot be written."""

    exit_code = ExitCode.OUTPUT
    remedy = "Choose a folder you may write to, with space left (option -o)."


class PageError(PipelineError):
    """A page could not be read for a reason nobody foresaw."""

    exit_code = ExitCode.OTHER
    remedy = "Try the page on its own (ocr-pipeline page --verbose) and report what it says."


class ModelError(PipelineError):
    """Weights are missing, damaged, or not the expected ones."""

    exit_code = ExitCode.MODELS
    remedy = "Run: ocr-pipeline models fetch"


class EngineError(PipelineError):
    """The inference engine or the device cannot be used."""

    exit_code = ExitCode.ENGINE
    remedy = "Try --engine onnxruntime --device cpu."


class ProfileError(PipelineError):
    """A form profile is wrong."""

    exit_code = ExitCode.PROFILE
    remedy = "Mend the line named; the guide is docs/profiles.md."
