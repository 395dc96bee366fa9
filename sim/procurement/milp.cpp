#include "procurement/milp.hpp"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace chipmix::procurement {
namespace {

struct Deleter {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

/// Rows' coefficients column by column, as CBC takes them.
struct Matrix {
  std::vector<CoinBigIndex> start;
  std::vector<int> index;
  std::vector<double> value;
};

}  // namespace

int Milp::variable(double cost, double low, double high, bool is_whole) {
  variables_.push_back({cost, low, high, is_whole});
  return variables() - 1;
}

void Milp::row(Terms terms, Sense sense, double right) {
  std::sort(terms.begin(), terms.end());
  Terms sum;
  for (const auto& [variable, coefficient] : terms)
    if (!sum.empty() && sum.back().first == variable)
      sum.back().second += coefficient;
    else
      sum.emplace_back(variable, coefficient);
  rows_.push_back({std::move(sum), sense, right});
}

MilpAnswer Milp::minimise(double seconds) const {
  std::vector<std::vector<std::pair<int, double>>> columns(variables_.size());
  std::vector<double> row_low, row_high;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    for (const auto& [variable, coefficient] : rows_[i].terms)
      if (coefficient != 0) columns[variable].emplace_back(static_cast<int>(i), coefficient);
    const double no_limit = std::numeric_limits<double>::infinity();
    row_low.push_back(rows_[i].sense == Sense::at_most ? -no_limit : rows_[i].right);
    row_high.push_back(rows_[i].sense == Sense::at_least ? no_limit : rows_[i].right);
  }
  Matrix matrix;
  std::vector<double> low, high, cost;
  matrix.start.push_back(0);
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    for (const auto& [row, coefficient] : columns[i]) {
      matrix.index.push_back(row);
      matrix.value.push_back(coefficient);
    }
    matrix.start.push_back(static_cast<CoinBigIndex>(matrix.index.size()));
    low.push_back(variables_[i].low);
    high.push_back(variables_[i].high);
    cost.push_back(variables_[i].cost);
  }
  const std::unique_ptr<Cbc_Model, Deleter> model(Cbc_newModel());
  Cbc_setLogLevel(model.get(), 0);
  Cbc_setParameter(model.get(), "ratioGap", "0");
  Cbc_setParameter(model.get(), "allowableGap", "1e-9");
  Cbc_setParameter(model.get(), "increment", "1e-9");  // else answers better by up to 1e-5 are cut off
  Cbc_loadProblem(model.get(), variables(), static_cast<int>(rows_.size()), matrix.start.data(), matrix.index.data(),
                  matrix.value.data(), low.data(), high.data(), cost.data(), row_low.data(), row_high.data());
  for (int i = 0; i < variables(); ++i)
    if (variables_[i].is_whole) Cbc_setInteger(model.get(), i);
  if (seconds > 0) Cbc_setMaximumSeconds(model.get(), seconds);
  Cbc_solve(model.get());
  MilpAnswer answer;
  if (Cbc_isProvenInfeasible(model.get())) return answer;
  const bool is_proven = Cbc_isProvenOptimal(model.get());
  if (!is_proven && Cbc_numberSavedSolutions(model.get()) == 0)
    throw NothingInTime("no purchase plan was found in the time given; allow more, or fewer months and sizes");
  answer.feasible = true;
  answer.value = Cbc_getObjValue(model.get());
  answer.bound = is_proven ? answer.value : std::min(answer.value, Cbc_getBestPossibleObjValue(model.get()));
  const double* values = is_proven ? Cbc_getColSolution(model.get()) : Cbc_savedSolution(model.get(), 0);
  for (int i = 0; i < variables(); ++i)
    answer.values.push_back(variables_[i].is_whole ? std::round(values[i]) : values[i]);
  return answer;
}

}  // namespace chipmix::procurement
