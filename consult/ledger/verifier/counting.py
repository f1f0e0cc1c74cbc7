"""The count of every way of voting once more, from piles of equal papers: what is on them, and how many there are."""

from collections import Counter
from fractions import Fraction

from consult.ledger.verifier.ranking import borda_points, lot_of, runoff_winner, schulze_best
from consult.ledger.verifier.shares import equal_shares

ON_ONE = ("stances", "score", "judgement", "consent")
"""Ways of voting in which every option gets a mark of its own."""
RANKED = ("schulze", "runoff", "borda")


def setting(rules, name, otherwise):
    """A parameter of the ballot."""
    return rules.get("parameters", {}).get(name, otherwise)


def marks_allowed(rules):
    """The marks that an option may get on a paper."""
    method = rules["method"]
    if method == "score":
        return range(setting(rules, "lowest", 0), setting(rules, "highest", 10) + 1)
    if method == "judgement":
        return range(len(setting(rules, "grades", ())) or 6)
    if method in RANKED:
        return range(1, len(rules["options"]) + 1)
    if method == "points":
        return range(1, setting(rules, "points", 10) + 1)
    return range(3) if method in ON_ONE else range(1, 2)


def valid(rules, marks):
    """Whether a paper keeps to the rules that were fixed at the opening."""
    options, method = {one["code"]: one for one in rules["options"]}, rules["method"]
    allowed = marks_allowed(rules)
    if any(code not in options or mark not in allowed for code, mark in marks.items()):
        return False
    if len(marks) < rules["minimum"]:
        return False
    if method == "poll":
        return len({options[code].get("group") for code in marks}) == len(marks)
    if method not in ON_ONE and len(marks) > rules["maximum"]:
        return False
    if method == "points":
        return sum(marks.values()) <= setting(rules, "points", 10)
    if method == "runoff":
        return len(set(marks.values())) == len(marks)
    if method not in RANKED + ON_ONE and rules.get("budget") is not None and setting(rules, "paper_budget", 1):
        return sum(options[code].get("cost", 0) for code in marks) <= rules["budget"]
    return True


