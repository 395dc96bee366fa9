#include "planner/mix/lane_rates.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::planner {

Rated::Rated(const StageOption& what, const UnitWeights& weights, plan::Recompute recompute, const UnitTable& table,
             double room, int longest)
    : option(&what), room_(room) {
  const std::vector<double>& time = what.time[static_cast<int>(recompute)];
  const auto& kinds = what.kind_of;
  const auto unit = std::find(kinds.begin(), kinds.end(), weights.commonest) - kinds.begin();
  const std::size_t last = kinds.size() - 1;
  const double head = table.saved[last + 1] - table.saved[last];  // is given back before layers need their working set
  rate = stage_rate(what, weights, recompute);
  seconds = layer = time[weights.commonest];
  for (std::size_t i = 1; i < last; ++i) layer = std::min(layer, time[kinds[i]]);
  state_ = table.state[unit + 1] - table.state[unit];
  saved_ = table.saved[unit + 1] - table.saved[unit];
  working_ = std::max(0.0, table.working[unit] - head);
  sums_.push_back(0);
  for (int in_flight = 1; in_flight <= std::max(longest, what.stages); ++in_flight) {
    most_.push_back(most(in_flight));
    sums_.push_back(sums_.back() + most_.back());
  }
}

int Rated::most(double in_flight) const {
  return std::max(0, static_cast<int>(std::floor((room_ - working_) / (state_ + in_flight * saved_))));
}

long long Rated::units(int micro_batches, double within, int from_end) const {
  const int first = std::min(micro_batches, from_end), last = std::min(micro_batches, from_end + option->stages - 1);
  const int apart = last - first + 1;  // the others hold as much as the last of these
  if (std::isinf(within)) return sums_[last] - sums_[first - 1] + 1LL * most_[last - 1] * (option->stages - apart);
  constexpr double rounding = 1e-9;
  const double in_time = std::max(0.0, std::floor(within / seconds * (1 + rounding)));
  const auto begin = most_.begin() + (first - 1), end = most_.begin() + last;
  const auto full = std::partition_point(begin, end, [&](int most) { return most >= in_time; });
  const auto whole = full > begin ? static_cast<long long>(in_time) * (full - begin) : 0;
  const auto rest = static_cast<long long>(std::min<double>(in_time, most_[last - 1]));
  return whole + sums_[last] - sums_[full - most_.begin()] + rest * (option->stages - apart);
}

LaneRates::LaneRates(const workload::TrainingJob& job, const LaneContext& context, const std::vector<int>& islands,
                     const SearchSpace& space)
    : context_(context), islands_(islands), space_(space), lowering_(job), engine_(context.cluster), tables_(context) {}

const std::vector<StageOption>& LaneRates::options(int island, int data, int micro_batch) {
  const auto [entry, is_new] = options_.try_emplace({island, data, micro_batch});
  if (is_new) entry->second = stage_options(space_, island, data, micro_batch, data * micro_batch, lowering_, engine_);
  return entry->second;
}

RatedIslands LaneRates::make(int data, int micro_batch, plan::Recompute recompute, plan::Zero zero) {
  RatedIslands rated;
  for (int island : islands_) {
    const auto& options = this->options(island, data, micro_batch);
    if (options.empty()) return {};
    if (rated.islands.empty()) {
      rated.weights = unit_weights(options.front(), recompute);
      rated.units = options.front().count_of[rated.weights.commonest];
    }
    const double room = unit_room(context_.headroom, context_.cluster.groups[island]);
    std::vector<Rated> list;
    list.reserve(options.size());
    for (const StageOption& option : options) {
      list.emplace_back(option, rated.weights, recompute, tables_.of(option, recompute, zero), room,
                        context_.layers + 2);
      list.back().number = rated.options++;
    }
    rated.islands.push_back(std::move(list));
  }
  rated.sends = &sends_[{data, micro_batch}];
  rated.sends->resize(static_cast<std::size_t>(rated.options) * rated.options, -1);
  return rated;
}

const RatedIslands* LaneRates::rated(int data, int micro_batch, plan::Recompute recompute, plan::Zero zero) {
  const auto [entry, is_new] = rated_.try_emplace({data, micro_batch, recompute, zero});
  if (is_new) entry->second = make(data, micro_batch, recompute, zero);
  return entry->second.islands.empty() ? nullptr : &entry->second;
}

}  // namespace chipmix::planner
