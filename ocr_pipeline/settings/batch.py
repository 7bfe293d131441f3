"""How many files are worked on at once."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class BatchSettings:
    """How many files are read side by side, and within which limits. None of it changes what is read."""

    jobs: int = 0
    """Worker processes; 0 takes one for each core."""
    recognisers: int = 0
    """Recognition processes beside the workers. 0 on the CPU: each worker reads its own pages, which spares the
    transport of the crops. On GPUs there is one for each device, whatever is set here."""
    page_timeout: float = 120.0
    """Seconds for one page: some fifty times what a dense table page takes with the small model on one core."""
    page_memory: int = 4096
    """Megabytes a worker may occupy: the largest page let in (120 million pixels) needs 3 GB with working copies."""
    start_timeout: float = 300.0
    """Seconds a worker may take to load its models: the first run fetches them first."""
    recycle_pages: int = 500
    """A worker is replaced after so many pages, so that whatever a library leaks stays small; loading the models
    again costs about two pages' time."""
    files_ahead: int = 4
    """Files open at once beyond the number of workers: enough that no worker waits for the last page of a file."""
    pages_waiting: int = 8
    """Analysed pages that may wait for one recognition process (2 MB each); beyond that analysis pauses."""
    pages_together: int = 8
    """Pages whose crops a recognition process reads in one go: its batches are full from some 300 crops on."""
    gpu_batch_columns: int = 65_536
    """Pixel columns in one batch on a GPU: 600 MB of output at 2300 numbers a column; halved when memory runs out."""
    fail_fast: bool = False
    """Stop at the first failure."""
    retry_failed: bool = False
    """Read pages and files again that failed in an earlier run."""

    def __post_init__(self) -> None:
        require(self.jobs >= 0 and self.recognisers >= 0, "numbers of processes must not be negative")
        require(self.page_timeout > 0 and self.start_timeout > 0, "time limits must be positive")
        require(self.page_memory >= 64, "page_memory must be at least 64 MB")
        require(self.recycle_pages >= 1 and self.files_ahead >= 0, "recycle_pages must be positive")
        require(self.pages_waiting >= 1 and self.pages_together >= 1, "at least one page must be let through")
        require(self.gpu_batch_columns >= 64, "a batch must hold at least one crop")
