#include "planner/mix/lane_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/parallel.hpp"
#include "planner/mix/lane_bound.hpp"
#include "planner/mix/lane_player.hpp"

namespace chipmix::planner {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

/// An option of an island under the settings of a family.
struct Rated {
  const StageOption* option = nullptr;
  double rate = 0;     ///< ρ of one stage
  double seconds = 0;  ///< of a unit of the commonest kind
  double state = 0, saved = 0, working = 0,
         room = 0;  ///< bytes of such a unit, and of a rank; see UnitTable, StageSlot

  /// Units of the commonest kind that a stage has room for.
  int most(double in_flight) const {
    return std::max(0, static_cast<int>(std::floor((room - working) / (state + in_flight * saved))));
  }
};

/// Units of the commonest kind that an island can hold within a time, wherever it stands in the pipeline.
struct Reach {
  const Rated* rated = nullptr;
  long long units = 0;
};

/// Shapes that differ in the islands' degrees and order only.
struct Family {
  LaneShape shape;  ///< without options
  UnitWeights weights;
  int units = 0;                            ///< of the commonest kind
  std::vector<std::vector<Rated>> islands;  ///< best rate first
  double bound = 0;
};

struct Candidate {
  LaneShape shape;
  double bound = 0;
};

std::vector<std::vector<int>> orders(int count) {
  std::vector<int> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::vector<int>> list;
  do list.push_back(order);
  while (std::next_permutation(order.begin(), order.end()));
  return list;
}

}  // namespace

class LaneSearch::Impl {
 public:
  Impl(const workload::TrainingJob& job, const hardware::Cluster& cluster, std::vector<int> islands,
       const SearchSpace& space, int ranks_beside, double outer_bytes)
      : job_(job),
        cluster_(cluster),
        islands_(std::move(islands)),
        space_(fill_lane_defaults(space)),
        ranks_beside_(ranks_beside),
        context_{cluster_, job.model.layers, space.headroom, outer_bytes},
        lowering_(job),
        engine_(cluster_),
        tables_(context_),
        orders_(joined_orders()) {
    int ranks = ranks_beside;
    for (int island : islands_) ranks += cluster_.groups[island].ranks();
    for (int island : islands_)
      waiting_ = std::max(waiting_, engine::slowest_of(ranks, cluster_.groups[island].stack.jitter.value));
  }

  LaneResult search(int batch, const LaneControl& control) {
    control_ = control;
    result_ = {};
    shortfall_ = unbounded;
    while (static_cast<int>(players_.size()) < std::max(1, control.jobs))
      players_.push_back(std::make_unique<LanePlayer>(job_, context_, ranks_beside_));
    const std::vector<Family> families = this->families(batch);
    if (!families.empty()) deepen(families);
    for (LanePlan& best : result_.best) {
      Played played{best.plan, best.step_time, 0};
      players_.front()->polish(played);
      best = {*played.plan, played.step_time};
    }
    sort_best();
    return std::move(result_);
  }

  bool has_order() const { return !orders_.empty(); }

  double best_rate() {
    double rate = 0;
    for (int data : data_degrees())
      for (int micro_batch : space_.micro_batch) {
        LaneShape shape;
        shape.micro_batch = micro_batch;
        const Family family = this->family(data, shape);
        if (!family.islands.empty()) rate = std::max(rate, data * micro_batch / family.weights.all * all_rates(family));
      }
    return rate / (1 + waiting_);
  }

 private:
  /// Orders of the islands in which neighbours are joined.
  std::vector<std::vector<int>> joined_orders() const {
    std::vector<std::vector<int>> list;
    for (const std::vector<int>& order : orders(static_cast<int>(islands_.size()))) {
      bool joined = true;
      for (std::size_t i = 0; i + 1 < order.size(); ++i)
        joined = joined && cluster_.between(islands_[order[i]], islands_[order[i + 1]]);
      if (joined) list.push_back(order);
    }
    return list;
  }

