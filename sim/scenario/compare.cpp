// Options side by side: phases combined, the baseline, the front, the assumptions' other cases.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "base/parallel.hpp"
#include "scenario/answer.hpp"
#include "scenario/cases.hpp"
#include "scenario/charge.hpp"
#include "scenario/confidence.hpp"
#include "scenario/parts.hpp"
#include "scenario/recommend.hpp"
#include "scenario/sound.hpp"

namespace chipmix::scenario {
namespace {

/// An option made of phases, from the answers of the options it names.
OptionAnswer combine(const Scenario& scenario, const Option& option, const std::vector<OptionAnswer>& answers) {
  OptionAnswer answer;
  answer.name = option.name;
  answer.label = option.label;
  for (const Phase& phase : option.phases) {
    const OptionAnswer& part = answers[phase.option];
    if (!part.feasible())
      return infeasible(option, part.reason->constraint,
                        fmt::format("option {}: {}", part.name, part.reason->explanation));
    Run run = part.runs.front();
    run.share = phase.share;
    run.useful = run.useful * phase.share;
    run.steady = run.steady * phase.share;
    run.moving = phase.moving;
    run.duration = run.duration * phase.share + phase.moving;
    charge(answer, scenario, scenario.options[phase.option], run);
    answer.runs.push_back(std::move(run));
  }
  total(answer, scenario);
  return sound(std::move(answer), scenario, option);
}

/// Which options to answer: a case that changes one option leaves the others as they were.
using Wanted = std::vector<bool>;
using Answers = std::vector<OptionAnswer>;

struct Question {
  const Scenario& scenario;
  Wanted wanted;
  bool is_central = true;  ///< then it is also asked how sure the answers are, and what else a mix could do
};

/// Adds up the progress of many items of work; told from any thread.
class SharedProgress {
 public:
  SharedProgress(std::size_t items, const std::function<void(double)>& whole) : done_(items, 0), whole_(whole) {}

  std::function<void(double)> item(std::size_t index) {
    if (!whole_) return {};
    return [this, index](double share) {
      const std::lock_guard lock(guard_);
      done_[index] = share;
      whole_(std::accumulate(done_.begin(), done_.end(), 0.0) / static_cast<double>(done_.size()));
    };
  }

