// Plan files: are they read as written, and is what does not fit the job told with its numbers and what would do?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::scenario {
namespace {

const std::string sound = R"({
  "model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "dtype": "bf16",
  "lanes": [{"micro_batch": 2, "micro_batches": 16, "recompute": "full", "recompute_share": 0.5, "stages": [
    {"layers": [17], "tensor": 1, "data": 8},
    {"layers": [15], "tensor": 1, "data": 8}]}]
})";

std::vector<plan::ParallelPlan> read(const std::string& text) {
  const Scenario scenario = support::read(support::two_chips);
  return read_plan_file(io::Document::parse("plan.json", text), scenario, scenario.options.front()).lanes;
}

std::string faults_of(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

std::string with(const std::string& from, const std::string& to) {
  return faults_of(support::replaced(sound, from, to));
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("is a plan file laid out as written?") {
  const plan::ParallelPlan plan = read(sound).front();
  CHECK(plan.pipeline() == 2);
  CHECK(plan.stages[0].layers() == 17);
  CHECK(plan.stages[1].chunks.front().first == 17);
  CHECK(plan.stages[0].embedding);
  CHECK(plan.stages[1].head);
  CHECK(plan.recompute_share == 0.5);
  CHECK_FALSE(plan.sequence_parallel);  // nothing to split with one tensor rank
  CHECK(plan.schedule() == plan::ScheduleKind::one_f_one_b);
}

TEST_CASE("is a plan written down read back the same?") {
  const Scenario scenario = support::read(support::two_chips);
  const workload::TrainingJob job = scenario.job_of(scenario.options.front());
  for (int interleave : {1, 2, 4}) {
    const auto plan = plan::lay_out({{2, 1, 1, 2}, 4, interleave, 1}, 32, 256, 0, 1);
    const auto same = read(plan_file_text(plan_file_of(plan, job))).front();
    CHECK(plan::to_text(same) == plan::to_text(plan));
    CHECK(same.stages[3].chunks.back().first == plan.stages[3].chunks.back().first);
  }
}

TEST_CASE("are layers that no stage names spread evenly?") {
  const std::string text =
      support::replaced(support::replaced(sound, "\"layers\": [17], ", ""), "\"layers\": [15], ", "");
  CHECK(read(text).front().stages[0].layers() == 16);
}

TEST_CASE("is what does not fit the job told with its numbers and the nearest change?") {
  CHECK(says(with("llama-3.1-8b", "qwen3-8b"), "a plan for 'qwen3-8b', but the scenario trains 'llama-3.1-8b'"));
  CHECK(says(with("4096", "8192"), "8192 tokens a sequence, but the job has 4096"));
  CHECK(says(with("\"global_batch\": 256", "\"global_batch\": 512"), "--set job.global_batch=512"));
  CHECK(says(with("\"bf16\"", "\"fp8\""), "a plan in fp8, but the option trains in bf16"));
  CHECK(says(with("[15]", "[14]"), "31 layers in the plan, but llama-3.1-8b has 32"));
  CHECK(says(with("[15]", "[14]"), "add 1 of the stages' layers"));
  CHECK(says(with("\"micro_batches\": 16", "\"micro_batches\": 9"), "16 micro-batches make 256"));
  CHECK(says(with("\"micro_batch\": 2", "\"micro_batch\": 3"),
             "the nearest batches are 240 (10 micro-batches) and 264 (11)"));
  CHECK(says(with("[17]", "[8, 9]"), "stage 0 has 2 chunks, but interleave is 1"));
  CHECK(says(with("[17], \"tensor\": 1", "[17], \"tensor\": 2"), "on one cluster all stages have the same degrees"));
  CHECK(says(with("\"layers\": [17]", "\"island\": \"moon\", \"layers\": [17]"), "no island 'moon' in option 'A'"));
  CHECK(says(with("\"recompute\": \"full\"", "\"schedule\": \"interleaved\""), "at least 2 chunks a stage"));
  CHECK(says(with("\"data\": 8}]}]", "\"data\": 8}]}, {\"micro_batch\": 1, \"micro_batches\": 1, \"stages\": [{}]}]"),
             "2 lanes, but option 'A' is one cluster"));
  std::string stages = "{}";
  for (int i = 1; i < 33; ++i) stages += ", {}";
  const std::string many = R"({"lanes": [{"micro_batch": 1, "micro_batches": 256, "stages": [)" + stages + "]}]}";
  CHECK(says(faults_of(many), "33 stages for 32 layers"));
}

TEST_CASE("are all faults of a plan file told at once, at their places?") {
  const std::string both = faults_of(support::replaced(support::replaced(sound, "4096", "8192"), "[15]", "[14]"));
  INFO(both);
  CHECK(says(both, "plan.json:2:47: error: a plan for 8192"));
  CHECK(says(both, "error: 31 layers"));
  const std::string misspelt = with("recompute_share", "recompute_shar");
  INFO(misspelt);
  CHECK(says(misspelt, "did you mean 'recompute_share'?"));
  const std::string huge = "\"data\": 1048576, \"context\": 1048576}, {\"layers\": [15]}]}]}";
  CHECK(says(faults_of(sound.substr(0, sound.find("\"data\"")) + huge), "more than 16777216 ranks"));
}

}  // namespace chipmix::scenario
