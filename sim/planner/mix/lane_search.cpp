#include "planner/mix/lane_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/parallel.hpp"
#include "planner/mix/lane_player.hpp"
#include "planner/mix/lane_space.hpp"
#include "planner/unbounded.hpp"

namespace chipmix::planner {
namespace {

double waiting_of(const hardware::Cluster& cluster, const std::vector<int>& islands, int ranks_beside) {
  int ranks = ranks_beside;
  double waiting = 0;
  for (int island : islands) ranks += cluster.groups[island].ranks();
  for (int island : islands)
    waiting = std::max(waiting, engine::slowest_of(ranks, cluster.groups[island].stack.jitter.value));
  return waiting;
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
        waiting_(waiting_of(cluster_, islands_, ranks_beside)),
        shapes_(job_, context_, islands_, space_, waiting_) {}

  LaneResult search(int batch, const SearchLimits& effort, double cutoff) {
    effort_ = effort;
    cutoff_ = cutoff;
    result_ = {};
    best_.clear();
    shortfall_ = unbounded;
    while (static_cast<int>(players_.size()) < std::max(1, effort.jobs))
      players_.push_back(std::make_unique<LanePlayer>(job_, context_, ranks_beside_, waiting_));
    shapes_.set_batch(batch);
    last_layout_ = effort.layouts > 0 ? played() + effort.layouts : 0;
    deepen();
    if (const auto [held, needed] = shapes_.most_held(); held < needed)
      result_.nearest_miss = fmt::format("the memory of the devices holds {} of {} layers", held, needed);
    for (Played& best : best_) players_.front()->polish(best);
    sort_best();
    for (Played& best : best_) result_.best.push_back({std::move(*best.plan), best.step_time});
    if (result_.complete && !best_.empty()) result_.bound = best_.front().step_time;
    return std::move(result_);
  }

  LaneSpace& shapes() { return shapes_; }

 private:
  /// Plays all shapes whose bound is below a limit that grows until the best plan is below it.
  void deepen() {
    constexpr double first = 1.02, growth = 1.05;
    double high = std::min(shapes_.least_bound() * first, to_beat());
    if (shapes_.least_bound() == unbounded) return;
    for (bool has_more = true; has_more && play(shapes_.next(high, has_more), high);
         high = std::min(high * growth, to_beat()))
      if (high >= to_beat()) break;
    if (result_.complete) result_.bound = high;
  }

  double to_beat() const { return static_cast<int>(best_.size()) < effort_.keep ? cutoff_ : best_.back().step_time; }

  /// False when stopped. Candidates come in the order of their bounds; all shapes up to `high` are among them.
  bool play(const std::vector<Candidate>& candidates, double high) {
    result_.considered += static_cast<long long>(candidates.size());
    constexpr std::size_t first_round = 64, longest_round = 2048;  // few are left out by the first few plans found
    std::vector<Played> played;
    for (std::size_t begin = 0, round = first_round; begin < candidates.size();
         begin += round, round = std::min(2 * round, longest_round)) {
      if (candidates[begin].bound > to_beat()) return true;
      result_.bound = candidates[begin].bound;
      tell();
      if (is_stopped()) return false;
      const std::size_t count = std::min(round, candidates.size() - begin);
      played.assign(count, {});
      const int workers = static_cast<int>(players_.size());
      const double beaten = to_beat();
      parallel_for(workers, workers, [&](int worker) {
        for (std::size_t i = worker; i < count; i += workers)
          played[i] = players_[worker]->play(candidates[begin + i].shape, beaten);
      });
      for (Played& one : played) take(std::move(one));
    }
    result_.bound = high;
    return !is_stopped();
  }

  bool is_stopped() {
    const bool is_spent = last_layout_ > 0 && played() >= last_layout_;
    if (is_spent || (effort_.stop && effort_.stop())) result_.complete = false;
    return !result_.complete;
  }

  long long played() const {
    long long sum = 0;
    for (const auto& player : players_) sum += player->played();
    return sum;
  }

  void tell() const {
    if (!effort_.progress) return;
    const double best = best_.empty() ? 0 : best_.front().step_time;
    effort_.progress({best > 0 ? result_.bound / best : 0, best, result_.bound});
  }

  void take(Played played) {
    ++result_.evaluated;
    if (!played.plan) return remember_miss(played);
    if (played.step_time >= cutoff_) return;
    best_.push_back(std::move(played));
    sort_best();
    if (static_cast<int>(best_.size()) > effort_.keep) best_.pop_back();
  }

  void sort_best() {
    std::stable_sort(best_.begin(), best_.end(),
                     [](const Played& a, const Played& b) { return a.step_time < b.step_time; });
  }

  void remember_miss(const Played& played) {
    if (played.shortfall == 0 || played.shortfall >= shortfall_ || !best_.empty()) return;
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
  const double waiting_;  ///< for the slowest rank, as a share of the passes
  LaneSpace shapes_;
  std::vector<std::unique_ptr<LanePlayer>> players_;
  SearchLimits effort_;
  double cutoff_ = unbounded;
  long long last_layout_ = 0;  ///< played() at which this search ends; 0: whenever it is done
  LaneResult result_;
  std::vector<Played> best_;  ///< fastest first
  double shortfall_ = unbounded;
};

LaneSearch::LaneSearch(const workload::TrainingJob& job, const hardware::Cluster& cluster, std::vector<int> islands,
                       const SearchSpace& space, int ranks_beside, double outer_bytes)
    : impl_(std::make_unique<Impl>(job, cluster, std::move(islands), space, ranks_beside, outer_bytes)) {}
LaneSearch::~LaneSearch() = default;
LaneSearch::LaneSearch(LaneSearch&&) noexcept = default;

LaneResult LaneSearch::search(int batch, const SearchLimits& effort, double cutoff) {
  return impl_->search(batch, effort, cutoff);
}
std::vector<int> LaneSearch::quanta() { return impl_->shapes().quanta(); }
double LaneSearch::best_rate() { return impl_->shapes().best_rate(); }
bool LaneSearch::has_order() const { return impl_->shapes().has_order(); }

SearchSpace fill_lane_defaults(SearchSpace space) {
  if (space.micro_batch.empty()) space.micro_batch = {1, 2, 4, 8};
  if (space.interleave.empty()) space.interleave = {1, 2, 4};
  if (space.recompute.empty()) space.recompute = {plan::all_recomputes.begin(), plan::all_recomputes.end()};
  if (space.zero.empty()) space.zero = {plan::Zero::optimizer};
  return space;
}

}  // namespace chipmix::planner
