// Measurements made by the laws themselves, from figures that the test knows.
#pragma once

#include <cmath>
#include <random>

#include "../../support/machines.hpp"
#include "calibration/calibrate.hpp"

namespace chipmix::calibration {

inline Machine h100() { return Machine(support::machine("h100-sxm5-80gb", 8)); }

/// A machine whose figures are not the profile's.
inline Machine secret() {
  Machine machine = h100();
  machine.rank.efficiency.gemm.at(Dtype::bf16).value = 0.71;
  machine.rank.efficiency.memory.value = 0.78;
  machine.rank.efficiency.kernel_overhead.value = Seconds(6.1e-6);
  return machine;
}

/// Products of three widths from few rows to many, and copies.
inline std::vector<Sample> sweep() {
  std::vector<Sample> samples;
  for (double n : {2048, 4096, 8192})
    for (double m : {16, 64, 128, 256, 512, 1024, 2048, 4096, 8192}) {
      GemmSample gemm;
      gemm.m = m, gemm.n = n, gemm.k = n;
      samples.push_back(gemm);
    }
  for (double bytes : {1e6, 1e7, 1e8, 1e9}) {
    StreamSample copy;
    copy.op = "copy", copy.bytes = bytes;
    samples.push_back(copy);
  }
  return samples;
}

/// A uniform number made the same way by every library.
inline double uniform(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0;
}
inline double normal(std::mt19937_64& random) {
  return std::sqrt(-2 * std::log(uniform(random))) * std::cos(6.283185307179586 * uniform(random));
}

/// Times by the laws, each off by a factor of spread `noise`; every `wild`-th three times as long.
inline Measurements measured(std::vector<Sample> samples, Machine machine, double noise, std::uint64_t seed,
                             std::size_t wild = 0) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto set = [&](Timed& sample, double seconds) { sample.seconds.values = {seconds}; };
    std::visit([&](auto& sample) { set(sample, 1); }, samples[i]);
    double seconds = *predict(samples[i], machine) * std::exp(noise * normal(random));
    if (wild && i % wild == 0) seconds *= 3;
    std::visit([&](auto& sample) { set(sample, seconds); }, samples[i]);
  }
  Measurements result;
  result.samples = std::move(samples);
  return result;
}

inline const Figure& figure(const Calibration& calibration, const std::string& path) {
  for (const Figure& one : calibration.figures)
    if (one.parameter.path() == path) return one;
  throw std::runtime_error("no figure " + path);
}

}  // namespace chipmix::calibration
