// A ledger: every second, byte, joule or unit of money is an entry with an account and a reason; totals are sums.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chipmix::estimate {

template <class Unit>
struct Entry {
  std::string account;
  Unit amount{};
  std::string why;  ///< the law or the quote behind it
};

template <class Unit>
class Ledger {
 public:
  void charge(std::string account, Unit amount, std::string why) {
    entries_.push_back({std::move(account), std::move(amount), std::move(why)});
  }
  const std::vector<Entry<Unit>>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }

  Unit total() const {
    Unit sum{};
    for (const auto& entry : entries_) sum += entry.amount;
    return sum;
  }
  Unit total(const std::string& account) const {
    Unit sum{};
    for (const auto& entry : entries_)
      if (entry.account == account) sum += entry.amount;
    return sum;
  }

 private:
  std::vector<Entry<Unit>> entries_;
};

}  // namespace chipmix::estimate
