#include "procurement/problem.hpp"

#include <algorithm>

namespace chipmix::procurement {
namespace {

bool beats(const Column& a, const Column& b) {
  const auto at_most = [](int x, int y) { return x <= y; };
  const auto at_least = [](double x, double y) { return x >= y; };
  return std::equal(a.devices.begin(), a.devices.end(), b.devices.begin(), at_most) &&
         std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), at_least);
}

}  // namespace

double Kind::worth(int bought, int months) const {
  const double age = std::max(0, months - bought - purchase->lead);
  const double left = 1 - (1 - purchase->residual) * age / purchase->life;
  return purchase->price * std::max(purchase->residual, left);
}

std::vector<Column> efficient(std::vector<Column> columns) {
  std::vector<Column> kept;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    bool is_beaten = false;
    for (std::size_t j = 0; j < columns.size() && !is_beaten; ++j)
      is_beaten = i != j && beats(columns[j], columns[i]) && (!beats(columns[i], columns[j]) || j < i);
    if (!is_beaten) kept.push_back(columns[i]);
  }
  return kept;
}

int owned(const Problem& problem, const Decision& decision, int kind, int month) {
  if (!problem.kinds[kind].purchase) return 0;
  int sum = 0;
  for (int order = 0; order + problem.kinds[kind].purchase->lead <= month; ++order) sum += decision.bought[kind][order];
  return sum;
}

}  // namespace chipmix::procurement
