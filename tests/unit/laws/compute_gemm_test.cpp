// Do the GEMM laws give the published rates, and do they behave?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "compute_devices.hpp"
#include "laws/compute.hpp"

using namespace chipmix;
using namespace chipmix::laws;

namespace {

struct Point {
  double m, n, k, tflops;
};

double tflops(const Point& p, Dtype dtype, const hardware::DeviceSpec& rank) {
  return 2 * p.m * p.n * p.k / gemm_time({p.m, p.n, p.k, 1}, dtype, rank).value() / 1e12;
}

void check_points(const std::vector<Point>& points, Dtype dtype, const hardware::DeviceSpec& rank, double within) {
  for (const Point& p : points) {
    CAPTURE(p.m, p.n, p.k);
    CHECK(tflops(p, dtype, rank) == Approx(p.tflops).epsilon(within));
  }
}

const std::vector<Point> odd_shapes = {{1, 1, 1, 0},        {63, 65, 127, 0},      {64, 7168, 2048, 0},
                                       {1000, 1000, 50, 0}, {4096, 4096, 4096, 0}, {16384, 151936, 8192, 0}};

}  // namespace

// NVIDIA aiconfigurator measurements (gemm_perf tables; github.com/ai-dynamo/aiconfigurator, commit 095f58a).
TEST_CASE("Does an H100 reach the rates NVIDIA measured in bf16?") {
  check_points({{128, 4096, 4096, 266.8},
                {1024, 4096, 4096, 757.8},
                {4096, 4096, 4096, 788.6},
                {16384, 4096, 4096, 788.2},
                {2048, 8192, 8192, 793.7},
                {8192, 12288, 12288, 806.5},
                {128, 16384, 16384, 356.1},
                {64, 8192, 8192, 170.4}},
               Dtype::bf16, fitted::h100(), 0.08);
}

// Azure AI benchmarking guide, Azure_Results, commit 8fd0c6e: per-tensor fp8 without the cast.
TEST_CASE("Does an H100 reach the rates Azure measured in fp8?") {
  check_points({{4096, 4096, 4096, 1216.9},
                {8192, 8192, 8192, 1290.1},
                {16384, 16384, 16384, 1377.3},
                {32768, 32768, 32768, 1382.2},
                {6144, 12288, 12288, 1351.4},
                {802816, 192, 768, 663.8}},
               Dtype::fp8, fitted::h100(), 0.10);
}

// The same source: its overhead per launch is longer than that of the graphs the device was fitted to.
TEST_CASE("Is an H100 within a third of Azure's rates where the launch is most of the time?") {
  check_points({{1024, 1024, 1024, 274.1}, {1024, 2145, 1024, 410.7}}, Dtype::fp8, fitted::h100(), 0.34);
}

TEST_CASE("Does an A100 reach the rates NVIDIA measured in bf16?") {
  check_points({{4096, 4096, 4096, 267.3},
                {8192, 4096, 4096, 265.4},
                {2048, 8192, 8192, 272.6},
                {8192, 8192, 8192, 262.5},
                {1024, 16384, 16384, 268.6}},
               Dtype::bf16, fitted::a100(), 0.08);
}

TEST_CASE("Is the GEMM law without bias for the large products of training?") {
  const std::vector<Point> large = {
      {1024, 4096, 4096, 757.8},   {2048, 4096, 4096, 781.3},   {4096, 4096, 4096, 788.6},
      {8192, 4096, 4096, 800.0},   {1024, 8192, 8192, 720.7},   {2048, 8192, 8192, 793.7},
      {4096, 8192, 8192, 817.2},   {8192, 8192, 8192, 782.7},   {1024, 12288, 12288, 808.0},
      {2048, 12288, 12288, 817.5}, {4096, 12288, 12288, 771.6}, {8192, 12288, 12288, 806.5},
      {1024, 16384, 16384, 746.1}, {2048, 16384, 16384, 680.8}, {4096, 16384, 16384, 755.6},
      {8192, 16384, 16384, 754.8}};
  double ratio = 0;
  for (const Point& p : large) ratio += tflops(p, Dtype::bf16, fitted::h100()) / p.tflops;
  CHECK(ratio / static_cast<double>(large.size()) == Approx(1.0).epsilon(0.03));
}

TEST_CASE("Is a GEMM never faster than its matrix work or its bytes?") {
  const auto h100 = fitted::h100();
  for (const Point& p : odd_shapes) {
    CAPTURE(p.m, p.n, p.k);
    const double work = 2 * p.m * p.n * p.k / (989e12 * 0.797);
    const double traffic = 2 * (p.m * p.k + p.k * p.n + p.m * p.n) / (3.35e12 * 0.863);
    CHECK(gemm_time({p.m, p.n, p.k, 1}, Dtype::bf16, h100).value() >= 4.7e-6 + std::max(work, traffic));
  }
}

TEST_CASE("Is more bandwidth, more compute or a smaller overhead never slower?") {
  for (const Point& p : odd_shapes) {
    CAPTURE(p.m, p.n, p.k);
    const GemmShape shape{p.m, p.n, p.k, 1};
    const Seconds before = gemm_time(shape, Dtype::bf16, fitted::h100());
    auto better = fitted::h100();
    better.memory_bandwidth.value *= 1.5;
    CHECK(gemm_time(shape, Dtype::bf16, better) <= before);
    better = fitted::h100();
    better.peak[Dtype::bf16].value *= 1.5;
    CHECK(gemm_time(shape, Dtype::bf16, better) <= before);
    better = fitted::h100();
    better.efficiency.kernel_overhead.value *= 0.5;
    CHECK(gemm_time(shape, Dtype::bf16, better) < before);
  }
}

