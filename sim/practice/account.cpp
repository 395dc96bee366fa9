#include "practice/account.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/normal.hpp"

namespace chipmix::practice {
namespace {

struct Words {
  Item item;
  const char* key;
  const char* label;
  Scope scope;
};

constexpr std::array<Words, all_items.size()> table{{
    {Item::search, "search", "best plan found to best plan run", Scope::steady},
    {Item::practice, "practice", "plan and software of practice", Scope::steady},
    {Item::scale, "scale", "scale", Scope::steady},
    {Item::routing, "routing", "natural routing", Scope::steady},
    {Item::stragglers, "stragglers", "slow nodes", Scope::steady},
    {Item::own, "own_step", "your measured rate", Scope::steady},
    {Item::anchored, "anchored", "anchored on your measured steps", Scope::steady},
    {Item::failures, "failures", "failures, restarts, checkpoints", Scope::training},
    {Item::start_up, "start_up", "start-up", Scope::training},
    {Item::evaluation, "evaluation", "evaluation", Scope::training},
    {Item::rollbacks, "rollbacks", "rollbacks", Scope::training},
    {Item::idle, "idle", "idle billed hours", Scope::billed},
}};

const Words& words(Item item) { return table[static_cast<std::size_t>(item)]; }

Row row(Item item, const Sourced<double>& figure) {
  return {item, figure.value, figure.range, figure.grade, figure.source};
}

/// Figures that follow one another, as one: values, ends and sources.
Row product(Item item, const Sourced<double>& a, const Sourced<double>& b) {
  Row all = row(item, a);
  all.factor *= b.value;
  const auto ends = [](const Sourced<double>& f) { return f.range.value_or(Interval<double>{f.value, f.value}); };
  const auto far = [](double a_end, double a_mid, double b_end, double b_mid) {
    return std::hypot(std::log(a_end / a_mid), std::log(b_end / b_mid));
  };
  all.range = Interval<double>{all.factor * std::exp(-far(ends(a).low, a.value, ends(b).low, b.value)),
                               all.factor * std::exp(far(ends(a).high, a.value, ends(b).high, b.value))};
  all.grade = weakest(a.grade, b.grade);
  return all;
}

Row scale_row(const Belief& belief, int devices) {
  const double ratio = std::max(1.0, devices / belief.scale_reference.value);
  const auto at = [&](double exponent) { return std::pow(ratio, exponent); };
  Row scale = row(Item::scale, belief.growth);
  scale.factor = at(belief.growth.value);
  if (scale.range) {
    const double low = at(scale.range->low), high = at(scale.range->high);
    scale.range = Interval<double>{std::min(low, high), std::max(low, high)};
  }
  return scale;
}

Row failures_row(const Facts& facts) {
  return {Item::failures, facts.failures, facts.failures_range, Evidence::scaled, facts.failures_source};
}

}  // namespace

const char* label(Item item) { return words(item).label; }
const char* key(Item item) { return words(item).key; }
Scope scope_of(Item item) { return words(item).scope; }

Account::Account(const Belief& belief, Practice practice, const Facts& facts) {
  down_ = -std::log(facts.step_p10);
  up_ = std::log(facts.step_p90);
  if (practice == Practice::ideal) {
    if (facts.own_step) rows_.push_back({Item::own, *facts.own_step, {}, Evidence::measured, facts.own_source});
    if (facts.own_step) down_ = up_ = 0;
    if (!facts.own_step && facts.anchoring) {
      add_anchoring(facts);
      down_ *= facts.anchoring->left, up_ *= facts.anchoring->left;
    }
    if (facts.failures > 1) rows_.push_back(failures_row(facts));
    return;
  }
  if (facts.own_step)
    rows_.push_back({Item::own, *facts.own_step, {}, Evidence::measured, facts.own_source});
  else
    add_steady(belief, practice, facts);
  if (!facts.own_step && facts.anchoring) add_anchoring(facts);
  const std::size_t losses = rows_.size();
  rows_.push_back(failures_row(facts));
  rows_.push_back(row(Item::start_up, belief.start_up));
  rows_.push_back(row(Item::evaluation, belief.evaluation));
  rows_.push_back(row(Item::rollbacks, belief.rollbacks));
  rows_.push_back(row(Item::idle, belief.idle));
  if (facts.own_step) {
    widen_by_rows(losses);
  } else {
    const double wide = z90 * belief.spread.value;
    const double between_dies = facts.is_die_seen ? 0 : z90 * belief.unseen_die.value;
    down_ = std::hypot(std::max(wide, down_), between_dies);
    up_ = std::hypot(std::max(wide, up_), between_dies);
    if (facts.anchoring) narrow(losses, facts.anchoring->left);
  }
}

void Account::add_anchoring(const Facts& facts) {
  rows_.push_back({Item::anchored, facts.anchoring->factor, {}, Evidence::measured, facts.anchoring->source});
}

/// Of the whole's width what goes beyond the losses' own is the steady rate's, and that alone is narrowed.
void Account::narrow(std::size_t losses, double left) {
  const double whole_down = down_, whole_up = up_;
  widen_by_rows(losses);
  const auto narrowed = [&](double whole, double lost) {
    const double steady = whole * whole - lost * lost;
    return steady > 0 ? std::sqrt(steady * left * left + lost * lost) : whole;
  };
  down_ = narrowed(whole_down, down_);
  up_ = narrowed(whole_up, up_);
}

void Account::add_steady(const Belief& belief, Practice practice, const Facts& facts) {
  if (facts.is_searched) rows_.push_back(row(Item::search, facts.is_moe ? belief.search_moe : belief.search_dense));
  if (practice == Practice::typical) rows_.push_back(row(Item::practice, belief.typical));
  if (practice == Practice::first) rows_.push_back(product(Item::practice, belief.typical, belief.first));
  if (practice != Practice::tuned) rows_.push_back(scale_row(belief, facts.devices));
  if (facts.is_moe && !facts.is_routing_known) rows_.push_back(row(Item::routing, belief.routing));
  rows_.push_back(row(Item::stragglers, belief.stragglers));
}

void Account::widen_by_rows(std::size_t first) {
  down_ = up_ = 0;
  for (std::size_t i = first; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    if (!row.range) continue;
    down_ = std::hypot(down_, std::log(row.factor / row.range->low));
    up_ = std::hypot(up_, std::log(row.range->high / row.factor));
  }
}

double Account::factor(Scope scope) const {
  double all = 1;
  for (const Row& row : rows_)
    if (scope_of(row.item) <= scope) all *= row.factor;
  return all;
}

double Account::p10() const { return std::exp(-down_); }
double Account::p90() const { return std::exp(up_); }

}  // namespace chipmix::practice
