"""What there is to do for the contents being worked on, in the order it is best done."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ocr_pipeline.batch.content import Content, Job


@dataclass(frozen=True)
class Errand:
    """A worker's task, before it is spelt out. One of: open the file (page and job None), a page by 0-based index, the
    writing of a document under one name. attempt: 0, and 1 for the second and last."""

    content: Content
    page: int | None = None
    job: Job | None = None
    attempt: int = 0

    @property
    def what(self) -> str:
        """As a sentence about it begins."""
        path = self.job.path if self.job else self.content.path
        if self.page is None:
            return str(path)
        return f"Page {self.page + 1} of {path}" if self.content.page_count != 1 else str(path)


class Errands:
    """The errands of all contents, oldest content first; second attempts on their own."""

    def __init__(self) -> None:
        self._contents: dict[str, Content] = {}
        self._again: deque[Errand] = deque()
        self._afresh: deque[Errand] = deque()

    def __len__(self) -> int:
        """Contents being worked on."""
        return len(self._contents)

    def add(self, content: Content) -> None:
        self._contents[content.sha256] = content

    def remove(self, content: Content) -> None:
        del self._contents[content.sha256]

    def contents(self) -> Iterable[Content]:
        return self._contents.values()

    def try_again(self, errand: Errand, *, afresh: bool) -> None:
        """Have it done once more. afresh: by a process that has done nothing before."""
        again = Errand(errand.content, errand.page, errand.job, errand.attempt + 1)
        (self._afresh if afresh else self._again).append(again)

    def for_fresh(self) -> Errand | None:
        """The next that needs a fresh process."""
        return self._afresh.popleft() if self._afresh else None

    @property
    def needing_fresh(self) -> int:
        return len(self._afresh)

    def next(self, *, pages: bool) -> Errand | None:
        """The next for any worker: what lets go of a content first. pages: whether pages may be analysed now."""
        if self._again:
            return self._again.popleft()
        for content in self._contents.values():
            if content.to_write:
                return Errand(content, job=content.to_write.popleft())
        for content in self._contents.values():
            if content.page_count is None and not content.opening:
                content.opening = True
                return Errand(content)
            if pages and content.todo:
                return Errand(content, page=content.todo.popleft())
        return None

    def waiting(self) -> int:
        """Errands nobody has in hand: how many workers could be used."""
        return (
            len(self._again)
            + len(self._afresh)
            + sum(
                len(content.todo) + len(content.to_write) + (content.page_count is None and not content.opening)
                for content in self._contents.values()
            )
        )
