// A bill as a polynomial of the figures that a reader may move.
#pragma once

#include <utility>
#include <vector>

#include "report/decision/levers.hpp"

namespace chipmix::report {

/// A factor of a term: a lever's factor, its inverse, or the time of one of the answer's runs.
struct Variable {
  enum class Kind { lever, inverse, time };
  Kind kind = Kind::lever;
  int index = 0;

  friend bool operator==(const Variable&, const Variable&) = default;
};

struct BillTerm {
  double amount = 0;
  std::vector<Variable> factors;
};

/// What runs leave of a promised term.
struct Remainder {
  double per_second = 0, whole = 0;
  std::vector<Variable> factors;  ///< of the money a second
  struct Part {
    int run = 0;
    double fixed = 0, variable = 0;  ///< seconds held
  };
  std::vector<Part> parts;
};

struct BillTerms {
  std::vector<BillTerm> terms;
  std::vector<Remainder> remainders;
};

/// Levers whose effect on some row is not of this form; no page can move them.
struct Unfit {
  std::vector<bool> levers;
};

/// `scenario`: a copy of the answer's, which is moved and put back.
BillTerms bill_terms(Scenario& scenario, const OptionAnswer& answer, const std::vector<Lever>& levers, Unfit& unfit);

}  // namespace chipmix::report
