// Is a correction by neighbours found where there is one, and left off where there is only noise?
#include <catch2/catch.hpp>

#include "laws/gemm_correction.hpp"
#include "synthetic.hpp"

namespace chipmix::calibration {
namespace {

/// What a library's choice of kernel might do: a fifth slower around 512 rows of wide matrices, faster elsewhere.
double choice(const GemmSample& gemm) {
  const double rows = std::log(gemm.m / 512), sides = std::log(gemm.n / 8192);
  return 0.25 * std::exp(-rows * rows / 2 - sides * sides / 2) - 0.05;
}

Measurements with_choice(Measurements data) {
  for (Sample& sample : data.samples)
    if (auto* gemm = std::get_if<GemmSample>(&sample)) gemm->seconds.values.at(0) *= std::exp(choice(*gemm));
  return data;
}

/// Logs of the corrections at the measured products.
std::vector<double> corrected_by(const std::map<Dtype, hardware::GemmCorrection>& corrections,
                                 const Measurements& data) {
  hardware::DeviceSpec rank = h100().rank;
  rank.efficiency.gemm_correction = corrections;
  std::vector<double> logs;
  for (const Sample& sample : data.samples)
    if (const auto* gemm = std::get_if<GemmSample>(&sample))
      logs.push_back(std::log(laws::correction_factor({gemm->m, gemm->n, gemm->k}, gemm->dtype, rank)));
  return logs;
}

const Errors& unseen(const Calibration& found) { return found.held_out.at("gemm.bf16"); }

}  // namespace

TEST_CASE("Is a library's choice of kernels found from neighbours, and do shapes not seen gain by it?") {
  const Calibration found = calibrate(with_choice(measured(sweep(), secret(), 0.01, 3)), h100());
  CHECK(figure(found, "efficiency.gemm_correction.bf16").verdict == Verdict::fitted);
  REQUIRE(found.corrections.contains(Dtype::bf16));
  CHECK(found.corrections.at(Dtype::bf16).points.size() == 27);
  CHECK(found.corrections.at(Dtype::bf16).nugget < 0.05);
  CHECK(unseen(found).median < 0.05);
}

TEST_CASE("Does noise of 5 % alone, in 200 sweeps, correct by less than a fifth of itself?") {
  double sum = 0;
  int products = 0;
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    const auto data = measured(sweep(), secret(), 0.05, 5000 + trial);
    for (const double log : corrected_by(fit_only(data, h100()).corrections, data)) sum += log * log, ++products;
  }
  CHECK(std::sqrt(sum / products) < 0.01);
}

TEST_CASE("Does the corrected law give back what was measured, and leave far shapes alone?") {
  const Calibration found = calibrate(with_choice(measured(sweep(), secret(), 0.005, 3)), h100());
  hardware::DeviceSpec rank = h100().rank;
  rank.efficiency.gemm_correction = found.corrections;
  CHECK(laws::correction_factor({512, 8192, 8192}, Dtype::bf16, rank) == Approx(std::exp(0.2)).epsilon(0.1));
  CHECK(laws::correction_factor({512, 8192, 8192}, Dtype::fp8, rank) == 1);
  CHECK(laws::correction_factor({512, 1e12, 1e12}, Dtype::bf16, rank) == Approx(1).epsilon(0.02));
}

TEST_CASE("Is the part of a call that is the host's left out of the correction?") {
  std::vector<Sample> samples = sweep();
  for (Sample& sample : samples)
    if (auto* gemm = std::get_if<GemmSample>(&sample)) gemm->clock = Clock::host, gemm->series = "eager";
  Machine machine = secret();
  machine.harness["eager"] = 1e-3;  // as long as the largest product
  const auto data = measured(samples, machine, 0.005, 1);
  for (const double log : corrected_by(fit_only(data, h100()).corrections, data)) CHECK(std::abs(log) < 0.01);
}

TEST_CASE("Does a fit begin with the law where the profile has a correction?") {
  Machine corrected = h100();
  corrected.rank.efficiency.gemm_correction[Dtype::bf16] = {
      .rows_length = 1, .sides_length = 1, .points = {{512, 4096, 4096, 0.5}}};
  const auto data = measured(sweep(), secret(), 0.02, 11);
  CHECK(figure(fit_only(data, corrected), "efficiency.gemm.bf16").value ==
        figure(fit_only(data, h100()), "efficiency.gemm.bf16").value);
}

TEST_CASE("Do a few squares, each measured once, decide the share of the peak and not the half depth alone?") {
  Machine machine = secret();
  machine.rank.efficiency.gemm_half_depth = Sourced<double>{.value = 430};
  std::vector<Sample> squares;
  for (double side : {256, 512, 1024, 2048, 3072, 4096, 5120, 6144, 7168, 8192, 9216}) {
    GemmSample gemm;
    gemm.m = gemm.n = gemm.k = side;
    squares.push_back(gemm);
  }
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Calibration found = fit_only(measured(squares, machine, 0.1, seed), h100());
    CHECK(figure(found, "efficiency.gemm.bf16").verdict == Verdict::fitted);
    CHECK(figure(found, "efficiency.gemm.bf16").value == Approx(0.71).epsilon(0.2));
  }
}

}  // namespace chipmix::calibration
