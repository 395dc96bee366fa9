// How long the choice of a purchase takes: five kinds, two years, thousands of clusters.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <stdexcept>

#include "benchmarks.hpp"
#include "procurement/problem.hpp"

namespace chipmix::bench {
namespace {

using procurement::Column;
using procurement::Kind;
using procurement::Problem;

constexpr int lot = 64, sizes = 50, months = 24;
constexpr std::size_t clusters = 10'000;

/// Speed is of 1,024 devices; prices in thousands, of the order of `scenarios/china_purchase.json`.
struct Sort {
  double speed, price, kilowatts;
};
constexpr std::array<Sort, 5> sorts = {
    {{0.6, 240, 0.98}, {0.62, 117, 0.84}, {1.8, 430, 1.43}, {2.0, 300, 1.5}, {0.5, 90, 0.8}}};

Kind kind(int number) {
  const Sort& sort = sorts[number];
  Kind kind;
  kind.name = kind.vendor = "kind " + std::to_string(number);
  kind.lot = lot;
  kind.kilowatts = sort.kilowatts;
  Kind::Purchase buy{sort.price, 0.004 * sort.price, 1 + number % 4, lot * (20 + 10 * number), lot * 4};
  buy.residual = number % 2 == 0 ? 0 : 0.1;
  buy.resale = 0.92;
  kind.purchase = buy;
  if (number >= 2) kind.lease = Kind::Lease{0.045 * sort.price, 2 * (number - 2), lot * 16};
  return kind;
}

/// Sizes differ in speed by a hundredth either way, as plans of real ones do.
std::vector<Column> singles(std::mt19937& dice) {
  std::uniform_real_distribution<> luck(0.99, 1.01);
  std::vector<Column> list;
  for (int job = 0; job < 2; ++job)
    for (int k = 0; k < 5; ++k)
      for (int size = 1; size <= sizes; ++size) {
        Column column{"", std::vector<int>(5, 0), {0, 0}};
        column.devices[k] = lot * size;
        column.tokens[job] = sorts[k].speed * std::pow(lot * size / 1024.0, 0.95) * (job == 0 ? 1 : 0.5) * luck(dice);
        list.push_back(column);
      }
  return procurement::efficient(list);
}

/// So many months of 1,024 devices of speed 1 are work enough for 10 to 50 lots.
Problem problem(double work) {
  std::mt19937 dice(1);
  Problem p;
  p.months = months;
  p.monthly_discount = 0.006;
  for (int k = 0; k < 5; ++k) p.kinds.push_back(kind(k));
  p.works = {{"pre-training", work, 0, months - 4}, {"long context", work / 8, months / 3, months}};
  p.columns = singles(dice);
  std::vector<Column> pairs;
  for (const Column& one : p.columns)
    for (const Column& other : p.columns) {
      if (one.tokens[0] <= 0 || other.tokens[1] <= 0) continue;
      pairs.push_back({"", one.devices, {one.tokens[0], other.tokens[1]}});
      for (int k = 0; k < 5; ++k) pairs.back().devices[k] += other.devices[k];
    }
  std::shuffle(pairs.begin(), pairs.end(), dice);
  pairs.resize(std::min(pairs.size(), clusters - p.columns.size()));
  p.columns.insert(p.columns.end(), pairs.begin(), pairs.end());
  p.limits.kilowatts = 3000;
  return p;
}

void large(benchmark::State& state, double work) {
  const Problem p = problem(work);
  for (auto _ : state) {
    const auto decision = procurement::solve(p);
    if (!decision) throw std::runtime_error("no purchase");
    state.counters["gap_%"] = 100 * (1 - decision->bound / decision->cost);
    state.counters["clusters"] = static_cast<double>(p.columns.size());
  }
}

}  // namespace

void register_purchases() {
  for (double work : {20.0, 40.0, 80.0})
    benchmark::RegisterBenchmark(("purchase of five kinds, work " + std::to_string(static_cast<int>(work))).c_str(),
                                 [work](benchmark::State& state) { large(state, work); })
        ->Unit(benchmark::kSecond)
        ->Iterations(1);
}

}  // namespace chipmix::bench
