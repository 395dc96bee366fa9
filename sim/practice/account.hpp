// From the best plan's steps to the hours that are billed: a ledger of factors on time.
//
//   T_scope = T_best · Π f_i  over the items up to the scope;  ln T_scope is normal around Σ ln f_i.
//
// Steady rate: what search promises too much (the least of many uncertain plans is taken), practice (the plan and the
// software that people run), scale, natural routing, slow nodes. Training: failures with lost work, restarts and
// checkpoints; start-up; evaluation; rollbacks. Billed: idle hours inside the paid window.
// The whole's width is that of published runs left out of the fit, σ, or that of the step's own interval where it is
// wider:  ln p90 = z · max(σ, σ_step),  z = 1.2816. The items' own ranges say what each may be; they are not added up
// again, because σ holds what they did in published runs. On a die that none of them ran on the whole is wider by what
// dies have in common, σ_d:  ln p90 = z · hypot(max(σ, σ_step), σ_d). Where the user gives a measured rate, what is
// left open are the losses: the ends of their ranges in quadrature. Steps measured elsewhere move the steady rate by
// what they share with this one, and leave a part `left` of its width: what is wider than the losses alone. An ideal
// run is its steps, with the step's own interval.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/sourced.hpp"
#include "practice/belief.hpp"
#include "practice/scope.hpp"

namespace chipmix::practice {

enum class Item {
  search,
  practice,
  scale,
  routing,
  stragglers,
  own,
  anchored,
  failures,
  start_up,
  evaluation,
  rollbacks,
  idle
};
inline constexpr std::array all_items{Item::search,     Item::practice,   Item::scale,     Item::routing,
                                      Item::stragglers, Item::own,        Item::anchored,  Item::failures,
                                      Item::start_up,   Item::evaluation, Item::rollbacks, Item::idle};

struct Row {
  Item item = Item::search;
  double factor = 1;  ///< on time; the middle of the belief
  std::optional<Interval<double>> range{};
  Evidence grade = Evidence::assumed;
  std::string source{};
};

/// Words of a row, and the first scope that counts it.
const char* label(Item item);
const char* key(Item item);
Scope scope_of(Item item);

/// What measured steps of the same team say of a run.
struct Anchoring {
  double factor = 1;  ///< on the steady time
  double left = 1;    ///< width of the steady rate's error, over what it was
  std::string source{};
};

/// What is known of a run.
struct Facts {
  bool is_moe = false;
  bool is_routing_known = false;  ///< forced, or stated by the user: no row for it
  bool is_searched = true;        ///< false: the user's own plan, of which search promises nothing
  bool is_die_seen = true;        ///< published whole runs ran on the die
  int devices = 1;
  double failures = 1;  ///< factor of interruptions, from goodput
  std::optional<Interval<double>> failures_range{};
  std::string failures_source{};        ///< what they rest on
  std::optional<double> own_step = {};  ///< the user's measured step, or own share of peak, over the best plan's
  std::string own_source{};             ///< where that comes from
  double step_p10 = 1, step_p90 = 1;    ///< the step's own interval, as factors
  std::optional<Anchoring> anchoring = {};
};

class Account {
 public:
  Account() = default;
  Account(const Belief& belief, Practice practice, const Facts& facts);

  const std::vector<Row>& rows() const { return rows_; }
  /// On the best plan's time, from its start to the end of `scope`.
  double factor(Scope scope) const;
  /// Factors on the run's own middle, 80 % of the belief between them.
  double p10() const;
  double p90() const;

 private:
  void add_steady(const Belief& belief, Practice practice, const Facts& facts);
  void add_anchoring(const Facts& facts);
  void widen_by_rows(std::size_t first);
  void narrow(std::size_t losses, double left);

  std::vector<Row> rows_;
  double down_ = 0, up_ = 0;  ///< ln widths at z
};

}  // namespace chipmix::practice
