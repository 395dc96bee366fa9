// Problems whose best decision is that of another one.
#include <algorithm>

#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

bool is_no_more(const std::optional<int>& number, const std::optional<int>& other) {
  return !other || (number && *number <= *other);
}

bool is_used(const Decision& decision, std::size_t kind) {
  return std::any_of(decision.holdings.begin(), decision.holdings.end(),
                     [&](const Holding& one) { return one.kind == static_cast<int>(kind); }) ||
         std::any_of(decision.rented[kind].begin(), decision.rented[kind].end(), [](double part) { return part > 0; });
}

/// Whether of a kind no more can be had than of another one, and no sooner, on the same terms.
bool is_scarcer(Kind kind, const Kind& other) {
  if (kind.purchase) {
    if (!other.purchase) return false;
    Kind::Purchase& buy = *kind.purchase;
    if (!is_no_more(buy.cap, other.purchase->cap) || !is_no_more(buy.monthly, other.purchase->monthly) ||
        buy.lead < other.purchase->lead)
      return false;
    buy.cap = other.purchase->cap, buy.monthly = other.purchase->monthly, buy.lead = other.purchase->lead;
  }
  if (kind.lease) {
    if (!other.lease) return false;
    Kind::Lease& lease = *kind.lease;
    if (!is_no_more(lease.cap, other.lease->cap) || lease.lead < other.lease->lead) return false;
    lease.cap = other.lease->cap, lease.lead = other.lease->lead;
  }
  if (!kind.purchase) kind.purchase = other.purchase;
  if (!kind.lease) kind.lease = other.lease;
  return kind == other;
}

}  // namespace

bool is_scarcer_beside(const Decision& decision, const Problem& problem, const Problem& other) {
  if (problem.months != other.months || problem.monthly_discount != other.monthly_discount ||
      problem.move != other.move || problem.aim != other.aim || problem.kinds.size() != other.kinds.size() ||
      problem.works != other.works || problem.limits != other.limits || problem.order || other.order ||
      problem.columns != other.columns)
    return false;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    if (problem.kinds[k] != other.kinds[k] &&
        (is_used(decision, k) || problem.kinds[k].fleet || !is_scarcer(other.kinds[k], problem.kinds[k])))
      return false;
  return true;
}

}  // namespace chipmix::procurement
