// ask and compare: every option side by side.
#include <algorithm>
#include <filesystem>

#include "cli/compare_commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/question.hpp"
#include "cli/report_command.hpp"
#include "cli/show.hpp"
#include "io/folder.hpp"
#include "report/answers.hpp"
#include "report/short_answer.hpp"

namespace chipmix::cli {
namespace {

/// People read the short answer; programs, and who asks for details, read all.
bool is_short(const Invocation& invocation) {
  return shown_as(invocation) == Format::table && !invocation.has("--details");
}

report::Page comparison_page(const Question& question, const scenario::Comparison& comparison,
                             const Invocation& invocation) {
  const auto evidence = validation::evidence_for(question.scenario, validation::known_runs(question.library));
  if (is_short(invocation)) return report::short_answer_page(question.scenario, comparison, evidence);
  return report::compare_page(question.scenario, comparison, evidence);
}

/// Compares the options and shows the answer.
Exit show_comparison(Question& question, const Invocation& invocation) {
  for (const scenario::Option& option : question.scenario.options) require_event_engine(option, invocation);
  shown_as(invocation);  // its faults are shown before any search
  const auto& options = question.scenario.options;
  const auto anchors = measured(invocation, question, options.size() == 1 ? options.front().name : "");
  const Interrupt interrupt;
  Progress progress("searching plans", progress_steps, invocation.quiet);
  scenario::Settings how = stoppable(settings(invocation, progress));
  how.alternatives = !is_short(invocation);
  how.anchors = anchors;
  const auto comparison = compare(question.scenario, question.document, question.library, how);
  report::Page page = comparison_page(question, comparison, invocation);
  progress.finish();
  if (Interrupt::came()) say_stopped(page, cut_short(comparison.options), invocation);
  show(page, invocation);
  if (Interrupt::came()) return Exit::interrupted;
  const bool any =
      std::any_of(comparison.options.begin(), comparison.options.end(), [](auto& a) { return a.feasible(); });
  return any ? Exit::answer : Exit::no_answer;
}

scenario::Asked asked(const Invocation& invocation) {
  return {invocation.positionals,       invocation.option("--within"),   invocation.option("--budget"),
          invocation.option("--start"), invocation.option("--currency"), invocation.option("--batch"),
          invocation.option("--dtype"), invocation.option("--practice"), invocation.option("--finetune")};
}

/// The question as a scenario; the file of a model as the saved file finds it.
std::string written_out(const Question& question, const std::string& model, const std::filesystem::path& path) {
  io::Changes changes;
  std::error_code none;
  if (std::filesystem::exists(model, none)) {
    const std::filesystem::path here = io::current_folder();
    const auto folder = (here / path).parent_path(), said = here / model;
    const auto file = std::filesystem::is_directory(said, none) ? said / "config.json" : said;
    changes.emplace_back("job.model", file.lexically_normal().lexically_proximate(folder.lexically_normal()).string());
  }
  return scenario::written_out(question.document.with(changes), question.scenario.defaults);
}

}  // namespace

Exit answer_asked(const scenario::Asked& asked, scenario::Library library, const std::optional<std::string>& save,
                  const Invocation& invocation) {
  io::Document document = scenario::document_of(asked, library).with(invocation.overrides);
  Question question(std::move(library), std::move(document));
  if (save) write_file(*save, written_out(question, asked.words.front(), *save));
  if (const auto kind = report_kind(invocation, {"html", "pdf", "xlsx", "md"}))
    return write_report(question, *kind, invocation);
  return show_comparison(question, invocation);
}

Exit run_ask(const Invocation& invocation) {
  return answer_asked(asked(invocation), scenario::Library(), invocation.option("--save"), invocation);
}

Exit run_compare(const Invocation& invocation) {
  const auto kind = report_kind(invocation, {"html", "pdf", "xlsx"});
  Question question(invocation);
  if (kind) return write_report(question, *kind, invocation);
  return show_comparison(question, invocation);
}

}  // namespace chipmix::cli
