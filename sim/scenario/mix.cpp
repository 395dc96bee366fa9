#include "scenario/mix.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenario/parts.hpp"

namespace chipmix::scenario {
namespace {

using planner::Way;

/// Layouts that a search over one pipeline plays before it ends with what it has: some seconds for the answer itself
/// and much less for what is asked beside it (other cases of an assumption, what each chip adds). Only pipelines whose
/// links are slower than their stages come near them.
constexpr long long main_layouts = 200'000, side_layouts = 10'000;

class MixAnswer {
 public:
  MixAnswer(const Scenario& scenario, const Option& option, const Settings& settings)
      : scenario_(scenario),
        option_(option),
        settings_(settings),
        job_(scenario.job_of(option)),
        planner_(job_, *option.cluster, option.space, option.mix->sync_interval) {
    effort_.jobs = settings.jobs;
    effort_.stop = settings.stop;
    aside_ = effort_;
    effort_.layouts = settings.alternatives ? main_layouts : side_layouts;
    aside_.layouts = side_layouts;
  }

  OptionAnswer run() {
    if (auto refused = without_rate()) return *refused;
    const bool asks_alone = settings_.alternatives || is_asked(Way::campaign);
    const int islands = asks_alone ? static_cast<int>(option_.cluster->groups.size()) : 0;
    const int steps = islands + static_cast<int>(option_.mix->ways.size());
    for (int island = 0; island < islands; ++island) {
      alone_.push_back(take(planner_.alone(island, effort_), option_.cluster->groups[island].name + " alone"));
      tell(island + 1, steps);
    }
    std::vector<OptionAnswer> joint;
    for (Way way : option_.mix->ways) {
      joint.push_back(way == Way::campaign ? campaign() : take(planner_.plan(way, effort_), planner::name(way)));
      joint.back().way = planner::name(way);
      tell(islands + static_cast<int>(joint.size()), steps);
    }
    return choose(std::move(joint));
  }

 private:
  bool is_asked(Way way) const {
    const auto& ways = option_.mix->ways;
    return std::find(ways.begin(), ways.end(), way) != ways.end();
  }

  /// Told of whole ways: how long the next takes is not known before.
  void tell(int done, int all) const {
    if (settings_.progress) settings_.progress(static_cast<double>(done) / all);
  }

  std::optional<OptionAnswer> without_rate() const {
    for (const hardware::NodeGroup& group : option_.cluster->groups) {
      const Dtype dtype = group.dtype.value_or(job_.dtype);
      if (!group.device.peak.count(dtype))
        return infeasible(option_, estimate::Constraint::dtype,
                          fmt::format("{} has no {} rate; give island '{}' a dtype of its own", group.device.name,
                                      chipmix::name(dtype), group.name));
    }
    return std::nullopt;
  }

  OptionAnswer take(const planner::WayResult& found, const std::string& name) {
    OptionAnswer answer = found.plan ? answer_plan(scenario_, option_, *found.plan, quick())
                                     : infeasible(option_, estimate::Constraint::nothing_found, found.reason);
    answer.name = answer.label = name;
    answer.search = planner::SearchResult{};
    answer.search->considered = found.considered;
    answer.search->evaluated = found.evaluated;
    answer.search->complete = found.complete;
    answer.search->bound = found.bound;
    return answer;
  }

  /// How sure is asked of the chosen way only.
  Settings quick() const {
    Settings settings = settings_;
    settings.intervals = false;
    return settings;
  }

  /// Each island for the same length of time, so that its share of the tokens goes with its speed.
  OptionAnswer campaign() {
    double rate = 0;
    for (const OptionAnswer& island : alone_) {
      if (!island.feasible())
        return infeasible(option_, island.reason->constraint, island.name + ": " + island.reason->explanation);
      rate += island.tokens_per_s;
    }
    OptionAnswer answer;
    answer.name = answer.label = planner::name(Way::campaign);
    for (const OptionAnswer& island : alone_) {
      Run run = island.runs.front();
      run.share = island.tokens_per_s / rate;
      run.duration = run.duration * run.share;
      charge(answer, scenario_, option_, run);
      answer.runs.push_back(std::move(run));
    }
    total(answer, scenario_);
    return answer;
  }

  OptionAnswer choose(std::vector<OptionAnswer> joint) {
    const OptionAnswer* best = nullptr;
    for (const OptionAnswer& way : joint)
      if (way.feasible() && (!best || is_better(way, *best))) best = &way;
    if (!best) {
      OptionAnswer refused = infeasible(option_, estimate::Constraint::nothing_found, why_none(joint));
      refused.ways = side_by_side(std::move(joint));
      return refused;
    }
    OptionAnswer chosen = *best;
    if (chosen.runs.size() == 1 && settings_.intervals) {
      chosen = answer_plan(scenario_, option_, best->runs.front().plan, settings_);
      chosen.search = best->search;
      chosen.way = best->way;
    }
    chosen.name = option_.name;
    chosen.label = option_.label;
    chosen.limit = limit(chosen);
    if (settings_.alternatives && chosen.runs.size() == 1) chosen.worth = worth(chosen);
    chosen.ways = side_by_side(std::move(joint));
    return chosen;
  }

