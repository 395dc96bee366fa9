// Does every device belong to a family, and every run to a group?
#include <catch2/catch.hpp>

#include "records.hpp"
#include "scenario/library.hpp"
#include "validation/groups.hpp"

using namespace chipmix::validation;

TEST_CASE("the families are those of the judge") {
  CHECK(family_of("gb300-nvl72-gpu") == "GB200/GB300");
  CHECK(family_of("gh200-96gb") == "GH200");
  CHECK(family_of("h200-sxm-141gb") == "H200");
  CHECK(family_of("h20-sxm-96gb") == "H20");
  CHECK(family_of("h800-pcie-80gb") == "H800");
  CHECK(family_of("h100-sxm5-96gb-500w") == "H100");
  CHECK(family_of("b300-sxm-288gb") == "B200/B300");
  CHECK(family_of("mi250x") == "MI2xx");
  CHECK(family_of("mi355x") == "MI3xx");
  CHECK(family_of("a800-sxm4-80gb") == "A800");
  CHECK(family_of("mixed") == "mixed");
  CHECK(family_of("") == "other");
}

TEST_CASE("every device chipmix knows has a family") {
  chipmix::scenario::Library library;
  for (const std::string& id : library.ids("devices")) {
    INFO(id);
    CHECK(family_of(id) != "other");
  }
}

TEST_CASE("mixtures of experts and adapters stand apart") {
  Record record;
  CHECK(class_of(read(record)) == "dense");
  CHECK(family_group_of(read(record)) == "A100");
  record.model += R"(,"moe":{"num_experts":8,"top_k":2})";
  CHECK(class_of(read(record)) == "MoE");
  CHECK(family_group_of(read(record)) == "A100, MoE");
  record.tier = "lora";
  CHECK(class_of(read(record)) == "LoRA");
  CHECK(family_group_of(read(record)) == "LoRA, A100");
}

TEST_CASE("a run without a project belongs to its publication") {
  Record record;
  CHECK(project_of(read(record)) == "A source");
  record.rest = R"(,"project":"a lab")";
  CHECK(project_of(read(record)) == "a lab");
}
