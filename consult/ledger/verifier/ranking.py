"""Rankings once more: Schulze, instant run-off and Borda."""

import hashlib
from collections import Counter
from fractions import Fraction


def lot_of(rules, code):
    """The number of an option in the lot that was fixed before the vote; the lowest comes first."""
    return hashlib.sha256(f"{rules.get('seed', '')}:{code}".encode()).hexdigest(), code


def schulze_best(piles, codes):
    """The options that no other one beats by the strongest chain of victories."""
    beats = {row: Counter() for row in codes}
    for marks, times in piles:
        for row, place in marks.items():
            for column in codes:
                if place < marks.get(column, place + 1):
                    beats[row][column] += times
    paths = {row: {column: beats[row][column] if beats[row][column] > beats[column][row] else 0 for column in codes}
             for row in codes}
    for between in codes:
        for row in codes:
            if row != between:
                for column in codes:
                    if column not in (row, between):
                        paths[row][column] = max(paths[row][column], min(paths[row][between], paths[between][column]))
    return [code for code in codes if all(paths[other][code] <= paths[code][other] for other in codes if other != code)]


def borda_points(piles, codes):
    """Points by place, those that share places sharing them; left out is last."""
    found, most = dict.fromkeys(codes, Fraction(0)), len(codes)
    for marks, times in piles:
        places = sorted(set(marks.values()))
        ranks = [[code for code in codes if marks.get(code) == place] for place in places]
        if left := [code for code in codes if code not in marks]:
            ranks.append(left)
        before = 0
        for rank in ranks if marks else []:
            each = Fraction(2 * (most - 1 - before) - (len(rank) - 1), 2)
            before += len(rank)
            for code in rank:
                found[code] += each * times
    return found


def runoff_winner(rules, piles, codes):
    """Whoever is last leaves until one has the majority of the papers that still name somebody."""
    ranked = [(sorted(marks, key=marks.get), times) for marks, times in piles]
    left, firsts = set(codes), None
    while True:
        votes = Counter(dict.fromkeys(sorted(left), 0))
        for paper, times in ranked:
            best = next((code for code in paper if code in left), None)
            if best is not None:
                votes[best] += times
        firsts = firsts or dict(votes)
        best = max(votes, key=votes.get)
        if len(left) == 1 or 2 * votes[best] > sum(votes.values()):
            return [best] if votes[best] else []
        fewest = min(votes.values())
        last = [code for code in votes if votes[code] == fewest]
        others = [number for number in votes.values() if number > fewest]
        if len(last) > 1 and others and fewest * len(last) < min(others):
            left -= set(last)
        else:
            least = min(firsts[code] for code in last)
            left.remove(max((code for code in last if firsts[code] == least), key=lambda code: lot_of(rules, code)))