  std::vector<OptionAnswer> side_by_side(std::vector<OptionAnswer> joint) {
    for (OptionAnswer& island : alone_) joint.push_back(std::move(island));
    for (OptionAnswer& way : joint)
      if (way.feasible()) way.limit = limit(way);
    return joint;
  }

  static bool is_better(const OptionAnswer& a, const OptionAnswer& b) {
    const bool at_once = a.runs.size() == 1;
    if (at_once != (b.runs.size() == 1)) return at_once;
    if (a.priced() && b.priced()) return a.bill.total().amount < b.bill.total().amount;
    return a.duration < b.duration;
  }

  static std::string why_none(const std::vector<OptionAnswer>& joint) {
    std::string text;
    for (const OptionAnswer& way : joint)
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", way.name, way.reason->explanation);
    return text;
  }

  /// The largest account of time that is not the model's own work.
  static std::string limit(const OptionAnswer& answer) {
    if (answer.runs.size() != 1) return "one island works while the others are not held";
    const estimate::Estimate& estimate = answer.runs.front().estimate;
    std::string account;
    Seconds most;
    for (const auto& entry : estimate.time.entries())
      if (!is_work(entry.account) && entry.amount > most) most = entry.amount, account = entry.account;
    return account.empty() ? "" : fmt::format("{} {:.0f} %", account, 100 * (most / estimate.step_time));
  }

  static bool is_work(const std::string& account) {
    for (engine::Spent spent : {engine::Spent::matrix_products, engine::Spent::experts, engine::Spent::attention,
                                engine::Spent::elementwise, engine::Spent::head_and_loss})
      if (account == engine::name(spent)) return true;
    return false;
  }

  std::vector<ChipWorth> worth(const OptionAnswer& chosen) {
    std::vector<ChipWorth> list;
    const hardware::Cluster& cluster = *option_.cluster;
    for (std::size_t island = 0; island < cluster.groups.size(); ++island) {
      const hardware::NodeGroup& group = cluster.groups[island];
      ChipWorth one{group.name, group.devices};
      if (alone_[island].feasible()) one.alone = alone_[island].tokens_per_s / group.devices;
      one.average = (chosen.tokens_per_s - rate_with(chosen, island, 0)) / group.devices;
      one.fewer = group.devices / 2 / group.node.devices * group.node.devices;
      if (one.fewer > 0)
        one.marginal = (chosen.tokens_per_s - rate_with(chosen, island, group.devices - one.fewer)) / one.fewer;
      list.push_back(one);
    }
    return list;
  }

  /// Tokens per second the same way with another number of one island's devices; 0 where nothing fits.
  double rate_with(const OptionAnswer& chosen, std::size_t island, int devices) {
    hardware::Cluster cluster = *option_.cluster;
    if (devices == 0) return rate_without(island);
    cluster.groups[island].devices = devices;
    Way way = Way::pipeline;
    for (Way one : planner::all_ways)
      if (chosen.way == planner::name(one)) way = one;
    const auto found = planner::MixPlanner(job_, cluster, option_.space, option_.mix->sync_interval).plan(way, aside_);
    return found.plan ? job_.tokens_per_step() / found.step_time : 0;
  }

  /// The other islands, alone or in the faster of one pipeline and shares.
  double rate_without(std::size_t island) {
    hardware::Cluster cluster = *option_.cluster;
    cluster.groups.erase(cluster.groups.begin() + static_cast<std::ptrdiff_t>(island));
    const int gone = static_cast<int>(island);
    std::erase_if(cluster.links, [&](const auto& link) { return link.one == gone || link.other == gone; });
    for (hardware::IslandLink& link : cluster.links) link.one -= link.one > gone, link.other -= link.other > gone;
    planner::MixPlanner planner(job_, cluster, option_.space, option_.mix->sync_interval);
    double rate = 0;
    const auto take = [&](const planner::WayResult& found) {
      if (found.plan) rate = std::max(rate, job_.tokens_per_step() / found.step_time);
    };
    if (cluster.groups.size() == 1) {
      take(planner.alone(0, aside_));
      return rate;
    }
    take(planner.plan(Way::data, aside_));
    take(planner.plan(Way::pipeline, aside_));
    return rate;
  }

  const Scenario& scenario_;
  const Option& option_;
  const Settings& settings_;
  const workload::TrainingJob job_;
  planner::MixPlanner planner_;
  planner::Effort effort_, aside_;
  std::vector<OptionAnswer> alone_;
};

}  // namespace

OptionAnswer answer_mix(const Scenario& scenario, const Option& option, const Settings& settings) {
  return MixAnswer(scenario, option, settings).run();
}

}  // namespace chipmix::scenario
