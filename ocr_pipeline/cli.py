"""The command line: arguments in, exit code out.

Every command lives in a module of ocr_pipeline/commands/ that imports nothing heavy before it runs, so that --help
answers at once. A new command is a new module there with a register(app) and its name in COMMANDS.
"""

from __future__ import annotations

import atexit
import gc
import sys
import traceback
from importlib import import_module
from typing import Annotated

import typer

from ocr_pipeline.commands.options import Invocation, Verbose
from ocr_pipeline.errors import ExitCode, PipelineError
from ocr_pipeline.streams import prepare_streams, settle_streams
from ocr_pipeline.wording import shown, shown_lines

PROGRAM = "ocr-pipeline"

COMMANDS = ("run", "batch", "page", "apply", "serve", "reports", "models", "evaluate")
"""Modules of ocr_pipeline.commands, in the order of the help page."""

_EXIT_CODES = ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in ExitCode)

app = typer.Typer(
    name=PROGRAM,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Exit codes: {_EXIT_CODES}.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Scans of printed reports in, their statistical tables out."""


for _name in COMMANDS:
    import_module(f"ocr_pipeline.commands.{_name}").register(app)


def main() -> None:
    """The entry point of the program. Ends the process with a code of ExitCode.

    Typer itself turns bad arguments into 2, Ctrl-C into 130, and is silent when whoever read our output has gone.
    """
    # At its end the system takes back all at once; Python would look for garbage in it first, for 0.25 s.
    atexit.register(gc.freeze)
    prepare_streams()
    call = Invocation()
    code = _outcome(call)
    lost = settle_streams()
    if lost is not None:
        code = code or _told(str(lost), lost.exit_code, call)
    sys.exit(code)


def _outcome(call: Invocation) -> int:
    try:
        app(prog_name=PROGRAM, obj=call)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.OK if end.code is None else ExitCode.OTHER
    except PipelineError as error:
        return _told(str(error), error.exit_code, call)
    except Exception as error:
        sentence = f"Unexpected {type(error).__name__}: {error}. Run again with --verbose and report the output."
        return _told(sentence, ExitCode.OTHER, call)
    return ExitCode.OK


def _told(sentence: str, code: ExitCode, call: Invocation) -> ExitCode:
    """The code of a failure, which is told on standard error."""
    if call.verbose:
        print(shown_lines(traceback.format_exc().rstrip()), file=sys.stderr)
    print(f"{PROGRAM}: {shown(sentence)}", file=sys.stderr, flush=True)
    return code
