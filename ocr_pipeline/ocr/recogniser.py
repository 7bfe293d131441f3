"""Pictures of text lines to readings, with a paddleocr recognition model."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr_pipeline.document import Alternative
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr import manifest
from ocr_pipeline.ocr.ctc import Decoded, Twins, best_paths, n_best
from ocr_pipeline.ocr.predictor import FloatBatch, Forward, Model, PaddleModel
from ocr_pipeline.ocr.preprocess import batch_tensor, plan_batches, split_long, to_height
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import RawReading

_NUMERIC = re.compile(r"[\d０-９OoIl|SBZ\s.,，．、。%％‰+\-—–－()（）/:：]+")
"""Digits, what stands between them in print, and the letters that digits are taken for."""
_BEAM = 12
"""Readings followed in the search for alternatives: some differ in blanks only and are dropped."""


class PaddleRecogniser:
    """Implements stages.Recogniser. One instance belongs to the thread that made it (EngineError elsewhere)."""

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the model; fetches its weights first where needed. ModelError, EngineError."""
        model = PaddleModel("TextRecognition", manifest.resolve(settings.model, "rec"), settings, side_by_side=True)
        self._set_up(model, model.inner.post_op.character, settings)

    @classmethod
    def of_model(cls, model: Model, characters: Sequence[str], settings: EngineSettings) -> PaddleRecogniser:
        """Around a model already loaded; characters[k] is the text of class k, class 0 the blank."""
        recogniser = cls.__new__(cls)
        recogniser._set_up(model, characters, settings)
        return recogniser

    def _set_up(self, model: Model, characters: Sequence[str], settings: EngineSettings) -> None:
        self._model = model
        self._characters = tuple(characters)
        self._settings = settings
        self._twins = Twins.among(self._characters)
        self._pair = {klass: pair for pair, klass in enumerate(self._twins.narrow.tolist())}

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def forward_seconds(self) -> float:
        """Seconds spent inside the model so far."""
        return self._model.forward_seconds

    @property
    def forward_calls(self) -> int:
        """Batches given to the model so far."""
        return self._model.forward_calls

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each image (gray uint8, any size, dark print on white), in the same order.

        Images longer than the models' widest input are read in pieces, cut at a blank. ValueError for an image
        without pixels.
        """
        pieces: list[GrayImage] = []
        owner: list[int] = []
        for index, image in enumerate(images):
            parts = split_long(to_height(image))
            pieces += parts
            owner += [index] * len(parts)
        read: list[list[RawReading]] = [[] for _ in images]
        for index, reading in zip(owner, self._read_pieces(pieces), strict=True):
            read[index].append(reading)
        return [_joined(parts) for parts in read]

    def _read_pieces(self, pieces: Sequence[GrayImage]) -> list[RawReading]:
        widths = [piece.shape[1] for piece in pieces]
        batches = plan_batches(widths, self._settings.batch_columns, self._settings.batch_crops)
        readings: dict[int, RawReading] = {}
        given = ([pieces[index] for index in batch] for batch in batches)
        for batch, read in zip(batches, self._model.forward_each(self._read_batch, given), strict=True):
            readings.update(zip(batch, read, strict=True))
        return [readings[index] for index in range(len(pieces))]

    def _read_batch(self, pieces: Sequence[GrayImage], forward: Forward) -> list[RawReading]:
        """Pieces of one input width. Runs in several threads at a time, and keeps nothing."""
        output = forward(batch_tensor(pieces))
        wider = self._twins.join(output)
        every = zip(best_paths(output), output, wider, strict=True)
        return [self._reading(decoded, steps, wide) for decoded, steps, wide in every]

    def _reading(self, decoded: Decoded, steps: FloatBatch, wide: npt.NDArray[np.bool_]) -> RawReading:
        """steps: probabilities with the two widths of a character joined; wide: where the full width was likelier."""
        text = self._text(self._in_width(decoded, wide))
        score = sum(decoded.scores) / len(decoded.scores) if decoded.scores else 0.0
        alternatives: tuple[Alternative, ...] = ()
        if self._wants_alternatives(text, decoded.scores):
            alternatives = self._alternatives(text, steps)
        return RawReading(text, score, decoded.scores, alternatives)

    def _alternatives(self, text: str, steps: FloatBatch) -> tuple[Alternative, ...]:
        """The next best readings; those that differ from a better one in blanks alone say nothing new."""
        seen = {_without_blanks(text)}
        found: list[Alternative] = []
        for classes, score in n_best(steps, _BEAM, beam=_BEAM):
            if len(found) >= self._settings.alternatives:
                break
            other = self._text(classes)
            if _without_blanks(other) not in seen:
                seen.add(_without_blanks(other))
                found.append(Alternative(other, score))
        return tuple(found)

    def _wants_alternatives(self, text: str, scores: Sequence[float]) -> bool:
        """Numbers, which sums can decide between, and short texts that the model is not sure of."""
        if not text or len(text) > self._settings.alternatives_length:
            return False
        return bool(_NUMERIC.fullmatch(text)) or min(scores) < self._settings.alternatives_score

    def _in_width(self, decoded: Decoded, wide: npt.NDArray[np.bool_]) -> list[int]:
        """The classes, each in the width that the model thought likelier."""
        classes = []
        for klass, step in zip(decoded.classes, decoded.steps, strict=True):
            pair = self._pair.get(klass)
            classes.append(klass if pair is None or not wide[step, pair] else int(self._twins.wide[pair]))
        return classes

    def _text(self, classes: Sequence[int]) -> str:
        return "".join(self._characters[klass] for klass in classes)


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _joined(parts: Sequence[RawReading]) -> RawReading:
    """The readings of one image's pieces as one."""
    if len(parts) == 1:
        return parts[0]
    scores = tuple(score for part in parts for score in part.char_scores)
    text = "".join(part.text for part in parts)
    return RawReading(text, sum(scores) / len(scores) if scores else 0.0, scores)
