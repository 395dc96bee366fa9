// Is who ran a published run read from its record's words?
#include "validation/whole_practice.hpp"

#include <catch2/catch.hpp>

namespace chipmix::validation {
namespace {

using practice::Practice;

hardware::DeviceSpec of(const std::string& vendor) {
  hardware::DeviceSpec device;
  device.vendor = vendor;
  return device;
}

WholeRun run(const std::string& project, const std::string& stack, std::optional<int> pipeline = {}) {
  WholeRun run;
  run.project = project;
  run.stack = stack;
  run.degrees.pipeline = pipeline;
  return run;
}

}  // namespace

TEST_CASE("is a publisher's own system tuned where it is described, and a released framework not?") {
  const auto nvidia = of("NVIDIA");
  CHECK(practice_of(run("meta", "own 4D (FSDP, TP8, PP16, CP)", 16), nvidia) == Practice::tuned);
  CHECK(practice_of(run("meta", "own"), nvidia) == Practice::typical);
  CHECK(practice_of(run("x", "Megatron-Core, own overlap", 4), nvidia) == Practice::typical);
  CHECK(practice_of(run("x", "Megatron-LM", 4), nvidia) == Practice::typical);
  CHECK(practice_of(run("deepseek", "HAI-LLM"), nvidia) == Practice::tuned);
  CHECK(practice_of(run("bytedance", "MegaScale"), nvidia) == Practice::tuned);
}

TEST_CASE("is a vendor on its own devices tuned, and anybody else on them first?") {
  CHECK(practice_of(run("nvidia", "Megatron-LM"), of("NVIDIA")) == Practice::tuned);
  CHECK(practice_of(run("amd-agi", "Primus"), of("AMD")) == Practice::tuned);
  CHECK(practice_of(run("amdahl", "Primus"), of("AMD")) == Practice::first);
  CHECK(practice_of(run("", "own"), of("AMD")) == Practice::first);
  CHECK(practice_of(run("", ""), of("")) == Practice::first);
}

TEST_CASE("does what a record says of its run stand above what is read?") {
  WholeRun said = run("nvidia", "Megatron-LM");
  said.practice = Practice::first;
  CHECK(practice_of(said, of("NVIDIA")) == Practice::first);
}

}  // namespace chipmix::validation
