// Degrees of a published run: do they multiply to its devices, and what of experts and sequences do they cut?
#include <algorithm>
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/question.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

Record on(int devices, const std::string& degrees, const std::string& stack = "megatron-core") {
  Record record;
  record.cluster = R"("device":"a100-sxm4-80gb","devices":)" + std::to_string(devices);
  record.plan =
      degrees + R"(,"micro_batch":1,"global_batch":256,"recompute":"full","dtype":"bf16","stack":")" + stack + "\"";
  return record;
}

Record mixture(const std::string& degrees, const std::string& stack) {
  Record record = on(64, degrees, stack);
  record.model += R"(,"moe":{"num_experts":16,"top_k":2,"expert_intermediate_size":1024})";
  return record;
}

Question ask(const Record& record) {
  scenario::Library library;
  return question_of(read(record), library);
}
plan::Degrees degrees(const Record& record) { return ask(record).plans.at(0).degrees(); }

}  // namespace

TEST_CASE("degrees that do not multiply to the devices are refused by name") {
  CHECK_THROWS_WITH(ask(on(128, R"("tp":8,"pp":4,"dp":2)")),
                    "tp 8 x pp 4 x cp 1 x ulysses_sp 1 x dp 2 are 64 ranks, and cluster.devices is 128");
  CHECK_THROWS_WITH(ask(on(64, R"("tp":2,"pp":1,"dp":32,"cp":2)")), Catch::Contains("are 128 ranks"));
  CHECK_THROWS_WITH(ask(on(60, R"("tp":8,"pp":1)")), Catch::Contains("tp 8"));  // 60 / 8
  CHECK_THROWS_WITH(ask(on(4, R"("tp":8,"pp":1)")), Catch::Contains("devices is 4"));
  CHECK_NOTHROW(ask(on(128, R"("tp":8,"pp":4,"dp":4)")));
}

TEST_CASE("data parallelism that is not said is what the others leave") {
  CHECK(degrees(on(128, R"("tp":8,"pp":2)")).data == 8);
  CHECK(degrees(on(128, R"("tp":2,"pp":2,"cp":4)")).data == 8);
}

TEST_CASE("Ulysses ranks count among those that share a sequence") {
  CHECK_THROWS_WITH(ask(on(64, R"("tp":2,"pp":1,"dp":32,"ulysses_sp":4)")), Catch::Contains("ulysses_sp 4"));
  const plan::Degrees d = degrees(on(64, R"("tp":2,"pp":1,"cp":2,"ulysses_sp":4,"dp":4)"));
  CHECK(d.context == 8);
  CHECK(d.ulysses == 4);
  CHECK(d.data == 4);
  CHECK(d.ranks() == 64);
}

TEST_CASE("experts are cut over tensor ranks where the record or the framework says") {
  const std::string four = R"("tp":4,"pp":1,"ep":4)";
  for (const char* cuts : {"megatron-lm", "mindspeed-llm"}) CHECK(degrees(mixture(four, cuts)).expert_tensor == 4);
  for (const char* keeps : {"megatron-core", "mindformers"}) CHECK(degrees(mixture(four, keeps)).expert_tensor == 1);
  CHECK(degrees(mixture(four + R"(,"etp":1)", "megatron-lm")).expert_tensor == 1);
  CHECK(degrees(mixture(four + R"(,"etp":2)", "megatron-core")).expert_tensor == 2);
  CHECK(degrees(mixture(four + R"(,"ep_extend_tp":true)", "mindspeed-llm")).expert_tensor == 1);
  CHECK(degrees(on(64, R"("tp":4,"pp":1)", "megatron-lm")).expert_tensor == 1);  // no experts to cut
  CHECK(degrees(mixture(R"("tp":1,"pp":1,"ep":4)", "megatron-lm")).expert_tensor == 1);
  // 128 ranks of experts are more than the stage has
  CHECK_THROWS_WITH(ask(mixture(R"("tp":4,"pp":1,"ep":16,"etp":8)", "megatron-core")),
                    Catch::Contains("ep 16 x etp 8"));
  const Assumed assumed = ask(mixture(four, "megatron-lm")).assumed;
  CHECK(std::count(assumed.begin(), assumed.end(), "plan.etp = 4 (megatron-lm)") == 1);
}
