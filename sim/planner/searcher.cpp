#include "planner/searcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "base/parallel.hpp"
#include "planner/best_list.hpp"

namespace chipmix::planner {
namespace {

constexpr std::size_t slice_size = 1024;             // plans bounded in a row by one thread
constexpr std::size_t first_round = 8;               // plans played before the first look at what can still win,
constexpr std::size_t largest_round = 256;           // doubled from round to round up to this many
constexpr std::size_t plans_between_questions = 16;  // whether to stop
constexpr double share_of_bounding = 0.8;            // of the work, for the progress bar
constexpr double rounding = 1e-12;                   // a bound adds up the same seconds in another order than a time

struct Bounded {
  std::size_t plan = 0;
  double bound = 0;
  /// For heaps, whose front is the largest.
  friend bool operator<(const Bounded& a, const Bounded& b) {
    return a.bound != b.bound ? a.bound > b.bound : a.plan > b.plan;
  }
};

/// Threads with an evaluator each, told to stop and telling how far they are.
class Crew {
 public:
  Crew(std::vector<std::unique_ptr<Evaluator>>& evaluators, const Effort& effort)
      : evaluators_(evaluators), effort_(effort) {}

  /// Runs body(evaluator, item) for each of `count` items, in any order.
  template <class Body>
  void run(std::size_t count, Body body) {
    const int threads = static_cast<int>(std::min<std::size_t>(std::max(1, effort_.jobs), count));
    std::atomic<std::size_t> next{0};
    parallel_for(threads, threads, [&](int thread) {
      for (std::size_t item = next++; item < count; item = next++) body(*evaluators_[thread], item);
    });
  }

  bool should_stop() {
    if (!stopped_ && effort_.stop && effort_.stop()) stopped_ = true;
    return stopped_;
  }

 private:
  std::vector<std::unique_ptr<Evaluator>>& evaluators_;
  const Effort& effort_;
  std::atomic<bool> stopped_{false};
};

/// One search: all plans bounded, then played in the order of their bounds until none can win.
class Hunt {
 public:
  Hunt(std::vector<plan::UniformPlan> plans, int global_batch, double headroom, Crew& crew, const Evaluator& any,
       const Effort& effort)
      : plans_(std::move(plans)),
        global_batch_(global_batch),
        headroom_(headroom),
        crew_(crew),
        any_(any),
        effort_(effort),
        best_(effort.keep, effort.diverse) {}

  SearchResult run() {
    result_.considered = static_cast<long long>(plans_.size());
    bound();
    play();
    result_.best = best_.list();
    if (result_.fitting == 0 && result_.complete) find_nearest_miss();
    result_.bound = bound_of_rest();
    if (!result_.best.empty()) result_.bound = std::min(result_.bound, result_.best.front().step_time);
    if (effort_.progress) effort_.progress({1, best_time(), result_.bound});
    return std::move(result_);
  }

 private:
  Bytes room() const { return any_.group().device.memory.value / any_.group().device.ranks; }
  std::size_t slices() const { return (plans_.size() + slice_size - 1) / slice_size; }

  template <class Visit>
  void for_slice(std::size_t slice, Visit visit) const {
    for (std::size_t i = slice * slice_size; i < std::min(plans_.size(), (slice + 1) * slice_size); ++i) visit(i);
  }

  void bound() {
    std::vector<std::vector<Bounded>> found(slices());
    const Bytes capacity = room() * (1 - headroom_);
    std::atomic<std::size_t> looked_at{0};
    crew_.run(slices(), [&](Evaluator& evaluator, std::size_t slice) {
      std::size_t here = 0;
      bool is_stopping = false;
      for_slice(slice, [&](std::size_t i) {
        if (i % plans_between_questions == 0) is_stopping = crew_.should_stop();
        if (is_stopping) return;
        evaluator.take(plans_[i], global_batch_);
        if (evaluator.fits(capacity)) found[slice].push_back({i, evaluator.bound() * (1 - rounding)});
        ++here;
      });
      looked_at += here;
      tell_bounding(here);
    });
    for (const auto& list : found) open_.insert(open_.end(), list.begin(), list.end());
    std::make_heap(open_.begin(), open_.end());
    result_.fitting = static_cast<long long>(open_.size());
    all_bounded_ = looked_at == plans_.size();
    result_.complete = all_bounded_;
  }

  void tell_bounding(std::size_t more) {
    if (!effort_.progress) return;
    const std::lock_guard lock(guard_);
    told_ += more;
    effort_.progress({share_of_bounding * static_cast<double>(told_) / static_cast<double>(plans_.size()), 0, 0});
  }

