from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from ocr_samples import written

from ocr_pipeline.errors import EngineError, ModelError
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.lanes import Given, Result
from ocr_pipeline.ocr.predictor import FloatBatch, Forward
from ocr_pipeline.ocr.recogniser import PaddleRecogniser
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import blank_gray

CHARACTERS = ("blank", "0", "6", "8", "国", " ")


class ShadeModel:
    """A model that reads gray levels: each dark patch is a character by its shade, surer the darker it is."""

    name = "shades"
    forward_seconds = 0.0

    def __init__(self) -> None:
        self.forward_calls = 0
        self.shapes: list[tuple[int, ...]] = []

    def forward_each(self, work: Callable[[Given, Forward], Result], items: Iterable[Given]) -> Iterator[Result]:
        return (work(item, self.forward) for item in items)

    def forward(self, batch: FloatBatch) -> FloatBatch:
        self.forward_calls += 1
        self.shapes.append(batch.shape)
        shade = batch[:, 0].mean(axis=1).reshape(len(batch), -1, 8).mean(axis=2)
        output = np.zeros((*shade.shape, len(CHARACTERS)), dtype=np.float32)
        output[..., 0] = 1.0
        for klass, level in ((1, -1.0), (2, -0.8), (3, -0.6), (4, -0.4)):
            hit = abs(shade - level) < 0.05
            output[hit] = 0.01
            output[hit, klass] = 0.94 if klass != 2 else 0.6
            output[hit, 3] += 0.34 if klass == 2 else 0.0
        return output


def patches(*shades: int, gap: int = 16) -> GrayImage:
    """Patches 8 wide with blanks between; shade 0 reads 0, 26 reads 6 (perhaps 8), 51 reads 8, 77 reads 国."""
    image = blank_gray(48, 16 + len(shades) * (8 + gap))
    for index, shade in enumerate(shades):
        image[:, 16 + index * (8 + gap) : 24 + index * (8 + gap)] = shade
    return image


def shade_reader(settings: EngineSettings | None = None) -> tuple[PaddleRecogniser, ShadeModel]:
    model = ShadeModel()
    return PaddleRecogniser.of_model(model, CHARACTERS, settings or EngineSettings()), model


def test_readings_come_in_the_order_of_the_images() -> None:
    reader, model = shade_reader()
    images = [patches(0, 51, 0), patches(0), patches(*[51] * 20), patches(77), blank_gray(30, 30)]
    assert [reading.text for reading in reader.read(images)] == ["080", "0", "8" * 20, "国", ""]
    assert reader.forward_calls == model.forward_calls > 1
    assert reader.name == "shades"


def test_no_images_no_readings() -> None:
    reader, model = shade_reader()
    assert reader.read([]) == [] and model.forward_calls == 0


def test_an_image_without_pixels_is_refused() -> None:
    reader, _ = shade_reader()
    with pytest.raises(ValueError, match="pixels"):
        reader.read([patches(0), np.zeros((0, 5), dtype=np.uint8)])


def test_scores_are_per_character_and_their_mean() -> None:
    reader, _ = shade_reader()
    (reading,) = reader.read([patches(0, 26)])
    assert reading.char_scores == pytest.approx((0.94, 0.6))
    assert reading.score == pytest.approx(0.77)
    assert reader.read([blank_gray(20, 40)])[0].score == 0


def test_a_doubtful_number_has_alternatives_best_first_without_itself() -> None:
    reader, _ = shade_reader()
    (reading,) = reader.read([patches(0, 26)])
    assert reading.text == "06"
    assert reading.alternatives[0].text == "08"
    assert "06" not in [alternative.text for alternative in reading.alternatives]
    scores = [alternative.score for alternative in reading.alternatives]
    assert scores == sorted(scores, reverse=True) and len(scores) <= EngineSettings().alternatives


def test_alternatives_do_not_differ_in_blanks_alone() -> None:
    reader, _ = shade_reader()
    (reading,) = reader.read([patches(0, 26)])
    bare = ["".join(item.text.split()) for item in reading.alternatives]
    assert len(set(bare)) == len(bare) and "06" not in bare


def test_sure_words_and_long_texts_have_no_alternatives() -> None:
    reader, _ = shade_reader(replace(EngineSettings(), alternatives_score=0.9))
    assert [reading.alternatives for reading in reader.read([patches(77), patches(*[0] * 17)])] == [(), ()]
    reader, _ = shade_reader()
    assert reader.read([patches(77)])[0].alternatives


