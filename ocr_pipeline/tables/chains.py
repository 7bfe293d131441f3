"""Pieces of one worn ruling put together again, before anything else is concluded from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.settings import TableSettings


def chain_rulings(rulings: Rulings, em: float, settings: TableSettings) -> Rulings:
    """The same rulings, with pieces that lie in one line close to each other made one ruling where together they are
    long enough to be one; the masks stay as they are, so that what is worn is still seen to be."""
    return replace(
        rulings,
        horizontal=_chained(rulings.horizontal, rulings.vertical, em, settings),
        vertical=_chained(rulings.vertical, rulings.horizontal, em, settings),
    )


def _chained(
    pieces: Sequence[Ruling], crossing: Sequence[Ruling], em: float, settings: TableSettings
) -> tuple[Ruling, ...]:
    chains: list[list[Ruling]] = []
    for piece in sorted(pieces, key=lambda r: r.start):
        # The chain in line with this piece that ends nearest to its start.
        near = [
            chain
            for chain in chains
            if goes_on(chain[-1], piece, settings.chain_gap_em, em, settings)
            and _is_inside(chain[-1], piece, pieces, crossing, em, settings)
        ]
        best = max(near, key=lambda chain: chain[-1].end, default=None)
        if best is None or _between_tables(best[-1], piece, crossing, em, settings):
            chains.append([piece])
        else:
            best.append(piece)
    found: list[Ruling] = []
    for chain in chains:
        drawn = sum(r.length for r in chain)
        # No stroke of print is as long as the longest piece of a ruling is.
        whole = max(r.length for r in chain) >= settings.chain_piece_em * em
        share = drawn / max(chain[-1].end - chain[0].start, 1.0)
        if len(chain) > 1 and _runs_between(chain, crossing, em, settings):
            longest = max(r.length for r in chain)
            sure = longest >= settings.chain_stroke_em * em and drawn >= settings.chain_piece_em * em
            sure = sure and share >= settings.chain_share
        else:
            sure = whole and drawn >= settings.free_length_em * em and share >= settings.chain_share
        if sure:
            found.append(joined(chain))
        else:
            found.extend(chain)
    return tuple(sorted(found, key=lambda r: (r.middle, r.start)))


def _runs_between(chain: Sequence[Ruling], crossing: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether a chain begins and ends at crossing rulings."""
    reach = settings.touch_em * em
    met = []
    for piece, place in ((chain[0], chain[0].start), (chain[-1], chain[-1].end)):
        near = (r for r in crossing if r.start - reach <= piece.middle <= r.end + reach)
        met.append(any(abs(r.at(piece.middle) - place) <= reach + r.thickness / 2 for r in near))
    return all(met)


def goes_on(before: Ruling, after: Ruling, gap_em: float, em: float, settings: TableSettings) -> bool:
    """Whether a piece begins in the line of another one, at most gap_em behind its end."""
    gap = after.start - before.end
    if not 0 < gap <= gap_em * em:
        return False
    # Paper may bend: the further on, the further off.
    off = settings.line_em * em + settings.chain_lean * gap
    return bool(abs(float(after.across[0] - before.across[-1])) <= off)


def _is_inside(
    before: Ruling,
    after: Ruling,
    pieces: Sequence[Ruling],
    crossing: Sequence[Ruling],
    em: float,
    settings: TableSettings,
) -> bool:
    """Whether a gap lies inside a table: a short one, or one that another ruling of the same direction runs past. Wear
    takes one ruling here and another there; all of them end together where a table ends. The shadow along the paper's
    edge runs past everything, but crosses nothing."""
    gap = after.start - before.end
    if gap <= settings.chain_alone_em * em:
        return True
    start, end = before.end + 0.25 * gap, after.start - 0.25 * gap
    past = (other for other in pieces if other.start <= start and other.end >= end)
    return any(_is_among(other, crossing, settings.join_em * em) for other in past)


def _is_among(ruling: Ruling, crossing: Sequence[Ruling], reach: float) -> bool:
    """Whether those that run across at a ruling's height reach it on both sides, worn as they may be."""
    beside = [other for other in crossing if ruling.start - reach <= other.middle <= ruling.end + reach]
    if not beside:
        return not crossing
    first, last = min(other.start for other in beside), max(other.end for other in beside)
    return first - reach <= ruling.middle <= last + reach


def _between_tables(
    before: Ruling, after: Ruling, crossing: Sequence[Ruling], em: float, settings: TableSettings
) -> bool:
    """Whether a gap runs from one crossing ruling to another: there one table ends and the next begins."""
    if after.start - before.end <= 2 * settings.join_em * em:
        return False
    ends = starts = False
    # Ends of rulings wear off.
    reach = settings.join_em * em
    for other in crossing:
        if not other.start - reach <= before.middle <= other.end + reach:
            continue
        slack = reach + other.thickness / 2
        where = other.at(before.middle)
        ends = ends or abs(where - before.end) <= slack
        starts = starts or abs(where - after.start) <= slack
    return ends and starts


def joined(chain: Sequence[Ruling]) -> Ruling:
    """One ruling of pieces that lie in one line, from first to last."""
    if len(chain) == 1:
        return chain[0]
    lengths = np.array([max(r.length, 1.0) for r in chain])
    return Ruling(
        np.concatenate([r.along for r in chain]),
        np.concatenate([r.across for r in chain]),
        float(np.average([r.thickness for r in chain], weights=lengths)),
        float(np.average([r.solidity for r in chain], weights=lengths)),
        float(np.average([r.roughness for r in chain], weights=lengths)),
        max(r.spread for r in chain),
    )
