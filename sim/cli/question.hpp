// What the commands that answer a scenario share: the question, and how to go about it.
#pragma once

#include <filesystem>

#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "engine/evaluate.hpp"
#include "report/page.hpp"
#include "scenario/answer.hpp"

namespace chipmix::cli {

/// A scenario file, its --set changes applied, and the library beside it.
struct Question {
  explicit Question(const Invocation& invocation);
  /// Of a document that is no file.
  Question(scenario::Library library, io::Document document);

  std::filesystem::path path;
  scenario::Library library;
  io::Document document;
  scenario::Scenario scenario;
};

/// Where a scenario's paths may lead: --allow-path.
scenario::Reach reach(const Invocation& invocation);

/// Total of a search: it is not counted, its progress is a share.
inline constexpr std::size_t progress_steps = 0;

/// Threads to use.
int jobs(const Invocation& invocation);
engine::Kind engine_of(const Invocation& invocation);
bool plays_events(const Invocation& invocation);
scenario::Settings settings(const Invocation& invocation, Progress& progress);

/// --measured: what was measured, as anchors; `usual_place` is the option where --measured-on says nothing. Null where
/// nothing was. Throws UsageError and InputError.
std::shared_ptr<const scenario::Anchors> measured(const Invocation& invocation, Question& question,
                                                  const std::string& usual_place);

/// Ctrl-C ends the searches, and what was found is the answer.
scenario::Settings stoppable(scenario::Settings settings);

/// Options whose search Ctrl-C ended.
std::vector<std::string> cut_short(const std::vector<scenario::OptionAnswer>& answers);

/// What Ctrl-C cut short: said on stderr, and below the answer on `page`. `options`: those whose search did not end.
void say_stopped(report::Page& page, const std::vector<std::string>& options, const Invocation& invocation);

/// What only the event engine sees must not be asked of the other: UsageError.
void require_event_engine(const scenario::Option& option, const Invocation& invocation);

}  // namespace chipmix::cli