def test_batches_obey_the_settings() -> None:
    reader, model = shade_reader(replace(EngineSettings(), batch_columns=128, batch_crops=2))
    reader.read([patches(0)] * 5 + [patches(*[0] * 10)])
    assert all(shape[0] <= 2 and (shape[0] == 1 or shape[0] * shape[3] <= 128) for shape in model.shapes)
    assert sum(shape[0] for shape in model.shapes) == 6


def test_a_very_long_line_is_read_in_pieces() -> None:
    reader, model = shade_reader()
    (reading,) = reader.read([patches(*[0, 51] * 150)])
    assert reading.text == "08" * 150
    assert len(reading.char_scores) == 300
    assert max(shape[3] for shape in model.shapes) <= 3200


@pytest.fixture(scope="module")
def small(real_models: None) -> PaddleRecogniser:
    return PaddleRecogniser(EngineSettings())


@pytest.mark.models
def test_the_real_model_reads(small: PaddleRecogniser) -> None:
    texts = ["2019", "43,210", "98.7%", "TOTAL"]
    assert [reading.text for reading in small.read([written(text) for text in texts])] == texts
    assert small.forward_seconds > 0


@pytest.mark.models
def test_a_reading_does_not_depend_on_the_batch(small: PaddleRecogniser) -> None:
    images = [written(text) for text in ("0", "17", "305", "4,567", "806")]
    together = small.read(images)
    alone = [small.read([image])[0] for image in images]
    assert [reading.text for reading in together] == [reading.text for reading in alone]
    assert [reading.score for reading in together] == pytest.approx([reading.score for reading in alone], abs=1e-4)


@pytest.mark.models
def test_a_blank_crop_reads_as_nothing(small: PaddleRecogniser) -> None:
    assert [reading.text for reading in small.read([blank_gray(40, 60), blank_gray(1, 1)])] == ["", ""]


@pytest.mark.models
def test_another_thread_is_told_so(small: PaddleRecogniser) -> None:
    caught: list[Exception] = []

    def elsewhere() -> None:
        try:
            small.read([blank_gray(40, 60)])
        except EngineError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(caught) == 1 and "another thread" in str(caught[0])


@pytest.mark.models
def test_a_damaged_model_is_one_clear_error(real_models: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    from ocr_pipeline.ocr.weights import model_dir

    root = tmp_path_factory.mktemp("models")
    folder = root / "PP-OCRv6_tiny_rec"
    folder.mkdir()
    good = model_dir("PP-OCRv6_small_rec")
    (folder / "inference.yml").write_bytes((good / "inference.yml").read_bytes().replace(b"_small_", b"_tiny_"))
    (folder / "inference.onnx").write_bytes((good / "inference.onnx").read_bytes()[:100_000])
    with pytest.raises(ModelError, match="PP-OCRv6_tiny_rec"):
        PaddleRecogniser(EngineSettings(model="tiny", models_dir=str(root)))


_QUIET = """
import socket
def refuse(*_):
    raise AssertionError("the network was reached for")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import numpy as np
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.ocr.engine import load_detector, load_recogniser
page = np.full((200, 200), 255, np.uint8)
assert load_detector(EngineSettings()).detect(page) == []
assert load_recogniser(EngineSettings()).read([page])[0].text == ""
"""


@pytest.mark.models
def test_loading_and_reading_is_silent_and_offline(real_models: None) -> None:
    done = subprocess.run([sys.executable, "-c", _QUIET], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_bracket_in_doubt_between_two_widths_is_not_in_doubt() -> None:
    class Bracket:
        name = "bracket"
        forward_seconds = 0.0
        forward_calls = 0

        def forward_each(self, work: Callable[[Given, Forward], Result], items: Iterable[Given]) -> Iterator[Result]:
            return (work(item, self.forward) for item in items)

        def forward(self, batch: FloatBatch) -> FloatBatch:
            output = np.zeros((len(batch), 3, 3), dtype=np.float32)
            output[:, :, 0] = 1.0
            output[:, 1] = (0.02, 0.44, 0.54)
            return output

    reader = PaddleRecogniser.of_model(Bracket(), ("blank", "(", "（"), EngineSettings())
    (reading,) = reader.read([blank_gray(48, 64)])
    assert reading.text == "（"
    assert reading.score == pytest.approx(0.98)
