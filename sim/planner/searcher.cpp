#include "planner/searcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "base/parallel.hpp"
#include "planner/best_list.hpp"
#include "planner/shapes.hpp"
#include "planner/unbounded.hpp"

namespace chipmix::planner {
namespace {

constexpr std::size_t first_round = 8;      // plans played before the first look at what can still win,
constexpr std::size_t largest_round = 256;  // doubled from round to round up to this many
constexpr std::size_t first_opened = 32;    // the same of shapes that are lowered
constexpr double share_of_bounding = 0.8;   // of the work, for the progress bar
constexpr double rounding = 1e-12;          // a bound adds up the same seconds in another order than a time
constexpr double outline_rounding = 1e-9;   // and an outline those of many more stages

struct Bounded {
  std::size_t plan = 0;
  double bound = 0;
  /// For heaps, whose front is the largest.
  friend bool operator<(const Bounded& a, const Bounded& b) {
    return a.bound != b.bound ? a.bound > b.bound : a.plan > b.plan;
  }
};

/// Threads with an evaluator each, told to stop and telling how far they are.
class WorkerPool {
 public:
  WorkerPool(std::vector<std::unique_ptr<Evaluator>>& evaluators, const SearchLimits& effort)
      : evaluators_(evaluators), effort_(effort) {}

  /// Runs body(evaluator, item) for each of `count` items, in any order; items with one `owner(item)` by one evaluator,
  /// so that what it has lowered is of use to the next.
  template <class Owner, class Body>
  void run(std::size_t count, Owner owner, Body body) {
    const int threads = std::max(1, effort_.jobs);
    std::vector<std::vector<std::size_t>> items(threads);
    for (std::size_t item = 0; item < count; ++item) items[owner(item) % threads].push_back(item);
    std::erase_if(items, [](const auto& list) { return list.empty(); });
    parallel_for(static_cast<int>(items.size()), threads, [&](int i) {
      Evaluator& evaluator = *evaluators_[owner(items[i].front()) % threads];
      for (std::size_t item : items[i]) body(evaluator, item);
    });
  }

  bool should_stop() {
    if (!stopped_ && effort_.stop && effort_.stop()) stopped_ = true;
    return stopped_;
  }

 private:
  std::vector<std::unique_ptr<Evaluator>>& evaluators_;
  const SearchLimits& effort_;
  std::atomic<bool> stopped_{false};
};

/// One search. Shapes (plans but for recompute and ZeRO) are bounded by the times of their blocks, lowered in the order
/// of these bounds, and their plans played in the order of tighter ones, until none can win. Where all plans that fit
/// are to be counted, all shapes are lowered first.
class ExactSearch {
 public:
  ExactSearch(const SearchSpace& space, const workload::TrainingJob& job, WorkerPool& workers, const Evaluator& any,
              const SearchLimits& effort, bool counts)
      : space_(space),
        shapes_(shapes(space, job, any.group())),
        global_batch_(job.global_batch),
        workers_(workers),
        any_(any),
        facts_(any.outline_facts()),
        effort_(effort),
        counts_(counts),
        has_none_(std::count(space.recompute.begin(), space.recompute.end(), plan::Recompute::none) > 0),
        best_(effort.keep, effort.diverse),
        round_(std::max<std::size_t>(first_round, effort.keep)) {
    for (std::size_t shape = 0; shape < shapes_.size(); ++shape) {
      if (shape == 0 || !are_alike(shapes_[shape], shapes_[shape - 1])) first_of_.push_back(shape);
      family_of_.push_back(first_of_.size() - 1);
    }
    first_of_.push_back(shapes_.size());
    units_.resize(families());
  }

  SearchResult run() {
    result_.considered = static_cast<long long>(shapes_.size() * settings());
    outline();
    while (advance()) {
    }
    result_.complete = is_outlined_ && !can_win(least_left());
    result_.best = best_.list();
    if (result_.fitting == 0 && result_.complete) find_nearest_miss();
    result_.bound = bound_of_all();
    if (effort_.progress) effort_.progress({1, best_time(), bound_of_all()});
    return std::move(result_);
  }

