"""How far those who read the same contributions agree: Cohen's kappa of each pair, as for answers to surveys."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.codings.agreement import Agreement, OnCode
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.processes.models import Process
from consult.sorting.corpus import lying_there
from consult.sorting.models import DECIDED, READINGS, Tag, TagFound, TagReading


@dataclass(frozen=True)
class Pair:
    """Two readers by their seats, and how far they agree on what both have read."""

    first: int
    second: int
    agreement: Agreement


def pairs(process: Process, tags: Sequence[Tag]) -> list[Pair]:
    """Count it from the rows, the pair that read most first: two queries, however many there are."""
    readings = _readings(process)
    together: dict[tuple[int, int], list[tuple[set[int], set[int]]]] = defaultdict(list)
    for found in readings.values():
        if len(found) >= READINGS:
            (first, one), (second, other) = sorted(found.items())[:READINGS]
            together[first, second].append((one, other))
    return [Pair(first, second, _of(both, tags))
            for (first, second), both in sorted(together.items(), key=lambda each: (-len(each[1]), each[0]))]


def _of(both: Sequence[tuple[set[int], set[int]]], tags: Sequence[Tag]) -> Agreement:
    first = Counter(tag for one, _other in both for tag in one)
    second = Counter(tag for _one, other in both for tag in other)
    shared = Counter(tag for one, other in both for tag in one & other)
    return Agreement(len(both), sum(one == other for one, other in both), [
        OnCode(tag, len(both), shared[tag.id], first[tag.id], second[tag.id]) for tag in tags])


def _readings(process: Process) -> dict[int, dict[int, set[int]]]:
    """By contribution and seat: the tags that readers found."""
    found: dict[int, dict[int, set[int]]] = defaultdict(dict)
    for id, seat in db.session.execute(
            sa.select(TagReading.contribution_id, TagReading.seat)
            .join(Contribution, Contribution.id == TagReading.contribution_id)
            .where(lying_there(process), TagReading.seat != DECIDED)):
        found[id][seat] = set()
    for id, seat, tag_id in db.session.execute(
            sa.select(TagFound.contribution_id, TagFound.seat, TagFound.tag_id)
            .join(Contribution, Contribution.id == TagFound.contribution_id)
            .where(lying_there(process), TagFound.seat != DECIDED)):
        found[id][seat].add(tag_id)
    return found
