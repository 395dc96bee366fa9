#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "procurement/large.hpp"
#include "procurement/supply.hpp"

namespace chipmix::procurement {
namespace {

using SearchClock = std::chrono::steady_clock;

constexpr double least_share = 1e-6;  // of a month: less is the solver's rounding
constexpr double least_seconds = 0.01;
constexpr double tiny = 1e-3;  // an answer of less than this many units of its scale is solved again in its own

/// The price of the dearest lot.
double dearest_lot(const Problem& problem) {
  double most = 1e-9;
  for (const Kind& kind : problem.kinds) {
    if (kind.purchase) most = std::max(most, kind.purchase->price * kind.lot);
    if (kind.lease) most = std::max(most, kind.lease->price * kind.lot);
  }
  return most;
}

/// The solver's values as devices, months and money.
class Reading {
 public:
  Reading(const Problem& problem, const Formulation& formulation, const std::vector<double>& values)
      : p_(problem), formulation_(formulation), values_(values) {}

  Decision run() {
    decision_.shifts.resize(p_.months);
    for (const Run& run : formulation_.runs())
      if (values_[run.variable] > least_share && run.moving == none)
        decision_.shifts[run.month].push_back({run.column, values_[run.variable]});
    decision_.moves = moves_of(p_, formulation_, values_);
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
      decision_.rented.emplace_back(p_.months, 0.0);
      for (std::size_t m = 0; m < formulation_.lots()[k].size(); ++m) lot(k, static_cast<int>(m));
      contracts(k);
      if (p_.order) too_late(static_cast<int>(k));
    }
    taken_back();
    join();
    for (int month = 0; month < p_.months; ++month) money(month);
    return std::move(decision_);
  }

 private:
  void lot(std::size_t k, int m) {
    const Kind& kind = p_.kinds[k];
    const Lot& lot = formulation_.lots()[k][m];
    const int fleet = fleet_lots(kind), last = p_.last();
    const auto is_owned = [&](int t) { return lot.owned[t] != none && values_[lot.owned[t]] > 0.5; };
    for (int t = 0; t < last; ++t) {
      if (is_owned(t) && (t == 0 || !is_owned(t - 1))) {
        int sale = t;
        while (sale < last && is_owned(sale)) ++sale;
        const bool is_fleet = m < fleet;
        const double share = is_fleet ? 1 : kind.price_share((m - fleet) * kind.lot, kind.lot);
        decision_.holdings.push_back({static_cast<int>(k), t, sale, kind.lot, share, is_fleet});
      }
      if (lot.rented[t] != none && values_[lot.rented[t]] > least_share)
        decision_.rented[k][t] += values_[lot.rented[t]] * kind.lot;
    }
  }

  void contracts(std::size_t k) {
    for (int t = 0; t < p_.last(); ++t)
      if (const int contract = formulation_.contracts(k)[t]; contract != none)
        decision_.rented[k][t] += values_[contract] * p_.kinds[k].lot;
  }

  /// Rent is paid for the time alone in which devices are there.
  void taken_back() {
    for (const Run& run : formulation_.runs()) {
      if (values_[run.variable] <= least_share) continue;
      const Column& column = p_.columns[run.column];
      for (std::size_t k = 0; k < p_.kinds.size(); ++k)
        if (p_.kinds[k].is_billed_by_time()) {
          double& rented = decision_.rented[k][run.month];
          rented = std::max(0.0, rented - (1 - column.billed_share(k)) * column.devices[k] * values_[run.variable]);
        }
    }
  }

  /// What was ordered and comes after the last job is sold as it comes.
  void too_late(int k) {
    const auto& arrivals = p_.order->arrivals[k];
    int before = 0;
    for (int t = 0; t < static_cast<int>(arrivals.size()); ++t) {
      if (t >= p_.last() && arrivals[t] > 0)
        decision_.holdings.push_back({k, t, t, arrivals[t], p_.kinds[k].price_share(before, arrivals[t])});
      before += arrivals[t];
    }
  }

  /// Lots that come and go together at one price are one holding.
  void join() {
    std::vector<Holding> joined;
    for (const Holding& one : decision_.holdings)
      if (!joined.empty() && joined.back().kind == one.kind && joined.back().arrival == one.arrival &&
          joined.back().sale == one.sale && joined.back().price_share == one.price_share &&
          joined.back().is_fleet == one.is_fleet)
        joined.back().devices += one.devices;
      else
        joined.push_back(one);
    decision_.holdings = std::move(joined);
  }

