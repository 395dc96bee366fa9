// Do the shipped profiles give back the numbers their sources publish?
#include "profiles.hpp"

using namespace chipmix;
using namespace chipmix::hardware;

namespace {

double peak(const DeviceSpec& device, Dtype dtype) { return device.peak.at(dtype).value.value() / 1e12; }
double gemm(const DeviceSpec& device, Dtype dtype) {
  return peak(device, dtype) * device.efficiency.gemm.at(dtype).value;
}

/// Attention rate in TFLOP/s: share × bf16 peak × s / (s + half length).
double attention(const DeviceSpec& device, const Sourced<double>& share, double tokens) {
  return share.value * peak(device, Dtype::bf16) * tokens / (tokens + device.efficiency.attention_half_length.value);
}

}  // namespace

TEST_CASE("Do peaks and memory match the published data sheets?") {
  struct Row {
    std::string id;
    double bf16, gib, gbs;
  };
  const std::vector<Row> rows = {
      {"a100-sxm4-40gb", 312, 40, 1555},      {"a100-sxm4-80gb", 312, 80, 2039}, {"a800-sxm4-80gb", 312, 80, 2039},
      {"h100-sxm5-80gb", 989, 80, 3350},      {"h800-sxm5-80gb", 989, 80, 3350}, {"h200-sxm-141gb", 989, 141, 4800},
      {"h20-sxm-96gb", 148, 96, 4000},        {"h20-sxm-141gb", 148, 141, 4800}, {"b200-sxm-180gb", 2250, 180, 8000},
      {"gb200-nvl72-gpu", 2500, 186, 8000},   {"ascend-910b2", 353.9, 64, 1600}, {"ascend-910b3", 294.9, 64, 1600},
      {"ascend-910b4-64gb", 245.8, 64, 1600}, {"ascend-910c", 707.8, 128, 3200}, {"mi250x", 383, 128, 3280},
      {"mi300x", 1307.4, 192, 5300},          {"mi325x", 1307.4, 256, 6000},     {"mi355x", 2516.6, 288, 8000},
      {"metax-c500", 240, 64, 1800},          {"mtt-s5000", 500, 80, 1600}};
  for (const Row& row : rows) {
    CAPTURE(row.id);
    const DeviceSpec device = profiles::device(row.id);
    CHECK(peak(device, Dtype::bf16) == Approx(row.bf16));
    CHECK(gib(device.memory.value) == Approx(row.gib));
    CHECK(device.memory_bandwidth.value.value() / 1e9 == Approx(row.gbs));
  }
}

TEST_CASE("Are devices A to E those of Table 1 of the Ling report (arXiv:2503.05139)?") {
  struct Row {
    std::string letter;
    double tflops, gib;
    bool fp8;
  };
  for (const Row& row : {Row{"a", 370, 64, false}, Row{"b", 120, 96, false}, Row{"c", 312, 80, false},
                         Row{"d", 989, 80, true}, Row{"e", 147, 96, true}}) {
    CAPTURE(row.letter);
    const DeviceSpec device = profiles::device("ling-device-" + row.letter);
    CHECK(peak(device, Dtype::bf16) == Approx(row.tflops));
    CHECK(gib(device.memory.value) == Approx(row.gib));
    CHECK(device.peak.contains(Dtype::fp8) == row.fp8);
  }
}

TEST_CASE("Do GEMM shares give back the measured rates?") {
  struct Row {
    std::string id;
    Dtype dtype;
    double tflops, tolerance;
  };
  const std::vector<Row> rows = {{"a100-sxm4-80gb", Dtype::bf16, 271.2, 0.05},   // ml-engineering MAMF
                                 {"h100-sxm5-80gb", Dtype::bf16, 794.5, 0.03},   // ml-engineering MAMF
                                 {"gh200-96gb", Dtype::bf16, 828.6, 0.04},       // ml-engineering MAMF
                                 {"b200-sxm-180gb", Dtype::bf16, 1537.9, 0.05},  // aiconfigurator, 16384³
                                 {"mi300x", Dtype::bf16, 668.4, 0.03},           // ml-engineering MAMF
                                 {"mi325x", Dtype::bf16, 784.9, 0.03},           // HipKittens
                                 {"mi355x", Dtype::bf16, 1565, 0.03},            // ml-engineering MAMF
                                 {"h100-sxm5-80gb", Dtype::fp8, 1382, 0.03},     // Azure, 32768³
                                 {"h800-sxm5-80gb", Dtype::fp8, 1304, 0.03},     // DeepGEMM
                                 {"mi300x", Dtype::fp8, 1148.7, 0.05},           // Azure
                                 {"ascend-910b2", Dtype::bf16, 304.3, 0.05}};    // FlagPerf
  for (const Row& row : rows) {
    CAPTURE(row.id, row.tflops);
    CHECK(gemm(profiles::device(row.id), row.dtype) == Approx(row.tflops).epsilon(row.tolerance));
  }
}

