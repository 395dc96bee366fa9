// A mixed-integer linear program, minimised by CBC (COIN-OR branch and cut, Forrest and Lougee-Heimer, 2005), and its
// relaxation, by CLP, to which columns may be added.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

class OsiClpSolverInterface;

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

/// How long a search goes on.
struct SolverLimits {
  double seconds = 0;              ///< after which the best so far is taken; 0: no limit
  double gap = 0;                  ///< share of its value by which an answer may be above the least
  std::optional<double> cutoff{};  ///< answers above this are of no interest
  std::function<bool()> stop{};    ///< asked now and then: true takes the best so far
  std::function<void(double best, double bound)> progress{};
};

class Milp {
 public:
  using Terms = std::vector<std::pair<int, double>>;  ///< variable, coefficient

  /// The number of a new variable that costs so much a unit.
  int variable(double cost, double low, double high, bool is_whole);
  /// One that stands in rows already there.
  int variable(double cost, double high, const Terms& rows);
  /// The number of a new row. A variable may stand in several of its terms.
  int row(Terms terms, Sense sense, double right);
  int variables() const { return static_cast<int>(variables_.size()); }
  int rows() const { return static_cast<int>(rows_.size()); }
  /// More on the price of a variable already there / another price.
  void add_cost(int variable, double cost) { variables_[variable].cost += cost; }
  void set_cost(int variable, double cost) { variables_[variable].cost = cost; }
  void fix(int variable, double value) { variables_[variable].low = variables_[variable].high = value; }
  void keep(int variable, double low, double high) { variables_[variable].low = low, variables_[variable].high = high; }
  std::pair<double, double> bounds(int variable) const { return {variables_[variable].low, variables_[variable].high}; }
  bool is_whole(int variable) const { return variables_[variable].is_whole; }

  /// The best answer; without a limit the least. Throws NothingInTime.
  MilpAnswer minimise(const SolverLimits& effort) const;

 private:
  friend class Relaxation;
  void load(OsiClpSolverInterface& osi) const;
  bool is_contradiction() const;
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

/// A program whose whole variables may be broken, solved again and again while columns are added.
class Relaxation {
 public:
  explicit Relaxation(const Milp& program);
  ~Relaxation();

  /// Whether there is an answer.
  bool solve();
  void bound(int variable, double low, double high);
  double value() const;
  const double* prices() const;  ///< of rows: what one more on their right side costs
  const double* values() const;
  void add(double cost, double high, const Milp::Terms& rows);

 private:
  struct Solver;
  std::unique_ptr<Solver> solver_;
};

}  // namespace chipmix::procurement