  /// What is paid for a holding in a month; what falls due after the last one is paid in it, as it is sold by then.
  double paid(const Holding& one, int month) const {
    const Kind::Purchase& buy = *p_.kinds[one.kind].purchase;
    const std::vector<Kind::Instalment> at_order{{1, false, 0}};
    double share = 0;
    for (const Kind::Instalment& part : buy.payment.empty() ? at_order : buy.payment)
      if (std::clamp(buy.due(part, one.arrival), 0, p_.months - 1) == month) share += part.share;
    return share * buy.price * one.price_share * one.devices;
  }

  /// Sales are paid when a month ends.
  void money(int month) {
    double spent = 0, proceeds = 0;
    for (const Holding& one : decision_.holdings) {
      const Kind& kind = p_.kinds[one.kind];
      if (!one.is_fleet) spent += paid(one, month);
      if (one.arrival <= month && month < one.sale) spent += kind.purchase->upkeep * one.devices;
      const int age = one.sale - one.arrival + (one.is_fleet ? kind.fleet->age : 0);
      if (one.sale == month + 1) proceeds += kind.worth(age) * one.price_share * one.devices;
    }
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      if (p_.kinds[k].lease) spent += p_.kinds[k].rent(decision_.rented[k][month]);
    decision_.cash.push_back(spent);
    decision_.proceeds.push_back(proceeds);
  }

  const Problem& p_;
  const Formulation& formulation_;
  const std::vector<double>& values_;
  Decision decision_;
};

/// Whether something of a kind comes after something of it was sold.
bool comes_again(const Decision& decision, int kind) {
  int sold = std::numeric_limits<int>::max(), came = 0;
  for (const Holding& one : decision.holdings)
    if (one.kind == kind) sold = std::min(sold, one.sale), came = std::max(came, one.arrival);
  return came >= sold;
}

constexpr std::size_t few_runs = 6000;  // as many are all handed to the solver
constexpr double large_gap = 0.005;     // up to which a problem with more is solved

/// What a search is told of its answer.
struct Clue {
  std::optional<double> cutoff{};  ///< in the problem's money: answers above it are of no interest
  const Decision* near = nullptr;  ///< supply is like that of this one
};

/// All runs at once where they are few; else those that matter.
LargeAnswer minimise(const Problem& problem, double scale, const std::vector<bool>& one_way, const Clue& clue) {
  const std::vector<Run> runs = usable(problem);
  SolverLimits effort{problem.seconds, problem.gap, {}, problem.watch.stop, {}};
  if (clue.cutoff) effort.cutoff = *clue.cutoff / scale;
  if (problem.watch.progress)
    effort.progress = [&](double best, double bound) { problem.watch.progress(best * scale, bound * scale); };
  if (runs.size() > few_runs && problem.aim == Aim::cost) {
    effort.gap = std::max(effort.gap, large_gap);
    return minimise_large(problem, scale, runs, one_way, effort);
  }
  auto formulation = std::make_unique<Formulation>(problem, scale, runs, one_way);
  if (clue.near) formulation->stay_near(*clue.near);
  MilpAnswer answer = formulation->program().minimise(effort);
  return {std::move(answer), std::move(formulation)};
}

/// Whether it matters how often a lot comes, and not only whether it is there: else a lot that is sold and comes again
/// at once is one that stays.
bool counts_moves(const Problem& problem) {
  const bool has_award =
      std::any_of(problem.kinds.begin(), problem.kinds.end(), [](const Kind& kind) { return kind.award.has_value(); });
  const bool counts_devices = problem.limits.vendor_share && problem.limits.shares == Shares::devices;
  return problem.aim != Aim::cost || problem.order || has_award || counts_devices;
}

/// A decision, and what the solver has for it in the problem's money: of decisions that cost the same it takes the one
/// that buys and moves least, and so its value is above the cost by up to a millionth.
struct Found {
  Decision decision;
  double value = 0;
};

std::optional<Found> solve_scaled(const Problem& problem, double scale, const Clue& clue) {
  std::vector<bool> one_way(problem.kinds.size(), counts_moves(problem));
  for (;;) {
    const auto [answer, formulation] = minimise(problem, scale, one_way, clue);
    if (!answer.feasible) return std::nullopt;
    Decision decision = Reading(problem, *formulation, answer.values).run();
    const std::vector<bool> before = one_way;
    for (std::size_t k = 0; k < problem.kinds.size(); ++k)
      if (comes_again(decision, static_cast<int>(k))) one_way[k] = true;
    if (one_way != before) continue;
    const double unit = problem.aim == Aim::kilowatts ? 1 : scale;
    decision.cost = problem.aim == Aim::cost ? cost(problem, decision) : answer.value * unit;
    decision.bound = decision.cost - std::max(0.0, answer.value - answer.bound) * unit;
    return Found{std::move(decision), answer.value * unit};
  }
}

std::optional<Found> find(const Problem& problem, const Clue& clue) {
  double scale = dearest_lot(problem);
  for (;;) {
    auto found = solve_scaled(problem, scale, clue);
    const double value = found && problem.aim == Aim::cost ? found->decision.cost : scale;
    if (value >= tiny * scale || value <= 0) return found;
    scale = value;
  }
}

/// Whether every job stays on the same kinds.
bool stays(const Problem& problem, const Decision& decision) {
  for (std::size_t j = 0; j < problem.works.size(); ++j) {
    std::optional<Site> site;
    for (const auto& month : decision.shifts)
      for (const Shift& shift : month) {
        const Column& column = problem.columns[shift.column];
        if (column.tokens[j] > 0 && site.value_or(column.site(j)) != column.site(j)) return false;
        if (column.tokens[j] > 0) site = column.site(j);
      }
  }
  return true;
}

/// The least of a problem in which jobs may move, as one whose moves take no time shows the way: `free` is the least of
/// that, and nothing costs less.
class Moving {
 public:
  Moving(const Problem& problem, Decision free, const Decision* known, SearchClock::time_point start)
      : p_(problem), free_(std::move(free)), start_(start) {
    if (known) best_ = Found{*known, known->cost};
  }

