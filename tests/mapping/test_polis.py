"""Beside Polis itself: its statistics to a millionth given its groups, and its groups where they are a fair truth."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from consult.mapping.counts import Counts, counts, extremity, informed, majority, priorities, representatives
from consult.mapping.maps import Reason, Settings, map_of
from consult.mapping.votes import Table, table
from tests.mapping.conversations import Mathematics, Published, conversation, mathematics, published

ROOT = Path(__file__).resolve().parents[2]
ORACLE = ROOT / ".oracles" / "bin" / "python"
WITH_MATHEMATICS = ("25ptpt-3gp-no-strict-with-meta", "below-100-ptpts")
FAIR = ("15-per-hour-seattle", "brexit-consensus", "football-concussions", "scoop-hivemind.biodiversity")


@pytest.fixture(params=WITH_MATHEMATICS)
def polis(request) -> Mathematics:
    return mathematics(request.param)


def _held(polis: Mathematics) -> tuple[Table, Counts]:
    held = table(polis.votes)
    assert held.statements.tolist() == polis.made["tids"]
    labels = np.array([polis.groups.get(one, -1) for one in held.participants.tolist()])
    return held, counts(held.matrix, labels, len(polis.made["group-clusters"]))


def test_counts_and_what_heeds_the_groups_are_those_of_polis(polis):
    held, by_group = _held(polis)
    column = {str(one): at for at, one in enumerate(held.statements.tolist())}
    for group, of in polis.made["group-votes"].items():
        for statement, votes in of["votes"].items():
            at = int(group), column[statement]
            assert [part[at] for part in (by_group.agree, by_group.disagree, by_group.seen)] == [
                votes["A"], votes["D"], votes["S"]]
    found = informed(by_group.agree, by_group.seen)
    for statement, product in polis.made["group-aware-consensus"].items():
        assert found.product[column[statement]] == pytest.approx(product, abs=1e-12)
        assert found.root[column[statement]] == pytest.approx(product ** (1 / len(by_group.agree)))


def test_representative_statements_are_those_of_polis_in_its_order(polis):
    held, by_group = _held(polis)
    among = ~np.isin(held.statements, polis.made["mod-out"])
    for group, theirs in polis.made["repness"].items():
        ours = representatives(by_group, int(group), among=among)
        assert [(held.statements[one.column], one.agrees, one.count, one.seen) for one in ours] == [
            (one["tid"], one["repful-for"] == "agree", one["n-success"], one["n-trials"]) for one in theirs]
        for own, other in zip(ours, theirs, strict=True):
            assert (own.share, own.test, own.ratio, own.ratio_test) == pytest.approx(
                (other["p-success"], other["p-test"], other["repness"], other["repness-test"]), abs=1e-6)


def test_majorities_are_those_of_polis(polis):
    held, _ = _held(polis)
    everybody = counts(held.matrix, np.zeros(held.matrix.height, dtype=np.int64), 1)
    among = ~np.isin(held.statements, polis.made["mod-out"])
    for side, count in (("agree", everybody.agree[0]), ("disagree", everybody.disagree[0])):
        ours = majority(count, everybody.seen[0], among=among)
        theirs = polis.made["consensus"][side]
        assert [(held.statements[one.column], one.count, one.seen) for one in ours] == [
            (one["tid"], one["n-success"], one["n-trials"]) for one in theirs]
        assert [one.share for one in ours] == pytest.approx([one["p-success"] for one in theirs], abs=1e-6)
        assert [one.test for one in ours] == pytest.approx([one["p-test"] for one in theirs], abs=1e-6)


def test_what_is_asked_next_is_weighed_as_in_polis(polis):
    held, by_group = _held(polis)
    plane = polis.made["pca"]
    # Polis keeps an agreement as -1, so its centre has the other sign
    far = extremity(-np.array(plane["center"]), np.array(plane["comps"]))
    assert far == pytest.approx(np.array(plane["comment-extremity"]), abs=1e-9)
    ours = priorities(by_group, far, np.isin(held.statements, polis.made["meta-tids"]))
    assert ours == pytest.approx([polis.made["comment-priorities"][str(one)] for one in held.statements], abs=1e-9)


def test_the_plane_is_that_of_polis():
    """Where no statement is moderated the leading directions are fixed by the votes alone."""
    polis = mathematics("below-100-ptpts")
    drawn = map_of(polis.votes, Settings(parity=True, moderated=frozenset(polis.made["mod-out"])))
    for own, other in zip(drawn.projection.plane.axes, np.array(polis.made["pca"]["comps"]), strict=True):
        assert abs(own @ other) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", FAIR)
def test_groups_in_parity_mode_are_like_those_published(name):
    truth = published(name)
    assert truth.likeness(map_of(truth.votes, truth.parity)) >= 0.80


@pytest.fixture(scope="module")
def red_dwarf(tmp_path_factory) -> dict[str, dict[int, int]]:
    """The groups that red-dwarf finds in each, by participant, at the published number of groups."""
    if not ORACLE.is_file():
        pytest.skip("red-dwarf is not there: `make oracles` brings it")
    folder = tmp_path_factory.mktemp("votes")
    chosen = {name: published(name) for name in FAIR} | {f"made up {seed}": made_up(seed) for seed in range(3)}
    for name, truth in chosen.items():
        np.savez(folder / f"{name}.npz", participants=truth.votes.participants, statements=truth.votes.statements,
                 values=truth.votes.values, moderated=np.array(sorted(truth.moderated), dtype=np.int64),
                 kept=np.array(sorted(truth.groups), dtype=np.int64))
    done = subprocess.run([ORACLE, ROOT / "bench" / "oracle_map.py",
                           *(f"{folder / name}.npz:{truth.parity.k}" for name, truth in chosen.items())],
                          check=True, capture_output=True, text=True, timeout=300)
    said = map(json.loads, done.stdout.splitlines())
    return {name: dict(zip(other["participants"], other["labels"], strict=True))
            for name, other in zip(chosen, said, strict=True)}


def made_up(seed: int) -> Published:
    """A conversation of three groups with opinions of their own, of whom none is moderated."""
    votes, group = conversation(300, 40, seed=seed, answers=15)
    return Published(votes, frozenset(), dict(enumerate(group.tolist())))


@pytest.mark.parametrize("name", FAIR)
def test_groups_are_no_less_like_than_those_of_red_dwarf(name, red_dwarf):
    truth = published(name)
    assert truth.likeness(map_of(truth.votes, truth.parity)) >= truth.alike(red_dwarf[name]) - 0.05


@pytest.mark.parametrize("seed", range(3))
def test_groups_of_random_conversations_are_as_well_found_as_by_red_dwarf(seed, red_dwarf):
    truth = made_up(seed)
    assert truth.likeness(map_of(truth.votes, truth.parity)) >= truth.alike(red_dwarf[f"made up {seed}"]) - 0.05


@pytest.mark.parametrize("seed", range(2))
def test_a_conversation_without_clear_groups_says_so(seed):
    truth = published("scoop-hivemind.affordable-housing")
    drawn = map_of(truth.votes, Settings(moderated=truth.moderated, seed=seed))
    assert drawn.reason is Reason.NO_CLEAR_GROUPS
    assert not drawn.groups
    assert (drawn.labels < 0).all()
    assert drawn.consensus.agree


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "scoop-hivemind.biodiversity"])
def test_clear_groups_are_shown_with_the_number_left_free(name):
    truth = published(name)
    drawn = map_of(truth.votes, Settings(moderated=truth.moderated))
    assert drawn.reason is None
    assert [group.letter for group in drawn.groups] == ["A", "B"]
    assert truth.likeness(drawn) >= 0.80
