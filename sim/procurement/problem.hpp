// What to buy, rent and sell for which work, month by month: the problem and its answer in plain numbers. One currency;
// months count from 0, and so do lots.
//
// Devices come in lots; lot m of kind k is the m-th that is bought. Nothing is of use after the last month of any job,
// T, so that all is sold by then and what a plan costs does not depend on months after it.
//   y_kmas  1 if lot m arrives in month a and is sold at the beginning of month s, a < s <= T
//   q_kmt = Σ_{a <= t < s} y_kmas                it is there in month t; once sold it does not come back
//   q_kmt <= q_k,m-1,t                           lots come one after the other, and the last one goes first
//   z_ct    share of month t in which cluster c works, Σ_c z_ct <= 1 (its jobs may be several)
//   s_kmt = Σ_{c: n_ck > m} z_ct                 share in which lot m is needed
//   s_kmt <= q_kmt + ρ_kmt                       it is owned, or rented for as long as it is needed
//   s_kmt <= q_k,m-rentable,t                    no more than so many are ever rented at a time
//   Σ_ct τ_cj z_ct >= tokens_j                   only in the months of job j
//   Σ_g p_jgt = 1                                job j is with the kinds of site g when month t begins
//   m_jgt >= p_jg,t+1 - p_jgt, Σ_g m_jgt <= 1    it moves to g in month t, once a month
//   Σ_{c: j on g} (z_ct + w_jct) <= p_jgt + m_jgt  it works where it is, or where it moves to
//   Σ_{c: j on g} w_jct >= h m_jgt               and for h of the month a cluster of g is at work, but for j, as in z
// min  Σ_t d^t Σ_km L_k (R_k ρ_kmt + U_k q_kmt) + Σ_kmas L_k w_km (d^(a - lead) P_k - d^s V_k(s - a)) y_kmas
//      - Σ_ckt d^t (1 - b_ck) L_k n_ck R_k (z_ct + Σ_j w_jct)
// with d the discount of a month, P the price (d^(a - lead) where all is paid at the order), U the upkeep and R the
// rent of a device for a month, b the share of a cluster's time for which rent is paid (less than 1 of kinds that are
// rented by the hour alone, and taken back now and then), L devices in a lot, n lots of cluster c, τ its tokens a
// month, w what share of the price the devices of a lot cost (steps of volume), and V what a device of an age sells for
// (Kind::worth). V is convex and falls with age: selling the last lot first is best. What was there before is the first
// lots, bought at what it would sell for in month 0. Rent by contract, of N lots in a month, is paid whether they work
// or not, N_t >= Σ of what was begun in the last `term` months; then what is needed is owned or under contract, s_m <=
// a_m with Σ_m a_m = Σ_m q_m + N. A lot of more devices than arrive in a month is there when its last ones have come,
// and is paid as one. Limits: cash that is paid, kilowatts and floor of what is owned in any month, a vendor's share of
// the work that bought devices do. An award is a share of the devices bought, to the nearest lot.
#pragma once

#include <cstdint>
#include <functional>

#include "procurement/kind.hpp"

namespace chipmix::procurement {

/// Kinds on which a job runs at once: bit k is kind k.
using Site = std::uint64_t;

/// A cluster that can work, or several beside one another: so many devices of each kind, and what they train in a month
/// of each job.
struct Column {
  std::string label;
  std::vector<int> devices;      ///< whole lots
  std::vector<double> tokens;    ///< 0: does not work on it
  std::vector<double> billed{};  ///< of each kind, share of the time for which its rent is paid; all if empty
  std::vector<Site> sites{};     ///< of each job; of all devices if empty

