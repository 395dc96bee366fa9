#include "planner/mix/lane_space.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

namespace chipmix::planner {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

/// An island of p stages holds, wherever it stands, the activations of at least 1, 2, ..., p micro-batches.
template <class Rated>
long long units_within(const Rated& rated, int micro_batches, double seconds) {
  constexpr double rounding = 1e-9;
  const double in_time = std::floor(seconds / rated.seconds * (1 + rounding));
  long long units = 0;
  for (int stage = 1; stage <= rated.option->stages; ++stage)
    units += static_cast<long long>(std::min<double>(in_time, rated.most(std::min(micro_batches, stage))));
  return units;
}

void add(std::vector<LikeStages>& list, const LikeStages& stage) {
  if (!list.empty() && list.back().seconds == stage.seconds && list.back().most == stage.most &&
      list.back().fixed == stage.fixed)
    ++list.back().stages;
  else
    list.push_back(stage);
}

}  // namespace

int LaneSpace::Rated::most(double in_flight) const {
  return std::max(0, static_cast<int>(std::floor((room - working) / (state + in_flight * saved))));
}

LaneSpace::LaneSpace(const workload::TrainingJob& job, const LaneContext& context, const std::vector<int>& islands,
                     const SearchSpace& space, double waiting)
    : context_(context),
      islands_(islands),
      space_(space),
      waiting_(waiting),
      lowering_(job),
      engine_(context.cluster),
      tables_(context),
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

const std::vector<StageOption>& LaneSpace::options(int island, int data, int micro_batch) {
  const auto [entry, is_new] = options_.try_emplace({island, data, micro_batch});
  if (is_new) entry->second = stage_options(space_, island, data, micro_batch, data * micro_batch, lowering_, engine_);
  return entry->second;
}

LaneSpace::Rated LaneSpace::rated(const StageOption& option, const Family& family) {
  const LaneShape& shape = family.shape;
  const int kind = family.weights.commonest;
  const auto& kinds = option.kind_of;
  const auto unit = std::find(kinds.begin(), kinds.end(), kind) - kinds.begin();
  const UnitTable& table = tables_.of(option, shape.recompute, shape.zero);
  const std::size_t last = kinds.size() - 1;
  const double head = table.saved[last + 1] - table.saved[last];  // is given back before layers need their working set
  Rated rated{&option,
              stage_rate(option, family.weights, shape.recompute),
              option.time[static_cast<int>(shape.recompute)][kind],
              table.state[unit + 1] - table.state[unit],
              table.saved[unit + 1] - table.saved[unit],
              std::max(0.0, table.working[unit] - head),
              unit_room(context_.headroom, context_.cluster.groups[option.island])};
  rated.held = units_within(rated, shape.micro_batches, 1e9 * rated.seconds);
  return rated;
}

/// Without islands where one of them has no legal option.
LaneSpace::Family LaneSpace::family(int data, const LaneShape& shape) {
  Family family;
  family.shape = shape;
  for (int island : islands_) {
    const auto& options = this->options(island, data, shape.micro_batch);
    if (options.empty()) return {};
    if (family.islands.empty()) {
      family.weights = unit_weights(options.front(), shape.recompute);
      family.units = options.front().count_of[family.weights.commonest];
    }
    std::vector<Rated> list;
    for (const StageOption& option : options) list.push_back(rated(option, family));
    family.islands.push_back(std::move(list));
  }
  return family;
}

namespace {

/// The largest of what `value` gives for the options of each island, added up.
template <class Islands, class Value>
auto best_sum(const Islands& islands, Value value) {
  auto sum = value(islands.front().front()) * 0;
  for (const auto& options : islands) {
    auto best = value(options.front());
    for (const auto& option : options) best = std::max(best, value(option));
    sum += best;
  }
  return sum;
}

}  // namespace

void LaneSpace::add(Family family) {
  if (family.islands.empty()) return;
  const long long held = best_sum(family.islands, [](auto& rated) { return rated.held; });
  most_held_ = std::max(most_held_, held);
  needed_ = family.units;
  if (held < family.units) return;
  const double rate = best_sum(family.islands, [](auto& rated) { return rated.option->stages * rated.rate; });
  family.bound = family.shape.micro_batches * family.weights.all / rate * (1 + waiting_);
  for (int interleave : space_.interleave) {
    family.shape.interleave = interleave;
    families_.push_back(family);
  }
}

void LaneSpace::set_batch(int batch) {
  families_.clear();
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
          add(family(data, shape));
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
                       [&](int island) { return options(island, data, micro_batch).empty(); }))
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
    for (int micro_batch : space_.micro_batch) {
      LaneShape shape;
      shape.micro_batch = micro_batch;
      const Family family = this->family(data, shape);
      if (family.islands.empty()) continue;
      const double all = best_sum(family.islands, [](auto& rated) { return rated.option->stages * rated.rate; });
      rate = std::max(rate, data * micro_batch / family.weights.all * all);
    }
  return rate / (1 + waiting_);
}

/// What is looked for, and found.
struct LaneSpace::Window {
  double low = 0, high = 0;
  bool has_more = false;
  std::vector<Candidate> found{};
  std::vector<std::vector<Reach>> reach{};  ///< by island, of the family that is looked at; furthest first
  std::vector<long long> rest{};            ///< most units of the islands after each
  std::vector<long long> rest_held{};       ///< the same when time is no matter
};

std::vector<Candidate> LaneSpace::between(double low, double high, bool& has_more) {
  Window window{low, high};
  for (const Family& family : families_)
    if (family.bound > high)
      window.has_more = true;
    else
      choose(family, window);
  std::stable_sort(window.found.begin(), window.found.end(), [](auto& a, auto& b) { return a.bound < b.bound; });
  has_more = window.has_more;
  return std::move(window.found);
}

