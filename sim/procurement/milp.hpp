// A mixed-integer linear program, minimised by CBC (COIN-OR branch and cut, Forrest and Lougee-Heimer, 2005).
#pragma once

#include <utility>
#include <vector>

namespace chipmix::procurement {

enum class Sense { at_most, at_least, equal };

struct MilpAnswer {
  bool feasible = false;  ///< and then optimal, to CBC's tolerances
  double value = 0;
  std::vector<double> values;  ///< of the variables; whole ones exactly so
};

class Milp {
 public:
  using Terms = std::vector<std::pair<int, double>>;  ///< variable, coefficient

  /// The number of a new variable that costs so much a unit.
  int variable(double cost, double low, double high, bool is_whole);
  void row(Terms terms, Sense sense, double right);
  int variables() const { return static_cast<int>(variables_.size()); }
  /// Another price of a variable already there.
  void set_cost(int variable, double cost) { variables_[variable].cost = cost; }

  /// Throws std::runtime_error where CBC gives up.
  MilpAnswer minimise() const;

 private:
  struct Variable {
    double cost = 0, low = 0, high = 0;
    bool is_whole = false;
  };
  struct Row {
    Terms terms;
    Sense sense = Sense::at_most;
    double right = 0;
  };
  std::vector<Variable> variables_;
  std::vector<Row> rows_;
};

}  // namespace chipmix::procurement
