// A bill: rows of one shape for what is rented and what is owned. Every total is a sum of rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/money.hpp"
#include "base/sourced.hpp"

namespace chipmix::economics {

struct Row {
  std::string account;
  Money amount;  ///< what the run bears, in the bill's currency; of something bought the part for its time
  std::string why;
  double quantity = 0;
  std::string unit;  ///< of the quantity, for example "device-hours"
  Money unit_price;  ///< of one, in the currency it was quoted in
  Money cash;        ///< what is paid out, in the bill's currency: of something bought all of its price
  Evidence evidence = Evidence::assumed;  ///< behind the price
};

class Bill {
 public:
  void charge(Row row) { rows_.push_back(std::move(row)); }
  const std::vector<Row>& entries() const { return rows_; }
  bool empty() const { return rows_.empty(); }

  Money total() const;
  Money total(const std::string& account) const;
  Money cash() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace chipmix::economics