void LaneSpace::choose(const Family& family, Window& window) const {
  const int passes = family.shape.micro_batches;
  const double seconds = window.high / (1 + waiting_) / passes;
  const std::size_t count = family.islands.size();
  window.reach.assign(count, {});
  window.rest.assign(count + 1, 0);
  window.rest_held.assign(count + 1, 0);
  for (std::size_t island = count; island-- > 0;) {
    auto& reach = window.reach[island];
    long long held = 0;
    for (const Rated& rated : family.islands[island]) {
      reach.push_back({&rated, units_within(rated, passes, seconds)});
      held = std::max(held, rated.held);
    }
    std::stable_sort(reach.begin(), reach.end(), [](auto& a, auto& b) { return a.units > b.units; });
    window.rest[island] = window.rest[island + 1] + reach.front().units;
    window.rest_held[island] = window.rest_held[island + 1] + held;
  }
  std::vector<const Rated*> chosen;
  choose(family, chosen, 0, 0, window);
}

void LaneSpace::choose(const Family& family, std::vector<const Rated*>& chosen, long long units, long long held,
                       Window& window) const {
  const std::size_t island = chosen.size();
  if (island == window.reach.size()) return order(family, chosen, window);
  for (const Reach& one : window.reach[island]) {
    if (units + one.units + window.rest[island + 1] < family.units) {
      window.has_more = window.has_more || held + window.rest_held[island] >= family.units;
      return;
    }
    chosen.push_back(one.rated);
    choose(family, chosen, units + one.units, held + one.rated->held, window);
    chosen.pop_back();
  }
}

/// Whether the last island can send to the first, as chunks have it.
bool LaneSpace::closes(const std::vector<int>& order) const {
  return order.size() == 1 || context_.cluster.between(islands_[order.back()], islands_[order.front()]);
}

void LaneSpace::order(const Family& family, const std::vector<const Rated*>& chosen, Window& window) const {
  const LaneShape& shape = family.shape;
  int stages = 0;
  for (const Rated* rated : chosen) stages += rated->option->stages;
  if (stages * shape.interleave > context_.layers + (shape.interleave == 1 ? 2 : 0)) return;
  if (shape.interleave > 1 && (stages == 1 || shape.micro_batches % stages != 0)) return;
  for (const std::vector<int>& order : orders_) {
    if (shape.interleave > 1 && !closes(order)) continue;
    std::vector<const Rated*> ordered;
    for (int island : order) ordered.push_back(chosen[island]);
    const double bound = this->bound(family, ordered, window.high);
    if (bound > window.high && bound < unbounded) window.has_more = true;
    if (bound <= window.low || bound > window.high) continue;
    Candidate candidate{shape, bound};
    for (const Rated* rated : ordered) candidate.shape.options.push_back(rated->option);
    window.found.push_back(std::move(candidate));
  }
}

double LaneSpace::sends(const StageOption& from, const StageOption& to) const {
  const auto [entry, is_new] = sends_.try_emplace({&from, &to});
  if (is_new) entry->second = planner::sends(from, to, 1, engine_);
  return entry->second;
}

std::vector<OrderedStage> LaneSpace::in_place(const LaneShape& shape, const std::vector<const Rated*>& ordered) const {
  std::vector<OrderedStage> stages;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const Rated& rated = *ordered[i];
    const double overlap = context_.cluster.groups[rated.option->island].stack.pipeline_overlap.value;
    const auto stage = [&](const Rated& next) {
      const double send = shape.interleave * sends(*rated.option, *next.option);
      return OrderedStage{rated.rate, send * (1 - overlap), send * overlap};
    };
    if (rated.option->stages > 1) stages.insert(stages.end(), rated.option->stages - 1, stage(rated));
    const bool is_last = i + 1 == ordered.size();
    const bool sends_on = !is_last || (shape.interleave > 1 && !stages.empty());
    stages.push_back(sends_on ? stage(is_last ? *ordered.front() : *ordered[i + 1]) : OrderedStage{rated.rate, 0, 0});
  }
  return stages;
}

std::vector<LikeStages> LaneSpace::like_stages(const LaneShape& shape, const std::vector<const Rated*>& ordered,
                                               const std::vector<OrderedStage>& in_place) const {
  std::vector<LikeStages> like;
  const int stages = static_cast<int>(in_place.size());
  int at = 0;
  for (const Rated* rated : ordered)
    for (int stage = 0; stage < rated->option->stages; ++stage, ++at) {
      const int most = rated->most(in_flight(stages, shape.interleave, shape.micro_batches, at));
      planner::add(like, {rated->seconds, most, 1, in_place[at].fixed});
    }
  return like;
}

/// Infinite where the memory of all stages together does not hold the layers. Beyond `enough`, not as high as it could
/// be.
double LaneSpace::bound(const Family& family, const std::vector<const Rated*>& ordered, double enough) const {
  const LaneShape& shape = family.shape;
  const int passes = shape.micro_batches;
  const double work = family.weights.all, scale = 1 + waiting_;
  const std::vector<OrderedStage> stages = in_place(shape, ordered);
  double rate = 0, slowest_link = 0;
  for (const OrderedStage& stage : stages) {
    rate += stage.rate;
    slowest_link = std::max(slowest_link, stage.fixed + stage.delay);
  }
  double bound = passes * std::max(work / rate, slowest_link);
  if (bound * scale > enough) return bound * scale;
  if (shape.interleave == 1) bound = std::max(bound, in_order_bound(stages, work, passes));
  if (bound * scale > enough) return bound * scale;
  return std::max(bound, passes * whole_unit_bound(like_stages(shape, ordered, stages), family.units)) * scale;
}

}  // namespace chipmix::planner
