#include "report/decision/order_terms.hpp"

#include <algorithm>
#include <cmath>

#include "scenario/kinds.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Problem;

constexpr double near_enough = 1e-9;

bool is_equal(double a, double b) { return std::abs(a - b) <= near_enough * std::max(std::abs(a), std::abs(b)); }

/// The order priced again, with factors moved.
class Repriced {
 public:
  Repriced(Scenario& scenario, const Problem& problem, const Decision& order, const std::vector<Lever>& levers)
      : scenario_(scenario), problem_(problem), order_(order), levers_(levers) {
    problem_.columns.clear();  // clusters do not move
  }

  double cost() {
    const auto& supplies = scenario_.procurement->supplies;
    for (std::size_t k = 0; k < problem_.kinds.size(); ++k)
      problem_.kinds[k] = scenario::kind_of(scenario_, supplies[k], scenario::quotes_of(scenario_, supplies[k]));
    return procurement::cost(problem_, order_);
  }

  double cost(const std::vector<Variable>& moved, double factor = 2) {
    for (const Variable& one : moved) multiply(one, factor);
    const double sum = cost();
    for (const Variable& one : moved) multiply(one, 1 / factor);
    return sum;
  }

 private:
  void multiply(const Variable& one, double factor) {
    levers_[one.index].multiply(scenario_, one.kind == Variable::Kind::inverse ? 1 / factor : factor);
  }

  Scenario& scenario_;
  Problem problem_;
  const Decision& order_;
  const std::vector<Lever>& levers_;
};

/// Levers that the order's cost feels, each as its factor or its inverse; nothing where one is neither.
std::optional<std::vector<Variable>> variables_of(Repriced& order, double base, std::size_t levers) {
  std::vector<Variable> list;
  for (std::size_t i = 0; i < levers; ++i) {
    const Variable straight{Variable::Kind::lever, static_cast<int>(i)};
    const double at_2 = order.cost({straight}), at_4 = order.cost({straight}, 4);
    if (is_equal(at_2, base) && is_equal(at_4, base)) continue;
    if (is_equal(at_4, base + 3 * (at_2 - base)))
      list.push_back(straight);
    else if (is_equal(at_4, base + 1.5 * (at_2 - base)))  // (1 - 1/4) / (1 - 1/2)
      list.push_back({Variable::Kind::inverse, static_cast<int>(i)});
    else
      return std::nullopt;
  }
  return list;
}

}  // namespace

std::optional<BillTerms> order_terms(Scenario& scenario, const Problem& problem, const Decision& order, double cost,
                                     const std::vector<Lever>& levers) {
  Repriced priced(scenario, problem, order, levers);
  const double base = priced.cost();
  if (!is_equal(base, cost)) return std::nullopt;
  const auto variables = variables_of(priced, base, levers.size());
  if (!variables) return std::nullopt;
  const std::size_t count = variables->size();
  // Of v - 1 first, then of v.
  double constant = base, sum = base;
  std::vector<double> single(count), alone(count);
  for (std::size_t i = 0; i < count; ++i) {
    alone[i] = priced.cost({(*variables)[i]}) - base;
    single[i] = alone[i];
    sum += alone[i];
    constant -= alone[i];
  }
  BillTerms bill;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = i + 1; j < count; ++j) {
      const double both = priced.cost({(*variables)[i], (*variables)[j]}) - base - alone[i] - alone[j];
      if (std::abs(both) <= 1e-12 * std::abs(base)) continue;
      bill.terms.push_back({both, {(*variables)[i], (*variables)[j]}});
      single[i] -= both, single[j] -= both;
      constant += both, sum += both;
    }
  if (!is_equal(priced.cost(*variables), sum)) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) bill.terms.push_back({single[i], {(*variables)[i]}});
  bill.terms.push_back({constant, {}});
  return bill;
}

}  // namespace chipmix::report
