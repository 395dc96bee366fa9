#include "report/book/sheets.hpp"
#include "report/time_shares.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report::book {
namespace {

using scenario::Option;
using scenario::OptionAnswer;
using scenario::Run;

Row run_row(const Draft& draft, const OptionAnswer& answer, const Option& host, const Run& run) {
  const estimate::Estimate& estimate = run.estimate;
  const double tokens = draft.scenario.job.tokens * run.share, fullest = fullest_rank(estimate);
  const auto interruptions = [&](auto show, const char* format) {
    return run.interruptions ? Cell(show(*run.interruptions), format) : Cell();
  };
  return {answer.label,
          answer.name,
          run.device,
          Cell(run.devices, number::count),
          Cell(run.spares * run.devices, number::count),
          scenario::plan_text(run.plan, host),
          Cell(run.share, number::share),
          Cell(tokens / run.duration.value(), number::count),
          Cell(tokens / run.duration.value() / run.devices, number::count),
          Cell(estimate.model_flops / (estimate.peak * estimate.step_time), number::share),
          Cell(estimate.step_time.value(), "#,##0.000"),
          Cell(days(run.duration), number::decimal),
          Cell(days(run.duration) * run.p10, number::decimal),
          Cell(days(run.duration) * run.p90, number::decimal),
          Cell(fullest, number::share),
          interruptions([](auto& i) { return i.goodput(); }, number::share),
          interruptions([](auto& i) { return hours(i.mtbf); }, number::decimal),
          name(estimate.evidence)};
}

}  // namespace

Sheet options_sheet(Draft& draft) {
  Sheet sheet{"Options", {28, 16, 26, 10, 9, 44, 10, 14, 12, 11, 11, 10, 10, 10, 12, 10, 14, 12}, 1, 1, {}};
  sheet.rows = {header({"option", "name", "device", "devices", "spares", "plan", "share of tokens", "tokens/s",
                        "tokens/s per device", "share of peak", "step, s", "days", "days, P10", "days, P90",
                        "memory of fullest rank", "goodput", "hours between interruptions", "evidence"})};
  for (const OptionAnswer& answer : draft.comparison.options) {
    const Option& option = draft.option_of(answer);
    for (std::size_t i = 0; i < answer.runs.size(); ++i)
      sheet.rows.push_back(run_row(draft, answer, draft.scenario.host(option, i), answer.runs[i]));
    if (!answer.feasible())
      sheet.rows.push_back(
          {answer.label, answer.name, Cell(), Cell(), Cell(), "cannot run: " + answer.reason->explanation});
    if (!answer.way.empty())
      sheet.rows.push_back({Cell(), Cell(), Cell("way to use the islands: " + answer.way, Style::note)});
  }
  return sheet;
}

}  // namespace chipmix::report::book