  std::optional<Decision> run() {
    if (p_.aim == Aim::cost) look_near();
    if (best_ && (is_near_enough() || is_over())) return done(free_.bound);
    auto other = look_everywhere();
    if (other && (!best_ || other->value < best_->value)) return std::move(other->decision);
    return best_ ? done(std::max(free_.bound, *cutoff())) : std::nullopt;
  }

 private:
  /// With supply near that of moves that take no time: often the least, and soon known.
  void look_near() {
    Problem near = p_;
    near.watch = {};
    try {
      auto found = find(near, {{}, &free_});
      if (found && (!best_ || found->value < best_->value)) best_ = std::move(found);
    } catch (const NothingInTime&) {
      return;
    }
    if (best_ && p_.watch.progress) p_.watch.progress(best_->decision.cost, free_.bound);
  }

  std::optional<Found> look_everywhere() const {
    Problem all = p_;
    if (p_.seconds > 0) all.seconds = std::max(least_seconds, p_.seconds - seconds());
    try {
      return find(all, {cutoff(), nullptr});
    } catch (const NothingInTime&) {
      if (best_) return std::nullopt;
      throw;
    }
  }

  /// What is of interest beside the best so far.
  std::optional<double> cutoff() const {
    return best_ ? std::optional(best_->value - p_.gap * std::abs(best_->value)) : std::nullopt;
  }

  std::optional<Decision> done(double bound) {
    best_->decision.bound = std::min(best_->decision.cost, bound);
    return std::move(best_->decision);
  }

  bool is_near_enough() const { return best_->decision.cost - free_.bound <= p_.gap * std::abs(best_->decision.cost); }
  double seconds() const { return std::chrono::duration<double>(SearchClock::now() - start_).count(); }
  bool is_over() const { return (p_.seconds > 0 && seconds() > p_.seconds) || (p_.watch.stop && p_.watch.stop()); }

  const Problem& p_;
  Decision free_;
  SearchClock::time_point start_;
  std::optional<Found> best_;
};

/// Where jobs may move: without the cost of moves first, which is soon known; nothing costs less, and where no job
/// moves that is it. `known`: a decision that is allowed; what does not save more than the gap beside it is not looked
/// for.
std::optional<Decision> least_beside(const Problem& problem, const Decision* known) {
  const SearchClock::time_point start = SearchClock::now();
  const auto cutoff = known ? std::optional(known->cost - problem.gap * std::abs(known->cost)) : std::nullopt;
  Problem free = problem;
  free.move = 0;
  if (problem.move > 0) free.watch.progress = {};
  auto found = find(free, {cutoff, nullptr});
  if (!found && known) {
    found = Found{*known, known->cost};
    found->decision.bound = *cutoff;
    return std::move(found->decision);
  }
  if (!found || problem.move <= 0 || stays(problem, found->decision))
    return found ? std::optional(std::move(found->decision)) : std::nullopt;
  return Moving(problem, std::move(found->decision), known, start).run();
}

}  // namespace

std::optional<Decision> solve(const Problem& problem) { return least_beside(problem, nullptr); }

std::optional<Decision> solve_beside(Problem problem, const Decision* known) {
  problem.gap = std::max(problem.gap, gap_beside(problem));
  return least_beside(problem, problem.gap > 0 ? known : nullptr);
}

}  // namespace chipmix::procurement
