"""The map as a whole: from planted opinions to groups, the same whoever counts and in whatever order."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.mapping.maps import OpinionMap, Reason, Settings, bubbles, map_of
from consult.mapping.partition import likeness
from consult.mapping.snapshots import Projection, lettered, own_position
from consult.mapping.votes import Votes
from tests.mapping.conversations import published

ROOT = Path(__file__).resolve().parents[2]


def planted(sizes=(60, 40, 25), statements=40, *, share=0.6, seed=1) -> tuple[Votes, np.ndarray]:
    """Votes of people who belong to groups with opinions of their own, and the group of each."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    leaning = rng.choice([-1, 1], size=(len(sizes), statements))
    seen = rng.random((len(group), statements)) < share
    flipped = np.where(rng.random(seen.shape) < 0.12, -1, 1)
    values = np.where(rng.random(seen.shape) < 0.08, 0, leaning[group] * flipped)
    who, what = np.nonzero(seen)
    return Votes(who, what, values[seen].astype(np.int8)), group


def shuffled(votes: Votes, seed: int) -> tuple[Votes, np.ndarray]:
    """The same votes in another order and with other ids of participants: the new id of each old one."""
    rng = np.random.default_rng(seed)
    renamed = rng.permutation(int(votes.participants.max()) + 1) * 3 + 11
    order = rng.permutation(len(votes))
    return Votes(renamed[votes.participants[order]], votes.statements[order], votes.values[order]), renamed


def groups_by_id(drawn: OpinionMap) -> dict[int, int]:
    return dict(zip(drawn.participants.tolist(), drawn.labels.tolist(), strict=True))


def test_planted_groups_are_found_and_named_by_size():
    votes, truth = planted()
    drawn = map_of(votes)
    assert drawn.reason is None
    assert [(group.letter, group.size) for group in drawn.groups] == [("A", 60), ("B", 40), ("C", 25)]
    assert likeness(truth, drawn.labels) == 1
    assert all(group.representative for group in drawn.groups)
    assert drawn.stability > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_neither_order_nor_ids_change_the_map(seed):
    truth = published("scoop-hivemind.biodiversity")
    votes = truth.votes.without(truth.moderated)
    drawn = map_of(votes, Settings(recomputations=5))
    other_votes, renamed = shuffled(votes, seed)
    other = map_of(other_votes, Settings(recomputations=5))
    mine, theirs = groups_by_id(drawn), groups_by_id(other)
    assert [theirs[int(renamed[one])] for one in mine] == list(mine.values())
    assert (other.silhouette, other.stability) == (drawn.silhouette, drawn.stability)
    assert np.array_equal(other.priorities, drawn.priorities)
    assert other.groups == drawn.groups


def test_a_large_conversation_is_the_same_in_another_order():
    votes, _ = planted((1500, 1200), 30, share=0.5)
    drawn = map_of(votes, Settings(recomputations=2))
    other_votes, renamed = shuffled(votes, 5)
    other = map_of(other_votes, Settings(recomputations=2))
    mine, theirs = groups_by_id(drawn), groups_by_id(other)
    assert [mine[one] for one in mine] == [theirs[int(renamed[one])] for one in mine]
    assert np.array_equal(drawn.projection.plane.axes, other.projection.plane.axes)


def test_threads_do_not_change_a_digit():
    program = ("import hashlib; from tests.mapping.test_maps import *; drawn = map_of(planted((700, 500), 220)[0], "
               "Settings(recomputations=3)); "
               "print(hashlib.sha256(drawn.points.tobytes() + drawn.labels.tobytes()).hexdigest(), drawn.stability)")
    said = {subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True,
                           env={**os.environ, "OPENBLAS_NUM_THREADS": threads}).stdout for threads in ("1", "4")}
    assert len(said) == 1


def test_one_participant_is_placed_as_the_map_places_them():
    votes, _ = planted()
    drawn = map_of(votes)
    projection = Projection.of(json.loads(json.dumps(drawn.projection.record())))
    for participant in range(0, 125, 9):
        own = votes.participants == participant
        position = own_position(projection, dict(zip(votes.statements[own].tolist(), votes.values[own].tolist(),
                                                     strict=True)))
        assert (position.x, position.y) == pytest.approx(tuple(drawn.points[participant]))
        assert position.letter == drawn.groups[drawn.labels[participant]].letter
    few = own_position(projection, {0: 1, 1: -1, 999: 1})
    assert (few.votes, few.enough, few.letter) == (2, False, None)
    assert own_position(projection, {999: 1}) is None


