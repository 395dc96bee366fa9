// procure, estimate, plan, explain.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "base/spelling.hpp"
#include "base/words.hpp"
#include "cli/commands.hpp"
#include "cli/interop_commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/plan_options.hpp"
#include "cli/question.hpp"
#include "cli/report_command.hpp"
#include "cli/show.hpp"
#include "cli/what_if.hpp"
#include "procurement/milp.hpp"
#include "report/answers.hpp"
#include "report/engine_tables.hpp"
#include "report/number.hpp"
#include "report/procure_page.hpp"
#include "report/short_answer.hpp"
#include "scenario/given_plan.hpp"
#include "scenario/plan_file.hpp"
#include "scenario/played_steps.hpp"
#include "scenario/timeline.hpp"

namespace chipmix::cli {
namespace {

constexpr int gantt_columns = 96;  // with the stages' names fits 120

/// Index of the option named on the command line, which must have its own cluster if `with_cluster`.
int chosen_option(const scenario::Scenario& scenario, const Invocation& invocation, bool with_cluster) {
  const std::string name = *invocation.option("--option");
  std::vector<std::string> names;
  for (const auto& option : scenario.options) names.push_back(option.name);
  const int index = scenario.find(name);
  if (index < 0)
    throw UsageError("no option '" + name + "' in this scenario, " + spelling_hint(name, names), invocation.command);
  if (with_cluster && !scenario.options[index].cluster)
    throw UsageError("option '" + name + "' is made of phases; name one of the options in it", invocation.command);
  return index;
}

/// "best step 12.3 s, at most 4 % better possible".
std::string note(const planner::SearchProgress& standing) {
  if (standing.best == 0) return "";
  return fmt::format("best step {}, at most {:.0f} % better possible", report::seconds(Seconds{standing.best}),
                     std::ceil(100 * (1 - standing.bound / standing.best)));
}

planner::SearchLimits effort(const Invocation& invocation, Progress& progress) {
  using Clock = std::chrono::steady_clock;
  planner::SearchLimits effort;
  effort.keep = top(invocation);
  effort.diverse = invocation.has("--diverse");
  effort.jobs = jobs(invocation);
  effort.progress = [&progress](const planner::SearchProgress& standing) {
    progress.set_share(standing.share, note(standing));
  };
  const std::chrono::duration<double> limit(time_limit(invocation).value_or(std::numeric_limits<double>::infinity()));
  effort.stop = [start = Clock::now(), limit] { return Interrupt::came() || Clock::now() - start >= limit; };
  return effort;
}

/// The plan an answer is about, before it was laid out.
const plan::UniformPlan& best_plan(const scenario::Option& option, const scenario::OptionAnswer& answer) {
  return option.plan ? *option.plan : answer.search->best.front().plan;
}

report::Page explanation(const Question& question, int index, const scenario::OptionAnswer& answer,
                         const Invocation& invocation) {
  const scenario::Option& option = question.scenario.options[index];
  const auto changes = invocation.option("--neighbour");
  if (!changes) return report::explain_page(question.scenario, option, answer, *invocation.option("--account"));
  if (option.mix)
    throw UsageError("--neighbour needs one cluster; 'estimate' shows the ways to use a mix", invocation.command);
  const plan::UniformPlan& best = best_plan(option, answer);
  const auto other = scenario::changed(best, *changes, option.cluster->groups.front().ranks());
  return report::neighbour_page(question.scenario, option,
                                scenario::compare_neighbour(question.scenario, option, best, other));
}

/// What is of one step has to know which: the hint makes the first stage the job.
void require_one_stage(const scenario::Scenario& scenario, const Invocation& invocation) {
  if (scenario.stages.empty()) return;
  const scenario::JobStage& first = scenario.stages.front();
  throw UsageError(fmt::format("the job has {}, and this command takes one: for '{}' add --set 'job.stages=[]' --set "
                               "job.tokens={:g} --set job.sequence_length={} --set job.global_batch={}",
                               counted(scenario.stages.size(), "stage"), first.name, first.tokens,
                               first.sequence_length, first.global_batch),
                   invocation.command);
}

/// The option, with the plan of --plan if there is one.
void take_plan_file(scenario::Scenario& scenario, int index, const Invocation& invocation) {
  const auto path = invocation.option("--plan");
  if (!path) return;
  require_one_stage(scenario, invocation);
  scenario::Option& option = scenario.options[index];
  if (option.mix) return;  // answer_of() reads it
  scenario::take_plan_file(io::Document::load(*path), scenario, option);
}

/// The option's answer, of a mix with --plan under that plan.
scenario::OptionAnswer answer_of(const Question& question, int index, const Invocation& invocation,
                                 const scenario::Settings& how) {
  const scenario::Option& option = question.scenario.options[index];
  const auto path = invocation.option("--plan");
  if (!path || !option.mix) return scenario::answer_option(question.scenario, index, how);
  return scenario::answer_given_mix(question.scenario, option, io::Document::load(*path), how);
}

}  // namespace

/// "best 12.3 M, at most 0.4 % less possible".
std::string gap_note(double best, double bound) {
  return fmt::format("best {:.4g} M, at most {:.2g} % less possible", best / 1e6, 100 * (1 - bound / best));
}

Exit run_procure(const Invocation& invocation) {
  const auto kind = report_kind(invocation, {"html", "pdf", "xlsx"});
  Question question(invocation);
  if (!question.scenario.procurement)
    throw UsageError("the scenario has no \"procurement\": it says what can be bought and rented", invocation.command);
  time_limit(invocation);  // its faults are shown before any search
  if (kind) return write_report(question, *kind, invocation);
  Progress progress("searching plans", progress_steps, invocation.quiet);
  const auto cases = scenario::read_cases(question.scenario, question.document, question.library);
  scenario::Settings how = settings(invocation, progress);
  how.seconds = time_limit(invocation).value_or(0);
  const Interrupt interrupt;
  how = stoppable(how);
  try {
    const auto result = scenario::procure(
        question.scenario, how, {{}, [&](double best, double bound) { progress.set_share(0, gap_note(best, bound)); }});
    const auto risk = scenario::weigh(question.scenario, result, cases, how);
    progress.finish();
    report::Page page = report::procure_page(question.scenario, result, risk);
    report::add_defaults(question.scenario, page);
    show(page, invocation);
    return result.decision ? Exit::answer : Exit::no_answer;
  } catch (const procurement::NothingInTime& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
}

Exit run_estimate(const Invocation& invocation) {
  Question question(invocation);
  const int index = chosen_option(question.scenario, invocation, invocation.has("--plan"));
  take_plan_file(question.scenario, index, invocation);
  take_slow_stages(invocation, question.scenario.options[index]);
  require_event_engine(question.scenario.options[index], invocation);
  const int seeds = seeds_of(invocation);
  const bool all_engines = invocation.option("--engine").value_or("") == "all";
  const auto anchors = measured(invocation, question, *invocation.option("--option"));
  for (const char* view : {"--timeline", "--gantt"})
    if (invocation.has(view) && !plays_events(invocation))
      throw UsageError(std::string(view) + " needs a step played event by event: add --engine event",
                       invocation.command);
  shown_as(invocation);
  const Interrupt interrupt;
  Progress progress("searching plans", progress_steps, invocation.quiet);
  scenario::Settings how = stoppable(settings(invocation, progress));
  how.anchors = anchors;
  auto answer = answer_of(question, index, invocation, how);
  scenario::hold_to_targets(answer, question.scenario);
  const bool is_viewed = answer.feasible() && (invocation.has("--timeline") || invocation.has("--gantt") ||
                                               invocation.has("--chakra") || all_engines || seeds > 0);
  if (is_viewed && answer.runs.size() != 1)
    throw UsageError("--timeline, --gantt, --chakra, --seeds and --engine all need a single job; option '" +
                         answer.name + "' has several, one after another",
                     invocation.command);
  const scenario::Option& option = question.scenario.options[index];
  if (const auto path = invocation.option("--timeline"); path && is_viewed)
    write_file(*path, scenario::timeline(question.scenario, option, answer, engine_of(invocation)));
  if (const auto folder = invocation.option("--chakra"); folder && is_viewed)
    write_chakra(*folder, question.scenario, option, answer.runs.front().plan);
  const auto evidence = validation::evidence_for(question.scenario, option, validation::known_runs(question.library));
  auto page = report::estimate_page(question.scenario, answer, evidence);
  if (all_engines && is_viewed) report::add_engines(scenario::step_by_engine(question.scenario, option, answer), page);
  if (seeds > 0 && is_viewed)
    report::add_seeds(scenario::steps_by_seed(question.scenario, option, answer, seeds, jobs(invocation)), page);
  if (invocation.has("--gantt") && is_viewed)
    page.drawing = scenario::gantt(question.scenario, option, answer, engine_of(invocation), gantt_columns);
  progress.finish();
  if (Interrupt::came()) say_stopped(page, cut_short({answer}), invocation);
  show(page, invocation);
  if (Interrupt::came()) return Exit::interrupted;
  return answer.feasible() ? Exit::answer : Exit::no_answer;
}

namespace {

/// Launch arguments of the plan that estimate would answer for; its page where none can run.
Exit export_plan(Question& question, int index, const Invocation& invocation) {
  take_plan_file(question.scenario, index, invocation);
  Progress progress("searching plans", progress_steps, invocation.quiet);
  scenario::Settings how = settings(invocation, progress);
  how.intervals = false;
  const auto answer = answer_of(question, index, invocation, how);
  progress.finish();
  if (!answer.feasible()) {
    show(report::estimate_page(question.scenario, answer), invocation);
    return Exit::no_answer;
  }
  const scenario::Option& option = question.scenario.options[index];
  return write_export(interop::format_named(*invocation.option("--export")), answer.runs.front().plan,
                      question.scenario.job_of(option), *option.cluster, invocation);
}

/// The ways of a mix, each with its best plan.
Exit plan_mix(const Question& question, int index, std::shared_ptr<const scenario::Anchors> anchors,
              const Invocation& invocation) {
  const Interrupt interrupt;
  std::optional<Progress> progress(std::in_place, "searching plans", progress_steps, invocation.quiet);
  scenario::Settings how = settings(invocation, *progress);
  how.stop = effort(invocation, *progress).stop;
  how.anchors = std::move(anchors);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = scenario::answer_option(question.scenario, index, how);
  progress.reset();  // clears its line
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  show(report::mix_plan_page(question.scenario, question.scenario.options[index], answer, jobs(invocation),
                             taken.count()),
       invocation);
  if (Interrupt::came()) return Exit::interrupted;
  return answer.feasible() ? Exit::answer : Exit::no_answer;
}

}  // namespace

Exit run_plan(const Invocation& invocation) {
  Question question(invocation);
  const int index = chosen_option(question.scenario, invocation, true);
  require_one_stage(question.scenario, invocation);
  if (invocation.has("--export")) {
    refuse_beside(invocation, "--export",
                  {"--top", "--objective", "--deadline", "--budget", "--diverse", "--time-limit", "--measured"});
    if (invocation.format)
      throw UsageError("--format has no effect with --export, which writes a launch script", invocation.command);
    return export_plan(question, index, invocation);
  }
  if (invocation.has("--plan"))
    throw UsageError("--plan needs --export; use 'estimate' to answer for a plan file", invocation.command);
  const scenario::Option& option = question.scenario.options[index];
  if (option.mix) {
    refuse_beside(invocation, "a mix", {"--top", "--objective", "--deadline", "--budget", "--diverse"});
    return plan_mix(question, index, measured(invocation, question, ""), invocation);
  }
  const auto anchors = measured(invocation, question, option.name);
  const planner::Constraints wanted = constraints(invocation, question.scenario, option);
  const Interrupt interrupt;
  std::optional<Progress> progress(std::in_place, "searching plans", progress_steps, invocation.quiet);
  const auto list = scenario::list_plans(question.scenario, option, wanted, effort(invocation, *progress), anchors);
  progress.reset();  // clears its line
  show(report::plan_page(question.scenario, option, list, jobs(invocation)), invocation);
  if (Interrupt::came() && !list.search.complete) return Exit::interrupted;
  return list.order.empty() ? Exit::no_answer : Exit::answer;
}

Exit run_explain(const Invocation& invocation) {
  Question question(invocation);
  const int index = chosen_option(question.scenario, invocation, true);
  require_one_stage(question.scenario, invocation);
  if (invocation.has("--account") == invocation.has("--neighbour"))
    throw UsageError("explain needs either --account A or --neighbour CHANGES", invocation.command);
  Progress progress("searching plans", progress_steps, invocation.quiet);
  const auto answer = scenario::answer_option(question.scenario, index, settings(invocation, progress));
  progress.finish();
  if (!answer.feasible()) {
    show(report::estimate_page(question.scenario, answer), invocation);
    return Exit::no_answer;
  }
  try {
    show(explanation(question, index, answer, invocation), invocation);
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
  return Exit::answer;
}

}  // namespace chipmix::cli
