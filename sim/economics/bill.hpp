// A bill: rows of one shape for what is rented and what is owned. Every total, and all that is said of how sure a cost
// is, comes from rows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/money.hpp"
#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "economics/account.hpp"

namespace chipmix::economics {

/// A figure behind a price. Rows whose figures have one cause are off together.
struct PriceFigure {
  std::string cause;               ///< the same wherever the same figure is used
  std::string what;                ///< for people: "rent of H200"
  double at_low = 1, at_high = 1;  ///< factors on the price at the ends of the figure's range
  std::string source;
};

/// What a row is priced by.
struct Quote {
  std::string id;  ///< the device and the quote it goes back to: one price quoted in two forms has one id
  Evidence evidence = Evidence::assumed;
  std::vector<PriceFigure> figures{};  ///< those with a range
};

/// What a row's amount goes with.
enum class Basis {
  time,      ///< the run's time
  term,      ///< what the runs leave of a fixed term
  purchase,  ///< bought at once; the amount is the share that the run's time bears
};

/// Who a row is charged for.
struct Holder {
  int option = -1;  ///< of the scenario; of a phase the option that it names
  int group = 0;    ///< of its cluster
  int run = 0;      ///< of the answer

  bool has_same_devices(const Holder& other) const { return option == other.option && group == other.group; }
};

struct Row {
  Account account = Account::rent;
  Money amount;  ///< what the run bears, in the bill's currency; of something bought the part for its time
  std::string why;
  double quantity = 0;
  std::string unit;  ///< of the quantity, for example "device-hours"
  Money unit_price;  ///< of one, in the currency it was quoted in
  Money cash;        ///< what is paid out, in the bill's currency: of something bought all of its price
  Evidence evidence = Evidence::assumed;  ///< behind the price
  Quote quote{};
  Holder holder{};
  Basis basis = Basis::time;
  double devices = 0;  ///< that the quantity is of
  double bought = 0;   ///< of a purchase: devices that its cash is for
  Seconds term{};      ///< of a term: all of it
};

class Bill {
 public:
  void charge(Row row) { rows_.push_back(std::move(row)); }
  const std::vector<Row>& entries() const { return rows_; }
  std::vector<Row>& entries() { return rows_; }
  bool empty() const { return rows_.empty(); }

  Money total() const;
  Money total(Account account) const;
  Money cash() const;
  /// Paid at once for what is bought.
  Money purchases() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace chipmix::economics
