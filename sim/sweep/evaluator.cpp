#include "sweep/evaluator.hpp"

#include <fmt/format.h>

#include "scenario/parts.hpp"

namespace chipmix::sweep {
namespace {

constexpr std::size_t most_played = 256;  // some ten kilobytes each
constexpr std::size_t most_terms = 4096;  // some hundred bytes each

std::string text_of(int option, const Point& changes) {
  std::string text = fmt::format("{}", option);
  for (const auto& [path, value] : changes) {
    text += '\n';
    text += path;
    text += '=';
    text += value;
  }
  return text;
}

std::string text_of(const InputError& error) {
  std::string text;
  for (const Diagnostic& fault : error.diagnostics())
    text += fmt::format("{}{} at '{}'", text.empty() ? "" : "; ", fault.message,
                        fault.pointer.empty() ? "/" : fault.pointer);
  return text;
}

}  // namespace

Evaluator::Evaluator(const Question& question)
    : question_(question),
      library_(question.beside(), question.settings().reach),
      levers_(question.scenario().options.size()),
      played_(most_played),
      terms_(most_terms) {}

Row Evaluator::answer(const Point& point, int option) {
  const scenario::Option& base = question_.scenario().options[option];
  try {
    if (base.cluster && !base.mix && question_.scenario().stages.empty())
      if (auto row = answer_by_parts(point, option)) return *row;
    return answer_whole(point, option);
  } catch (const InputError& error) {
    return failed(base.name, text_of(error));
  } catch (const FileError& error) {
    return failed(base.name, error.what());
  }
}

Lever Evaluator::lever_of(const std::string& path, int option) {
  const auto [known, is_new] = levers_[option].try_emplace(path, Lever::whole);
  if (is_new) known->second = sweep::lever_of(question_.document().pointer_to(path), option);
  return known->second;
}

Evaluator::Parts Evaluator::parts_of(const Point& point, int option) {
  Parts parts;
  for (const auto& change : point) {
    const Lever lever = lever_of(change.first, option);
    if (lever == Lever::whole) return {point, {}};
    (lever == Lever::step ? parts.step : parts.levers[lever]).push_back(change);
  }
  return parts;
}

/// The step as the changes that concern it leave it, and each lever as its own changes set it, each read once. Where
/// that cannot be, changes may belong together: nothing, and the whole point is read.
std::optional<Row> Evaluator::answer_by_parts(const Point& point, int option) {
  const Parts parts = parts_of(point, option);
  const std::string key = text_of(option, parts.step);
  const auto* known = played_.find(key);
  if (!known) {
    std::shared_ptr<Played> played;
    try {
      auto scenario = scenario::read_scenario(question_.document().with(parts.step), library_);
      if (scenario.find(question_.scenario().options[option].name) != option) return std::nullopt;
      if (!scenario.options[option].cluster || scenario.options[option].mix) return std::nullopt;
      if (!scenario.stages.empty()) return std::nullopt;
      played = std::make_shared<Played>(play(std::move(scenario), option, parts.step));
    } catch (const InputError&) {
    }
    known = &played_.keep(key, std::move(played));
  }
  if (!*known) return std::nullopt;
  Played& played = **known;
  for (const Lever lever : {Lever::rent, Lever::own, Lever::tariff, Lever::electricity, Lever::rates,
                            Lever::reliability, Lever::tokens, Lever::nothing}) {
    const auto changes = parts.levers.find(lever);
    if (changes == parts.levers.end()) {
      pull(lever, played.terms, played.scenario, option);
      continue;
    }
    const auto terms = terms_at(changes->second, option);
    if (!terms) return std::nullopt;
    pull(lever, *terms, played.scenario, option);
  }
  if (played.scenario.job.steps() < 1) return std::nullopt;
  auto& scenario = played.scenario;
  price_owned(scenario.options[option], scenario.electricity, scenario.rates);
  return settle(played, option);
}

std::shared_ptr<const Terms> Evaluator::terms_at(const Point& changes, int option) {
  const std::string key = text_of(option, changes);
  if (const auto* known = terms_.find(key)) return *known;
  std::shared_ptr<const Terms> terms;
  try {
    const auto scenario = scenario::read_scenario(question_.document().with(changes), library_);
    terms = std::make_shared<Terms>(terms_of(scenario, option));
  } catch (const InputError&) {
  }
  return terms_.keep(key, std::move(terms));
}

/// The whole scenario as the point leaves it.
Row Evaluator::answer_whole(const Point& point, int option) {
  const std::string& name = question_.scenario().options[option].name;
  scenario::Scenario scenario = scenario::read_scenario(question_.document().with(point), library_);
  if (scenario.find(name) != option) return failed(name, fmt::format("there is no option '{}' at its place", name));
  if (scenario.options[option].cluster && !scenario.options[option].mix && scenario.stages.empty()) {
    Played played = play(std::move(scenario), option, point);
    return settle(played, option);
  }
  for (const scenario::Phase& phase : scenario.options[option].phases) choose_plan(scenario, phase.option, point);
  const auto answer = scenario::answer_option(scenario, option, settings());
  const auto& cluster = scenario.options[option].cluster;
  const bool has_plan = answer.feasible() && answer.runs.size() == 1 && cluster;
  return answered(scenario, answer, has_plan ? plan::to_text(answer.runs.front().plan, *cluster) : "",
                  question_.settings().intervals);
}

scenario::Settings Evaluator::settings() const {
  scenario::Settings settings;
  settings.intervals = question_.settings().intervals;
  settings.engine = question_.settings().engine;
  settings.alternatives = false;
  settings.anchors = question_.settings().anchors;
  return settings;
}

Evaluator::Played Evaluator::play(scenario::Scenario scenario, int index, const Point& point) {
  Played played{std::move(scenario), {}, estimate::Infeasible{}, {}};
  played.terms = terms_of(played.scenario, index);
  if (auto reason = choose_plan(played.scenario, index, point)) {
    played.outcome = std::move(*reason);
    return played;
  }
  const scenario::Option& option = played.scenario.options[index];
  auto planned = scenario::choose_plan(played.scenario, option, settings());
  if (planned.reason) {
    played.outcome = std::move(*planned.reason);
    return played;
  }
  const plan::JobPlan plan{{std::move(*planned.plan)}};
  played.outcome = scenario::play(played.scenario, option, plan, settings());
  played.plan = plan::to_text(plan, *option.cluster);
  forget_unused(played, index);
  return played;
}

/// What no row asks for; hundreds of these are kept.
void Evaluator::forget_unused(Played& played, int index) {
  if (auto* run = std::get_if<scenario::Run>(&played.outcome)) {
    run->estimate.memory = {};
    run->undisturbed.reset();
    run->interval.swings.clear();
  }
  auto& options = played.scenario.options;
  for (std::size_t i = 0; i < options.size(); ++i)
    if (static_cast<int>(i) != index) options[i] = {};
  played.scenario.assumptions.clear();
  played.scenario.published.clear();
  played.scenario.procurement.reset();
}

/// Gives an option without a plan the best one, searched for once for all points at which the step is the same; the
/// reason where there is none.
std::optional<estimate::Infeasible> Evaluator::choose_plan(scenario::Scenario& scenario, int index,
                                                           const Point& point) {
  scenario::Option& option = scenario.options[index];
  if (option.plan || option.given || option.mix) return std::nullopt;
  const Sought sought = question_.plans().find(text_of(index, parts_of(point, index).step), [&]() -> Sought {
    auto planned = scenario::choose_plan(scenario, option, settings());
    if (planned.reason) return {{}, std::move(planned.reason)};
    return {planned.search->best.front().plan, {}};
  });
  option.plan = sought.plan;
  option.is_plan_found = true;
  return sought.reason;
}

Row Evaluator::settle(Played& played, int index) const {
  const scenario::Option& option = played.scenario.options[index];
  auto* run = std::get_if<scenario::Run>(&played.outcome);
  if (!run) return refused(option.name, std::get<estimate::Infeasible>(played.outcome).explanation);
  auto answer = scenario::settle(played.scenario, option, *run);
  if (!answer.feasible()) return refused(option.name, answer.reason->explanation);
  Row row = answered(played.scenario, answer, played.plan, question_.settings().intervals);
  *run = std::move(answer.runs.front());  // for the next point
  return row;
}

}  // namespace chipmix::sweep