 private:
  /// Made of the same blocks.
  static bool are_alike(const plan::UniformPlan& a, const plan::UniformPlan& b) {
    const auto key = [](const plan::UniformPlan& plan) {
      return std::tuple(plan.degrees.tensor, plan.degrees.context, plan.degrees.expert, plan.micro_batch,
                        plan.sequence_parallel);
    };
    return key(a) == key(b);
  }

  Bytes room() const { return any_.group().device.memory.value / any_.group().device.ranks; }
  std::size_t families() const { return first_of_.size() - 1; }
  std::size_t settings() const { return space_.zero.size() * space_.recompute.size(); }
  /// Plan i * settings() + k is shape i with settings k.
  plan::UniformPlan plan_of(std::size_t plan) const {
    return with_settings(shapes_[plan / settings()], space_, plan % settings());
  }
  std::size_t family_of_plan(std::size_t plan) const { return family_of_[plan / settings()]; }

  /// The item-th family to look at: a stopped search has then seen something of every part of the space.
  std::size_t scattered(std::size_t item) const {
    std::size_t step = std::max<std::size_t>(1, families() * 5 / 13);  // near the golden section
    while (std::gcd(step, families()) != 1) ++step;
    return item * step % families();
  }

  double outline_of(std::size_t shape, plan::Recompute recompute) const {
    const plan::UniformPlan& plan = shapes_[shape];
    const int micro_batches = global_batch_ / (plan.micro_batch * plan.degrees.data);
    const UnitTimes& units = *units_[family_of_[shape]];
    return outline_bound(plan, recompute, micro_batches, units, facts_) * (1 - outline_rounding);
  }

  double least_outline(std::size_t shape) const {
    if (has_none_) return outline_of(shape, plan::Recompute::none);  // the others only add what runs again
    double least = unbounded;
    for (plan::Recompute recompute : space_.recompute) least = std::min(least, outline_of(shape, recompute));
    return least;
  }

  /// Lists all shapes, least bound first.
  void outline() {
    std::vector<std::vector<Bounded>> found(families());
    const auto family = [&](std::size_t item) { return scattered(item); };
    workers_.run(families(), family, [&](Evaluator& evaluator, std::size_t item) {
      const std::size_t number = scattered(item), begin = first_of_[number], end = first_of_[number + 1];
      if (!counts_ && workers_.should_stop()) return;
      const bool has_alone = std::any_of(shapes_.begin() + begin, shapes_.begin() + end,
                                         [](const plan::UniformPlan& shape) { return shape.pipeline == 1; });
      if (!counts_) units_[number] = evaluator.unit_times(shapes_[begin], has_alone);
      for (std::size_t shape = begin; shape < end; ++shape)
        found[number].push_back({shape, counts_ ? 0 : least_outline(shape)});
      if (!counts_) tell_bounding(end - begin);
    });
    for (const auto& list : found) closed_.insert(closed_.end(), list.begin(), list.end());
    std::make_heap(closed_.begin(), closed_.end());
    is_outlined_ = closed_.size() == shapes_.size();
  }

  void tell_bounding(std::size_t more) {
    if (!effort_.progress) return;
    const std::lock_guard lock(guard_);
    told_ += more;
    effort_.progress({share_of_bounding * static_cast<double>(told_) / static_cast<double>(shapes_.size()), 0, 0});
  }

  static double front(const std::vector<Bounded>& heap) { return heap.empty() ? unbounded : heap.front().bound; }
  bool can_win(double bound) const { return bound < unbounded && bound <= best_.limit(); }
  double least_left() const { return std::min({front(open_), front(closed_), skipped_}); }

