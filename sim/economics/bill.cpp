#include "economics/bill.hpp"

namespace chipmix::economics {
namespace {

/// The sum of what `money_of` gives for the rows that count; without rows nothing, in no currency.
template <class MoneyOf, class Counts>
Money sum(const std::vector<Row>& rows, MoneyOf money_of, Counts counts) {
  Money sum;
  for (const Row& row : rows)
    if (counts(row)) sum += money_of(row);
  return sum;
}

}  // namespace

Money Bill::total() const {
  return sum(
      rows_, [](const Row& row) { return row.amount; }, [](const Row&) { return true; });
}

Money Bill::total(Account account) const {
  return sum(
      rows_, [](const Row& row) { return row.amount; }, [&](const Row& row) { return row.account == account; });
}

Money Bill::cash() const {
  return sum(
      rows_, [](const Row& row) { return row.cash; }, [](const Row&) { return true; });
}

Money Bill::purchases() const {
  return sum(
      rows_, [](const Row& row) { return row.cash; }, [](const Row& row) { return row.basis == Basis::purchase; });
}

}  // namespace chipmix::economics