  /// A search that is stopped before the first plan was played still plays the most promising ones.
  void play() {
    std::size_t size = std::max<std::size_t>(first_round, effort_.keep);
    for (bool first = true; !open_.empty() && open_.front().bound <= best_.limit(); first = false) {
      if (!first && crew_.should_stop()) result_.complete = false;
      if (!first && !result_.complete) break;
      play_round(std::exchange(size, std::min(largest_round, 2 * size)), !first);
      if (effort_.progress) effort_.progress({share_played(), best_time(), bound_of_rest()});
    }
  }

  void play_round(std::size_t size, bool may_stop) {
    std::vector<Bounded> round;
    for (; round.size() < size && !open_.empty() && open_.front().bound <= best_.limit(); open_.pop_back()) {
      std::pop_heap(open_.begin(), open_.end());
      round.push_back(open_.back());
    }
    std::vector<std::optional<engine::Times>> times(round.size());
    crew_.run(round.size(), [&](Evaluator& evaluator, std::size_t i) {
      if (may_stop && crew_.should_stop()) return;
      evaluator.take(plans_[round[i].plan], global_batch_);
      times[i] = evaluator.times();
    });
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (!times[i]) {
        open_.push_back(round[i]);
        std::push_heap(open_.begin(), open_.end());
        continue;
      }
      best_.insert({plans_[round[i].plan], times[i]->total(), *times[i]});
      ++result_.evaluated;
    }
  }

  double best_time() const { return best_.list().empty() ? 0 : best_.list().front().step_time; }

  /// No plan that was not played is faster.
  double bound_of_rest() const {
    double bound = open_.empty() ? std::numeric_limits<double>::infinity() : open_.front().bound;
    if (!all_bounded_) bound = std::min(bound, any_.floor(global_batch_));
    return std::isinf(bound) ? best_time() : bound;
  }

  /// Of the distance between the first bound and the best time, the part that the bounds have climbed.
  double share_played() {
    if (lowest_ == 0) lowest_ = bound_of_rest();
    const double way = best_time() - lowest_;
    const double climbed = way > 0 ? std::clamp((bound_of_rest() - lowest_) / way, 0.0, 1.0) : 1;
    share_ = std::max(share_, share_of_bounding + (1 - share_of_bounding) * climbed);
    return share_;
  }

  void find_nearest_miss() {
    std::vector<std::pair<Bytes, std::size_t>> least(slices());
    crew_.run(slices(), [&](Evaluator& evaluator, std::size_t slice) {
      for_slice(slice, [&](std::size_t i) {
        evaluator.take(plans_[i], global_batch_);
        if (const Bytes peak = evaluator.peak(); least[slice].first == Bytes{} || peak < least[slice].first)
          least[slice] = {peak, i};
      });
    });
    if (least.empty()) return;
    const auto miss = *std::min_element(least.begin(), least.end(), [](auto& a, auto& b) { return a.first < b.first; });
    const auto& group = any_.group();
    const auto plan = plan::lay_out(plans_[miss.second], any_.job().model.layers, global_batch_, 0, group.device.ranks);
    result_.nearest_miss = fmt::format("{} needs {:.1f} GiB on a rank with {:.1f} GiB, {:.0f} % of which is kept free",
                                       plan::to_text(plan), gib(miss.first), gib(room()), headroom_ * 100);
  }

  const std::vector<plan::UniformPlan> plans_;
  const int global_batch_;
  const double headroom_;
  Crew& crew_;
  const Evaluator& any_;  ///< for facts about the job and the cluster
  const Effort& effort_;
  BestList best_;
  SearchResult result_;
  std::vector<Bounded> open_;  ///< a heap: what may still win
  bool all_bounded_ = false;
  std::mutex guard_;
  std::size_t told_ = 0;
  double lowest_ = 0, share_ = 0;
};

}  // namespace

Searcher::Searcher(const SearchSpace& space, const workload::TrainingJob& job, const hardware::Cluster& cluster)
    : job_(job), cluster_(cluster), space_(fill_defaults(space, job, cluster.groups.front())) {}

SearchResult Searcher::search(int global_batch, const Effort& effort) {
  const auto start = std::chrono::steady_clock::now();
  job_.global_batch = global_batch;
  while (static_cast<int>(evaluators_.size()) < std::max(1, effort.jobs))
    evaluators_.push_back(std::make_unique<Evaluator>(job_, cluster_));
  Crew crew(evaluators_, effort);
  SearchResult result = Hunt(candidates(space_, job_, cluster_.groups.front()), global_batch, space_.headroom, crew,
                             *evaluators_.front(), effort)
                            .run();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace chipmix::planner
