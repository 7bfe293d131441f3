"""The loop of a batch: contents in, errands to the workers, answers to the ledger, until nothing is left."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.assemble.document import FailedPage
from ocr_pipeline.batch.admission import Admission, Target
from ocr_pipeline.batch.content import Content, Job
from ocr_pipeline.batch.crew import Crew, Event, Wait
from ocr_pipeline.batch.display import Display
from ocr_pipeline.batch.errands import Errand, Errands
from ocr_pipeline.batch.failures import as_error, concerns_all, named, of_answer
from ocr_pipeline.batch.ledger import DocumentRow, Failure, Ledger
from ocr_pipeline.batch.messages import (
    Failed,
    Finished,
    FinishTask,
    Lost,
    Opened,
    OpenTask,
    PageDone,
    PageTask,
    StoredPage,
    Task,
)
from ocr_pipeline.batch.outlet import Outlet, Shipment
from ocr_pipeline.batch.reading import Reading
from ocr_pipeline.batch.summary import FileReport, FileStatus, Summary
from ocr_pipeline.errors import ExitCode
from ocr_pipeline.settings import BatchSettings

_TICK_SECONDS = 0.2
_PAGES_PER_TIMEOUT = 20
"""Pages that may be put together in the time allowed for reading one: it takes a few hundredths of a second each."""


class Coordinator:
    """Brings the target about. Owns no process and no file: it is given crews, ledger and display."""

    def __init__(
        self,
        target: Target,
        ledger: Ledger,
        workers: Crew[Errand],
        size: int,
        reading: Reading | None,
        wait: Wait,
        settings: BatchSettings,
        summary: Summary,
        display: Display,
        outlet: Outlet | None = None,
    ) -> None:
        """size: the number of places in workers; reading: None where workers read their own pages; wait: for events of
        workers and reading; outlet: None where documents stay where they are made."""
        self._target = target
        self._ledger = ledger
        self._workers = workers
        self._size = size
        self._reading = reading
        self._wait = wait
        self._settings = settings
        self._summary = summary
        self._display = display
        self._outlet = outlet
        self._errands = Errands()
        self._in_hand = 0

    def run(self, admission: Admission) -> None:
        """Work until everything admitted is settled. PipelineError for what concerns the whole batch."""
        self._admission = admission
        while True:
            self._admit()
            if not self._errands and not len(admission):
                return
            self._hand_out()
            self._wait(_TICK_SECONDS)
            for event in self._workers.events():
                self._take(event)
            self._take_readings()
            self._take_arrived()
            self._display.tick(self._summary, *self._left())

    # --- giving ---------------------------------------------------------------------------------------------------

    def _admit(self) -> None:
        while len(self._errands) < self._size + self._settings.files_ahead:
            content = self._admission.next()
            if content is None:
                return
            self._errands.add(content)
            known = self._ledger.page_count(content.sha256, self._target.fingerprint.page)
            if isinstance(known, Failure):
                self._report_failed(content, known)
            elif known is not None:
                self._opened(content, known)

    def _hand_out(self) -> None:
        self._workers.want(min(self._size, self._errands.waiting() + self._in_hand))
        for slot in self._workers.free():
            if self._errands.needing_fresh and self._serve_afresh(slot):
                continue
            errand = self._errands.next(pages=self._reading is None or self._reading.has_room)
            if errand is not None:
                self._give(slot, errand)
        if self._reading is not None:
            self._reading.hand_out()

    def _serve_afresh(self, slot: int) -> bool:
        """Use the place for an errand that needs a fresh process, now if it has one, else by starting one."""
        if self._workers.is_fresh(slot):
            errand = self._errands.for_fresh()
            if errand is not None:
                self._give(slot, errand)
            return True
        if self._workers.starting() < self._errands.needing_fresh:
            self._workers.replace(slot)
            return True
        return False

    def _give(self, slot: int, errand: Errand) -> None:
        seconds = self._settings.page_timeout
        if errand.job is not None:
            seconds *= 1 + (errand.content.page_count or 0) // _PAGES_PER_TIMEOUT
        self._workers.give(slot, self._task(errand), errand, seconds)
        self._in_hand += 1

    def _task(self, errand: Errand) -> Task:
        content = errand.content
        if errand.job is not None:
            return self._finish_task(content, errand.job)
        if errand.page is not None:
            return PageTask(content.path, content.sha256, errand.page, content.at)
        return OpenTask(content.path, content.sha256, content.at)

    def _finish_task(self, content: Content, job: Job) -> FinishTask:
        pages: list[StoredPage | FailedPage] = []
        for index, failure in sorted(content.settled.items()):
            if failure is not None:
                pages.append(FailedPage(index, named(failure, job.path)))
            else:
                pages.append(self._ledger.load_page(content.sha256, self._target.fingerprint.page, index))
        before = self._ledger.document(job.folder)
        stale = tuple(file.name for file in before.files) if before else ()
        folder = self._target.output / job.folder
        count = content.page_count or 0
        formats = self._target.formats
        return FinishTask(job.path, content.sha256, count, tuple(pages), folder, formats, stale, content.at)

    # --- taking ---------------------------------------------------------------------------------------------------

    def _take(self, event: Event[Errand]) -> None:
        errand, outcome = event.ticket, event.outcome
        self._in_hand -= 1
        if isinstance(outcome, Opened):
            self._ledger.record_file(errand.content.sha256, self._target.fingerprint.page, outcome.page_count)
            self._opened(errand.content, outcome.page_count)
        elif isinstance(outcome, PageDone):
            self._analysed(errand, outcome)
        elif isinstance(outcome, Finished) and errand.job is not None:
            self._written(errand.content, errand.job, outcome)
        elif isinstance(outcome, Failed | Lost):
            self._failed(errand, outcome)

    def _take_readings(self) -> None:
        if self._reading is None:
            return
        for read in self._reading.events():
            if isinstance(read.outcome, StoredPage):
                self._page_read(read.errand, read.outcome)
            else:
                self._give_up(read.errand, read.outcome)
        self._summary.forward_seconds = self._reading.forward_seconds
        self._summary.reading_seconds = self._reading.busy_seconds

    def _opened(self, content: Content, page_count: int) -> None:
        content.begin_pages(page_count, self._ledger.pages(content.sha256, self._target.fingerprint.page))
        if content.is_settled:
            self._all_settled(content)

    def _analysed(self, errand: Errand, done: PageDone) -> None:
        if done.readings is not None:
            self._page_read(errand, StoredPage(done.analysis, done.readings))
        elif done.crops is not None and self._reading is not None:
            self._reading.add(errand, done.analysis, done.crops)

    def _page_read(self, errand: Errand, page: StoredPage) -> None:
        self._settle(errand, page)
        self._summary.pages_read += 1

    def _settle(self, errand: Errand, outcome: StoredPage | Failure) -> None:
        content, index = errand.content, errand.page
        assert index is not None, "only pages are settled"
        self._ledger.record_page(content.sha256, self._target.fingerprint.page, index, outcome)
        content.settled[index] = outcome if isinstance(outcome, Failure) else None
        self._display.page_done()
        if content.is_settled:
            self._all_settled(content)

    def _all_settled(self, content: Content) -> None:
        """Write the documents; where no page could be read, there is none to write."""
        failures = content.failures
        if len(failures) == content.page_count:
            self._report_failed(content, failures[0][1])
            return
        content.to_write.extend(content.jobs)
        content.unwritten = len(content.jobs)

    def _written(self, content: Content, job: Job, done: Finished) -> None:
        row = DocumentRow(
            path=job.path,
            sha256=content.sha256,
            fingerprint=self._target.fingerprint.whole,
            formats=",".join(self._target.formats),
            page_count=content.page_count or 0,
            failed_pages=len(content.failures),
            tables=done.tables,
            doubts=done.doubts,
            files=done.files,
            problems=done.problems,
        )
        if self._outlet is not None:
            self._outlet.send(Shipment(content, job, row))
        else:
            self._record(content, job, row)

    def _take_arrived(self) -> None:
        for there in self._outlet.arrived() if self._outlet is not None else ():
            self._record(there.content, there.job, there.row)

    def _record(self, content: Content, job: Job, row: DocumentRow) -> None:
        """The document is where it stays, whole."""
        failures = [failure for _, failure in content.failures]
        self._ledger.record_document(job.folder, row)
        self._report(report_of(job, row, failures, FileStatus.DONE))
        self._one_written(content)

    def _one_written(self, content: Content) -> None:
        content.unwritten -= 1
        if content.unwritten == 0:
            self._let_go(content)

    # --- failing --------------------------------------------------------------------------------------------------

    def _failed(self, errand: Errand, outcome: Failed | Lost) -> None:
        if isinstance(outcome, Failed):
            self._display.trace(outcome.trace)
            if concerns_all(outcome):
                raise as_error(outcome.message, outcome.exit_code)
        if isinstance(outcome, Lost):
            self._summary.workers_lost += 1
        if errand.attempt == 0 and _may_pass(errand, outcome):
            self._errands.try_again(errand, afresh=not (isinstance(outcome, Failed) and outcome.fault))
        else:
            self._give_up(errand, outcome)

    def _give_up(self, errand: Errand, outcome: Failed | Lost) -> None:
        failure = of_answer(outcome, errand.what, errand.content.path)
        if errand.job is not None:
            self._report_one(errand.job, failure)
            self._one_written(errand.content)
        elif errand.page is not None:
            self._settle(errand, failure)
            if self._settings.fail_fast:
                raise as_error(named(failure, errand.content.path), failure.exit_code)
        else:
            self._ledger.record_file(errand.content.sha256, self._target.fingerprint.page, failure)
            self._report_failed(errand.content, failure)

    def _report_failed(self, content: Content, failure: Failure) -> None:
        """Nothing of this content can be read, under any of its names."""
        for job in content.jobs:
            self._report_one(job, failure, content.page_count or 0)
        self._let_go(content)

    def _report_one(self, job: Job, failure: Failure, pages: int = 0) -> None:
        reason = named(failure, job.path)
        self._report(
            FileReport(
                job.path,
                FileStatus.FAILED,
                pages=pages,
                failed_pages=pages,
                reasons=(reason,),
                exit_code=failure.exit_code,
            )
        )
        if self._settings.fail_fast:
            raise as_error(reason, failure.exit_code)

    def _report(self, report: FileReport) -> None:
        self._summary.add(report)
        self._display.file_done(report)

    def _let_go(self, content: Content) -> None:
        self._errands.remove(content)
        self._admission.release(content)

    def _left(self) -> tuple[int, int]:
        """Pages not settled in the files that are open, and files not open yet."""
        contents = list(self._errands.contents())
        pages = sum(content.page_count - len(content.settled) for content in contents if content.page_count)
        return pages, len(self._admission) + sum(content.page_count is None for content in contents)


def report_of(job: Job, row: DocumentRow, failures: Sequence[Failure], whole: FileStatus) -> FileReport:
    """A document as the summary counts it. failures: of its pages; whole: the status where there is none."""
    reasons = (*(named(failure, job.path) for failure in failures), *row.problems)
    status, code = (FileStatus.PARTIAL, ExitCode.PARTIAL) if reasons else (whole, ExitCode.OK)
    return FileReport(
        job.path, status, job.folder, row.page_count, row.failed_pages, row.tables, row.doubts, reasons, int(code)
    )


def _may_pass(errand: Errand, outcome: Failed | Lost) -> bool:
    """Whether a second attempt is worth it: a file that cannot be opened or is too large stays so, a folder that may
    not be written to as well; a page's damage may have been the file server's."""
    if isinstance(outcome, Lost):
        return True
    if outcome.exit_code == ExitCode.OUTPUT:
        return False
    return not outcome.fault or (errand.page is not None and outcome.exit_code == ExitCode.INPUT_FILE)