  std::vector<int> data_degrees() const {
    int common = 0;
    for (int island : islands_) common = std::gcd(common, cluster_.groups[island].ranks());
    std::vector<int> list;
    for (int data = 1; data <= common; ++data)
      if (common % data == 0) list.push_back(data);
    return list;
  }

  const std::vector<StageOption>& options(int island, int data, int micro_batch) {
    const auto [entry, is_new] = options_.try_emplace({island, data, micro_batch});
    if (is_new)
      entry->second = stage_options(space_, island, data, micro_batch, data * micro_batch, lowering_, engine_);
    return entry->second;
  }

  /// Without islands where one of them has no legal option.
  Family family(int data, const LaneShape& shape) {
    Family family;
    family.shape = shape;
    for (int island : islands_) {
      const auto& options = this->options(island, data, shape.micro_batch);
      if (options.empty()) return {};
      if (family.islands.empty()) {
        family.weights = unit_weights(options.front(), shape.recompute);
        family.units = options.front().count_of[family.weights.commonest];
      }
      std::vector<Rated> rated;
      for (const StageOption& option : options) rated.push_back(rate(option, family));
      std::stable_sort(rated.begin(), rated.end(),
                       [](auto& a, auto& b) { return a.option->stages * a.rate > b.option->stages * b.rate; });
      family.islands.push_back(std::move(rated));
    }
    return family;
  }

  Rated rate(const StageOption& option, const Family& family) {
    const LaneShape& shape = family.shape;
    const int kind = family.weights.commonest;
    const auto& kinds = option.kind_of;
    const auto unit = std::find(kinds.begin(), kinds.end(), kind) - kinds.begin();
    const UnitTable& table = tables_.of(option, shape.recompute, shape.zero);
    return {&option,
            stage_rate(option, family.weights, shape.recompute),
            option.time[static_cast<int>(shape.recompute)][kind],
            table.state[unit + 1] - table.state[unit],
            table.saved[unit + 1] - table.saved[unit],
            table.working[unit],
            unit_room(context_.headroom, cluster_.groups[option.island])};
  }

  static double all_rates(const Family& family) {
    double rate = 0;
    for (const auto& options : family.islands) rate += options.front().option->stages * options.front().rate;
    return rate;
  }

