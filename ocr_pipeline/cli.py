"""The command line: arguments in, exit code out.

Every command lives in a module of ocr_pipeline/commands/ that imports nothing heavy before it runs, so that --help
answers at once. A new command is a new module there with a register(app) and its name in COMMANDS.
"""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Annotated

import typer

from ocr_pipeline.commands.options import Invocation, Verbose
from ocr_pipeline.errors import ExitCode, PipelineError

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
    call = Invocation()
    try:
        app(prog_name=PROGRAM, obj=call)
    except PipelineError as error:
        _fail(str(error), error.exit_code, call)
    except Exception as error:
        sentence = f"Unexpected {type(error).__name__}: {error}. Run again with --verbose and report the output."
        _fail(sentence, ExitCode.OTHER, call)


def _fail(sentence: str, code: ExitCode, call: Invocation) -> None:
    if call.verbose:
        traceback.print_exc()
    print(f"{PROGRAM}: {sentence}", file=sys.stderr)
    sys.exit(code)
