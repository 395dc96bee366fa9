// Steps as lines of text: does each stage's line show what it does, when?
#include "engine/event/gantt.hpp"

#include <catch2/catch.hpp>

namespace chipmix::engine {
namespace {

/// Two stages, three micro-batches, forward 1 s and backward 2 s.
PlayedStep two_stages() {
  PlayedStep step;
  StageTraffic stage;
  stage.passes.forward = {1};
  stage.passes.backward = {2};
  step.classes = replica_classes({}, 1, 2, 1);
  step.list = step_list({2, 1, 3}, {stage, stage}, step.classes);
  step.spans = play_events(step.list.tasks);
  return step;
}

}  // namespace

TEST_CASE("does a line show each pass of a stage in its columns?") {
  CHECK(gantt(two_stages(), 12) ==
        "stage 0 |01..AA2BB.CC|\n"
        "stage 1 |.0AA1BB2CC..|\n");
}

TEST_CASE("do passes shorter than a column show which kind fills it?") {
  const std::string lines = gantt(two_stages(), 4);
  CHECK(lines.find_first_of("0123456789ABC") == lines.find("0 |"));  // the stage's name alone
  CHECK(lines.find('b') != std::string::npos);
}

}  // namespace chipmix::engine
