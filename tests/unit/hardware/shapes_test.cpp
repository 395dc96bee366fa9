// Do the field tables refuse what is wrong, and do packages split into ranks as they should?
#include "profiles.hpp"

using namespace chipmix;
using namespace chipmix::hardware;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

const std::string good_device = R"({
  "id": "x1", "name": "X1", "aliases": ["x"], "vendor": "V", "year": 2024, "ranks": 2,
  "peak": {"bf16": {"value": "400 TFLOP/s", "grade": "datasheet", "source": "data sheet"}},
  "memory": {"value": "64 GiB", "grade": "datasheet", "source": "data sheet"},
  "memory_bandwidth": {"value": "1600 GB/s", "low": "1400 GB/s", "high": "1800 GB/s", "grade": "scaled", "source": "s"},
  "power": {"value": "350 W", "grade": "datasheet", "source": "data sheet"},
  "compute_units": {"value": 48, "grade": "datasheet", "source": "data sheet"},
  "efficiency": {
    "gemm": {"bf16": {"value": 0.8, "grade": "measured", "source": "page"}},
    "sustained": {"value": 0.9, "grade": "measured", "source": "page"},
    "memory": {"value": 0.85, "grade": "measured", "source": "page"},
    "attention_forward": {"value": 0.5, "grade": "measured", "source": "page"},
    "attention_backward": {"value": 0.4, "grade": "measured", "source": "page"},
    "attention_half_length": {"value": 500, "grade": "measured", "source": "page"},
    "grouped_gemm": {"value": 0.7, "grade": "measured", "source": "page"},
    "kernel_overhead": {"value": "5 us", "grade": "assumed", "source": "guess"}},
  "node": "n", "stack": "s"})";

const std::string good_link = R"({
  "id": "l", "name": "L", "wiring": "full_mesh",
  "bandwidth": {"value": "196 GB/s", "grade": "datasheet", "source": "data sheet"},
  "links": {"value": 7, "grade": "datasheet", "source": "data sheet"},
  "efficiency": {"value": 0.7, "grade": "measured", "source": "page"},
  "latency": {"value": "5 us", "grade": "assumed", "source": "guess"}})";

template <class T>
std::string fault(const std::string& text) {
  std::string message;
  CHECK_FALSE(profiles::parse<T>(text, message));
  return message;
}

}  // namespace

TEST_CASE("Is a complete device read with its units, bounds and grades?") {
  std::string message;
  const auto device = profiles::parse<DeviceSpec>(good_device, message);
  INFO(message);
  REQUIRE(device);
  CHECK(device->peak.at(Dtype::bf16).value.value() == Approx(400e12));
  CHECK(gib(device->memory.value) == Approx(64));
  REQUIRE(device->memory_bandwidth.range);
  CHECK(device->memory_bandwidth.range->high.value() == Approx(1800e9));
  CHECK(device->memory_bandwidth.grade == Evidence::scaled);
  CHECK(device->efficiency.kernel_overhead.value.value() == Approx(5e-6));
}

TEST_CASE("Is a wrong device refused with its reason?") {
  using Catch::Contains;
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("value": 0.8)", R"("value": 1.2)")), Contains("share"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("value": 0.85)", R"("value": -0.1)")), Contains("share"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"({"bf16": {"value": 0.8)", R"({"fp8": {"value": 0.8)")),
             Contains("bf16") && Contains("fp8"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("350 W")", R"("0 W")")), Contains("more than 0"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("350 W")", R"("350 GB")")), Contains("350 GB"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("64 GiB")", "64")), Contains("memory"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("ranks": 2)", R"("ranks": 0)")), Contains("ranks"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("vendor")", R"("vendr")")), Contains("vendor"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("grade": "datasheet")", R"("grade": "sure")")),
             Contains("sure"));
  CHECK_THAT(fault<DeviceSpec>(replaced(good_device, R"("source": "data sheet")", R"("source": "")")),
             Contains("source"));
}

TEST_CASE("Is a wrong link refused with its reason?") {
  using Catch::Contains;
  std::string message;
  CHECK(profiles::parse<LinkSpec>(good_link, message));
  CHECK_THAT(fault<LinkSpec>(replaced(good_link, "full_mesh", "fullmesh")), Contains("full_mesh"));
  CHECK_THAT(fault<LinkSpec>(replaced(good_link, R"("value": 7)", R"("value": 6.5)")), Contains("links"));
  CHECK_THAT(fault<LinkSpec>(replaced(good_link, R"("value": 7)", R"("value": 0)")), Contains("at least 1"));
  CHECK_THAT(fault<LinkSpec>(replaced(good_link, R"("196 GB/s")", R"("196 GB")")), Contains("196 GB"));
}

TEST_CASE("Is one rank of a 910C half a package?") {
  const DeviceSpec package = profiles::device("ascend-910c");
  const DeviceSpec rank = per_rank(package);
  CHECK(package.ranks == 2);
  CHECK(rank.ranks == 1);
  CHECK(rank.peak.at(Dtype::bf16).value.value() == Approx(353.9e12));
  CHECK(gib(rank.memory.value) == Approx(64));
  CHECK(rank.memory_bandwidth.value.value() == Approx(1600e9));
  CHECK(rank.power.value.value() == Approx(350));
  CHECK(rank.power.range->low.value() == Approx(package.power.range->low.value() / 2));
  CHECK(rank.compute_units->value == Approx(24));
  CHECK(rank.efficiency.gemm.at(Dtype::bf16).value == package.efficiency.gemm.at(Dtype::bf16).value);
}

TEST_CASE("Do the ranks of every device add up to its package?") {
  for (const auto& [id, package] : profiles::all<DeviceSpec>("devices")) {
    CAPTURE(id);
    const DeviceSpec rank = per_rank(package);
    CHECK(rank.ranks == 1);
    CHECK(rank.memory.value.value() * package.ranks == Approx(package.memory.value.value()));
    CHECK(rank.power.value.value() * package.ranks == Approx(package.power.value.value()));
    for (const auto& [dtype, rate] : package.peak)
      CHECK(rank.peak.at(dtype).value.value() * package.ranks == Approx(rate.value.value()));
  }
}

TEST_CASE("How many ranks share a scale-up domain?") {
  NodeGroup group;
  group.device = profiles::device("ascend-910c");
  group.node = profiles::node("cloudmatrix-384");
  group.devices = 768;
  CHECK(group.ranks() == 1536);
  CHECK(group.ranks_per_node() == 768);
  group.devices = 100;  // less than one domain
  CHECK(group.ranks_per_node() == 200);
  group.device = profiles::device("h100-sxm5-80gb");
  group.node = profiles::node("hgx-h100");
  group.devices = 64;
  CHECK(group.ranks_per_node() == 8);
}
