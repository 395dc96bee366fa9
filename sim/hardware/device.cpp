// The fields of a device profile, and the step from a package to one of its ranks.
#include "hardware/device.hpp"

#include <algorithm>
#include <array>

#include "hardware/rules.hpp"

namespace chipmix::hardware {

namespace {

constexpr std::array training_dtypes = {Dtype::fp32, Dtype::tf32, Dtype::fp16, Dtype::bf16, Dtype::fp8};

bool is_training(Dtype dtype) {
  return std::find(training_dtypes.begin(), training_dtypes.end(), dtype) != training_dtypes.end();
}

/// A device that trains in a format must say how much of that format's peak a matrix product reaches.
void check_gemm(const DeviceSpec& device, const io::Value& value) {
  if (device.peak.empty()) value.error("'peak' is empty", "give at least one rate, for example peak.bf16");
  for (const auto& [dtype, rate] : device.peak)
    if (is_training(dtype) && !device.efficiency.gemm.contains(dtype))
      value.error("'efficiency.gemm' has no share for " + std::string(name(dtype)) + ", which 'peak' lists",
                  std::string("add efficiency.gemm.") + name(dtype) + " or remove peak." + name(dtype));
  for (const auto& [dtype, part] : device.efficiency.gemm)
    if (!device.peak.contains(dtype))
      value.error("'efficiency.gemm' has a share for " + std::string(name(dtype)) + " without a peak",
                  std::string("add peak.") + name(dtype));
}

void check_ranges(const DeviceSpec& device, const io::Value& value) {
  for (const auto& [work, sizes] : device.measured_range)
    for (const auto& [size, ends] : sizes)
      if (ends.size() != 2 || !(0 < ends[0] && ends[0] <= ends[1]))
        value.find("measured_range")
            ->find(work)
            ->find(size)
            ->error("expected [least, greatest] above 0", "for example [64, 16384]");
}

template <class T>
void scale(Sourced<T>& figure, double factor) {
  figure.value = figure.value * factor;
  if (figure.range) figure.range = {{figure.range->low * factor, figure.range->high * factor}};
}

}  // namespace

const io::Shape<Efficiency>& shape_of(io::Type<Efficiency>) {
  static const auto shape =
      io::Shape<Efficiency>("efficiency", "By how much real kernels fall short of the datasheet. Shares lie in (0, 1].")
          .required("gemm", &Efficiency::gemm, "Share of peak that a large matrix product reaches, per number format.",
                    share())
          .optional("gemm_half_depth", &Efficiency::gemm_half_depth,
                    "Depth k at which a matrix product reaches half of its rate; where absent, depth does not matter.",
                    io::positive<double>())
          .optional("gemm_tile_edge", &Efficiency::gemm_tile_edge,
                    "Elements; matrix products run in whole waves of tiles, where a small tile t_m x t_n takes longer "
                    "by this times 1/t_m + 1/t_n - 1/256 - 1/128; where absent, waves are even.",
                    io::positive<double>())
          .optional("gemm_correction", &Efficiency::gemm_correction,
                    "What matrix products take beyond the law near measured shapes, per number format; where absent, "
                    "nothing.")
          .required("sustained", &Efficiency::sustained,
                    "Share of the matrix rate of short benchmarks that lasts through training (clocks under load).",
                    share())
          .required("memory", &Efficiency::memory, "Share of the memory bandwidth that a streaming kernel reaches.",
                    share())
          .required("attention_forward", &Efficiency::attention_forward,
                    "Share of the bf16 peak that fused attention reaches forward: long sequence, head size 128, "
                    "FLOPs as executed.",
                    share())
          .required("attention_backward", &Efficiency::attention_backward, "The same for the backward pass.", share())
          .required("attention_half_length", &Efficiency::attention_half_length,
                    "Sequence length in tokens at which attention reaches half of its long-sequence rate.",
                    io::positive<double>())
          .required("grouped_gemm", &Efficiency::grouped_gemm,
                    "Grouped (expert) matrix products relative to one large one.", share())
          .required("kernel_overhead", &Efficiency::kernel_overhead,
                    "Time a kernel takes beyond its work: launch, ramp up, ramp down.", io::not_negative<Seconds>());
  return shape;
}

const io::Shape<DeviceSpec>& shape_of(io::Type<DeviceSpec>) {
  static const auto shape =
      io::Shape<DeviceSpec>("device", "One accelerator package as sold. Figures are per package.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .ignored("like", "Id of a device from which what is left out here is taken, graded scaled.")
          .required("id", &DeviceSpec::id, "Name used in scenarios and plans.", io::not_empty<std::string>())
          .required("name", &DeviceSpec::name, "Name printed in reports.", io::not_empty<std::string>())
          .optional("aliases", &DeviceSpec::aliases, "Short names a user may type instead of the id.")
          .required("vendor", &DeviceSpec::vendor, "Maker.", io::not_empty<std::string>())
          .required("year", &DeviceSpec::year, "Year of first sale.", io::between(2010, 2040))
          .optional("ranks", &DeviceSpec::ranks, "Devices the software sees in one package.", io::between(1, 16))
          .required("peak", &DeviceSpec::peak, "Dense matrix rate per number format.", io::positive<FlopsPerSecond>())
          .required("memory", &DeviceSpec::memory, "Memory capacity.", io::positive<Bytes>())
          .required("memory_bandwidth", &DeviceSpec::memory_bandwidth, "Nominal memory bandwidth.",
                    io::positive<BytesPerSecond>())
          .required("power", &DeviceSpec::power, "Board or package power limit.", io::positive<Watts>())
          .optional("compute_units", &DeviceSpec::compute_units, "Number of SM, CU or AI cores.")
          .required("efficiency", &DeviceSpec::efficiency, "By how much real kernels fall short of the datasheet.")
          .optional("publisher_spread", &DeviceSpec::publisher_spread,
                    "How far unseen publishers differ from predictions on its die: one standard deviation of "
                    "ln(measured/predicted) to either side, dense models.")
          .optional("measured_range", &DeviceSpec::measured_range,
                    "Least and greatest sizes that its efficiency was fitted to, as chipmix calibrate writes them.")
          .required("node", &DeviceSpec::node, "Id of the server it is usually sold in.")
          .required("stack", &DeviceSpec::stack, "Id of the software stack usually used with it.")
          .check(check_gemm)
          .check(check_ranges);
  return shape;
}

void divide_among_ranks(DeviceSpec& device) {
  if (device.ranks <= 1) return;
  const double part = 1.0 / device.ranks;
  device.ranks = 1;
  for (auto& [dtype, rate] : device.peak) scale(rate, part);
  scale(device.memory, part);
  scale(device.memory_bandwidth, part);
  scale(device.power, part);
  if (device.compute_units) scale(*device.compute_units, part);
}

void put_under_load(DeviceSpec& device) {
  Efficiency& efficiency = device.efficiency;
  const double factor = efficiency.sustained.value;
  for (auto& [dtype, part] : efficiency.gemm) scale(part, factor);
  scale(efficiency.attention_forward, factor);
  scale(efficiency.attention_backward, factor);
  efficiency.sustained.value = 1;
}

DeviceSpec per_rank(const DeviceSpec& package) {
  DeviceSpec rank = package;
  divide_among_ranks(rank);
  return rank;
}

}  // namespace chipmix::hardware
