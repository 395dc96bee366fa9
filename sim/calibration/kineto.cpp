// Traces of the PyTorch profiler (Kineto): kernels joined by their "External id" with the operator that launched them.
// Matrix products (aten::mm, addmm, bmm) and fused attention become samples; collectives in a trace wait for the
// slowest rank and say nothing of the link, so they are left out. Needs record_shapes=True.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "calibration/text_file.hpp"
#include "calibration/trace_events.hpp"

namespace chipmix::calibration {
namespace {

constexpr double most_elements = 1e12;  // of one side of a tensor
constexpr std::size_t warm_up = 1;      // calls of a shape: the first may choose among kernels

std::optional<Dtype> dtype_of(const std::string& type) {
  static const std::map<std::string, Dtype> types = {{"c10::BFloat16", Dtype::bf16},
                                                     {"c10::Half", Dtype::fp16},
                                                     {"float", Dtype::fp32},
                                                     {"c10::Float8_e4m3fn", Dtype::fp8}};
  const auto found = types.find(type);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

/// Products of nothing: experts that no token went to.
bool is_empty(const std::vector<double>& sides) { return std::find(sides.begin(), sides.end(), 0.0) != sides.end(); }

bool is_side(double side) { return side >= 0 && side <= most_elements && side == std::floor(side); }

/// Query heads share key heads evenly.
bool is_uneven(double heads, double kv_heads) { return kv_heads > 0 && std::fmod(heads, kv_heads) != 0; }

/// What is wrong with the sizes of the inputs that a sample is made of; empty where nothing is.
std::string fault_of(const TracedOperator& call) {
  for (const auto& sides : call.sizes)
    for (const double side : sides)
      if (!is_side(side)) return fmt::format("a tensor with a dimension of {:g}", side);
  const bool is_product = call.name == "aten::mm" || call.name == "aten::addmm" || call.name == "aten::bmm";
  const std::size_t first = call.name == "aten::addmm" || call.name.ends_with("_backward") ? 1 : 0;
  if (call.sizes.size() < first + 2) return {};
  const auto &a = call.sizes[first], &b = call.sizes[first + 1];
  if (is_product && a.size() == b.size() && a.size() >= 2 && a.back() != b[b.size() - 2])
    return fmt::format("a product of {:g} columns with {:g} rows", a.back(), b[b.size() - 2]);
  if (!is_product && a.size() == 4 && b.size() == 4 && (a[0] != b[0] || a[3] != b[3] || is_uneven(a[1], b[1])))
    return "queries and keys of other batches, heads or head sizes";
  return {};
}

std::optional<Sample> gemm(const TracedOperator& call) {
  const std::size_t first = call.name == "aten::addmm" ? 1 : 0;
  const auto dtype = dtype_of(call.type);
  if (!dtype || call.sizes.size() < first + 2) return std::nullopt;
  const auto &a = call.sizes[first], &b = call.sizes[first + 1];
  if (a.size() != b.size() || a.size() < 2 || a.size() > 3 || is_empty(a) || is_empty(b)) return std::nullopt;
  GemmSample sample;
  sample.dtype = *dtype;
  const std::size_t last = a.size() - 1;
  sample.m = a[last - 1], sample.k = a[last], sample.n = b[last];
  if (a.size() == 3) sample.batch = a[0];
  return sample;
}

std::optional<Sample> attention(const TracedOperator& call, bool forward) {
  const std::size_t first = forward ? 0 : 1;  // the backward pass takes the output's gradient first
  const auto dtype = dtype_of(call.type);
  if (!dtype || call.sizes.size() < first + 3) return std::nullopt;
  const auto &q = call.sizes[first], &k = call.sizes[first + 1];
  if (q.size() != 4 || k.size() != 4 || is_empty(q) || is_empty(k)) return std::nullopt;
  AttentionSample sample;
  sample.dtype = *dtype;
  sample.pass = forward ? plan::Direction::forward : plan::Direction::backward;
  sample.batch = q[0], sample.heads = q[1], sample.sequence = q[2], sample.head_size = q[3];
  sample.kv_heads = k[1], sample.keys = k[2];
  return sample;
}

bool is_known(const std::string& name) {
  constexpr std::array names = {"aten::mm", "aten::addmm", "aten::bmm", "aten::_scaled_dot_product_flash_attention",
                                "aten::_scaled_dot_product_flash_attention_backward"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Seconds of each call of each operator, all of its kernels, in the order of the calls.
std::vector<std::vector<double>> times_of(const TraceData& trace) {
  std::map<std::int64_t, double> calls;
  for (const TracedKernel& kernel : trace.kernels)
    if (const TracedOperator* one = trace.operator_of(kernel); one && is_known(one->name))
      calls[kernel.call] += 1e-6 * (kernel.span.end - kernel.span.begin);
  std::vector<std::vector<double>> times(trace.operators.size());
  for (const auto& [call, seconds] : calls) times[trace.calls.at(call)].push_back(seconds);
  return times;
}

/// One sample a shape, with the times of all its calls but the first, and its place among the operators.
std::vector<std::pair<Sample, std::size_t>> samples_of(const TraceData& trace, io::Diagnostics& faults) {
  std::vector<std::vector<double>> times = times_of(trace);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < times.size(); ++i)
    if (!times[i].empty()) order.push_back(i);
  const auto key = [&](std::size_t i) { return std::tie(trace.operators[i].name, trace.operators[i].type); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<std::pair<Sample, std::size_t>> list;
  for (const std::size_t i : order) {
    const TracedOperator& one = trace.operators[i];
    if (const std::string fault = fault_of(one); !fault.empty()) {
      faults.add(io::diagnostic_in(trace.file, one.event, 0, fault, "the trace was cut or edited here"));
      continue;
    }
    auto sample = sample_of(one);
    if (!sample) continue;
    if (times[i].size() > warm_up) times[i].erase(times[i].begin(), times[i].begin() + warm_up);
    std::visit([&](auto& shape) { shape.seconds.values = std::move(times[i]); }, *sample);
    list.emplace_back(std::move(*sample), i);
  }
  return list;
}

void require_kernels(const TraceData& trace, io::Diagnostics& faults) {
  const auto fault = [&](const char* message, const char* hint) {
    faults.add(io::diagnostic_in(trace.file, trace.list, 0, message, hint));
  };
  if (trace.events == 0)
    fault("a trace without events", "was the profiler stopped before it was exported?");
  else if (trace.kernels.empty())
    fault("no kernels in this trace: it is a profile of the CPU alone",
          "profile with activities=[CPU, CUDA] (or the device's own)");
  else if (!trace.has_shapes)
    fault("no operator of this trace has its shapes", "profile with record_shapes=True");
}

}  // namespace

std::optional<Sample> sample_of(const TracedOperator& call) {
  if (call.name == "aten::mm" || call.name == "aten::addmm" || call.name == "aten::bmm") return gemm(call);
  if (call.name == "aten::_scaled_dot_product_flash_attention") return attention(call, true);
  if (call.name == "aten::_scaled_dot_product_flash_attention_backward") return attention(call, false);
  return std::nullopt;
}

MeasurementFile read_kineto(io::TextStream stream) {
  io::Diagnostics faults;
  const TraceData trace = read_trace(std::move(stream), false, faults);
  if (faults.empty()) require_kernels(trace, faults);
  const auto found = samples_of(trace, faults);
  if (found.empty() && faults.empty())
    faults.add(io::diagnostic_in(trace.file, trace.list, 0,
                                 "no matrix product or attention with shapes and kernels in this trace",
                                 "profile a few training steps"));
  faults.throw_if_any();
  MeasurementFile result{trace.file, "Kineto trace", {}};
  std::vector<io::TextPart> places;
  for (const auto& [sample, place] : found) {
    result.data.samples.push_back(sample);
    places.push_back(trace.operators[place].event);
  }
  result.data.device = trace.device;
  result.fault = [file = trace.file, places, properties = trace.properties](std::size_t sample, std::string message,
                                                                            std::string hint) {
    if (sample != device_memory)
      return io::diagnostic_in(file, places.at(sample), 0, std::move(message), std::move(hint));
    const std::size_t key = properties.text.find("\"totalGlobalMem\"");
    return io::diagnostic_in(file, properties, key == std::string::npos ? 0 : key, std::move(message), std::move(hint));
  };
  result.remarks.push_back(trace.file +
                           ": kernels of a training step that run next to other work: sustained clocks, warm caches");
  return result;
}

}  // namespace chipmix::calibration
