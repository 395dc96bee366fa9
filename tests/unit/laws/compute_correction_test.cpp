// Does a correction multiply products near its points, and only those?
#include <catch2/catch.hpp>

#include "compute_devices.hpp"
#include "laws/compute.hpp"
#include "laws/gemm_correction.hpp"

namespace chipmix::laws {
namespace {

hardware::DeviceSpec corrected() {
  hardware::DeviceSpec device = fitted::h100();
  device.efficiency.gemm_correction[Dtype::bf16] = {
      .rows_length = 0.5, .sides_length = 2, .points = {{1024, 4096, 4096, 0.2}}};
  return device;
}

double ratio(double m, double n, double k, Dtype dtype) {
  return gemm_time({m, n, k}, dtype, corrected()) / gemm_time({m, n, k}, dtype, fitted::h100());
}

}  // namespace

TEST_CASE("is a product at a point's shape longer by its weight?") {
  CHECK(ratio(1024, 4096, 4096, Dtype::bf16) == Approx(std::exp(0.2)));
}

TEST_CASE("does the correction follow the equation between shapes, and vanish far away?") {
  const double d = std::sqrt(3.0) * std::log(2.0) / 0.5;  // twice the rows
  CHECK(ratio(2048, 4096, 4096, Dtype::bf16) == Approx(std::exp(0.2 * (1 + d) * std::exp(-d))));
  const double side = std::sqrt(3.0) * std::log(2.0) / 2;  // twice the width, and of a longer length
  CHECK(ratio(1024, 8192, 4096, Dtype::bf16) == Approx(std::exp(0.2 * (1 + side) * std::exp(-side))));
  CHECK(ratio(1024, 4096, 8192, Dtype::bf16) == ratio(1024, 8192, 4096, Dtype::bf16));
  CHECK(ratio(64e6, 4096, 4096, Dtype::bf16) == Approx(1).epsilon(1e-6));
}

TEST_CASE("are other formats, and devices without a correction, left as they are?") {
  CHECK(ratio(1024, 4096, 4096, Dtype::fp8) == 1);
  CHECK(correction_factor({1024, 4096, 4096}, Dtype::bf16, fitted::h100()) == 1);
}

}  // namespace chipmix::laws
