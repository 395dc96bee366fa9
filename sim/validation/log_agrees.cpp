#include "validation/log_agrees.hpp"

#include <fmt/format.h>

#include <map>

namespace chipmix::validation {
namespace {

struct Expected {
  double value;
  const char* what;    ///< as the option has it
  const char* change;  ///< what to change where the log is right
};

constexpr const char* batches_grow = "job.global_batch; steps of a growing batch have different lengths";

/// Megatron-LM's arguments (megatron/training/arguments.py), and the batch that each iteration prints.
std::map<std::string, Expected> expected(const SaidRun& run) {
  const auto& model = run.job.model;
  const plan::Degrees& degrees = run.plan.degrees();
  const auto number = [](int value) { return static_cast<double>(value); };
  return {{"world_size", {number(run.ranks), "ranks", "its devices"}},
          {"global_batch_size", {number(run.job.global_batch), "sequences a step", "job.global_batch"}},
          {"global batch size", {number(run.job.global_batch), "sequences a step", batches_grow}},
          {"seq_length", {number(run.job.sequence_length), "tokens a sequence", "job.sequence_length"}},
          {"micro_batch_size", {number(run.plan.micro_batch), "sequences a micro-batch", "micro_batch of its plan"}},
          {"tensor_model_parallel_size", {number(degrees.tensor), "ranks a tensor group", "tensor of its plan"}},
          {"pipeline_model_parallel_size", {number(run.plan.pipeline()), "pipeline stages", "pipeline of its plan"}},
          {"context_parallel_size", {number(degrees.context), "ranks a context group", "context of its plan"}},
          {"expert_model_parallel_size", {number(degrees.expert), "ranks an expert group", "expert of its plan"}},
          {"hidden_size", {number(model.hidden), "as the model's width", "job.model"}},
          {"num_attention_heads", {number(model.attention.heads), "attention heads", "job.model"}},
          {"num_layers", {number(model.layers), "layers", "job.model"}}};
}

}  // namespace

bool agrees(const calibration::TrainingLog& log, const SaidRun& run, io::Diagnostics& faults) {
  const auto expected_of = expected(run);
  const std::size_t before = faults.size();
  for (const calibration::Argument& argument : log.arguments) {
    const auto found = expected_of.find(argument.name);
    if (found == expected_of.end() || found->second.value == argument.value) continue;
    const Expected& other = found->second;
    faults.add(log.fault(argument.offset,
                         fmt::format("{} is {:g} in this log, and option '{}' of {} has {:g} {}", argument.name,
                                     argument.value, run.option, run.scenario, other.value, other.what),
                         fmt::format("name the option that ran, or change {}", other.change)));
  }
  return faults.size() == before;
}

}  // namespace chipmix::validation
