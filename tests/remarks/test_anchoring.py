"""After a rewrite of three paragraphs in ten, what was said stands where it belongs or is declared an orphan."""

import random
from collections import Counter

from consult.remarks.anchoring import place
from tests.remarks.rewriting import Rewriting

ANCHORS = 220
SEEDS = range(8)


def figures(seeds):
    found = Counter()
    for seed in seeds:
        rewriting = Rewriting(random.Random(seed))  # noqa: S311
        for anchor, meant in rewriting.anchors(ANCHORS):
            placed = place(anchor, rewriting.earlier, rewriting.later)
            verdict = rewriting.judged(anchor, meant, placed)
            found[verdict] += 1
            found["touched"] += not (placed and placed.same)
            found["placed although touched"] += bool(placed and not placed.same and verdict == "right")
            found["lost"] += rewriting.lost(meant)
    return found


def test_none_is_wrong_and_most_are_placed(capsys):
    found = figures(SEEDS)
    every = ANCHORS * len(SEEDS)
    with capsys.disabled():
        print(  # noqa: T201 - the figures are the point
            f"\nanchors {every}: right {found['right']}, orphan {found['orphan']} (of which {found['lost']} without "
            f"their words), wrong {found['wrong']}; of {found['touched']} in changed paragraphs "
            f"{found['placed although touched']} placed")
    assert found["wrong"] == 0
    assert (found["right"] + found["orphan"]) / every >= 0.95
    assert found["right"] / every >= 0.8