def adds(rules, marks):
    """What a paper adds to each option."""
    method = rules["method"]
    if method == "stances":
        return {code: 1 for code, mark in marks.items() if mark == 1}
    if method == "consent":
        return {code: 1 for code, mark in marks.items() if mark}
    if method == "judgement":
        upper = -(-len(marks_allowed(rules)) // 2)
        return {code: 1 for code, mark in marks.items() if mark >= upper}
    if method in RANKED:
        return ranked_adds(rules, marks)
    return marks


def ranked_adds(rules, marks):
    """The options in the first place of a paper."""
    best = min(marks.values(), default=0)
    return {code: 1 for code, place in marks.items() if place == best}


def winners(rules, piles):
    """What came first, or is approved, agreed on or funded; `piles` are pairs of marks and how many papers say that."""
    return COUNTS[rules["method"]](rules, piles, [one["code"] for one in rules["options"]])


def lot(rules, codes):
    """The first by the lot that was fixed before the vote: the lowest SHA-256 of seed, colon and code."""
    return min(codes, key=lambda code: lot_of(rules, code))


def best_by(rules, codes, key):
    """The option with the highest value; of equal ones the first by lot."""
    codes = list(codes)
    if not codes:
        return []
    highest = max(map(key, codes))
    return [lot(rules, [code for code in codes if key(code) == highest])]


def summed(piles):
    """What the marks for each option add up to."""
    votes = Counter()
    for marks, times in piles:
        for code, mark in marks.items():
            votes[code] += mark * times
    return votes


def tallied(piles, codes):
    """How often each option got each mark."""
    counts = {code: Counter() for code in codes}
    for marks, times in piles:
        for code, mark in marks.items():
            counts[code][mark] += times
    return counts


def most_votes(rules, piles, codes):
    votes = summed(piles)
    highest = max(votes.values(), default=0)
    return sorted(code for code in codes if votes[code] == highest) if highest else []


def poll(rules, piles, codes):
    groups = {one["code"]: one.get("group") for one in rules["options"]}
    return [code for group in ("merger", "name")
            for code in most_votes(rules, [({code: 1 for code in marks if groups[code] == group}, times)
                                           for marks, times in piles], codes)]


def stances(_rules, piles, codes):
    counts = tallied(piles, codes)
    return [code for code in codes if counts[code][1] > counts[code][0]]


def consent(rules, piles, codes):
    counts, most = tallied(piles, codes), setting(rules, "most_objections", 0)
    return [code for code in codes if counts[code][1] + counts[code][2] > 0
            and counts[code][0] * 100 <= most * sum(counts[code].values())]


def score(rules, piles, codes):
    counts = tallied(piles, codes)
    means = {code: Fraction(sum(mark * times for mark, times in count.items()), sum(count.values()))
             for code, count in counts.items() if count}
    return best_by(rules, means, means.__getitem__)


def judgement(rules, piles, codes):
    counts = tallied(piles, codes)
    graded = sum(times for marks, times in piles if marks)
    values = {}
    for code, count in counts.items():
        count[0] += graded - sum(count.values())
        values[code] = majority_value(count)
    return best_by(rules, codes if graded else [], values.__getitem__)


def majority_value(count):
    """The grades in the order in which the lower middle one is taken away, as runs of equal ones would be too slow."""
    ascending = b"".join(bytes([grade]) * count[grade] for grade in sorted(count))
    size = len(ascending)
    middle = (size - 1) // 2
    below, above = ascending[:middle + 1][::-1], ascending[middle + 1:]
    if size % 2:  # after the middle one stands alone, the lower of two is the one below
        below, above = ascending[middle:], ascending[:middle][::-1]
    value = bytearray(size)
    value[0::2], value[1::2] = below, above
    return bytes(value)


def points(rules, piles, codes):
    votes = summed(piles)
    if rules.get("budget") is not None:
        return funded(rules, votes, 1)
    return best_by(rules, codes if votes else [], votes.__getitem__)


def funded(rules, votes, threshold, already=()):
    """Down the votes, of equals the cheaper, then the first by code; as long as budget, lots and exclusions allow."""
    options = {one["code"]: one for one in rules["options"]}
    left, lots = rules["budget"], dict(setting(rules, "lots", {}))
    exclusive, paid, chosen = setting(rules, "exclusive", []), set(), []

    def pay(code):
        nonlocal left
        left -= options[code].get("cost", 0)
        paid.add(code)
        if options[code].get("group", "") in lots:
            lots[options[code].get("group", "")] -= options[code].get("cost", 0)

    for code in already:
        pay(code)
    for code in sorted(options, key=lambda code: (-votes.get(code, 0), options[code].get("cost", 0), code)):
        cost = options[code].get("cost", 0)
        if votes.get(code, 0) < threshold or code in already:
            continue
        if cost <= left and cost <= lots.get(options[code].get("group", ""), cost) and not any(
                code in group and paid & set(group) for group in exclusive):
            pay(code)
            chosen.append(code)
        elif not setting(rules, "skip", 1):
            break
    return chosen


def greedy(rules, piles, _codes):
    return funded(rules, summed(piles), 1)


def greedy_threshold(rules, piles, _codes):
    percent, papers = setting(rules, "threshold_percent", None), sum(times for _marks, times in piles)
    least = setting(rules, "threshold", 1) if percent is None else -(-papers * percent // 100)
    return funded(rules, summed(piles), max(1, least))


def schulze(rules, piles, codes):
    return [lot(rules, schulze_best(piles, codes))] if any(marks for marks, _times in piles) else []


def borda(rules, piles, codes):
    given = borda_points(piles, codes)
    return best_by(rules, codes if any(marks for marks, _times in piles) else [], given.__getitem__)


def shares(rules, piles, _codes):
    found = equal_shares(rules, piles)
    if setting(rules, "completion", "none") == "greedy":
        found = found + funded(rules, summed(piles), 1, found)
    return found


COUNTS = {"single": most_votes, "approval": most_votes, "poll": poll, "stances": stances, "consent": consent,
          "score": score, "judgement": judgement, "points": points, "greedy": greedy,
          "greedy_threshold": greedy_threshold, "schulze": schulze, "borda": borda, "runoff": runoff_winner,
          "equal_shares": shares}