  double billed_share(std::size_t kind) const { return billed.empty() ? 1 : billed[kind]; }
  /// Where it runs a job.
  Site site(std::size_t job) const;
  bool operator==(const Column&) const = default;
};

struct Work {
  std::string name;
  double tokens = 0;
  int from = 0, by = 0;  ///< months in which it may run: [from, by)
  bool operator==(const Work&) const = default;
};

struct Limits {
  std::optional<double> budget;     ///< cash in all that is paid
  std::optional<double> kilowatts;  ///< on own premises at any time
  std::optional<double> area;       ///< square metres on own premises
  std::optional<double> vendor_share;
  Shares shares = Shares::work;
  bool operator==(const Limits&) const = default;
};

/// What is ordered already: it arrives when it arrives, and nothing else was known before month `seen`.
struct Order {
  std::vector<std::vector<int>> arrivals;   ///< devices by kind and month of arrival, months after the last ones too
  std::vector<std::vector<double>> rented;  ///< device-months by kind and month, kept to before `seen`
  int seen = 0;                             ///< what is ordered beside it is ordered from this month on
  std::vector<std::vector<int>> fleet{};    ///< of what was there before, kept by kind and month; until `seen`
};

/// How a search is watched: asked whether to end with the best so far, told of it and of what none is below.
struct Watch {
  std::function<bool()> stop{};
  std::function<void(double best, double bound)> progress{};
};

enum class Aim { cost, kilowatts, cash };  ///< what is made as small as it can be

struct Problem {
  int months = 0;
  double monthly_discount = 0;  ///< d = 1 / (1 + this)
  double move = 0;              ///< h: share of a month that a job takes to move to other kinds
  std::vector<Kind> kinds;
  std::vector<Column> columns;
  std::vector<Work> works;
  Limits limits{};
  Aim aim = Aim::cost;
  double gap = 0;      ///< share by which a decision may be above the least
  double seconds = 0;  ///< after which the best so far is taken; 0: until it is proven
  std::optional<Order> order{};
  Watch watch{};

  /// T: the month after the last in which a job may run.
  int last() const;
};

/// A cluster at work for a share of a month.
struct Shift {
  int column = 0;
  double share = 0;
};

/// A job that moves to other kinds, on a cluster of these.
struct Move {
  std::size_t job = 0;
  int month = 0, column = 0;
  double share = 0;  ///< of the month
  Site from = 0, to = 0;
};

/// Devices that came together and go together.
struct Holding {
  int kind = 0, arrival = 0, sale = 0, devices = 0;
  double price_share = 1;
  bool is_fleet = false;  ///< was there before
};

struct Decision {
  double cost = 0;   ///< the value of the objective: of the aim
  double bound = 0;  ///< no decision is below
  std::vector<Holding> holdings;
  std::vector<std::vector<double>> rented;  ///< device-months by kind and month for which rent is paid
  std::vector<std::vector<Shift>> shifts;   ///< by month
  std::vector<Move> moves;                  ///< in their order; their time is in no shift
  std::vector<double> cash;                 ///< paid by month, not discounted
  std::vector<double> proceeds;             ///< of sales at the end of a month, not discounted

  /// Devices of a kind that are owned in a month, that are bought and arrive in it, and that are sold at its end.
  int owned(int kind, int month) const;
  int arrived(int kind, int month) const;
  int sold(int kind, int month) const;
  int bought(int kind) const;
  /// Of what was there before, what is still there in a month.
  int kept(int kind, int month) const;
  /// Cash of all months.
  double spent() const;
};

/// Months until the last job is done, if each month's work is done at its beginning.
double finish(const Decision& decision);

/// What holding devices costs, discounted: what was paid for them, or what they would have sold for in the first month,
/// upkeep, less what they sell for.
double holding_cost(const Problem& problem, const Holding& holding);

/// What a decision costs at the prices of a problem: its holdings, upkeep and rents, discounted.
double cost(const Problem& problem, const Decision& decision);

/// Share by which answers beside the decision (what-ifs, costs in other worlds) may be above the least: 0.1 % where
/// jobs may move between kinds, which takes long to prove, else 0.
inline double gap_beside(const Problem& problem) { return problem.move > 0 ? 1e-3 : 0; }

/// The decision that reaches the aim, proven but for a limit of time; nothing where none meets all limits. Throws
/// NothingInTime (milp.hpp), and std::logic_error for devices that are not whole lots.
std::optional<Decision> solve(const Problem& problem);
/// For answers beside the decision (what-ifs, orders and costs in other worlds): at most 0.1 % above the least where
/// jobs may move between kinds, which takes long to prove. `known` is allowed, at the cost that it says.
std::optional<Decision> solve_beside(Problem problem, const Decision* known = nullptr);

/// Whether two problems differ in kinds alone that a decision does not use, and has the second one no more of them:
/// what is the best of the first is the best of the second.
bool is_scarcer_beside(const Decision& decision, const Problem& problem, const Problem& other);

/// Columns that no other one beats: with as few devices of each kind at least as fast on each job.
std::vector<Column> efficient(const std::vector<Column>& columns);
/// Their places in the list, in its order.
std::vector<int> efficient_of(const std::vector<Column>& columns);

}  // namespace chipmix::procurement