def test_letters_and_axes_stay_when_a_smaller_group_grows():
    votes, truth = planted((60, 40, 25))
    before = map_of(votes)
    rng = np.random.default_rng(3)
    extra = [Votes(votes.participants[own] + 1000 * (copy + 1), votes.statements[own], votes.values[own])
             for copy in range(3) for own in [np.isin(votes.participants, np.flatnonzero(truth == 2))]]
    joined = Votes(*(np.concatenate(parts) for parts in zip(
        (votes.participants, votes.statements, votes.values),
        *((one.participants, one.statements, one.values) for one in extra), strict=True)))
    kept = rng.permutation(len(joined))
    after = map_of(Votes(joined.participants[kept], joined.statements[kept], joined.values[kept]),
                   previous=before.projection)
    assert [(group.letter, group.size) for group in after.groups] == [("A", 60), ("B", 40), ("C", 100)]
    assert (np.einsum("ij,ij->i", before.projection.plane.axes, after.projection.plane.axes) > 0).all()


def test_a_group_that_is_new_gets_the_next_letter():
    labels, earlier = np.array([0] * 5 + [1] * 6 + [2] * 9), np.array([1] * 5 + [0] * 15)
    assert lettered(labels, np.array([5, 6, 9]), earlier, ("A", "C")) == ("C", "B", "A")


def test_few_participants_make_no_groups():
    votes, _ = planted((5, 4), 20)
    drawn = map_of(votes)
    assert (drawn.reason, drawn.groups, drawn.k) == (Reason.TOO_FEW, (), 0)
    assert len(drawn.points) == 9


@pytest.mark.parametrize("votes", [
    Votes.of([]),
    Votes.of([(1, 1, 1)]),
    Votes.of((person, statement, 1) for person in range(30) for statement in range(9)),
    Votes.of((person, 1, (-1) ** person) for person in range(30)),
])
def test_poor_votes_make_a_map_all_the_same(votes):
    drawn = map_of(votes, statements=(1, 77), meta=(77,))
    assert drawn.statements[-1] == 77
    assert drawn.priorities[-1] == 49
    assert np.isfinite(drawn.points).all()
    assert np.isfinite(drawn.priorities).all()


def test_noise_has_no_clear_groups():
    rng = np.random.default_rng(2)
    drawn = map_of(Votes.of((person, statement, int(rng.integers(-1, 2))) for person in range(120)
                            for statement in range(30)), Settings(recomputations=10))
    assert drawn.reason is Reason.NO_CLEAR_GROUPS
    assert drawn.stability < 0.8


def test_a_group_of_four_is_never_shown():
    votes, _ = planted((80, 4), 40)
    drawn = map_of(votes, Settings(k=2))
    assert drawn.reason is Reason.NO_CLEAR_GROUPS
    assert drawn.smallest == 4


def test_circles_hold_everyone_and_nobody_alone():
    drawn = map_of(planted()[0])
    circles = bubbles(drawn, least=5, most=12)
    assert min(circle.count for circle in circles) >= 5
    assert Counter({group.letter: group.size for group in drawn.groups}) == sum(
        (Counter({circle.letter: circle.count}) for circle in circles), Counter())
    hidden = replace(drawn, projection=replace(drawn.projection, letters=(), centres=np.zeros((0, 2))))
    assert {circle.letter for circle in bubbles(hidden)} == {None}


def test_two_answers_of_one_to_one_statement_are_refused():
    one = np.array([1, 1])
    with pytest.raises(ValueError, match="two answers"):
        map_of(Votes(one, one, one.astype(np.int8)))
    assert len(Votes.of([(1, 1, 1), (1, 1, -1)])) == 1


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(-1, 1)), min_size=1, max_size=200),
       st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_any_votes_make_the_same_map_in_any_order(rows, random):
    last = {row[:2]: row for row in rows}
    again = list(last.values())
    random.shuffle(again)
    drawn, other = (map_of(Votes.of(one), Settings(recomputations=2)) for one in (last.values(), again))
    assert np.array_equal(drawn.points, other.points)
    assert np.array_equal(drawn.measured, other.measured)
    assert drawn.groups == other.groups
