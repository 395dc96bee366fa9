#include "procurement/problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace chipmix::procurement {
namespace {

bool beats(const Column& a, const Column& b) {
  const auto at_most = [](int x, int y) { return x <= y; };
  const auto at_least = [](double x, double y) { return x >= y; };
  if (a.sites != b.sites || !std::equal(a.devices.begin(), a.devices.end(), b.devices.begin(), at_most) ||
      !std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), at_least))
    return false;
  if (a.billed.empty() && b.billed.empty()) return true;
  for (std::size_t k = 0; k < a.devices.size(); ++k)
    if (a.billed_share(k) * a.devices[k] > b.billed_share(k) * b.devices[k] * (1 + 1e-12)) return false;
  return true;
}

}  // namespace

namespace {

/// What so many devices beyond `before` cost, in full prices.
double stepped(const std::vector<Kind::Step>& steps, double before, double devices) {
  double paid = devices;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double deeper = steps[i].discount - (i == 0 ? 0 : steps[i - 1].discount);
    paid -= deeper * std::clamp(before + devices - steps[i].from, 0.0, devices);
  }
  return paid;
}

}  // namespace

double Kind::price_share(int before, int devices) const {
  return devices > 0 ? stepped(purchase->volume, before, devices) / devices : 1;
}

double Kind::rent(double devices) const { return lease->price * stepped(lease->volume, 0, devices); }

double Kind::worth(int age) const {
  const Purchase& p = *purchase;
  const double falling = 1 - (1 - p.residual) * age / p.life;
  const double left = p.curve == Curve::straight ? std::max(p.residual, falling)
                      : p.residual > 0           ? std::pow(p.residual, age / p.life)
                                                 : 0;
  return p.price * p.resale * (1 - p.sale_cost) * left;
}

int Kind::Purchase::due(const Instalment& part, int arrival) const {
  return (part.is_at_delivery ? arrival : arrival - lead) + part.months;
}

double Kind::Purchase::paid_by(int arrival, double monthly_discount) const {
  if (payment.empty()) return std::pow(1 + monthly_discount, -(arrival - lead));
  double sum = 0;
  for (const Instalment& part : payment) sum += part.share * std::pow(1 + monthly_discount, -due(part, arrival));
  return sum;
}

Site Column::site(std::size_t job) const {
  if (!sites.empty()) return sites[job];
  Site site = 0;
  for (std::size_t k = 0; k < devices.size(); ++k)
    if (devices[k] > 0) site |= Site{1} << k;
  return site;
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
  return devices_of(*this, kind, [&](const Holding& h) { return h.arrival == month && !h.is_fleet; });
}

int Decision::sold(int kind, int month) const {
  return devices_of(*this, kind, [&](const Holding& h) { return h.sale == month + 1; });
}

int Decision::bought(int kind) const {
  return devices_of(*this, kind, [](const Holding& h) { return !h.is_fleet; });
}

int Decision::kept(int kind, int month) const {
  return devices_of(*this, kind, [&](const Holding& h) { return h.is_fleet && month < h.sale; });
}

double Decision::spent() const { return std::accumulate(cash.begin(), cash.end(), 0.0); }

double finish(const Decision& decision) {
  for (std::size_t month = decision.shifts.size(); month > 0; --month) {
    double share = 0;
    for (const Shift& shift : decision.shifts[month - 1]) share += shift.share;
    for (const Move& move : decision.moves)
      if (move.month == static_cast<int>(month) - 1) share += move.share;
    if (share > 0) return static_cast<double>(month - 1) + std::min(1.0, share);
  }
  return 0;
}

double holding_cost(const Problem& problem, const Holding& one) {
  const auto discount = [&](int month) { return std::pow(1 + problem.monthly_discount, -month); };
  const Kind& kind = problem.kinds[one.kind];
  const int age = one.is_fleet ? kind.fleet->age : 0;
  const double before = one.is_fleet
                            ? kind.worth(age)
                            : kind.purchase->paid_by(one.arrival, problem.monthly_discount) * kind.purchase->price;
  double each = one.price_share * (before - discount(one.sale) * kind.worth(age + one.sale - one.arrival));
  for (int month = one.arrival; month < one.sale; ++month) each += discount(month) * kind.purchase->upkeep;
  return one.devices * each;
}

double cost(const Problem& problem, const Decision& decision) {
  double sum = 0;
  for (const Holding& one : decision.holdings) sum += holding_cost(problem, one);
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    for (std::size_t month = 0; month < decision.rented[k].size(); ++month)
      if (decision.rented[k][month] > 0)
        sum += std::pow(1 + problem.monthly_discount, -static_cast<int>(month)) *
               problem.kinds[k].rent(decision.rented[k][month]);
  return sum;
}

std::vector<int> efficient_of(const std::vector<Column>& columns) {
  std::vector<std::pair<long long, int>> order;  // devices and tokens decide which column can beat which
  for (std::size_t i = 0; i < columns.size(); ++i)
    order.emplace_back(std::accumulate(columns[i].devices.begin(), columns[i].devices.end(), 0LL), i);
  const auto tokens = [&](int i) { return std::accumulate(columns[i].tokens.begin(), columns[i].tokens.end(), 0.0); };
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : tokens(a.second) > tokens(b.second);
  });
  std::vector<int> kept;
  for (const auto& [devices, i] : order)
    if (std::none_of(kept.begin(), kept.end(), [&, i = i](int other) { return beats(columns[other], columns[i]); }))
      kept.push_back(i);
  std::sort(kept.begin(), kept.end());
  return kept;
}

std::vector<Column> efficient(const std::vector<Column>& columns) {
  std::vector<Column> kept;
  for (int i : efficient_of(columns)) kept.push_back(columns[i]);
  return kept;
}

}  // namespace chipmix::procurement
