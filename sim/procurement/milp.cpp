#include "procurement/milp.hpp"

#include <coin/CbcEventHandler.hpp>
#include <coin/CbcHeuristic.hpp>
#include <coin/CbcHeuristicDiveCoefficient.hpp>
#include <coin/CbcHeuristicFPump.hpp>
#include <coin/CbcModel.hpp>
#include <coin/CglGomory.hpp>
#include <coin/CglMixedIntegerRounding2.hpp>
#include <coin/CglPreProcess.hpp>
#include <coin/CglProbing.hpp>
#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace chipmix::procurement {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// Columns, rows' coefficients column by column, and bounds, as COIN takes them.
struct Matrix {
  std::vector<CoinBigIndex> start{0};
  std::vector<int> index;
  std::vector<double> value;
  std::vector<double> low, high, cost, row_low, row_high;
};

/// Tells how a search goes, and ends it when asked to.
class Watcher : public CbcEventHandler {
 public:
  explicit Watcher(const SolverLimits& effort) : effort_(effort) {}
  CbcEventHandler* clone() const override { return new Watcher(*this); }
  CbcAction event(CbcEvent which) override {
    if (effort_.progress && model_ && (which == node || which == solution || which == heuristicSolution) &&
        model_->getObjValue() < 1e40)
      effort_.progress(model_->getObjValue(), model_->getBestPossibleObjValue());
    return effort_.stop && effort_.stop() ? stop : noAction;
  }

 private:
  SolverLimits effort_;
};

}  // namespace

int Milp::variable(double cost, double low, double high, bool is_whole) {
  variables_.push_back({cost, low, high, is_whole});
  return variables() - 1;
}

int Milp::variable(double cost, double high, const Terms& rows) {
  const int number = variable(cost, 0, high, false);
  for (const auto& [row, coefficient] : rows) rows_[row].terms.emplace_back(number, coefficient);
  return number;
}

int Milp::row(Terms terms, Sense sense, double right) {
  std::sort(terms.begin(), terms.end());
  Terms sum;
  for (const auto& [variable, coefficient] : terms)
    if (!sum.empty() && sum.back().first == variable)
      sum.back().second += coefficient;
    else
      sum.emplace_back(variable, coefficient);
  rows_.push_back({std::move(sum), sense, right});
  return rows() - 1;
}

namespace {

template <class Variables, class Rows>
Matrix matrix_of(const Variables& variables, const Rows& rows) {
  std::vector<Milp::Terms> columns(variables.size());
  Matrix matrix;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto& [variable, coefficient] : rows[i].terms)
      if (coefficient != 0) columns[variable].emplace_back(static_cast<int>(i), coefficient);
    matrix.row_low.push_back(rows[i].sense == Sense::at_most ? -no_limit : rows[i].right);
    matrix.row_high.push_back(rows[i].sense == Sense::at_least ? no_limit : rows[i].right);
  }
  for (std::size_t i = 0; i < variables.size(); ++i) {
    for (const auto& [row, coefficient] : columns[i]) {
      matrix.index.push_back(row);
      matrix.value.push_back(coefficient);
    }
    matrix.start.push_back(static_cast<CoinBigIndex>(matrix.index.size()));
    matrix.low.push_back(variables[i].low);
    matrix.high.push_back(variables[i].high);
    matrix.cost.push_back(variables[i].cost);
  }
  return matrix;
}

}  // namespace

namespace {

/// The cuts and heuristics that serve programs of lots and months. Of CBC's own program (CbcMain) only one can run at a
/// time in a process, and its defaults take three times as long on such programs.
void prepare(CbcModel& model) {
  CglProbing probing;
  probing.setUsingObjective(1);
  probing.setMaxPass(1);
  probing.setMaxPassRoot(1);
  probing.setMaxProbe(10);
  probing.setMaxProbeRoot(50);
  probing.setMaxLook(10);
  probing.setMaxLookRoot(50);
  probing.setRowCuts(3);
  CglGomory gomory;
  gomory.setLimit(50);  // longer cuts make every relaxation dear: ten times the time on jobs that may move
  gomory.setLimitAtRoot(100);
  CglMixedIntegerRounding2 rounding;
  model.addCutGenerator(&probing, -1, "Probing");
  model.addCutGenerator(&gomory, -1, "Gomory");
  model.addCutGenerator(&rounding, -1, "Rounding");
  model.setMaximumCutPassesAtRoot(5);  // more cost more time than branches
  model.setMaximumCutPasses(2);
  CbcHeuristicFPump pump(model);
  pump.setMaximumPasses(20);
  CbcRounding round(model);
  CbcHeuristicDiveCoefficient dive(model);
  model.addHeuristic(&pump, "pump");
  model.addHeuristic(&round, "rounding");
  model.addHeuristic(&dive, "dive");
}

void limit(CbcModel& model, const SolverLimits& effort) {
  model.setAllowableFractionGap(effort.gap);
  model.setAllowableGap(1e-9);
  model.setCutoffIncrement(1e-9);  // else answers better by up to 1e-5 are cut off
  if (effort.cutoff) model.setCutoff(*effort.cutoff);
  if (effort.seconds > 0) model.setMaximumSeconds(effort.seconds);
}

/// With the relaxation's value v, a variable that costs d more a unit than it saves there is at most (c - v) / d from
/// its bound in every answer of c or less (reduced cost fixing). Whether there can be such an answer.
bool narrow(OsiClpSolverInterface& osi, double cutoff) {
  osi.initialSolve();
  if (osi.isProvenPrimalInfeasible()) return false;
  if (!osi.isProvenOptimal()) return true;  // the solver gave up: nothing is known, and branches decide
  const double left = cutoff - osi.getObjValue();
  if (left < 0) return false;
  constexpr double tight = 1e-7;  // less is the solver's rounding
  for (int i = 0; i < osi.getNumCols(); ++i) {
    const double each = osi.getReducedCost()[i], value = osi.getColSolution()[i];
    if (std::abs(each) <= tight) continue;
    double range = left / std::abs(each) + tight;
    if (osi.isInteger(i)) range = std::floor(range + tight);
    if (each > 0 && value <= osi.getColLower()[i] + tight)
      osi.setColUpper(i, std::min(osi.getColUpper()[i], osi.getColLower()[i] + range));
    else if (each < 0 && value >= osi.getColUpper()[i] - tight)
      osi.setColLower(i, std::max(osi.getColLower()[i], osi.getColUpper()[i] - range));
  }
  return true;
}

}  // namespace

