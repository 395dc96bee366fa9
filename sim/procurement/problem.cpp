#include "procurement/problem.hpp"

#include <algorithm>
#include <cmath>
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

double Kind::price_share(int before, int devices) const {
  double paid = devices;
  for (std::size_t i = 0; i < purchase->volume.size(); ++i) {
    const auto& step = purchase->volume[i];
    const double deeper = step.discount - (i == 0 ? 0 : purchase->volume[i - 1].discount);
    paid -= deeper * std::clamp(before + devices - step.from, 0, devices);
  }
  return devices > 0 ? paid / devices : 1;
}

double Kind::worth(int age) const {
  const Purchase& p = *purchase;
  const double falling = 1 - (1 - p.residual) * age / p.life;
  const double left = p.curve == Curve::straight ? std::max(p.residual, falling)
                      : p.residual > 0           ? std::pow(p.residual, age / p.life)
                                                 : 0;
  return p.price * p.resale * (1 - p.sale_cost) * left;
}

int Problem::last() const {
  int month = 0;
  for (const Work& work : works) month = std::max(month, work.by);
  return std::min(month, months);
}

namespace {

template <class Which>
int devices_of(const Decision& decision, int kind, Which which) {
  int devices = 0;
  for (const Holding& one : decision.holdings)
    if (one.kind == kind && which(one)) devices += one.devices;
  return devices;
}

}  // namespace

int Decision::owned(int kind, int month) const {
  return devices_of(*this, kind, [&](const Holding& h) { return h.arrival <= month && month < h.sale; });
}

int Decision::arrived(int kind, int month) const {
  return devices_of(*this, kind, [&](const Holding& h) { return h.arrival == month; });
}

int Decision::sold(int kind, int month) const {
  return devices_of(*this, kind, [&](const Holding& h) { return h.sale == month + 1; });
}

int Decision::bought(int kind) const {
  return devices_of(*this, kind, [](const Holding&) { return true; });
}

double Decision::spent() const { return std::accumulate(cash.begin(), cash.end(), 0.0); }

double cost(const Problem& problem, const Decision& decision) {
  const auto discount = [&](int month) { return std::pow(1 + problem.monthly_discount, -month); };
  double sum = 0;
  for (const Holding& one : decision.holdings) {
    const Kind& kind = problem.kinds[one.kind];
    double each = one.price_share * (discount(one.arrival - kind.purchase->lead) * kind.purchase->price -
                                     discount(one.sale) * kind.worth(one.sale - one.arrival));
    for (int month = one.arrival; month < one.sale; ++month) each += discount(month) * kind.purchase->upkeep;
    sum += one.devices * each;
  }
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    for (std::size_t month = 0; month < decision.rented[k].size(); ++month)
      if (decision.rented[k][month] > 0)
        sum += discount(static_cast<int>(month)) * problem.kinds[k].lease->price * decision.rented[k][month];
  return sum;
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

}  // namespace chipmix::procurement
