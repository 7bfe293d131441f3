"""Stage results as bytes and back, exactly.

Pickle keeps every bit of a float and follows the dataclasses as they grow. Because the ledger lies in a folder that
others may write to, unpacking lets in nothing but the stages' own dataclasses, enums and arrays.
"""

from __future__ import annotations

import io
import pickle
import zlib
from enum import Enum
from typing import Any

from ocr_pipeline.errors import OutputError

_LEVEL = 1
"""The fastest; higher ones save a tenth."""
_OWN_MODULES = frozenset({"ocr_pipeline.stages", "ocr_pipeline.document", "ocr_pipeline.geometry"})
_ARRAY_PARTS = frozenset(
    {
        ("numpy", "ndarray"),
        ("numpy", "dtype"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy.core.multiarray", "scalar"),
        ("numpy.core.numeric", "_frombuffer"),
    }
)


def pack(value: object, *, compress: bool = True) -> bytes:
    """The value as bytes. compress: for keeping; pictures on their way to the next process go as they are."""
    buffer = io.BytesIO()
    _StagePickler(buffer, protocol=5).dump(value)
    plain = buffer.getvalue()
    return zlib.compress(plain, _LEVEL) if compress else plain


def unpack(data: bytes) -> Any:
    """What pack(compress=True) packed. OutputError when it is damaged or holds anything else."""
    try:
        return _StageUnpickler(io.BytesIO(zlib.decompress(data))).load()
    except (zlib.error, pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError, IndexError) as error:
        raise OutputError(
            f"A page kept in the ledger is damaged: {error}.", "Remove the folder .ocr-pipeline and run again."
        ) from error


class _StagePickler(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:
        # Python 3.11.0 to 3.11.3 pickle a member of an enum by getattr, which nothing that is unpacked may call.
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


class _StageUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if self._is_known(module, name) else None
        if found is None or (module in _OWN_MODULES and not isinstance(found, type)):
            raise pickle.UnpicklingError(f"{module}.{name} has no place there")
        return found

    @staticmethod
    def _is_known(module: str, name: str) -> bool:
        return (module in _OWN_MODULES and "." not in name) or (module, name) in _ARRAY_PARTS
