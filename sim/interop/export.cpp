// The script of a plan: four arrays of arguments and the launch.
#include <fmt/format.h>

#include "interop/describe.hpp"
#include "interop/interop.hpp"

namespace chipmix::interop {
namespace {

std::string quoted(const std::string& value) {
  const bool plain = value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-") ==
                     std::string::npos;
  return plain && !value.empty() ? value : "'" + value + "'";
}

/// What follows the flag's name; nothing if the flag is not written.
std::optional<std::string> written(const Number& value) {
  return value ? std::optional(fmt::format(" {}", *value)) : std::nullopt;
}
std::optional<std::string> written(bool value) { return value ? std::optional<std::string>("") : std::nullopt; }
std::optional<std::string> written(const Text& value) {
  return value ? std::optional(" " + quoted(*value)) : std::nullopt;
}
std::optional<std::string> written(const std::vector<std::string>& values) {
  if (values.empty()) return std::nullopt;
  std::string text;
  for (const std::string& value : values) text += " " + quoted(value);
  return text;
}

std::string array(const char* name, Part part, Framework framework, const Arguments& arguments) {
  std::string text = fmt::format("{}=(\n", name);
  for (const Flag& flag : flags(framework)) {
    if (flag.meaning != Meaning::field || !flag.written || flag.part != part) continue;
    const auto value = std::visit([&](auto member) { return written(arguments.*member); }, flag.member);
    if (value) text += fmt::format("    {}{}\n", flag.name, *value);
  }
  return text + ")\n";
}

}  // namespace

std::variant<std::string, std::vector<std::string>> export_arguments(Framework framework,
                                                                     const plan::ParallelPlan& plan,
                                                                     const workload::TrainingJob& job,
                                                                     const hardware::NodeGroup& group) {
  Arguments arguments;
  Reasons reasons;
  describe_model(job.model, framework, arguments, reasons);
  describe_plan(plan, job, group, framework, arguments, reasons);
  if (!reasons.empty()) return reasons;
  return fmt::format(
             "#!/bin/bash\n# {} on {} x {}: {}\n# Data, tokenizer, learning rate and checkpoints are yours to add.\n\n",
             job.model.id, group.devices, group.device.id, plan::to_text(plan)) +
         array("DISTRIBUTED_ARGS", Part::launcher, framework, arguments) +
         array("MODEL_ARGS", Part::model, framework, arguments) +
         array("PARALLEL_ARGS", Part::parallel, framework, arguments) +
         array("TRAINING_ARGS", Part::training, framework, arguments) +
         "\ntorchrun \"${DISTRIBUTED_ARGS[@]}\" pretrain_gpt.py \\\n    \"${MODEL_ARGS[@]}\" \\\n"
         "    \"${PARALLEL_ARGS[@]}\" \\\n    \"${TRAINING_ARGS[@]}\"\n";
}

}  // namespace chipmix::interop