  std::vector<Family> families(int batch) {
    std::vector<Family> list;
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
            add_families(family(data, shape), list);
          }
      }
    return list;
  }

  void add_families(Family family, std::vector<Family>& list) {
    if (family.islands.empty()) return;
    family.bound = family.shape.micro_batches * family.weights.all / all_rates(family) * (1 + waiting_);
    for (int interleave : space_.interleave) {
      family.shape.interleave = interleave;
      list.push_back(family);
    }
  }

  /// Plays all shapes whose bound is below a limit that grows until the best plan is below it.
  void deepen(const std::vector<Family>& families) {
    constexpr double first = 1.02, growth = 1.05;
    double low = 0, high = unbounded;
    for (const Family& family : families) high = std::min(high, family.bound * first);
    for (;; low = high, high = std::min(high * growth, to_beat())) {
      const std::vector<Candidate> candidates = between(families, low, high);
      result_.considered += static_cast<long long>(candidates.size());
      result_.bound = candidates.empty() ? high : candidates.front().bound;
      if (!play(candidates)) return;
      result_.bound = std::min(high, to_beat());
      if (high >= to_beat() || !is_cut_) break;
    }
    if (!result_.best.empty()) result_.bound = result_.best.front().step_time;
  }

  double to_beat() const {
    return static_cast<int>(result_.best.size()) < control_.keep ? control_.cutoff : result_.best.back().step_time;
  }

  /// Shapes with low < bound <= high, in the order of their bounds. Notes whether there are any beyond.
  std::vector<Candidate> between(const std::vector<Family>& families, double low, double high) {
    std::vector<Candidate> list;
    is_cut_ = false;
    for (const Family& family : families)
      if (family.bound > high)
        is_cut_ = true;
      else
        choose(family, low, high, list);
    std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.bound < b.bound; });
    return list;
  }

  void choose(const Family& family, double low, double high, std::vector<Candidate>& list) {
    const double seconds = high / (1 + waiting_) / family.shape.micro_batches;
    std::vector<std::vector<Reach>> reach;
    for (const std::vector<Rated>& options : family.islands) {
      reach.emplace_back();
      for (const Rated& rated : options) reach.back().push_back({&rated, units_within(rated, family.shape, seconds)});
      std::stable_sort(reach.back().begin(), reach.back().end(),
                       [](const Reach& a, const Reach& b) { return a.units > b.units; });
    }
    std::vector<const Rated*> chosen;
    choose(family, reach, chosen, 0, low, high, list);
  }

  /// An island of p stages holds, wherever it stands, the activations of at least 1, 2, ..., p micro-batches.
  static long long units_within(const Rated& rated, const LaneShape& shape, double seconds) {
    constexpr double rounding = 1e-9;
    const double in_time = std::floor(seconds / rated.seconds * (1 + rounding));
    long long units = 0;
    for (int stage = 1; stage <= rated.option->stages; ++stage)
      units += static_cast<long long>(std::min<double>(in_time, rated.most(std::min(shape.micro_batches, stage))));
    return units;
  }

  void choose(const Family& family, const std::vector<std::vector<Reach>>& reach, std::vector<const Rated*>& chosen,
              long long units, double low, double high, std::vector<Candidate>& list) {
    const std::size_t island = chosen.size();
    if (island == reach.size()) return order(family, chosen, low, high, list);
    long long rest = 0;
    for (std::size_t later = island + 1; later < reach.size(); ++later) rest += reach[later].front().units;
    for (const Reach& one : reach[island]) {
      if (units + one.units + rest < family.units) {
        is_cut_ = true;
        return;
      }
      chosen.push_back(one.rated);
      choose(family, reach, chosen, units + one.units, low, high, list);
      chosen.pop_back();
    }
  }

  void order(const Family& family, const std::vector<const Rated*>& chosen, double low, double high,
             std::vector<Candidate>& list) {
    const LaneShape& shape = family.shape;
    int stages = 0;
    for (const Rated* rated : chosen) stages += rated->option->stages;
    if (stages * shape.interleave > context_.layers + (shape.interleave == 1 ? 2 : 0)) return;
    if (shape.interleave > 1 && (stages == 1 || shape.micro_batches % stages != 0)) return;
    for (const std::vector<int>& order : orders_) {
      std::vector<const Rated*> ordered;
      for (int island : order) ordered.push_back(chosen[island]);
      const double bound = this->bound(family, ordered, stages);
      if (bound > high && bound < unbounded) is_cut_ = true;
      if (bound <= low || bound > high) continue;
      Candidate candidate{shape, bound};
      for (const Rated* rated : ordered) candidate.shape.options.push_back(rated->option);
      list.push_back(std::move(candidate));
    }
  }

  /// Infinite where the memory of all stages together does not hold the layers.
  double bound(const Family& family, const std::vector<const Rated*>& ordered, int stages) {
    const LaneShape& shape = family.shape;
    std::vector<LikeStages> like;
    std::vector<const StageOption*> options;
    std::vector<double> rates;
    double rate = 0;
    int at = 0;
    for (const Rated* rated : ordered) {
      options.push_back(rated->option);
      rates.push_back(rated->rate);
      rate += rated->option->stages * rated->rate;
      for (int stage = 0; stage < rated->option->stages; ++stage)
        add(like, {rated->seconds, rated->most(in_flight(stages, shape.interleave, shape.micro_batches, at++)), 1});
    }
    const double whole = whole_unit_bound(like, family.units);
    const int passes = shape.micro_batches;
    const double in_order = shape.interleave == 1 ? in_order_bound(options, rates, family.weights.all, passes) : 0;
    return std::max(passes * std::max(family.weights.all / rate, whole), in_order) * (1 + waiting_);
  }

  static void add(std::vector<LikeStages>& list, const LikeStages& stage) {
    if (!list.empty() && list.back().seconds == stage.seconds && list.back().most == stage.most)
      ++list.back().stages;
    else
      list.push_back(stage);
  }

  /// False when stopped. Candidates come in the order of their bounds.
  bool play(const std::vector<Candidate>& candidates) {
    constexpr std::size_t round = 64;
    std::vector<Played> played;
    for (std::size_t begin = 0; begin < candidates.size(); begin += round) {
      if (candidates[begin].bound > to_beat()) return true;
      result_.bound = candidates[begin].bound;
      if (control_.stopped && control_.stopped()) {
        result_.complete = false;
        return false;
      }
      const std::size_t count = std::min(round, candidates.size() - begin);
      played.assign(count, {});
      const int workers = static_cast<int>(players_.size());
      parallel_for(workers, workers, [&](int worker) {
        for (std::size_t i = worker; i < count; i += workers)
          played[i] = players_[worker]->play(candidates[begin + i].shape);
      });
      for (Played& one : played) take(std::move(one));
    }
    return true;
  }

  void take(Played played) {
    ++result_.evaluated;
    if (!played.plan) return remember_miss(played);
    if (played.step_time >= control_.cutoff) return;
    result_.best.push_back({std::move(*played.plan), played.step_time});
    sort_best();
    if (static_cast<int>(result_.best.size()) > control_.keep) result_.best.pop_back();
  }

  void sort_best() {
    std::stable_sort(result_.best.begin(), result_.best.end(),
                     [](const LanePlan& a, const LanePlan& b) { return a.step_time < b.step_time; });
  }

  void remember_miss(const Played& played) {
    if (played.shortfall == 0 || played.shortfall >= shortfall_ || !result_.best.empty()) return;
    shortfall_ = played.shortfall;
    result_.nearest_miss = fmt::format("{:.1f} GiB short on the fullest rank, {:.0f} % of memory kept free",
                                       gib(Bytes{shortfall_}), 100 * context_.headroom);
  }

  const workload::TrainingJob job_;
  const hardware::Cluster cluster_;
  const std::vector<int> islands_;
  const SearchSpace space_;
  const int ranks_beside_;
  const LaneContext context_;
  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  UnitTables tables_;
  const std::vector<std::vector<int>> orders_;
  double waiting_ = 0;  ///< for the slowest rank, as a share of the passes
  std::map<std::tuple<int, int, int>, std::vector<StageOption>> options_;
  std::vector<std::unique_ptr<LanePlayer>> players_;
  LaneControl control_;
  LaneResult result_;
  double shortfall_ = unbounded;
  bool is_cut_ = false;
};

LaneSearch::LaneSearch(const workload::TrainingJob& job, const hardware::Cluster& cluster, std::vector<int> islands,
                       const SearchSpace& space, int ranks_beside, double outer_bytes)
    : impl_(std::make_unique<Impl>(job, cluster, std::move(islands), space, ranks_beside, outer_bytes)) {}
LaneSearch::~LaneSearch() = default;
LaneSearch::LaneSearch(LaneSearch&&) noexcept = default;

LaneResult LaneSearch::search(int batch, const LaneControl& control) { return impl_->search(batch, control); }
double LaneSearch::best_rate() { return impl_->best_rate(); }
bool LaneSearch::has_order() const { return impl_->has_order(); }

SearchSpace fill_lane_defaults(SearchSpace space) {
  if (space.micro_batch.empty()) space.micro_batch = {1, 2, 4, 8};
  if (space.interleave.empty()) space.interleave = {1, 2, 4};
  if (space.recompute.empty()) space.recompute = {plan::all_recomputes.begin(), plan::all_recomputes.end()};
  if (space.zero.empty()) space.zero = {plan::Zero::optimizer};
  return space;
}

}  // namespace chipmix::planner
