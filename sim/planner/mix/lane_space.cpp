#include "planner/mix/lane_space.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include "planner/unbounded.hpp"

namespace chipmix::planner {
namespace {}  // namespace

LaneSpace::LaneSpace(const workload::TrainingJob& job, const LaneContext& context, const std::vector<int>& islands,
                     const SearchSpace& space, double waiting)
    : context_(context),
      islands_(islands),
      space_(space),
      waiting_(waiting),
      rates_(job, context, islands, space),
      orders_(joined_orders()) {}

std::vector<std::vector<int>> LaneSpace::joined_orders() const {
  std::vector<int> order(islands_.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<int>> list;
  do {
    bool joined = true;
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
      joined = joined && context_.cluster.between(islands_[order[i]], islands_[order[i + 1]]);
    if (joined) list.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return list;
}

std::vector<int> LaneSpace::data_degrees() const {
  int common = 0;
  for (int island : islands_) common = std::gcd(common, context_.cluster.groups[island].ranks());
  std::vector<int> list;
  for (int data = 1; data <= common; ++data)
    if (common % data == 0) list.push_back(data);
  return list;
}

namespace {

/// The largest of what `value` gives for the options of each island, added up.
template <class Value>
auto best_sum(const RatedIslands& rated, Value value) {
  auto sum = value(rated.islands.front().front()) * 0;
  for (const auto& options : rated.islands) {
    auto best = value(options.front());
    for (const Rated& option : options) best = std::max(best, value(option));
    sum += best;
  }
  return sum;
}

double best_rate(const RatedIslands& rated) {
  return best_sum(rated, [](const Rated& one) { return one.option->stages * one.rate; });
}

}  // namespace

void LaneSpace::add(const LaneShape& shape, int data) {
  const RatedIslands* rated = rates_.rated(data, shape.micro_batch, shape.recompute, shape.zero);
  if (!rated) return;
  const long long held = best_sum(*rated, [&](const Rated& one) { return one.units(shape.micro_batches, unbounded); });
  most_held_ = std::max(most_held_, held);
  needed_ = rated->units;
  if (held < rated->units) return;
  Family family{shape, rated, 0};
  family.bound = shape.micro_batches * rated->weights.all / planner::best_rate(*rated) * (1 + waiting_);
  for (int interleave : space_.interleave) {
    family.shape.interleave = interleave;
    families_.push_back(family);
  }
}

void LaneSpace::set_batch(int batch) {
  families_.clear();
  pending_.clear();
  seen_ = 0;
  most_held_ = needed_ = 0;
  for (int data : data_degrees())
    for (int micro_batch : space_.micro_batch) {
      if (batch % (static_cast<long long>(data) * micro_batch) != 0) continue;
      LaneShape shape;
      shape.micro_batch = micro_batch;
      shape.micro_batches = batch / (data * micro_batch);
      for (plan::Recompute recompute : space_.recompute)
        for (plan::Zero zero : space_.zero) {
          shape.recompute = recompute;
          shape.zero = zero;
          add(shape, data);
        }
    }
}

double LaneSpace::least_bound() const {
  double least = unbounded;
  for (const Family& family : families_) least = std::min(least, family.bound);
  return least;
}

std::vector<int> LaneSpace::quanta() {
  std::set<int> list;
  for (int data : data_degrees())
    for (int micro_batch : space_.micro_batch)
      if (std::none_of(islands_.begin(), islands_.end(),
                       [&](int island) { return rates_.options(island, data, micro_batch).empty(); }))
        list.insert(data * micro_batch);
  std::vector<int> least;  // without multiples of others
  for (int quantum : list)
    if (std::none_of(least.begin(), least.end(), [&](int other) { return quantum % other == 0; }))
      least.push_back(quantum);
  return least;
}

double LaneSpace::best_rate() {
  double rate = 0;
  for (int data : data_degrees())
    for (int micro_batch : space_.micro_batch)
      if (const auto* rated = rates_.rated(data, micro_batch, plan::Recompute::none, plan::Zero::optimizer))
        rate = std::max(rate, data * micro_batch / rated->weights.all * planner::best_rate(*rated));
  return rate / (1 + waiting_);
}

/// What is looked for, and found.
struct LaneSpace::Window {
  double high = 0;
  bool has_more = false;
  std::vector<Candidate> found{};
  std::vector<Pending> pending{};
  std::vector<std::vector<Reach>> reach{};  ///< by island, of the family that is looked at; furthest first
  std::vector<Reach> rest{};                ///< the most of the islands from each on
  const Family* looked_at = nullptr;        ///< of which these are
};

std::vector<Candidate> LaneSpace::next(double high, bool& has_more) {
  Window window{high};
  for (Pending& one : pending_) {
    if (one.bound <= high && !one.is_full) {
      const Family& family = families_[one.family];
      place(family, one.ordered);
      std::tie(one.bound, one.is_full) = full_bound(family, quick_bound(family), high);
    }
    give(std::move(one), window);
  }
  for (const Family& family : families_)
    if (family.bound > high)
      window.has_more = true;
    else
      choose(family, window);
  pending_ = std::move(window.pending);
  seen_ = std::max(seen_, high);
  std::stable_sort(window.found.begin(), window.found.end(), [](auto& a, auto& b) { return a.bound < b.bound; });
  has_more = window.has_more;
  return std::move(window.found);
}

/// Among what was found, or for later; nothing where memory does not hold the layers.
void LaneSpace::give(Pending one, Window& window) {
  if (one.bound == unbounded) return;
  if (one.bound > window.high) {
    window.has_more = true;
    window.pending.push_back(std::move(one));
    return;
  }
  Candidate candidate{families_[one.family].shape, one.bound};
  for (const Rated* rated : one.ordered) candidate.shape.options.push_back(rated->option);
  window.found.push_back(std::move(candidate));
}

void LaneSpace::choose(const Family& family, Window& window) {
  const Family* other = std::exchange(window.looked_at, &family);  // neighbours often differ in interleaving alone
  if (!other || other->rated != family.rated || other->shape.micro_batches != family.shape.micro_batches)
    reach(family, window);
  std::vector<const Rated*> chosen;
  choose(family, chosen, {}, window);
}

void LaneSpace::reach(const Family& family, Window& window) const {
  const int passes = family.shape.micro_batches;
  const auto seconds = [&](double bound) { return bound / (1 + waiting_) / passes; };
  const std::size_t count = islands_.size();
  const bool was_looked_at = family.bound <= seen_;
  window.reach.assign(count, {});
  window.rest.assign(count + 1, {});
  for (std::size_t island = count; island-- > 0;) {
    auto& reach = window.reach[island];
    long long held = 0;
    for (const Rated& rated : family.rated->islands[island]) {
      reach.push_back({&rated, rated.units(passes, seconds(window.high)),
                       was_looked_at ? rated.units(passes, seconds(seen_)) : 0, rated.units(passes, unbounded)});
      held = std::max(held, reach.back().held);
    }
    std::stable_sort(reach.begin(), reach.end(), [](auto& a, auto& b) { return a.units > b.units; });
    window.rest[island].units = window.rest[island + 1].units + reach.front().units;
    window.rest[island].held = window.rest[island + 1].held + held;
  }
}

void LaneSpace::choose(const Family& family, std::vector<const Rated*>& chosen, const Reach& sum, Window& window) {
  const std::size_t island = chosen.size();
  const int needed = family.rated->units;
  if (island == window.reach.size()) return order(family, chosen, sum.before >= needed, window);
  for (const Reach& one : window.reach[island]) {
    if (sum.units + one.units + window.rest[island + 1].units < needed) {
      window.has_more = window.has_more || sum.held + window.rest[island].held >= needed;
      return;
    }
    chosen.push_back(one.rated);
    choose(family, chosen, {nullptr, sum.units + one.units, sum.before + one.before, sum.held + one.held}, window);
    chosen.pop_back();
  }
}

/// Whether the last island can send to the first, as chunks have it.
bool LaneSpace::closes(const std::vector<int>& order) const {
  return order.size() == 1 || context_.cluster.between(islands_[order.back()], islands_[order.front()]);
}

/// `was_seen`: in the window before, where those of less than its end were dealt with.
void LaneSpace::order(const Family& family, const std::vector<const Rated*>& chosen, bool was_seen, Window& window) {
  const LaneShape& shape = family.shape;
  int stages = 0;
  for (const Rated* rated : chosen) stages += rated->option->stages;
  if (stages * shape.interleave > context_.layers + (shape.interleave == 1 ? 2 : 0)) return;
  if (shape.interleave > 1 && (stages == 1 || shape.micro_batches % stages != 0)) return;
  std::vector<const Rated*> ordered(chosen.size());
  for (const std::vector<int>& order : orders_) {
    if (shape.interleave > 1 && !closes(order)) continue;
    for (std::size_t i = 0; i < order.size(); ++i) ordered[i] = chosen[order[i]];
    place(family, ordered);
    const double quick = quick_bound(family);
    const bool is_near = quick <= window.high && may_hold(family, window.high);
    if (!is_near) window.has_more = window.has_more || may_hold(family, unbounded);
    if (!is_near || (was_seen && quick <= seen_ && may_hold(family, seen_))) continue;
    const auto [bound, is_full] = full_bound(family, quick, window.high);
    if (bound < unbounded) give({static_cast<int>(&family - families_.data()), bound, is_full, ordered}, window);
  }
}

/// Into `placed_`. The last island sends nowhere, but for several chunks a stage.
void LaneSpace::place(const Family& family, const std::vector<const Rated*>& ordered) {
  const int chunks = family.shape.interleave;
  placed_.assign(ordered.size(), {});
  double lead = 0;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    Placed& placed = placed_[i];
    const Rated& rated = *ordered[i];
    const int before = rated.option->stages - 1;
    placed.rated = &rated;
    placed.lead = lead;
    const double overlap = context_.cluster.groups[rated.option->island].stack.pipeline_overlap.value;
    const auto send = [&](const Rated& next, double& fixed, double& delay) {
      const double seconds = chunks * rates_.sends(*family.rated, rated, next);
      fixed = seconds * (1 - overlap);
      delay = seconds * overlap;
    };
    if (before > 0) send(rated, placed.fixed, placed.delay);
    if (i + 1 < ordered.size())
      send(*ordered[i + 1], placed.last_fixed, placed.last_delay);
    else if (chunks > 1)
      send(*ordered.front(), placed.last_fixed, placed.last_delay);
    if (chunks > 1)
      lead += rated.layer * (before + 1) +
              (before * (placed.fixed + placed.delay) + placed.last_fixed + placed.last_delay) / chunks;
  }
  for (std::size_t i = ordered.size(); i-- > 1;)
    placed_[i - 1].from_end = placed_[i].from_end + placed_[i].rated->option->stages;
}

/// Whether whole units can be held within the bound, as far as one can tell island by island.
bool LaneSpace::may_hold(const Family& family, double bound) const {
  const LaneShape& shape = family.shape;
  const double seconds = bound / (1 + waiting_) / shape.micro_batches;
  long long units = 0;
  for (const Placed& placed : placed_) {
    const double fixed = std::min(placed.fixed, placed.last_fixed) + placed.lead / shape.micro_batches;
    // Interleaved, a stage holds the activations of no fewer micro-batches than with one chunk.
    units += placed.rated->units(shape.micro_batches, std::max(0.0, seconds - fixed), placed.from_end);
  }
  return units >= family.rated->units;
}

/// M·max((W + Σ ρ (f + L / M)) / Σ ρ, slowest link): the bounds that need no look at single stages.
double LaneSpace::quick_bound(const Family& family) const {
  const LaneShape& shape = family.shape;
  const double passes = shape.micro_batches, chunks = shape.interleave;
  double rate = 0, beside = 0, slowest_link = 0;
  for (const Placed& placed : placed_) {
    const double before = placed.rated->option->stages - 1;
    slowest_link = std::max({slowest_link, placed.fixed + placed.delay, placed.last_fixed + placed.last_delay});
    rate += placed.rated->rate * (before + 1);
    double idle = before * placed.fixed + placed.last_fixed;
    if (chunks > 1) {
      const double turn = placed.rated->layer + (placed.fixed + placed.delay) / chunks;
      idle += ((before + 1) * placed.lead + turn * before * (before + 1) / 2) / passes;
    }
    beside += placed.rated->rate * idle;
  }
  return passes * std::max((family.rated->weights.all + beside) / rate, slowest_link) * (1 + waiting_);
}

/// Infinite where the memory of all stages together does not hold the layers. Beyond `enough`, not as high as it could
/// be; then false.
std::pair<double, bool> LaneSpace::full_bound(const Family& family, double quick, double enough) {
  const LaneShape& shape = family.shape;
  const int passes = shape.micro_batches;
  const double scale = 1 + waiting_;
  stages_.clear();
  like_.clear();
  for (const Placed& placed : placed_) {
    const double rate = placed.rated->rate;
    stages_.insert(stages_.end(), placed.rated->option->stages, {rate, placed.fixed, placed.delay});
    stages_.back() = {rate, placed.last_fixed, placed.last_delay};
  }
  double bound = quick / scale;
  if (shape.interleave == 1) bound = std::max(bound, in_order_bound(stages_, family.rated->weights.all, passes));
  if (bound * scale > enough) return {bound * scale, false};
  double lead = 0;
  std::size_t at = 0;
  for (const Placed& placed : placed_)
    for (int i = 0; i < placed.rated->option->stages; ++i, ++at) {
      const OrderedStage& stage = stages_[at];
      const double held = in_flight(static_cast<int>(stages_.size()), shape.interleave, passes, static_cast<int>(at));
      like_.push_back({placed.rated->seconds, placed.rated->most(held), 1, stage.fixed + lead / passes});
      if (shape.interleave > 1) lead += placed.rated->layer + (stage.fixed + stage.delay) / shape.interleave;
    }
  const double whole = whole_unit_bound(like_, family.rated->units, bound / passes, enough / scale / passes);
  return {std::max(bound, passes * whole) * scale, whole * passes * scale <= enough};
}

}  // namespace chipmix::planner
