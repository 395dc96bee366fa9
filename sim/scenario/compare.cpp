// Options side by side: phases combined, the baseline, the front, the assumptions' other cases.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "base/parallel.hpp"
#include "scenario/answer.hpp"
#include "scenario/parts.hpp"
#include "scenario/recommend.hpp"

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
      return infeasible(option, part.reason->constraint, fmt::format("option {}: {}", part.name, part.reason->explanation));
    Run run = part.runs.front();
    run.share = phase.share;
    run.duration = run.duration * phase.share;
    charge(answer, scenario, scenario.options[phase.option], run);
    answer.runs.push_back(std::move(run));
  }
  total(answer, scenario);
  return answer;
}

/// Which options to answer: a case that changes one option leaves the others as they were.
using Wanted = std::vector<bool>;

std::vector<OptionAnswer> answer_all(const Scenario& scenario, const Settings& settings, const Wanted& wanted,
                                     std::vector<OptionAnswer> answers) {
  std::vector<int> work;
  for (int i = 0; i < static_cast<int>(scenario.options.size()); ++i)
    if (wanted[i] && scenario.options[i].cluster) work.push_back(i);
  answers.resize(scenario.options.size());
  std::vector<double> done(work.size(), 0);
  std::mutex guard;
  parallel_for(static_cast<int>(work.size()), settings.jobs, [&](int i) {
    Settings own = settings;
    if (settings.progress)
      own.progress = [&, i](double share) {
        const std::lock_guard lock(guard);
        done[i] = share;
        settings.progress(std::accumulate(done.begin(), done.end(), 0.0) / static_cast<double>(done.size()));
      };
    answers[work[i]] = answer(scenario, work[i], own);
  });
  for (std::size_t i = 0; i < scenario.options.size(); ++i)
    if (!scenario.options[i].cluster && (wanted[i] || !answers[i].runs.empty())) answers[i] = combine(scenario, scenario.options[i], answers);
  return answers;
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

/// "options.A.rent" names option A; any other path concerns every option.
Wanted concerned(const Scenario& scenario, const CaseSpec& spec) {
  Wanted wanted(scenario.options.size(), false);
  for (const auto& [path, value] : spec.set) {
    const std::string prefix = "options.";
    const auto end = path.find('.', prefix.size());
    const int index = path.starts_with(prefix) && end != std::string::npos
                          ? scenario.find(path.substr(prefix.size(), end - prefix.size())) : -1;
    if (index < 0) return Wanted(scenario.options.size(), true);
    wanted[index] = true;
  }
  return wanted;
}

io::Document changed(const io::Document& document, const CaseSpec& spec) {
  auto next = spec.set.begin();
  io::Document copy = document.with(next->first, next->second.text);
  while (++next != spec.set.end()) copy = copy.with(next->first, next->second.text);
  return copy;
}

CaseEffect effect(const CaseSpec& spec, const std::string& assumed, const Comparison& central,
                  const Scenario& scenario, const io::Document& document, Library& library, Settings settings) {
  settings.progress = {};
  const Scenario other = read_scenario(changed(document, spec), library);
  const auto answers = answer_all(other, settings, concerned(scenario, spec), central.options);
  CaseEffect result{assumed, spec.label, {}};
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
  return answer_all(scenario, settings, wanted, {})[index];
}

Comparison compare(const Scenario& scenario, const io::Document& document, Library& library, const Settings& settings) {
  Comparison comparison;
  comparison.baseline = scenario.baseline;
  comparison.options = answer_all(scenario, settings, Wanted(scenario.options.size(), true), {});
  mark(comparison);
  for (const AssumptionSpec& assumption : scenario.assumptions)
    for (const CaseSpec& spec : assumption.cases)
      comparison.cases.push_back(effect(spec, assumption.assumed, comparison, scenario, document, library, settings));
  comparison.recommendation = recommend(scenario, comparison);
  return comparison;
}

}  // namespace chipmix::scenario
