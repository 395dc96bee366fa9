// Does a DeepSpeed configuration say as much of a plan as it can, and is the rest refused?
#include <catch2/catch.hpp>

#include "launches.hpp"

namespace chipmix::interop {
namespace {

Imported read(const std::string& text, const Asked& asked = {}) {
  return import_deepspeed(io::Document::parse("ds_config.json", text), asked);
}

std::vector<Diagnostic> faults_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.diagnostics();
  }
  return {};
}

}  // namespace

TEST_CASE("are batch, ZeRO, format and pipeline read?") {
  const Imported imported = read(R"({"train_batch_size": 256, "train_micro_batch_size_per_gpu": 2,
    "gradient_accumulation_steps": 4, "zero_optimization": {"stage": 1, "overlap_comm": true,
    "offload_optimizer": {"device": "none"}}, "bf16": {"enabled": true}, "fp16": {"enabled": false},
    "pipeline": {"stages": 4}, "steps_per_print": 10, "optimizer": {"type": "AdamW"}})");
  const scenario::PlanLaneSpec& lane = imported.plan.lanes.front();
  CHECK(lane.micro_batch == 2);
  CHECK(lane.micro_batches == 4);
  CHECK(lane.zero == plan::Zero::optimizer);
  CHECK(lane.stages.size() == 4);
  CHECK(lane.stages.front().data == 32);
  CHECK(lane.stages.front().layers.empty());
  CHECK(imported.plan.dtype == Dtype::bf16);
  CHECK(imported.plan.global_batch == 256);
  const auto job = support::job(support::dense(10), 2048, 256);
  const plan::ParallelPlan plan = plan_of(imported.plan, job);
  CHECK(plan.stages[1].layers() == 3);
  CHECK(plan.stages[0].layers() == 2);
}

TEST_CASE("is what is unknown, unmodelled or left to the trainer refused, all at once?") {
  const auto list = faults_of(R"({"train_batch_size": "auto", "train_micro_batch_size_per_gpu": 0,
 "zero_optimisation": {"stage": 3},
 "zero_optimization": {"stage": 3, "offload_param": {"device": "cpu"}, "overlap_com": true},
 "activation_checkpointing": {"cpu_checkpointing": true}, "bf16": {"enabled": "auto"}, "pipeline": 3})");
  CHECK(place_of(list, "\"train_batch_size\" is left to the program") == "1:22");
  CHECK(place_of(list, "must be between 1") == "1:64");
  CHECK(place_of(list, "did you mean 'zero_optimization'?") == "2:2");
  CHECK(place_of(list, "unknown key 'zero_optimization.overlap_com'") == "3:72");
  CHECK(place_of(list, "saved inputs in the host's memory") == "4:31");
  CHECK(place_of(list, "\"bf16.enabled\" is left to the program") == "4:79");
}

TEST_CASE("is what is \"auto\" given by the command line, two of three batch numbers being enough?") {
  const std::string text = R"({"train_batch_size": "auto", "train_micro_batch_size_per_gpu": "auto",
    "gradient_accumulation_steps": "auto", "zero_optimization": {"stage": 3, "offload_optimizer": {"device": "cpu"},
    "offload_param": {"device": "cpu"}, "reduce_bucket_size": "auto"}, "bf16": {"enabled": "auto"},
    "fp16": {"enabled": "auto"}, "zero_allow_untested_optimizer": true})";
  const auto plan =
      read(text, {16, {{"per_device_train_batch_size", "2"}, {"gradient_accumulation_steps", "4"}, {"bf16", "true"}}})
          .plan;
  CHECK(plan.global_batch == 128);
  CHECK(plan.dtype == Dtype::bf16);
  CHECK(plan.lanes[0].micro_batches == 4);
  CHECK(plan.lanes[0].stages[0].data == 16);
  CHECK(plan.lanes[0].states_in_host == 1);
  CHECK(plan.lanes[0].weights_in_host == 1);
  const auto two = read(R"({"train_batch_size": 64, "gradient_accumulation_steps": 4})", {8, {}}).plan;
  CHECK(two.lanes[0].micro_batch == 2);
  const auto list = faults_of(text);
  CHECK(place_of(list, "the number of ranks is not given") == "1:1");
  CHECK(place_of(list, "--set per_device_train_batch_size=N") == "1:64");
  CHECK(place_of(list, "--set bf16=true") != "nowhere");
}

TEST_CASE("are batches that do not divide refused with their numbers?") {
  const auto list = faults_of(R"({"train_batch_size": 10, "train_micro_batch_size_per_gpu": 4})");
  CHECK(place_of(list, "a batch of 10 cannot be divided by micro-batch 4 x accumulation 1") == "1:22");
  CHECK(place_of(faults_of("{}"), "the number of ranks") == "1:1");
  CHECK(place_of(faults_of("[]"), "expected an object") == "1:1");
}

}  // namespace chipmix::interop