TEST_CASE("Does a larger product never take less time?") {
  const auto rank = fitted::h100();
  for (double n : {64.0, 1000.0, 4096.0})
    for (double k : {64.0, 1000.0, 8192.0}) {
      Seconds last(0);
      for (double m = 1; m < 20000; m = m * 1.07 + 1) {
        CAPTURE(m, n, k);
        const Seconds now = gemm_time({std::floor(m), n, k, 1}, Dtype::bf16, rank);
        CHECK(now >= last);
        last = now;
      }
    }
}

TEST_CASE("Does one row more than a whole tile cost a tile?") {
  const auto rank = fitted::h100();
  const Seconds whole = gemm_time({1024, 4096, 4096, 1}, Dtype::bf16, rank);
  const Seconds over = gemm_time({1025, 4096, 4096, 1}, Dtype::bf16, rank);
  CHECK(over > 1.04 * whole);
  CHECK(over <= gemm_time({1088, 4096, 4096, 1}, Dtype::bf16, rank));
}

TEST_CASE("Does slicing k help a product with few tiles and a long k?") {
  auto rank = fitted::h100();
  const GemmShape shape{128, 128, 1 << 20, 1};
  const Seconds sliced = gemm_time(shape, Dtype::bf16, rank);
  const double alone = 2.0 * 128 * 128 * (1 << 20) / (989e12 * 0.797) * 132 / 4;  // four tiles on four of 132 units
  CHECK(sliced.value() < 0.2 * alone);
}

TEST_CASE("Are equal products in a row a multiple of one?") {
  const auto rank = fitted::h100();
  CHECK(gemm_time({512, 512, 512, 7}, Dtype::bf16, rank) == 7 * gemm_time({512, 512, 512, 1}, Dtype::bf16, rank));
}

TEST_CASE("Does a profile without a unit count still give a time, never a longer one?") {
  auto rank = fitted::h100();
  const Seconds with = gemm_time({128, 128, 4096, 1}, Dtype::bf16, rank);
  rank.compute_units.reset();
  CHECK(gemm_time({128, 128, 4096, 1}, Dtype::bf16, rank) <= with);
}

// DeepGEMM README, March 2025, H800 (H100 rates): contiguous (training) and masked (few rows) grouped GEMM in fp8.
TEST_CASE("Does a grouped GEMM reach the rates of DeepGEMM on H800?") {
  struct Row {
    double groups, rows, n, k, tflops;
  };
  auto rank = fitted::h100();
  rank.efficiency.grouped_gemm.value = 0.80;
  for (const Row& r : {Row{4, 8192, 4096, 7168, 1297}, Row{4, 8192, 7168, 2048, 1099}, Row{8, 4096, 4096, 7168, 1288},
                       Row{8, 4096, 7168, 2048, 1093}, Row{2, 512, 4096, 7168, 1040}, Row{4, 256, 4096, 7168, 932}}) {
    CAPTURE(r.groups, r.rows, r.n, r.k);
    const Seconds time = grouped_gemm_time({r.groups, r.rows, r.n, r.k}, Dtype::fp8, rank);
    CHECK(2 * r.groups * r.rows * r.n * r.k / time.value() / 1e12 == Approx(r.tflops).epsilon(0.16));
  }
}

TEST_CASE("Is a grouped GEMM with few rows bound by reading every expert's weights?") {
  const Seconds time = grouped_gemm_time({32, 4, 7168, 2048}, Dtype::bf16, fitted::h100());
  const double weights = 32.0 * 7168 * 2048 * 2 / (3.35e12 * 0.863);
  CHECK(time.value() > weights);
  CHECK(time.value() < 1.3 * weights);
}

TEST_CASE("Does a grouped GEMM of one group take a dense product's time?") {
  const auto rank = fitted::h100();
  const Seconds dense = gemm_time({4096, 4096, 4096, 1}, Dtype::bf16, rank);
  CHECK(grouped_gemm_time({1, 4096, 4096, 4096}, Dtype::bf16, rank) == dense);
}

TEST_CASE("Does nothing to multiply take no time?") {
  const auto rank = fitted::h100();
  CHECK(gemm_time({0, 4096, 4096, 1}, Dtype::bf16, rank) == Seconds(0));
  CHECK(gemm_time({64, 64, 64, 0}, Dtype::bf16, rank) == Seconds(0));
  CHECK(grouped_gemm_time({8, 0, 4096, 4096}, Dtype::bf16, rank) == Seconds(0));
}

TEST_CASE("Is a number format the device lacks, or a senseless size, our bug?") {
  const auto rank = fitted::h100();
  CHECK_THROWS_AS(gemm_time({64, 64, 64, 1}, Dtype::fp8, fitted::a100()), std::logic_error);
  CHECK_THROWS_AS(grouped_gemm_time({8, 64, 64, 64}, Dtype::int8, rank), std::logic_error);
  CHECK_THROWS_AS(gemm_time({-1, 64, 64, 1}, Dtype::bf16, rank), std::logic_error);
  const double undefined = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(gemm_time({64, undefined, 64, 1}, Dtype::bf16, rank), std::logic_error);
  CHECK_THROWS_AS(grouped_gemm_time({8, 64, 64, -64}, Dtype::bf16, rank), std::logic_error);
}
