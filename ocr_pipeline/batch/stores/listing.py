"""The files meant by an address: one file, a folder of them, a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from ocr_pipeline.batch.stores.entry import entry
from ocr_pipeline.batch.stores.store import Remote, Store, protocols
from ocr_pipeline.errors import InputFileError

_MAGIC, _HTTP_MAGIC = re.compile(r"[*?\[]"), re.compile(r"[*\[]")
"""Signs of a pattern. In an HTTP address ? begins the query."""


def find_remote(url: str, suffixes: frozenset[str]) -> Iterator[Remote]:
    """In the order in which the same files would be found on a disk: of a folder those with the suffixes, at all
    levels, without hidden ones. AddressError, InputFileError where the store may not be searched."""
    store = Store(url, InputFileError)
    is_http = not {"http", "https"}.isdisjoint(protocols(store.fs))
    magic = _HTTP_MAGIC if is_http else _MAGIC
    # A web server would send the whole file to say whether it is a page with links.
    is_file = is_http and PurePosixPath(store.address(store.root)).suffix.lower() in suffixes
    if magic.search(store.root):
        yield from _matches(store, magic, suffixes)
    elif not is_file and store.is_folder(store.root):
        yield from _folder(store, store.root, suffixes)
    else:
        yield _one(store, store.root, store.info(store.root))


def _matches(store: Store, magic: re.Pattern[str], suffixes: frozenset[str]) -> Iterator[Remote]:
    """As a shell would have it: * and ** pass hidden names by; a folder that matches is searched."""
    start = magic.search(store.root)
    fixed = store.root[: start.start()] if start else store.root
    found = store.glob(store.root)
    for path in sorted(found):
        if _is_hidden(path[len(fixed.rpartition("/")[0]) :]):
            continue
        if found[path].get("type") == "directory":
            yield from _folder(store, path, suffixes)
        else:
            yield _one(store, path, found[path])
    if not found:
        store.must_be_listable(fixed.rpartition("/")[0])


def _folder(store: Store, root: str, suffixes: frozenset[str]) -> Iterator[Remote]:
    top = root.rstrip("/") + "/" if root else ""
    found = store.below(root)
    for path in sorted(found, key=lambda path: _order(path[len(top) :])):
        name = path[len(top) :]
        if PurePosixPath(name).suffix.lower() in suffixes and not _is_hidden(name):
            yield _one(store, path, found[path])


def _order(name: str) -> tuple[tuple[bool, str], ...]:
    """As folders are walked: of each its files, then what is below."""
    *folders, last = name.split("/")
    return (*((True, folder) for folder in folders), (False, last))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _one(store: Store, path: str, info: Mapping[str, object] | None) -> Remote:
    return Remote(store, path, store.address(path), entry(info) if info else None)
