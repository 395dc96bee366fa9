// Which published runs are nearest, how many are comparable, and is it said plainly where none is?
#include "validation/evidence.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "../../support/scenarios.hpp"
#include "hardware/device_family.hpp"
#include "records.hpp"

using namespace chipmix;
using namespace chipmix::validation;
using Catch::Matchers::Contains;

namespace {

/// A dense 8 B model in bf16 on 64 of a device, with Megatron-Core.
RunTraits traits(const std::string& device) {
  RunTraits one;
  one.device = device;
  set_family(one);
  one.stack = "megatron-core";
  one.model = "Llama 3.1 8B";
  one.total = one.active = 8e9;
  one.devices = 64;
  one.bits = 16;
  return one;
}

RunTraits moe(RunTraits one) {
  one.is_moe = true;
  return one;
}

KnownRun known(const std::string& id, const std::string& project, const RunTraits& one, double left_out = 0.1) {
  return {id, project, one, left_out / 2, left_out};
}

std::vector<std::string> ids(const RunEvidence& evidence) {
  std::vector<std::string> list;
  for (const NearRun& near : evidence.nearest) list.push_back(near.run.id);
  return list;
}

/// A file that is gone with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) { std::ofstream(path) << text; }
  ~TemporaryFile() { std::filesystem::remove(path); }
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "chipmix_left_out_test.json";
};

}  // namespace

TEST_CASE("A run is nearest to itself, then on its die, of its vendor, elsewhere") {
  const RunTraits asked = traits("h800-sxm5-80gb");
  CHECK(distance(asked, asked) == 0);
  CHECK(distance(asked, traits("h100-sxm5-80gb")) == 1);
  CHECK(distance(asked, traits("a100-sxm4-80gb")) == 2);
  CHECK(distance(asked, traits("mi300x")) == 3);
  CHECK(distance(asked, traits("nobody-knows")) == 3);
}

TEST_CASE("Every part of the distance counts as its definition says") {
  const RunTraits asked = traits("h100-sxm5-80gb");
  RunTraits other = asked;
  const auto changed = [&](auto change) {
    other = asked;
    change();
    CHECK(distance(asked, other) == distance(other, asked));
    return distance(asked, other);
  };
  CHECK(changed([&] { other.stack = "torchtitan"; }) == 1);
  CHECK(changed([&] { other.is_moe = true; }) == 2);
  CHECK(changed([&] { other.is_base_frozen = true; }) == 2);
  CHECK(changed([&] { other.bits = 8; }) == 0.5);
  CHECK(changed([&] { other.model = "Qwen"; }) == 0.25);
  CHECK(changed([&] { other.model = "llama-3.1_8b"; }) == 0);
  CHECK(changed([&] { other.dispatcher = "deepep"; }) == 0);
  CHECK(changed([&] { other.devices = 128; }) == Approx(std::log(2) / 4));
  CHECK(changed([&] { other.total = 16e9; }) == Approx(std::log(2) / 4));
  CHECK(changed([&] { other.total = 0; }) == 1);
}

TEST_CASE("Comparable runs are of one die family and one kind of model and training") {
  const RunTraits asked = traits("h800-sxm5-80gb");
  RunTraits lora = traits("h100-sxm5-80gb");
  lora.is_base_frozen = true;
  CHECK(is_comparable(asked, traits("gh200-96gb")));
  CHECK_FALSE(is_comparable(asked, traits("a100-sxm4-80gb")));
  CHECK_FALSE(is_comparable(asked, moe(asked)));
  CHECK_FALSE(is_comparable(asked, lora));
}

TEST_CASE("Counts, errors and order are those of the comparable runs") {
  const KnownRuns runs = {known("c", "one", traits("h100-sxm5-80gb"), std::log(0.9)),
                          known("b", "one", traits("h800-sxm5-80gb"), std::log(1.2)),
                          known("a", "two", traits("h100-sxm5-80gb"), std::log(0.98)),
                          known("moe", "two", moe(traits("h800-sxm5-80gb"))),
                          {"silent", "three", traits("h200-sxm-141gb"), {}, {}},
                          known("ampere", "four", traits("a100-sxm4-80gb"))};
  const RunEvidence found = evidence_for(traits("h800-sxm5-80gb"), runs);
  CHECK(found.runs == 4);
  CHECK(found.projects == 3);
  CHECK(found.on_device == 1);
  CHECK(found.of_family == 5);
  CHECK(ids(found) == std::vector<std::string>{"b", "a", "c", "silent", "ampere"});
  CHECK_FALSE(found.nearest.back().is_comparable);
  REQUIRE(found.errors);
  CHECK(found.errors->runs == 3);
  CHECK(found.errors->median == Approx(-0.02));
  CHECK(found.errors->half_within == Approx(0.1));
  CHECK(sentence(found) ==
        "4 runs of 3 projects (Hopper, dense), median error -2 %, half within ±10 %; nearest: b (+20 %), a (-2 %), "
        "c (-10 %), silent");
}

