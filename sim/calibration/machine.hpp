// What is calibrated: a device in its server, and the figures of it that a fit may turn.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calibration/samples.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::calibration {

struct Machine {
  explicit Machine(hardware::NodeGroup server);

  hardware::NodeGroup group;              ///< the device as profiles have it: per package
  hardware::DeviceSpec rank;              ///< what one rank has of it; its efficiency is the one that is fitted
  int packages;                           ///< of a full server
  double nics;                            ///< of a full server
  std::map<std::string, double> harness;  ///< seconds that the host adds to each call of a series
  std::map<std::string, double> clock;    ///< matrix rate while a series was taken, over the device's; absent: 1
};

/// One figure that a fit may turn.
struct Parameter {
  enum class Place { device, scale_up, scale_out, stack, harness, clock };
  Place place = Place::device;
  std::string name;       ///< "gemm.bf16", "memory", "latency"; of a harness or a clock: its series
  std::string unit;       ///< "s" or ""
  bool is_share = false;  ///< never above 1
  bool is_extra = false;  ///< turned only where it pays

  std::string path() const;  ///< "efficiency.gemm.bf16", "scale_up.latency", "harness.aic"
  bool is_of_harness() const { return place == Place::harness || place == Place::clock; }
};

/// The figures of a stack that step times may tell: rates of collectives in training, what is hidden, host time,
/// jitter.
std::vector<Parameter> stack_parameters();

/// The figures that at least one sample feels, in a fixed order.
std::vector<Parameter> parameters_of(const std::vector<Sample>& samples, const Machine& machine);

/// The figure's own entry in the machine.
Sourced<double> get(const Parameter& parameter, const Machine& machine);
void set(const Parameter& parameter, double value, Machine& machine);
/// Where a fit begins: the machine's own figure, or a usual one where it has none.
double start_of(const Parameter& parameter, const Machine& machine);
/// How many samples feel it.
std::size_t points_of(const Parameter& parameter, const std::vector<Sample>& samples, const Machine& machine);

/// Seconds of one call; nothing where no law speaks of it (a copy to the host, a launch, a broadcast), or the profile
/// has no rate for its number format.
/// Seats the ranks of a collective in machine.group first.
std::optional<double> predict(const Sample& sample, Machine& machine);

}  // namespace chipmix::calibration