  /// The items of a heap that promise most, up to `size` of them within `limit`.
  static std::vector<Bounded> take(std::vector<Bounded>& heap, std::size_t size, double limit) {
    std::vector<Bounded> taken;
    for (; taken.size() < size && !heap.empty() && heap.front().bound <= limit; heap.pop_back()) {
      std::pop_heap(heap.begin(), heap.end());
      taken.push_back(heap.back());
    }
    return taken;
  }

  static void put(std::vector<Bounded>& heap, const Bounded& item) {
    heap.push_back(item);
    std::push_heap(heap.begin(), heap.end());
  }

  /// Lowers more shapes, or plays more plans, whichever promises more; false when none can win, or when stopped. What
  /// is stopped before the first plan was played still plays the most promising ones.
  bool advance() {
    if (!can_win(std::min(front(open_), front(closed_)))) return false;
    const bool stops = workers_.should_stop();
    if (stops && result_.evaluated > 0) return false;
    if (front(closed_) <= front(open_) && (open_.empty() || !stops)) {
      if (stops && std::exchange(is_ending_, true)) return false;
      open_shapes();
      return true;
    }
    play_round(stops ? best_.limit() : std::min(best_.limit(), front(closed_)));
    if (effort_.progress) effort_.progress({share_played(), best_time(), bound_of_all()});
    return true;
  }

  void open_shapes() {
    const std::size_t size = counts_ ? shapes_.size() : std::exchange(opening_, 2 * opening_);
    const std::vector<Bounded> batch = take(closed_, std::min(size, shapes_.size()), best_.limit());
    std::vector<std::optional<std::vector<Bounded>>> found(batch.size());
    const bool may_stop = counts_ || !open_.empty() || result_.evaluated > 0;
    const auto family = [&](std::size_t i) { return family_of_[batch[i].plan]; };
    workers_.run(batch.size(), family, [&](Evaluator& evaluator, std::size_t i) {
      if (may_stop && workers_.should_stop()) return;
      found[i] = fitting_plans(batch[i].plan, evaluator);
      if (counts_) tell_bounding(1);
    });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!found[i]) skipped_ = std::min(skipped_, batch[i].bound);
      if (!found[i]) continue;
      result_.fitting += static_cast<long long>(found[i]->size());
      for (const Bounded& plan : *found[i]) put(open_, plan);
    }
  }

  /// Plans of a shape that fit, but for those that its outline rules out.
  std::vector<Bounded> fitting_plans(std::size_t shape, Evaluator& evaluator) const {
    const Bytes capacity = room() * (1 - headroom());
    std::vector<Bounded> list;
    for (std::size_t plan = shape * settings(); plan < (shape + 1) * settings(); ++plan) {
      const plan::UniformPlan one = plan_of(plan);
      if (!counts_ && outline_of(shape, one.recompute) > best_.limit()) continue;
      evaluator.take(one, global_batch_);
      if (evaluator.fits(capacity)) list.push_back({plan, evaluator.bound() * (1 - rounding)});
    }
    return list;
  }

  double headroom() const { return space_.headroom; }