TEST_CASE("A project has two of the nearest runs while others have some") {
  KnownRuns runs;
  for (const char* id : {"a", "b", "c", "d", "e", "f"}) runs.push_back(known(id, "one", traits("h100-sxm5-80gb")));
  RunTraits far = traits("h100-sxm5-80gb");
  far.devices = 4096;
  runs.push_back(known("y", "two", far));
  runs.push_back(known("z", "three", far));
  CHECK(ids(evidence_for(traits("h100-sxm5-80gb"), runs)) == std::vector<std::string>{"a", "b", "c", "y", "z"});
  runs.resize(6);
  CHECK(ids(evidence_for(traits("h100-sxm5-80gb"), runs)) == std::vector<std::string>{"a", "b", "c", "d", "e"});
}

TEST_CASE("Where nothing like it was ever compared, that is said") {
  const KnownRuns runs = {known("a", "one", traits("h100-sxm5-80gb")), known("b", "one", traits("mi300x"))};
  const RunEvidence unknown = evidence_for(traits("gaudi3"), runs);
  CHECK(unknown.is_nothing_alike());
  CHECK_FALSE(unknown.errors);
  CHECK_THAT(sentence(unknown), Contains("nothing comparable: no published run on Gaudi 3; nearest: a (+11 %)"));
  const RunEvidence other_kind = evidence_for(moe(traits("mi300x")), runs);
  CHECK(other_kind.is_nothing_alike());
  CHECK_THAT(sentence(other_kind), Contains("no published run of MoE training on CDNA 3, only 1 run of another kind"));
  const RunEvidence relative = evidence_for(traits("h20-sxm-96gb"), runs);
  CHECK_THAT(sentence(relative), Contains("1 run of 1 project (Hopper, dense; none on h20-sxm-96gb itself)"));
  CHECK(weakest({relative, unknown}).asked.device == "gaudi3");
}

TEST_CASE("An unnamed device is compared as what it is assumed to be") {
  const KnownRuns runs = {known("a", "one", moe(traits("h100-sxm5-80gb")))};
  const RunEvidence found = evidence_for(moe(traits("ling-device-d")), runs);
  CHECK(found.runs == 1);
  CHECK_THAT(sentence(found), Contains("(Hopper, which ling-device-d is assumed to be, MoE)"));
}

TEST_CASE("Runs are known by what their records say, with the errors of a file, if there is one") {
  Record lora, oom;
  lora.id = "lora", lora.tier = "lora";
  lora.plan += R"(,"finetune":"lora")";
  oom.id = "oom", oom.tier = "oom";
  const std::vector<PublishedRun> records = {read({}), read(lora), read(oom)};
  const KnownRuns silent = known_runs(records, LeftOut{});
  REQUIRE(silent.size() == 2);
  CHECK_FALSE(silent[0].left_out);
  CHECK(silent[0].traits.die == "A100");
  CHECK(silent[0].traits.vendor == "NVIDIA");
  CHECK(silent[0].traits.stack == "megatron-deepspeed");
  CHECK(silent[0].traits.total == Approx(3.6e9).epsilon(0.02));
  CHECK(silent[0].traits.bits == 16);
  CHECK(silent[1].traits.is_base_frozen);

  const KnownRuns told = known_runs(records, LeftOut{{"run", {0.03, -0.08, 0.05}}, {"gone", {}}});
  CHECK(told[0].shipped == 0.03);
  CHECK(told[0].left_out == -0.08);
  CHECK_FALSE(told[1].left_out);
}

TEST_CASE("The runs that come with chipmix are evidence for the scenarios that come with it") {
  const KnownRuns& runs = known_runs(scenario::Library());
  CHECK(&runs == &known_runs(scenario::Library()));
  CHECK(runs.size() > 300);
  const auto scenario = support::read(support::two_chips);
  const auto all = evidence_for(scenario, runs);
  REQUIRE(all.size() == 3);
  CHECK(all[0].size() == 1);
  CHECK(all[0][0].asked.die == "Hopper");
  CHECK(all[0][0].on_device > 10);
  CHECK(all[0][0].projects > 5);
  CHECK(all[0][0].nearest.size() == nearest_kept);
  CHECK(all[2].size() == 2);  // the fleet: both
  CHECK(evidence_for(scenario, {})[0].empty());
}

TEST_CASE("Every device that has published runs has a family") {
  for (const KnownRun& run : known_runs(scenario::Library())) {
    CAPTURE(run.id, run.traits.device);
    CHECK(hardware::device_family(run.traits.device) != nullptr);
  }
}
