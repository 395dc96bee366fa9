#include "scenario/confidence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenario/cost_terms.hpp"
#include "scenario/deadline.hpp"

namespace chipmix::scenario {
namespace {

using uncertainty::Sum;

double total(const OptionAnswer& answer) { return answer.bill.total().amount; }

/// A cost as a line over a factor f on some prices: rest + f · part.
struct Line {
  double rest = 0, part = 0;
};

/// Where a line meets another.
struct Tie {
  double factor = 0;
  std::size_t other = 0;
};

/// The factor at which a line meets the lowest of the others on its way from f = 1: up if it is below all of them, else
/// down. Nothing where it meets none above 0, or is below only beyond it.
std::optional<Tie> tie(const Line& one, const std::vector<Line>& others) {
  const auto at_1 = [](const Line& line) { return line.rest + line.part; };
  bool is_least = true;
  for (const Line& other : others) is_least = is_least && at_1(one) <= at_1(other);
  std::optional<Tie> found;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Line& other = others[i];
    const double slope = one.part - other.part, factor = (other.rest - one.rest) / slope;
    const bool is_ahead = slope > 0 && factor > 0 && (is_least || factor <= 1);
    if (is_ahead && (!found || factor < found->factor)) found = Tie{factor, i};
    if (!is_ahead && !is_least && at_1(other) < at_1(one)) return std::nullopt;  // it stays below
  }
  constexpr double least_below = 1 + 1e-9;
  for (const Line& other : others)
    if (found && one.rest + found->factor * one.part > (other.rest + found->factor * other.part) * least_below)
      return std::nullopt;
  return found;
}

constexpr double least_apart = 1e-12;  // amounts that are nearer to one another are the same

bool is_same(double a, double b) { return std::abs(a - b) <= least_apart * std::max(std::abs(a), std::abs(b)); }

/// Whether two options are one and the same offer, asked twice.
bool are_twins(const OptionAnswer& a, const OptionAnswer& b) {
  return is_same(total(a), total(b)) && is_same(a.duration.value(), b.duration.value());
}

/// What an option has to be cheaper than: where it keeps deadline and budget, the others that do. Not one that is the
/// same offer.
std::vector<std::size_t> rivals(std::size_t index, const std::vector<const OptionAnswer*>& answers) {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (i != index && !are_twins(*answers[i], *answers[index]) &&
        (meets_targets(*answers[i]) || !meets_targets(*answers[index])))
      list.push_back(i);
  return list;
}

/// Options that share prices move together. `other` is a place in `answers`.
std::optional<Tie> price_tie(std::size_t index, const std::vector<const OptionAnswer*>& answers) {
  const auto prices = prices_in(*answers[index]);
  const auto line = [&](std::size_t i) {
    const double part = priced_part(*answers[i], prices);
    return Line{total(*answers[i]) - part, part};
  };
  const std::vector<std::size_t> places = rivals(index, answers);
  std::vector<Line> others;
  for (std::size_t i : places) others.push_back(line(i));
  auto found = tie(line(index), others);
  if (found) found->other = places[found->other];
  return found;
}

/// The cheapest of those that an option has to be cheaper than.
const OptionAnswer* cheapest_rival(std::size_t index, const std::vector<const OptionAnswer*>& answers) {
  const OptionAnswer* best = nullptr;
  for (std::size_t i : rivals(index, answers))
    if (!best || total(*answers[i]) < total(*best)) best = answers[i];
  return best;
}

/// Options with a price, and the place of one among them; past the last where it has none.
std::pair<std::vector<const OptionAnswer*>, std::size_t> placed(const Comparison& comparison,
                                                                const OptionAnswer& answer) {
  std::vector<const OptionAnswer*> priced;
  for (const OptionAnswer& one : comparison.options)
    if (one.priced()) priced.push_back(&one);
  const std::size_t place = std::find(priced.begin(), priced.end(), &answer) - priced.begin();
  return {std::move(priced), place};
}

void set_mfu_tie(OptionAnswer& answer, double other) {
  const double share = answer.mfu * total(answer) / other;
  if (share <= 1) answer.surety->mfu = share;
}

/// The time of an option in each world; its runs follow one another.
Sum time_sum(const OptionAnswer& answer) {
  Sum sum;
  for (const Run& run : answer.runs) sum.push_back({.amount = run.duration.value(), .factors = run.causes});
  return sum;
}

/// Which options keep deadline and budget in each world: [option][world]; empty where there are no targets.
std::vector<std::vector<char>> kept(const Scenario& scenario, const std::vector<OptionAnswer*>& answers,
                                    const std::vector<std::vector<double>>& costs, int worlds) {
  if (!scenario.deadline && !scenario.budget) return {};
  std::vector<Sum> sums;
  for (const OptionAnswer* answer : answers) sums.push_back(time_sum(*answer));
  const auto times = uncertainty::draw(sums, worlds, surety_seed);
  std::vector<std::vector<char>> list(answers.size(), std::vector<char>(worlds));
  for (std::size_t i = 0; i < answers.size(); ++i)
    for (int world = 0; world < worlds; ++world)
      list[i][world] = (!scenario.deadline || times[i][world] <= scenario.deadline->value()) &&
                       (!scenario.budget || costs[i][world] <= scenario.budget->amount);
  return list;
}

}  // namespace