 private:
  std::mutex guard_;
  std::vector<double> done_;
  const std::function<void(double)>& whole_;
};

/// The answers of the options with clusters, all questions at once, so that no thread waits for the longest option.
std::vector<Answers> answer_clusters(const std::vector<Question>& questions, const Settings& settings) {
  struct Item {
    std::size_t question;
    int option;
  };
  std::vector<Item> items;
  std::vector<Answers> answers;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const auto& options = questions[q].scenario.options;
    answers.emplace_back(options.size());
    for (int i = 0; i < static_cast<int>(options.size()); ++i)
      if (questions[q].wanted[i] && options[i].cluster) items.push_back({q, i});
  }
  const auto is_mix = [&](const Item& item) {
    return questions[item.question].scenario.options[item.option].mix.has_value();
  };
  std::stable_partition(items.begin(), items.end(), is_mix);  // the longest first
  SharedProgress progress(items.size(), settings.progress);
  parallel_for(static_cast<int>(items.size()), settings.jobs, [&](int i) {
    const auto [question, option] = items[i];
    Settings own = settings;
    own.jobs = jobs_inside(settings.jobs, static_cast<int>(items.size()));
    own.intervals = settings.intervals && questions[question].is_central;
    own.alternatives = own.intervals && settings.alternatives;
    own.progress = progress.item(i);
    if (own.progress) own.progress(0);
    answers[question][option] = answer(questions[question].scenario, option, own);
    if (own.progress) own.progress(1);
  });
  return answers;
}

/// Puts the wanted options that are made of phases together.
void combine_phases(const Question& question, Answers& answers) {
  const auto& options = question.scenario.options;
  for (std::size_t i = 0; i < options.size(); ++i)
    if (question.wanted[i] && !options[i].cluster) answers[i] = combine(question.scenario, options[i], answers);
}

void mark(Comparison& comparison) {
  auto& options = comparison.options;
  const OptionAnswer& baseline = options[comparison.baseline];
  for (OptionAnswer& a : options) {
    if (!a.priced()) continue;
    const double cost = a.bill.total().amount;
    if (baseline.priced()) a.relative_cost = cost / baseline.bill.total().amount;
    a.pareto = std::none_of(options.begin(), options.end(), [&](const OptionAnswer& b) {
      return b.priced() && b.bill.total().amount <= cost && b.duration <= a.duration &&
             (b.bill.total().amount < cost || b.duration < a.duration);
    });
  }
}

/// "options.A.rent" names option A; any other path concerns every option. Phases are put together in any case.
Wanted concerned(const Scenario& scenario, const CaseSpec& spec) {
  Wanted wanted;
  for (const Option& option : scenario.options) wanted.push_back(!option.cluster);
  for (const auto& [path, value] : spec.set) {
    const std::string prefix = "options.";
    const auto end = path.find('.', prefix.size());
    const int index = path.starts_with(prefix) && end != std::string::npos
                          ? scenario.find(path.substr(prefix.size(), end - prefix.size()))
                          : -1;
    if (index < 0) return Wanted(scenario.options.size(), true);
    wanted[index] = true;
  }
  return wanted;
}

/// A case asks what the chosen way of a mix costs, not which way would be cheapest.
void keep_ways(const Comparison& central, Scenario& other) {
  for (std::size_t i = 0; i < other.options.size(); ++i)
    for (planner::Way way : planner::all_ways)
      if (other.options[i].mix && central.options[i].way == planner::name(way)) other.options[i].mix->ways = {way};
}

constexpr double half = 0.5;

/// Progress of a part of the work, from one share of the whole to another.
Settings shared(const Settings& settings, double from, double to) {
  Settings part = settings;
  if (settings.progress) part.progress = [=](double share) { settings.progress(from + share * (to - from)); };
  return part;
}

/// `answers`: of the options that the case concerns.
CaseEffect effect(const Case& one, const Comparison& central, const Scenario& scenario, Answers answers) {
  const Scenario& other = one.scenario;
  const Question question{other, concerned(scenario, *one.spec)};
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (!question.wanted[i]) answers[i] = central.options[i];
  combine_phases(question, answers);
  CaseEffect result{one.assumption->assumed, one.spec->label, {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const bool known = answers[i].priced() && central.options[i].priced();
    result.cost_factor.push_back(
        known ? std::optional(cost_per_1t(answers[i], other).amount / cost_per_1t(central.options[i], scenario).amount)
              : std::nullopt);
  }
  return result;
}

}  // namespace

OptionAnswer answer_option(const Scenario& scenario, int index, const Settings& settings) {
  const Option& option = scenario.options[index];
  if (option.cluster) return answer(scenario, index, settings);
  Wanted wanted(scenario.options.size(), false);
  for (const Phase& phase : option.phases) wanted[phase.option] = true;
  wanted[index] = true;
  const Question question{scenario, wanted};
  Answers answers = answer_clusters({question}, settings).front();
  combine_phases(question, answers);
  return answers[index];
}

Comparison compare(const Scenario& scenario, const io::Document& document, Library& library, const Settings& settings) {
  std::vector<Case> cases = read_cases(scenario, document, library);  // its faults are shown before any search
  Comparison comparison;
  comparison.baseline = scenario.baseline;
  const Question central{scenario, Wanted(scenario.options.size(), true)};
  comparison.options = std::move(answer_clusters({central}, shared(settings, 0, half)).front());
  combine_phases(central, comparison.options);
  mark(comparison);
  hold_to_targets(comparison, scenario, settings);
  judge(comparison, scenario);
  require_sound(comparison);
  const auto is_stopped = [&] { return settings.stop && settings.stop(); };
  if (is_stopped()) cases.clear();
  std::vector<Question> questions;
  for (Case& one : cases) {
    keep_ways(comparison, one.scenario);
    questions.push_back({one.scenario, concerned(scenario, *one.spec), false});
  }
  std::vector<Answers> answers = answer_clusters(questions, shared(settings, half, 1));
  for (std::size_t i = 0; i < cases.size() && !is_stopped(); ++i)  // what a stopped search found says nothing of a case
    comparison.cases.push_back(effect(cases[i], comparison, scenario, std::move(answers[i])));
  comparison.recommendation = recommend(scenario, comparison);
  return comparison;
}

}  // namespace chipmix::scenario
