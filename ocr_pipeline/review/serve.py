"""`ocr-pipeline serve`: the review pages of a folder of filings, for the person at this machine.

Listens on the loopback address only. A request has to name that address as its host (so that no other site's name
can be pointed here), a change has to come from our own page (origin and a token of this run), and a filing is named
by a hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.errors import OutputError, PipelineError
from ocr_pipeline.review.corrections import parse_corrections
from ocr_pipeline.review.page import Desk, review_html, shelf_html
from ocr_pipeline.review.shelf import Shelf, UnknownFilingError

try:
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, PlainTextResponse, Response
    from starlette.routing import Route
except ModuleNotFoundError as missing:
    raise PipelineError(
        f"The package {missing.name} is not installed.", "Run: pip install 'ocr-pipeline[serve]'"
    ) from missing

if TYPE_CHECKING:
    from socket import socket

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8765
MAX_BODY = 8_000_000
"""Bytes of a corrections file: 3,000 corrected cells take under one million."""

_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",  # the pages carry the rest of their policy themselves
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(root: Path, port: int = DEFAULT_PORT) -> Starlette:
    """The web application over a folder, as it is reached at that port. InputFileError when root is no folder."""
    shelf = Shelf(root)
    token = secrets.token_urlsafe(24)
    hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})

    async def index(request: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(_index_page, shelf))

    async def review(request: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(_review_page, shelf, request.path_params["key"], token))

    async def save(request: Request) -> Response:
        refusal = _refusal(request, token, hosts)
        if refusal:
            return PlainTextResponse(refusal, 403)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("The corrections are too large.", 413)
        await run_in_threadpool(_save, shelf, request.path_params["key"], body)
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/", _guarded(index, hosts), methods=["GET"]),
            Route("/filing/{key}", _guarded(review, hosts), methods=["GET"]),
            Route("/filing/{key}/corrections", _guarded(save, hosts), methods=["POST"]),
        ]
    )


def serve(root: Path, port: int = DEFAULT_PORT, announce: Callable[[str], object] = print) -> None:
    """Serves the folder on this machine until interrupted; announce is told the address once it is open. Port 0 takes
    a free one. InputFileError when root is no folder, OutputError when the port cannot be had."""
    import uvicorn

    Shelf(root)  # a wrong folder is told before a port is taken
    listener = listen(port)
    taken = listener.getsockname()[1]
    config = uvicorn.Config(
        create_app(root, taken), log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        ws="none", lifespan="off", loop="asyncio", http="h11",
    )  # fmt: skip
    announce(f"http://{LOOPBACK}:{taken}/")
    uvicorn.Server(config).run(sockets=[listener])


def listen(port: int) -> socket:
    """A listening socket on the loopback address; port 0 takes a free one. OutputError when the port cannot be had."""
    import socket

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(64)
    except (OSError, OverflowError) as error:
        listener.close()
        raise OutputError(
            f"Port {port} of {LOOPBACK} cannot be used: {error}.", "Choose another with --port."
        ) from error
    return listener


def _guarded(endpoint: _Endpoint, hosts: frozenset[str]) -> _Endpoint:
    """The endpoint with the host checked first, our headers on every answer, and our errors told in words."""

    async def guarded(request: Request) -> Response:
        response = await _answer(endpoint, request, hosts)
        response.headers.update(_HEADERS)
        return response

    return guarded


async def _answer(endpoint: _Endpoint, request: Request, hosts: frozenset[str]) -> Response:
    if request.headers.getlist("host") not in [[host] for host in hosts]:
        return PlainTextResponse("This server answers to its own loopback address only.", 421)
    try:
        return await endpoint(request)
    except UnknownFilingError:
        return PlainTextResponse("There is no such filing.", 404)
    except OutputError as error:
        return PlainTextResponse(str(error), 500)
    except PipelineError as error:
        return PlainTextResponse(str(error), 422)


def _refusal(request: Request, token: str, hosts: frozenset[str]) -> str | None:
    """Why a change is refused, None when it comes from a page of this run."""
    if request.headers.get("origin") not in {f"http://{host}" for host in hosts}:
        return "The change does not come from a page of this server."
    if not secrets.compare_digest(request.headers.get("x-review-token", "").encode(), token.encode()):
        return "The page is of an earlier run of the server: load it again."
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return "Corrections are sent as application/json."
    return None


async def _body(request: Request) -> bytes | None:
    """The body, None when it is over the limit (the rest is not read then)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _index_page(shelf: Shelf) -> str:
    return shelf_html({"filings": [asdict(summary) for summary in shelf.summaries()]})


def _review_page(shelf: Shelf, key: str, token: str) -> str:
    document, corrections, pictures = shelf.open(key)
    return review_html(document, pictures, corrections, Desk(f"/filing/{key}/corrections", token, "/"))


def _save(shelf: Shelf, key: str, body: bytes) -> None:
    shelf.save(key, parse_corrections(body, "The corrections"))