void judge(Comparison& comparison, const Scenario& scenario, int worlds) {
  std::vector<OptionAnswer*> priced;
  for (OptionAnswer& answer : comparison.options)
    if (answer.priced()) priced.push_back(&answer);
  if (priced.size() < 2) return;
  const std::vector<const OptionAnswer*> fixed(priced.begin(), priced.end());
  std::vector<Sum> sums;
  for (const OptionAnswer* answer : priced) sums.push_back(cost_sum(scenario, *answer));
  const auto costs = uncertainty::draw(sums, worlds, surety_seed);
  const auto in_time = kept(scenario, priced, costs, worlds);
  const auto keeps = [&](std::size_t i, int world) { return in_time.empty() || in_time[i][world] != 0; };
  const auto is_ahead = [&](std::size_t i, std::size_t j, int world) {
    if (keeps(i, world) != keeps(j, world)) return keeps(i, world);
    return costs[i][world] < costs[j][world];
  };
  const OptionAnswer* baseline = &comparison.options[comparison.baseline];
  const auto base = std::find(priced.begin(), priced.end(), baseline) - priced.begin();
  std::vector<double> wins(priced.size(), 0);
  std::vector<int> beats(priced.size(), 0);
  for (int world = 0; world < worlds; ++world) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < priced.size(); ++i) {
      if (is_ahead(i, best, world)) best = i;
      if (baseline->priced() && costs[i][world] < costs[base][world]) ++beats[i];
    }
    std::vector<std::size_t> equal;  // options that cost the same share the world
    for (std::size_t i = 0; i < priced.size(); ++i)
      if (keeps(i, world) == keeps(best, world) && is_same(costs[i][world], costs[best][world])) equal.push_back(i);
    for (const std::size_t i : equal) wins[i] += 1.0 / static_cast<double>(equal.size());
  }
  for (std::size_t i = 0; i < priced.size(); ++i) {
    OptionAnswer& answer = *priced[i];
    answer.surety = Confidence{};
    answer.surety->cheapest = wins[i] / worlds;
    if (baseline->priced() && baseline != &answer)
      answer.surety->beats_baseline = static_cast<double>(beats[i]) / worlds;
    std::vector<double> sorted = costs[i];
    for (const auto& [share, into] :
         {std::pair{0.1, &Confidence::p10}, {0.5, &Confidence::p50}, {0.9, &Confidence::p90}})
      (*answer.surety).*into = uncertainty::quantile(sorted, share);
    if (const auto found = price_tie(i, fixed)) answer.surety->price_factor = found->factor;
    if (const OptionAnswer* rival = cheapest_rival(i, fixed)) set_mfu_tie(answer, total(*rival));
  }
}

const OptionAnswer* price_rival(const Comparison& comparison, const OptionAnswer& answer) {
  const auto [priced, place] = placed(comparison, answer);
  if (place == priced.size()) return nullptr;
  const auto found = price_tie(place, priced);
  return found ? priced[found->other] : nullptr;
}

const OptionAnswer* rate_rival(const Comparison& comparison, const OptionAnswer& answer) {
  const auto [priced, place] = placed(comparison, answer);
  return place == priced.size() ? nullptr : cheapest_rival(place, priced);
}

}  // namespace chipmix::scenario
