"""The Method of Equal Shares once more: everybody has an equal share of the budget, and pays for what they chose."""

import hashlib

NEAR = 1e-9
"""Two amounts are taken as equal when they differ by less than this part of them."""


def equal_shares(rules, piles):
    """What is bought with shares raised step by step, the last time that all of it together fits the budget."""
    budget, seed = rules["budget"], rules.get("seed", "")
    costs = {one["code"]: one.get("cost", 0) for one in rules["options"] if 0 < one.get("cost", 0) <= budget}
    lots = {code: (hashlib.sha256(f"{seed}:{code}".encode()).hexdigest(), code) for code in costs}
    backers = {code: [at for at, (marks, _times) in enumerate(piles) if code in marks] for code in costs}
    backers = {code: at for code, at in backers.items() if at}
    times = [number for _marks, number in piles]
    if not sum(times):
        return []
    share = budget / sum(times)
    step, runs = max(1, int(share // 1000)), 1
    last = bought_with(costs, lots, backers, times, share)
    while len(last) < len(backers):
        found = bought_with(costs, lots, backers, times, share + runs * step)
        runs += 1
        if sum(costs[code] for code in found) > budget:
            break
        last = found
    return last


def bought_with(costs, lots, backers, times, share):
    """Options bought in turn with such a share each: always the one whose voters get most for what each of them pays.

    Of equal ones the one with more votes, then the cheaper, then by lot. What voters get for their money only falls,
    so the figure of an earlier look is the most that it can be.
    """
    purses, votes = [share] * len(times), {code: sum(times[at] for at in of) for code, of in backers.items()}
    bounds, bought = {code: float(number) for code, number in votes.items()}, []
    while True:
        looked, most = {}, 0.0
        for code in sorted(bounds, key=lambda code: -bounds[code]):
            if bounds[code] < most * (1 - NEAR):
                break
            each = price_each(costs[code], [(purses[at], times[at]) for at in backers[code]])
            if each is None:
                del bounds[code]
                continue
            bounds[code], looked[code] = costs[code] / each, each
            most = max(most, bounds[code])
        near = [code for code in looked if bounds[code] >= most * (1 - NEAR)]
        if not near:
            return bought
        best = min(near, key=lambda code: (-votes[code], costs[code], lots[code]))
        bought.append(best)
        del bounds[best]
        for at in backers[best]:
            purses[at] = max(purses[at] - looked[best], 0)


def price_each(cost, purses):
    """The least that, paid by each as far as their purse goes, makes up the cost; None where all have too little."""
    if sum(purse * number for purse, number in purses) < cost * (1 - NEAR):
        return None
    payers = sum(number for _purse, number in purses)
    each = cost / payers
    while True:
        enough = [one for one in purses if one[0] >= each * (1 - NEAR)]
        if len(enough) == len(purses):
            return each
        cost -= sum(purse * number for purse, number in purses if purse < each * (1 - NEAR))
        purses, payers = enough, sum(number for _purse, number in enough)
        if not payers:
            return each
        each = cost / payers
