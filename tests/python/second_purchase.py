"""A purchase as another program: lots counted, not ordered one by one, contracts by their first and last month, moves
as a path of each job through its kinds; solved by HiGHS."""

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from purchases import worth


class Program:
    """Rows and columns of a mixed-integer program for HiGHS."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole = [], [], [], []
        self.entries, self.bounds = [], []

    def variable(self, cost=0.0, high=1.0, whole=False) -> int:
        self.cost.append(cost)
        self.low.append(0.0)
        self.high.append(high)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, terms, low=-numpy.inf, high=numpy.inf):
        self.entries += [(len(self.bounds), column, value) for column, value in terms]
        self.bounds.append((low, high))

    def least(self):
        rows, columns, values = zip(*self.entries)
        matrix = coo_matrix((values, (rows, columns)), shape=(len(self.bounds), len(self.cost))).tocsr()
        low, high = zip(*self.bounds)
        scale = max(1.0, max(abs(one) for one in self.cost))
        result = milp(
            numpy.array(self.cost) / scale,
            constraints=LinearConstraint(matrix, low, high),
            bounds=Bounds(self.low, self.high),
            integrality=self.whole,
            options={"mip_rel_gap": 0.0},
        )
        return result.fun * scale if result.success else None


class Purchase:
    """The least that a problem costs, as chipmix prints it (--format json). `order`: what comes by kind and month
    (months after the last ones too), device-months that may be rented by kind and month before month `seen`, and what is
    kept of the fleet until then."""

    def __init__(self, problem: dict, order: dict | None = None):
        self.all, self.order, self.program = problem, order, Program()
        self.jobs, self.clusters, self.kinds = problem["jobs"], problem["clusters"], problem["kinds"]
        self.last = min(problem["months"], max(job["by_month"] for job in self.jobs))
        self.power = {t: [] for t in range(self.last)}
        self.cash, self.extra = [], 0.0
        self.bought = [[] for _ in self.kinds]  # devices
        self.work = [[] for _ in self.kinds]  # device-months on what is bought
        self.shares = {}  # (cluster, month, job that moves there or none): share of the month

    def discount(self, month: int) -> float:
        return (1 + self.all["monthly_discount"]) ** -month

    def least(self):
        self.runs()
        for j in range(len(self.jobs)):
            self.job(j)
        for k in range(len(self.kinds)):
            self.kind(k)
        self.limits()
        found = self.program.least()
        return None if found is None else found + self.extra

    def is_on(self, c: int, j: int, t: int) -> bool:
        job = self.jobs[j]
        return self.clusters[c]["tokens_per_month"][j] > 0 and job["from_month"] <= t < job["by_month"]

    def runs(self):
        jobs = range(len(self.jobs))
        for c in range(len(self.clusters)):
            for t in range(self.last):
                there = [j for j in jobs if self.is_on(c, j, t)]
                for moving in [None, *there] if self.all["move"] else [None]:
                    if there:
                        self.shares[c, t, moving] = self.program.variable(-self.discount(t) * self.unpaid(c))
                        self.cash.append((self.shares[c, t, moving], -self.unpaid(c)))
        for t in range(self.last):
            self.program.row([(z, 1) for (_, month, _), z in self.shares.items() if month == t], high=1)

    def unpaid(self, c: int) -> float:
        """Rent of a month that nobody bills: of devices that are taken back."""
        cluster = self.clusters[c]
        return sum(
            (1 - billed) * devices * kind["rent"]["price_per_month"]
            for billed, devices, kind in zip(cluster["billed"], cluster["devices"], self.kinds)
            if kind["rent"] and not kind["rent"]["term_months"] and not kind["buy"]
        )

    def job(self, j: int):
        job, done = self.jobs[j], []
        for (c, t, moving), z in self.shares.items():
            if self.is_on(c, j, t) and moving != j:
                done.append((z, self.clusters[c]["tokens_per_month"][j] / job["tokens"]))
        self.program.row(done, low=1)
        at_work = [one for one in self.clusters if one["tokens_per_month"][j] > 0] if self.all["move"] else []
        sites = sorted({one["kinds_of_jobs"][j] for one in at_work})
        months = range(job["from_month"], min(job["by_month"], self.last))
        if len(sites) < 2 or not months:
            return
        path = {(a, b, t): self.program.variable(whole=True) for a in sites for b in sites for t in months}
        program = self.program
        program.row([(x, 1) for (_, _, t), x in path.items() if t == months[0]], low=1, high=1)
        for t in months[1:]:
            for site in sites:
                came = [(x, 1) for (_, b, month), x in path.items() if b == site and month == t - 1]
                goes = [(x, -1) for (a, _, month), x in path.items() if a == site and month == t]
                program.row(came + goes, low=0, high=0)
        for t in months:
            for site in sites:
                on_it = [
                    (z, 1)
                    for (c, month, _), z in self.shares.items()
                    if month == t and self.is_on(c, j, t) and self.clusters[c]["kinds_of_jobs"][j] == site
                ]
                through = [(x, -1) for (a, b, month), x in path.items() if month == t and site in (a, b)]
                program.row(on_it + through, high=0)
                moving = [
                    (z, 1)
                    for (c, month, who), z in self.shares.items()
                    if month == t and who == j and self.clusters[c]["kinds_of_jobs"][j] == site
                ]
                moves = [(x, -self.all["move"]) for (a, b, month), x in path.items() if month == t and a != b == site]
                program.row(moving + moves, low=0)

    def held(self, k: int, most: int) -> list:
        """Lots that are owned, by month: as terms."""
        kind, program = self.kinds[k], self.program
        lot, buy, last = kind["lot"], kind["buy"], self.last
        if not buy:
            return [[] for _ in range(last)]
        fleet = (kind["fleet"] or {"devices": 0})["devices"] // lot
        age = (kind["fleet"] or {"age_months": 0})["age_months"]
        due = self.order["arrivals"][k] if self.order else []
        for t, devices in enumerate(due):  # after the last job: sold as it comes
            if t >= last:
                paid = self.discount(t - buy["lead_months"]) * buy["price"]
                self.extra += devices * (paid - self.discount(t) * worth(buy, 0))
        holdings, kept = {}, {}
        first = buy["lead_months"] + (self.order["seen"] if self.order else 0)
        for t in range(last):
            if t < first and not (t < len(due) and due[t]):
                continue
            for end in range(t + 1, last + 1):
                upkeep = sum(self.discount(s) * buy["upkeep_per_month"] for s in range(t, end))
                price = self.discount(t - buy["lead_months"]) * buy["price"] + upkeep
                holdings[t, end] = program.variable((price - self.discount(end) * worth(buy, end - t)) * lot, most, True)
                self.cash.append((holdings[t, end], lot * (buy["price"] + (end - t) * buy["upkeep_per_month"])))
                self.bought[k].append((holdings[t, end], lot))
        for end in range(last + 1) if fleet else []:
            upkeep = sum(self.discount(s) * buy["upkeep_per_month"] for s in range(end))
            lost = worth(buy, age) - self.discount(end) * worth(buy, age + end) if end else 0
            kept[end] = program.variable((lost + upkeep) * lot, fleet, True)
            self.cash.append((kept[end], lot * end * buy["upkeep_per_month"]))
        if kept:
            program.row([(one, 1) for one in kept.values()], low=fleet, high=fleet)
            for t in range(min(last, max(1, self.order["seen"]))) if self.order else []:
                left = self.order["kept"][k][t] // lot
                program.row([(one, 1) for end, one in kept.items() if end > t], low=left, high=left)
        for t in range(last):
            come = [(one, 1) for (a, _), one in holdings.items() if a == t]
            lots = (due[t] if t < len(due) else 0) // lot
            if come and self.order:
                program.row(come, low=lots, high=lots if t < first else numpy.inf)
        if holdings and buy["cap"] is not None:
            ordered = sum(due[:last]) // lot
            program.row([(one, 1) for one in holdings.values()], high=max(ordered, buy["cap"] // lot))
        before = None
        for t in range(last) if holdings else []:  # first bought, then sold
            selling = program.variable(whole=True)
            program.row([(v, 1) for (a, e), v in holdings.items() if a == t] + [(selling, most)], high=most)
            program.row([(v, 1) for (a, e), v in holdings.items() if e == t] + [(selling, -most)], high=0)
            if before is not None:
                program.row([(before, 1), (selling, -1)], high=0)
            before = selling
        if buy["monthly"] is not None and not self.order:  # what has come by a month, and what makes lots of it
            come = []
            for t in range(buy["lead_months"], last):
                come.append((program.variable(high=buy["monthly"]), 1))
                lots = [(one, -lot) for (a, _), one in holdings.items() if a <= t]
                program.row(come + lots, low=0, high=lot - 1)
        there = [[(one, 1) for (a, end), one in holdings.items() if a <= t < end] for t in range(last)]
        return [here + [(one, 1) for end, one in kept.items() if t < end] for t, here in enumerate(there)]

    def contracts(self, k: int, most: int) -> list:
        """Lots under contract, by month: as terms."""
        kind, last = self.kinds[k], self.last
        rent = kind["rent"]
        if not rent or not rent["term_months"]:
            return [[] for _ in range(last)]
        most = min(most, rent["cap"] // kind["lot"]) if rent["cap"] is not None else most
        price, term = rent["price_per_month"] * kind["lot"], rent["term_months"]
        spans = {}
        for begin in range(rent["from_month"], last):
            for end in range(begin + term, last + 1):
                cost = sum(self.discount(t) for t in range(begin, end)) * price
                spans[begin, end] = self.program.variable(cost, most, True)
                self.cash.append((spans[begin, end], (end - begin) * price))
        there = [[(one, 1) for (begin, end), one in spans.items() if begin <= t < end] for t in range(last)]
        for t in range(last):
            if there[t]:
                self.program.row(there[t], high=most)
        return there

    def kind(self, k: int):
        kind, program = self.kinds[k], self.program
        lot, rent = kind["lot"], kind["rent"]
        by_hour = rent and not rent["term_months"]
        needed = [cluster["devices"][k] // lot for cluster in self.clusters]
        due = sum(self.order["arrivals"][k]) // lot if self.order else 0
        fleet = (kind["fleet"] or {"devices": 0})["devices"] // lot
        most = max(needed + [fleet]) + due
        there, under = self.held(k, most), self.contracts(k, most)
        rents_before = [[] for _ in range(self.last)]
        for t in range(self.last):
            self.power[t] += [(one, sign * kind["kilowatts"] * lot) for one, sign in there[t]]
            has = {}
            for m in range(1, max(needed) + 1):
                has[m] = program.variable(whole=True)
                program.row([(has[m], m)] + [(one, -sign) for one, sign in there[t] + under[t]], high=0)
            for m in range(1, max(needed) + 1):
                need = [(z, 1) for (c, month, _), z in self.shares.items() if month == t and needed[c] >= m]
                held = [(has[m], -1)]
                self.work[k] += [(one, lot) for one, _ in need] if kind["buy"] else []
                if by_hour and t >= rent["from_month"]:
                    rented = program.variable(self.discount(t) * rent["price_per_month"] * lot)
                    held.append((rented, -1))
                    self.cash.append((rented, rent["price_per_month"] * lot))
                    program.row([(rented, 1)] + [(one, -1) for one, _ in need], high=0)
                    rents_before[t].append((rented, lot))
                    if kind["buy"]:
                        self.work[k].append((rented, -lot))
                program.row(need + held, high=0)
                if by_hour and rent["cap"] is not None and m > rent["cap"] // lot:
                    program.row(need + [(has[m - rent["cap"] // lot], -1)], high=0)
        for t in range(min(self.order["seen"], self.last)) if self.order else []:
            planned = self.order["rented"][k][t] if t < len(self.order["rented"][k]) else 0
            lent = rents_before[t] + [(one, sign * lot) for one, sign in under[t]]
            if lent:
                program.row(lent, high=planned * (1 + 1e-9))

    def limits(self):
        limits, program = self.all["limits"], self.program
        for terms in self.power.values() if limits["kilowatts"] is not None else []:
            if terms:
                program.row(terms, high=limits["kilowatts"])
        if limits["budget"] is not None:
            program.row(self.cash, high=limits["budget"])
        if limits["vendor_share"] is None:
            return
        for vendor in {kind["vendor"] for kind in self.kinds}:
            terms = []
            for k, kind in enumerate(self.kinds):
                if not kind["buy"]:
                    continue
                factor = (kind["vendor"] == vendor) - limits["vendor_share"]
                if limits["shares"] == "money":
                    buy = kind["buy"]
                    factor *= (buy["price"] - worth(buy, 12)) / 12 / 1e3 + buy["upkeep_per_month"] / 1e3
                of = self.bought[k] if limits["shares"] == "devices" else self.work[k]
                terms += [(one, factor * many) for one, many in of]
            if terms:
                program.row(terms, high=0)


def optimum(problem: dict, order: dict | None = None):
    return Purchase(problem, order).least()