void Milp::load(OsiClpSolverInterface& osi) const {
  const Matrix m = matrix_of(variables_, rows_);
  osi.messageHandler()->setLogLevel(0);
  osi.getModelPtr()->setLogLevel(0);
  osi.loadProblem(variables(), rows(), m.start.data(), m.index.data(), m.value.data(), m.low.data(), m.high.data(),
                  m.cost.data(), m.row_low.data(), m.row_high.data());
  for (int i = 0; i < variables(); ++i)
    if (variables_[i].is_whole) osi.setInteger(i);
  osi.setHintParam(OsiDoReducePrint, true, OsiHintDo);
}

/// Whether a row without variables cannot be met: COIN's presolve takes none such.
bool Milp::is_contradiction() const {
  return std::any_of(rows_.begin(), rows_.end(), [](const Row& row) {
    if (!row.terms.empty()) return false;
    return (row.sense != Sense::at_least && row.right < 0) || (row.sense != Sense::at_most && row.right > 0);
  });
}

MilpAnswer Milp::minimise(const SolverLimits& effort) const {
  if (is_contradiction()) return {};
  if (variables_.empty()) return {true, 0, 0, {}};
  OsiClpSolverInterface osi;
  load(osi);
  if (effort.cutoff && !narrow(osi, *effort.cutoff)) return {};
  CglPreProcess presolve;
  presolve.messageHandler()->setLogLevel(0);
  OsiSolverInterface* small = presolve.preProcess(osi, false, 5);
  if (!small) return {};
  small->messageHandler()->setLogLevel(0);
  small->setHintParam(OsiDoReducePrint, true, OsiHintDo);
  small->resolve();
  CbcModel model(*small);
  model.setLogLevel(0);
  model.setNumberStrong(3);
  model.setNumberBeforeTrust(2);
  if (!effort.cutoff) prepare(model);  // else it is there already what heuristics look for
  limit(model, effort);
  const Watcher watcher(effort);
  if (effort.stop || effort.progress) model.passInEventHandler(&watcher);
  model.initialSolve();
  model.branchAndBound();
  MilpAnswer answer;
  if (model.isProvenInfeasible() || (model.isProvenOptimal() && !model.bestSolution())) return answer;
  if (!model.bestSolution())
    throw NothingInTime("no purchase plan was found in the time given; allow more, or fewer months and sizes");
  answer.feasible = true;
  const double below = std::max(0.0, model.getObjValue() - model.getBestPossibleObjValue());
  presolve.postProcess(*model.solver());
  const double* values = osi.getColSolution();
  answer.value = osi.getObjValue();
  answer.bound = answer.value - (model.isProvenOptimal() && effort.gap == 0 ? 0 : below);
  for (int i = 0; i < variables(); ++i)
    answer.values.push_back(variables_[i].is_whole ? std::round(values[i]) : values[i]);
  return answer;
}

struct Relaxation::Solver {
  ClpSimplex clp;
};

Relaxation::Relaxation(const Milp& program) : solver_(std::make_unique<Solver>()) {
  const Matrix m = matrix_of(program.variables_, program.rows_);
  ClpSimplex& clp = solver_->clp;
  clp.setLogLevel(0);
  clp.loadProblem(program.variables(), program.rows(), m.start.data(), m.index.data(), m.value.data(), m.low.data(),
                  m.high.data(), m.cost.data(), m.row_low.data(), m.row_high.data());
}

Relaxation::~Relaxation() = default;

bool Relaxation::solve() {
  ClpSimplex& clp = solver_->clp;
  if (clp.primal(0, 3) != 0 && clp.isProvenPrimalInfeasible()) return false;
  return clp.isProvenOptimal();
}

void Relaxation::bound(int variable, double low, double high) { solver_->clp.setColumnBounds(variable, low, high); }

double Relaxation::value() const { return solver_->clp.objectiveValue(); }
const double* Relaxation::prices() const { return solver_->clp.dualRowSolution(); }
const double* Relaxation::values() const { return solver_->clp.primalColumnSolution(); }

void Relaxation::add(double cost, double high, const Milp::Terms& rows) {
  std::vector<int> index;
  std::vector<double> value;
  for (const auto& [row, coefficient] : rows) index.push_back(row), value.push_back(coefficient);
  solver_->clp.addColumn(static_cast<int>(index.size()), index.data(), value.data(), 0, high, cost);
}

}  // namespace chipmix::procurement
