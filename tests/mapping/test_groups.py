"""What makes recomputations cheap changes nothing: planes that are followed, starts that meet, sums of distances."""

import numpy as np
import pytest

from consult.mapping.partition import Cells, candidates, cells, silhouettes
from consult.mapping.plane import plane
from consult.mapping.votes import table
from tests.mapping.conversations import conversation


@pytest.mark.parametrize("seed", range(3))
def test_a_plane_that_is_followed_is_the_one_that_is_found_anew(seed):
    votes, _ = conversation(900, 250, seed=seed)
    matrix = table(votes).matrix
    kept = np.arange(250) % 10 > 0
    whole = plane(matrix, 20.0, kept)
    part = matrix.take(np.sort(np.random.default_rng(seed).permutation(900)[:630]))
    followed, anew = whole.again(part), plane(part, 20.0, kept)
    before = np.abs(np.einsum("ij,ij->i", whole.axes, anew.axes))
    turned = np.abs(np.einsum("ij,ij->i", followed.axes, anew.axes))
    assert (before < 0.995).all()
    assert turned == pytest.approx(1, abs=1e-5)
    assert not followed.axes[:, ~kept].any()


def test_rows_that_all_answer_alike_have_no_plane():
    votes, _ = conversation(60, 220)
    matrix = table(votes).matrix
    whole = plane(matrix, 0.0)
    alike = matrix.take(np.zeros(40, dtype=np.int64))
    assert not whole.again(alike).axes.any()


def _points(seed: int, count: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(at, 1.0, (count // 3, 2)) for at in ((0, 0), (3, 1), (1, 4))])


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_starts_that_meet_are_followed_once_and_none_is_lost(groups):
    points = _points(groups, 240)
    together = candidates(points, cells(points), groups, seed=1)
    inertia = [((points - centres[labels]) ** 2).sum() for labels, centres, _ in zip(*together, strict=True)]
    for seed in range(20):
        labels, centres, _ = (part[0] for part in candidates(points, cells(points), groups, seed=seed, starts=1))
        assert ((points - centres[labels]) ** 2).sum() >= 0.999 * min(inertia)
    for labels, centres, _ in zip(*together, strict=True):
        means = np.stack([points[labels == group].mean(axis=0) for group in range(groups)])
        assert centres == pytest.approx(means)


def test_the_silhouette_is_that_of_its_definition():
    points = _points(4, 90)
    labels = np.random.default_rng(4).integers(0, 3, (2, 90))
    labels[1, 5:] = np.where(labels[1, 5:] == 2, 0, labels[1, 5:])
    labels[1, :5] = [2, 0, 1, 0, 1]  # one alone in its group
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    for own, found in zip(labels, silhouettes(Cells(points, np.ones(90)), labels, 3), strict=True):
        single = []
        for point, group in enumerate(own):
            mates = (own == group) & (np.arange(90) != point)
            others = min(apart[point, own == other].mean() for other in range(3) if other != group)
            inside = apart[point, mates].mean() if mates.any() else None
            single.append(0.0 if inside is None else (others - inside) / max(others, inside))
        assert found == pytest.approx(np.mean(single), abs=1e-8)
