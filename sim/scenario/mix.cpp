#include "scenario/mix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/parallel.hpp"
#include "hardware/trains_in.hpp"
#include "scenario/charge.hpp"
#include "scenario/mix_worth.hpp"
#include "scenario/parts.hpp"

namespace chipmix::scenario {
namespace {

using MixWay = planner::Way;

/// Layouts that a search over one pipeline plays before it ends with what it has: some seconds for the answer itself
/// and much less for what is asked beside it (other cases of an assumption, what each chip adds). Only pipelines whose
/// links are slower than their stages come near them.
constexpr long long main_layouts = 200'000, side_layouts = 10'000;

class MixAnswer {
 public:
  MixAnswer(const Scenario& scenario, const Option& option, const Settings& settings)
      : scenario_(scenario), option_(option), settings_(settings), job_(scenario.job_of(option)) {
    const int islands = static_cast<int>(option.cluster->groups.size());
    if (settings.alternatives || is_asked(MixWay::campaign))
      for (int island = 0; island < islands; ++island) questions_.push_back({island, MixWay::data});
    for (MixWay way : option.mix->ways)
      if (way != MixWay::campaign) questions_.push_back({-1, way});
    effort_.jobs = jobs_inside(settings.jobs, static_cast<int>(questions_.size()));
    effort_.stop = settings.stop;
    aside_ = effort_;
    effort_.layouts = settings.alternatives ? main_layouts : side_layouts;
    aside_.layouts = side_layouts;
  }

  OptionAnswer run() {
    if (auto refused = without_rate()) return *refused;
    std::vector<OptionAnswer> answers(questions_.size());
    parallel_for(static_cast<int>(answers.size()), settings_.jobs, [&](int i) {
      answers[i] = ask(questions_[i]);
      tell();
    });
    auto next = answers.begin();
    for (const Question& question : questions_)
      if (question.island >= 0) alone_.push_back(std::move(*next++));
    std::vector<OptionAnswer> joint;
    for (MixWay way : option_.mix->ways) {
      joint.push_back(way == MixWay::campaign ? campaign() : std::move(*next++));
      joint.back().way = planner::name(way);
    }
    return choose(std::move(joint));
  }

 private:
  /// One island alone, or a way when that is -1.
  struct Question {
    int island = -1;
    MixWay way = MixWay::pipeline;
  };

  OptionAnswer ask(const Question& question) const {
    planner::MixPlanner planner(job_, *option_.cluster, option_.space, option_.mix->sync_interval);
    if (question.island < 0) return take(planner.plan(question.way, effort_), name(question.way));
    const std::string& island = option_.cluster->groups[question.island].name;
    return take(planner.alone(question.island, effort_), island + " alone");
  }

  bool is_asked(MixWay way) const {
    const auto& ways = option_.mix->ways;
    return std::find(ways.begin(), ways.end(), way) != ways.end();
  }

  /// Told of whole questions: how long the next takes is not known before.
  void tell() {
    if (settings_.progress) settings_.progress(++answered_ / static_cast<double>(questions_.size()));
  }

  std::optional<OptionAnswer> without_rate() const {
    for (const hardware::NodeGroup& group : option_.cluster->groups) {
      const Dtype dtype = group.dtype.value_or(job_.dtype);
      if (!hardware::trains_in(group.device, dtype))
        return infeasible(
            option_, estimate::Constraint::dtype,
            fmt::format("{}; give island '{}' a dtype of its own", hardware::no_rate(group.device, dtype), group.name));
    }
    return std::nullopt;
  }

  OptionAnswer take(const planner::WayResult& found, const std::string& name) const {
    OptionAnswer answer = found.plan ? answer_plan(scenario_, option_, *found.plan, quick())
                                     : infeasible(option_, found.constraint, found.reason);
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
  OptionAnswer campaign() const {
    double rate = 0;
    for (const OptionAnswer& island : alone_) {
      if (!island.feasible())
        return infeasible(option_, island.reason->constraint, island.name + ": " + island.reason->explanation);
      rate += island.tokens_per_s;
    }
    OptionAnswer answer;
    answer.name = answer.label = planner::name(MixWay::campaign);
    for (const OptionAnswer& island : alone_) {
      Run run = island.runs.front();
      run.share = island.tokens_per_s / rate;
      run.useful = run.useful * run.share;
      run.steady = run.steady * run.share;
      run.duration = run.duration * run.share;
      charge(answer, scenario_, option_, run);
      answer.runs.push_back(std::move(run));
    }
    total(answer, scenario_);
    return answer;
  }

  /// An island's answer with how sure it is.
  OptionAnswer surely(const OptionAnswer& island) const {
    OptionAnswer sure = answer_plan(scenario_, option_, island.runs.front().plan, settings_);
    sure.name = island.name;
    sure.label = island.label;
    sure.search = island.search;
    return sure;
  }

  OptionAnswer choose(std::vector<OptionAnswer> joint) {
    const OptionAnswer* best = nullptr;
    for (const OptionAnswer& way : joint)
      if (way.feasible() && (!best || is_better(way, *best))) best = &way;
    if (!best) {
      OptionAnswer refused = infeasible(option_, joint.front().reason->constraint, why_none(joint));
      refused.ways = side_by_side(std::move(joint));
      return refused;
    }
    OptionAnswer chosen = *best;
    if (chosen.runs.size() > 1 && settings_.intervals) {
      for (OptionAnswer& island : alone_) island = surely(island);
      const OptionAnswer sure = campaign();
      chosen.runs = sure.runs;
      chosen.p10 = sure.p10, chosen.p90 = sure.p90;
      chosen.bill = sure.bill;
      chosen.cost_p10 = sure.cost_p10, chosen.cost_p90 = sure.cost_p90;
    }
    if (chosen.runs.size() == 1 && settings_.intervals) {
      chosen = answer_plan(scenario_, option_, best->runs.front().plan, settings_);
      chosen.search = best->search;
      chosen.way = best->way;
    }
    chosen.name = option_.name;
    chosen.label = option_.label;
    chosen.limit = limit(chosen);
    if (settings_.alternatives && chosen.runs.size() == 1)
      chosen.worth = chip_worth(job_, option_, chosen, alone_, aside_, settings_.jobs);
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
    std::vector<std::pair<std::string, std::string>> reasons;  // and the ways they hold for
    for (const OptionAnswer& way : joint) {
      const auto same = std::find_if(reasons.begin(), reasons.end(),
                                     [&](const auto& entry) { return entry.first == way.reason->explanation; });
      if (same == reasons.end())
        reasons.emplace_back(way.reason->explanation, way.name);
      else
        same->second += ", " + way.name;
    }
    std::string text;
    for (const auto& [reason, ways] : reasons) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", ways, reason);
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

  const Scenario& scenario_;
  const Option& option_;
  const Settings& settings_;
  const workload::TrainingJob job_;
  std::vector<Question> questions_;
  std::atomic<int> answered_{0};
  planner::SearchLimits effort_, aside_;
  std::vector<OptionAnswer> alone_;
};

}  // namespace

OptionAnswer answer_mix(const Scenario& scenario, const Option& option, const Settings& settings) {
  return MixAnswer(scenario, option, settings).run();
}

}  // namespace chipmix::scenario
