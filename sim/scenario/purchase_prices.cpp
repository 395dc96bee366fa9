#include "scenario/purchase_prices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "economics/own_figures.hpp"
#include "scenario/kinds.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Decision;
using procurement::Problem;

constexpr int worlds = 10000;
constexpr std::uint64_t seed = 1;

template <class T>
std::string quote(const Sourced<T>& figure) {
  return fmt::format("{} {:g}", figure.source, economics::number_of(figure.value));
}

/// The cost of a decision as a function of what is drawn: one number for each figure with a range that it uses.
class World {
 public:
  World(const Scenario& scenario, const Problem& problem, const Decision& decision)
      : scenario_(scenario), problem_(problem), decision_(decision) {
    const auto& supplies = scenario.procurement->supplies;
    for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
      central_.push_back(quotes_of(scenario, supplies[k]));
      const auto is_of_kind = [&](const procurement::Holding& one) { return one.kind == static_cast<int>(k); };
      if (std::none_of(decision.holdings.begin(), decision.holdings.end(), is_of_kind)) central_.back().own.reset();
      if (std::all_of(decision.rented[k].begin(), decision.rented[k].end(), [](double one) { return one <= 0; }))
        central_.back().lease.reset();
      each_figure(central_.back(), [&](const std::string& cause, auto&, double, double) { add(cause); });
    }
  }

  const std::vector<std::string>& causes() const { return causes_; }

  double cost(std::span<const double> z) const {
    Problem world = problem_;
    for (std::size_t k = 0; k < central_.size(); ++k) {
      Quotes quotes = central_[k];
      each_figure(quotes, [&](const std::string& cause, auto& figure, double low, double high) {
        const std::size_t place = std::find(causes_.begin(), causes_.end(), cause) - causes_.begin();
        economics::draw(figure, z[place], low, high);
      });
      if (quotes.own || quotes.lease) world.kinds[k] = kind_of(scenario_, scenario_.procurement->supplies[k], quotes);
    }
    return procurement::cost(world, decision_);
  }

 private:
  void add(const std::string& cause) {
    if (std::find(causes_.begin(), causes_.end(), cause) == causes_.end()) causes_.push_back(cause);
  }

  /// The owner's figures are one for all kinds; a quote is one for all that are bought at it.
  template <class Visit>
  static void each_figure(Quotes& quotes, Visit visit) {
    constexpr double any = std::numeric_limits<double>::max();
    const auto given = [&](const std::string& cause, auto& figure, double low, double high) {
      if (figure && figure->range) visit(cause, *figure, low, high);
    };
    if (quotes.own) {
      const std::string device = quote(quotes.own->device);
      economics::for_each_figure(
          *quotes.own, [&](const char* name, auto& figure, economics::Shared shared, double low, double high) {
            if (figure.range)
              visit(shared == economics::Shared::owner ? std::string(name) : name + (" " + device), figure, low, high);
          });
    }
    if (quotes.lease) given("rent " + quote(*quotes.lease), quotes.lease, 0, any);
    if (!quotes.tariff || !quotes.electricity || (!quotes.own && !quotes.lease)) return;
    given("tariff " + quote(*quotes.tariff), quotes.tariff, 0, any);
    given("load", quotes.electricity->load, 0, 1);
    if (quotes.electricity->pue.range) visit("PUE", quotes.electricity->pue, 1.0, any);
  }

  const Scenario& scenario_;
  const Problem& problem_;
  const Decision& decision_;
  std::vector<Quotes> central_;
  std::vector<std::string> causes_;
};

}  // namespace

PriceInterval price_interval(const Scenario& scenario, const Problem& problem, const Decision& decision) {
  Problem prices = problem;  // what a cost follows from: the clusters do not move
  prices.columns.clear();
  const World world(scenario, prices, decision);
  if (world.causes().empty()) return {decision.cost, decision.cost, decision.cost};
  const auto law = std::make_shared<const uncertainty::Law>(
      uncertainty::Law{"purchase", world.causes(), [&](std::span<const double> z) { return world.cost(z); }});
  std::vector<double> costs = uncertainty::draw({{{1, {}, law}}}, worlds, seed).front();
  return {uncertainty::quantile(costs, 0.1), uncertainty::quantile(costs, 0.5), uncertainty::quantile(costs, 0.9)};
}

}  // namespace chipmix::scenario
