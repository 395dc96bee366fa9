#include "procurement/problem.hpp"

#include <algorithm>
#include <numeric>

namespace chipmix::procurement {
namespace {

bool beats(const Column& a, const Column& b) {
  const auto at_most = [](int x, int y) { return x <= y; };
  const auto at_least = [](double x, double y) { return x >= y; };
  return std::equal(a.devices.begin(), a.devices.end(), b.devices.begin(), at_most) &&
         std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), at_least);
}

}  // namespace

double Kind::price_share(int before) const {
  double share = 1;
  for (const Purchase::Step& step : purchase->volume)
    if (before >= step.from) share = 1 - step.discount;
  return share;
}

double Kind::worth(int arrival, int months) const {
  const double age = std::max(0, months - arrival);
  const double left = 1 - (1 - purchase->residual) * age / purchase->life;
  return purchase->price * std::max(purchase->residual, left);
}

int Decision::owned(int kind, int month) const {
  return std::accumulate(arrived[kind].begin(), arrived[kind].begin() + month + 1, 0);
}

double Decision::spent() const { return std::accumulate(cash.begin(), cash.end(), 0.0); }

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

}  // namespace chipmix::procurement