TEST_CASE("Does a streaming kernel reach the bandwidth BabelStream reaches?") {
  const std::map<std::string, double> terabytes = {
      {"a100-sxm4-80gb", 1.67}, {"h100-sxm5-80gb", 2.97}, {"h200-sxm-141gb", 4.15}, {"mi300x", 4.13}};
  for (const auto& [id, measured] : terabytes) {
    CAPTURE(id);
    const DeviceSpec device = profiles::device(id);
    const double reached = device.memory_bandwidth.value.value() / 1e12 * device.efficiency.memory.value;
    CHECK(reached == Approx(measured).epsilon(0.03));
  }
}

TEST_CASE("Does attention follow the published curve over sequence length?") {
  const DeviceSpec h100 = profiles::device("h100-sxm5-80gb");  // cuDNN, head size 128, causal, forward
  const std::map<double, double> h100_forward = {{512, 315}, {1024, 410}, {2048, 484}, {4096, 518}, {16384, 539}};
  for (const auto& [tokens, tflops] : h100_forward) {
    CAPTURE(tokens);
    CHECK(attention(h100, h100.efficiency.attention_forward, tokens) == Approx(tflops).epsilon(0.08));
  }
  const DeviceSpec a100 = profiles::device("a100-sxm4-80gb");  // FlashAttention-2, forward and backward together
  const std::map<double, double> a100_both = {{512, 99}, {1024, 133}, {2048, 155}, {4096, 173}, {16384, 189}};
  for (const auto& [tokens, tflops] : a100_both) {
    CAPTURE(tokens);
    const double both = 3.5 / (1 / attention(a100, a100.efficiency.attention_forward, tokens) +
                               2.5 / attention(a100, a100.efficiency.attention_backward, tokens));
    CHECK(both == Approx(tflops).epsilon(0.08));
  }
}

TEST_CASE("Does the range of a link's reach hold the bus bandwidth measured with very large messages?") {
  const std::map<std::string, double> gbs = {{"nvlink3", 234.9},      // ml-engineering, A100, 16 GiB
                                             {"nvlink4", 367.2},      // ml-engineering, H200 ring
                                             {"nvlink5", 682.2},      // ml-engineering, B200 ring
                                             {"nvlink4-h800", 158},   // DeepEP
                                             {"xgmi-mi300x", 316.8},  // Azure
                                             {"efa-400", 36.95},      // ml-engineering, four nodes
                                             {"ib-hdr200", 24},       // NVIDIA, DGX A100
                                             {"ib-ndr400", 46.25}};   // NVIDIA, DGX H100
  for (const auto& [id, measured] : gbs) {
    CAPTURE(id);
    const LinkSpec link = profiles::link(id);
    REQUIRE(link.efficiency.range);
    const double share = measured / (link.bandwidth.value.value() / 1e9);
    CHECK(share > link.efficiency.range->low * 0.98);
    CHECK(share < link.efficiency.range->high * 1.02);
  }
}

TEST_CASE("Are the parts for China cut where their makers cut them, and nowhere else?") {
  const auto same_compute = [](const std::string& part, const std::string& original) {
    return peak(profiles::device(part), Dtype::bf16) == Approx(peak(profiles::device(original), Dtype::bf16));
  };
  CHECK(same_compute("a800-sxm4-80gb", "a100-sxm4-80gb"));
  CHECK(same_compute("h800-sxm5-80gb", "h100-sxm5-80gb"));
  CHECK(profiles::link("nvlink3-a800").bandwidth.value.value() == Approx(200e9));
  CHECK(profiles::link("nvlink4-h800").bandwidth.value.value() == Approx(200e9));
  CHECK(profiles::link("nvlink4").bandwidth.value.value() == Approx(450e9));
  CHECK(profiles::node("hgx-h20").scale_up == "nvlink4");
}

TEST_CASE("Do two Ascend 910B see one link of 28 GB/s, and all eight 196?") {
  const LinkSpec link = profiles::link("hccs-a2");
  CHECK(link.wiring == Wiring::full_mesh);
  CHECK(link.bandwidth.value.value() / link.links.value == Approx(28e9));
  CHECK(link.bandwidth.value.value() == Approx(196e9));
}

TEST_CASE("Do devices and host of a CloudMatrix 384 draw the published 559 kW together?") {
  const NodeSpec node = profiles::node("cloudmatrix-384");
  const DeviceSpec device = profiles::device(node.device);
  REQUIRE(node.host_power);
  const double kilowatts = (node.devices * device.power.value.value() + node.host_power->value.value()) / 1000;
  CHECK(kilowatts == Approx(559).epsilon(0.01));
}
