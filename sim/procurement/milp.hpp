// A mixed-integer linear program, minimised by CBC (COIN-OR branch and cut, Forrest and Lougee-Heimer, 2005).
#pragma once

#include <stdexcept>
#include <utility>
#include <vector>

namespace chipmix::procurement {

enum class Sense { at_most, at_least, equal };

/// The time given was over before there was any answer.
struct NothingInTime : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct MilpAnswer {
  bool feasible = false;  ///< an answer was found
  double bound = 0;       ///< no answer is below; where the answer is proven, its value
  double value = 0;
  std::vector<double> values;  ///< of the variables; whole ones exactly so
};

class Milp {
 public:
  using Terms = std::vector<std::pair<int, double>>;  ///< variable, coefficient

  /// The number of a new variable that costs so much a unit.
  int variable(double cost, double low, double high, bool is_whole);
  /// A variable may stand in several terms of a row.
  void row(Terms terms, Sense sense, double right);
  int variables() const { return static_cast<int>(variables_.size()); }
  /// More on the price of a variable already there / another price.
  void add_cost(int variable, double cost) { variables_[variable].cost += cost; }
  void set_cost(int variable, double cost) { variables_[variable].cost = cost; }

  /// The best answer in so many seconds; without a limit (0) the least. Throws NothingInTime.
  MilpAnswer minimise(double seconds = 0) const;

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
