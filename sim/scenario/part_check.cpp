#include "scenario/part_check.hpp"

#include "scenario/own_rate.hpp"
#include "scenario/stage_spec.hpp"
#include "scenario/stages.hpp"

namespace chipmix::scenario {
namespace {

std::optional<std::string> text(const io::Value& in, const char* key) {
  const auto found = in.find(key);
  return found && found->is_text() ? found->as_text() : std::nullopt;
}

void check_rate(const io::Value& value, const RateJob& job) {
  io::Diagnostics& noted = value.diagnostics();
  const std::size_t told = noted.size();
  const std::optional<OptionSpec> spec = io::read<OptionSpec>(value);
  noted.take(told);  // said before, of the scenario as a whole
  Option unused;
  if (spec) read_own_rate(*spec, value, job, unused);
}

}  // namespace

void check_parts(const io::Value& root) {
  const auto job = root.is_object() ? root.find("job") : std::nullopt;
  if (!job || !job->is_object()) return;
  const auto day = text(*job, "deadline"), start = text(root, "start");
  if (day && start && is_day(*day) && is_day(*start)) refuse_past_deadline(*day, *start, *job->find("deadline"));
  const auto model = text(*job, "model");
  const auto stages = job->find("stages"), options = root.find("options");
  if (!model || !options || !options->is_list()) return;
  const RateJob own{*model, stages && stages->is_list() ? stages->as_list().size() : 0};
  for (const io::Value& value : options->as_list())
    if (value.is_object()) check_rate(value, own);
}

}  // namespace chipmix::scenario
