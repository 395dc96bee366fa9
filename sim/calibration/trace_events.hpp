// A trace of the PyTorch profiler (Kineto) as it is read: event by event, keeping what a step time needs.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "calibration/samples.hpp"
#include "io/element_stream.hpp"
#include "io/value.hpp"

namespace chipmix::calibration {

/// Microseconds of the trace's clock.
struct TraceSpan {
  double begin = 0, end = 0;
};

/// An operator of the host, of one name, number format and shape of inputs.
struct TracedOperator {
  std::string name, type;
  std::vector<std::vector<double>> sizes;
  io::TextPart event;  ///< the first of them
};

struct TracedKernel {
  TraceSpan span;
  std::int64_t call = no_call;  ///< of an operator: its "External id"
  std::uint32_t name = 0;       ///< in TraceData::names
  bool is_copy = false;

  static constexpr std::int64_t no_call = std::numeric_limits<std::int64_t>::min();
};

struct TraceData {
  std::string file;
  std::vector<std::string> names;  ///< of kernels
  std::vector<TracedKernel> kernels;
  std::vector<TracedOperator> operators;
  std::unordered_map<std::int64_t, std::uint32_t> calls;  ///< "External id" to operator
  std::vector<TraceSpan> steps;                           ///< that the profiler marked, "ProfilerStep#3"
  std::vector<TraceSpan> optimizer;                       ///< on the device, "Optimizer.step#AdamW.step"
  std::size_t events = 0;
  bool has_shapes = false;
  MeasuredDevice device;
  io::TextPart properties, list;  ///< where the device and the events stand

  const TracedOperator* operator_of(const TracedKernel& kernel) const;
};

/// `with_times`: kernels must say when they begin. Faults of events go to `faults`; throws InputError where the text is
/// no trace.
TraceData read_trace(io::TextStream stream, bool with_times, io::Diagnostics& faults);

/// What an operator's shapes say of a law's task, where one speaks of it: a matrix product or fused attention.
std::optional<Sample> sample_of(const TracedOperator& call);

}  // namespace chipmix::calibration
