// When was the software of a published run released, and which stack does that make it?
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/question.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

Release released(const std::string& release, const std::string& framework = "", int year = 2023) {
  PublishedRun run;
  run.plan.release = release;
  run.plan.framework = framework;
  run.source.year = year;
  return software_release(run);
}

std::string stack(const std::string& release) {
  PublishedRun run;
  run.plan.stack = "megatron-core";
  run.plan.release = release;
  Assumed assumed;
  return stack_of(run, {}, assumed);
}

}  // namespace

TEST_CASE("a container's name, a tag or a date say the release") {
  CHECK(released("NeMo container 26.02") == Release{2026, 2, 0});
  CHECK(released("NeMo container 26.02.01") == Release{2026, 2, 1});
  CHECK(released("nemo:25.04.01") == Release{2025, 4, 1});
  CHECK(released("2026-08-12") == Release{2026, 8, 0});
  CHECK(released("2026-07") == Release{2026, 7, 0});
  CHECK(released("", "NeMo 25.04") == Release{2025, 4, 0});
}

TEST_CASE("without a month it is the year's last, without a release the source's year") {
  CHECK(released("December of 2024") == Release{2024, 12, 0});
  CHECK(released("", "", 2022) == Release{2022, 12, 0});
  CHECK(released("v0.12.1", "Megatron-Core", 2025) == Release{2025, 12, 0});
  CHECK(released(std::string(300, 'x') + " 2026-07") == Release{2023, 12, 0});  // only a beginning is read
}

TEST_CASE("releases stand in order, to the patch") {
  const Release since{2026, 2, 1};
  CHECK(released("NeMo container 26.02") < since);
  CHECK(since <= released("NeMo container 26.02.01"));
  CHECK(released("NeMo container 26.02.01") < released("2026-08-12"));
  CHECK(released("nemo:25.04.01") < released("NeMo container 26.02"));
}

TEST_CASE("from the release on that launches routers as graphs, Megatron-Core is a stack of its own") {
  CHECK(stack("NeMo container 26.02") == "megatron-core");
  CHECK(stack("NeMo container 26.02.01") == "megatron-core-2026");
  CHECK(stack("2026-08-12") == "megatron-core-2026");
}