  void play_round(double limit) {
    const std::vector<Bounded> round = take(open_, std::exchange(round_, std::min(largest_round, 2 * round_)), limit);
    std::vector<std::optional<engine::Times>> times(round.size());
    const bool may_stop = result_.evaluated > 0;
    const auto family = [&](std::size_t i) { return family_of_plan(round[i].plan); };
    workers_.run(round.size(), family, [&](Evaluator& evaluator, std::size_t i) {
      if (may_stop && workers_.should_stop()) return;
      evaluator.take(plan_of(round[i].plan), global_batch_);
      times[i] = evaluator.times();
    });
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (!times[i]) {
        put(open_, round[i]);
        continue;
      }
      best_.insert({plan_of(round[i].plan), times[i]->total(), *times[i]});
      ++result_.evaluated;
    }
  }

  double best_time() const { return best_.list().empty() ? 0 : best_.list().front().step_time; }

  /// No plan that was not played is faster.
  double bound_of_rest() const {
    const double floor = any_.floor(global_batch_);
    return is_outlined_ ? std::max(floor, least_left()) : floor;
  }

  double bound_of_all() const {
    const double rest = bound_of_rest();
    if (best_.list().empty()) return std::isinf(rest) ? 0 : rest;
    return std::min(rest, best_time());
  }

  /// Of the distance between the first bound and the best time, the part that the bounds have climbed.
  double share_played() {
    if (lowest_ == 0) lowest_ = bound_of_all();
    const double way = best_time() - lowest_;
    const double climbed = way > 0 ? (bound_of_all() - lowest_) / way : 1;
    share_ = std::max(share_, share_of_bounding + (1 - share_of_bounding) * climbed);
    return share_;
  }

  void find_nearest_miss() {
    std::vector<std::pair<Bytes, std::size_t>> least(families());
    const auto family = [](std::size_t number) { return number; };
    workers_.run(families(), family, [&](Evaluator& evaluator, std::size_t number) {
      for (std::size_t i = first_of_[number] * settings(); i < first_of_[number + 1] * settings(); ++i) {
        evaluator.take(plan_of(i), global_batch_);
        if (const Bytes peak = evaluator.peak(); least[number].first == Bytes{} || peak < least[number].first)
          least[number] = {peak, i};
      }
    });
    if (least.empty()) return;
    const auto miss = *std::min_element(least.begin(), least.end(), [](auto& a, auto& b) { return a.first < b.first; });
    const auto& group = any_.group();
    const auto plan =
        plan::lay_out(plan_of(miss.second), any_.job().model.layers, global_batch_, 0, group.device.ranks);
    result_.nearest_miss = fmt::format("{} needs {:.1f} GiB on a rank with {:.1f} GiB, {:.0f} % of which is kept free",
                                       plan::to_text(plan), gib(miss.first), gib(room()), headroom() * 100);
  }

  const SearchSpace& space_;
  const std::vector<plan::UniformPlan> shapes_;
  const int global_batch_;
  WorkerPool& workers_;
  const Evaluator& any_;  ///< for facts about the job and the cluster
  const OutlineFacts facts_;
  const SearchLimits& effort_;
  const bool counts_;                              ///< all plans that fit
  const bool has_none_;                            ///< without recomputation
  std::vector<std::size_t> first_of_, family_of_;  ///< shape of each family, and the end; family of each shape
  std::vector<std::optional<UnitTimes>> units_;    ///< by family
  BestList best_;
  SearchResult result_;
  std::vector<Bounded> closed_, open_;          ///< heaps: shapes, and plans of lowered shapes, that may still win
  std::size_t round_, opening_ = first_opened;  ///< how many are played, and lowered, next
  double skipped_ = unbounded;                  ///< least bound of shapes that a stop has passed over
  bool is_outlined_ = false, is_ending_ = false;
  std::mutex guard_;
  std::size_t told_ = 0;
  double lowest_ = 0, share_ = 0;
};

}  // namespace

Searcher::Searcher(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster)
    : job_(job), cluster_(cluster), space_(fill_defaults(space, job, cluster.groups.front())) {}

SearchResult Searcher::search(int global_batch, const SearchLimits& effort) { return run(global_batch, effort, true); }
SearchResult Searcher::fastest(int global_batch, const SearchLimits& effort) {
  return run(global_batch, effort, false);
}

SearchResult Searcher::run(int global_batch, const SearchLimits& effort, bool counts) {
  const auto start = std::chrono::steady_clock::now();
  job_.global_batch = global_batch;
  while (static_cast<int>(evaluators_.size()) < std::max(1, effort.jobs))
    evaluators_.push_back(std::make_unique<Evaluator>(job_, cluster_));
  WorkerPool workers(evaluators_, effort);
  SearchResult result = ExactSearch(space_, job_, workers, *evaluators_.front(), effort, counts).run();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace chipmix::planner
