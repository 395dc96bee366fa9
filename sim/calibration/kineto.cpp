// Traces of the PyTorch profiler (Kineto): kernels joined by their "External id" with the operator that launched them.
// Matrix products (aten::mm, addmm, bmm) and fused attention become samples; collectives in a trace wait for the
// slowest rank and say nothing of the link, so they are left out. Needs record_shapes=True.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>

#include "calibration/text_file.hpp"
#include "io/document.hpp"

namespace chipmix::calibration {
namespace {

constexpr double most_elements = 1e12;             // of one side of a tensor
constexpr double largest_id = 9007199254740992.0;  // 2^53: a double holds every whole number below it
constexpr double longest = 86400e6;                // us, of one kernel
constexpr std::size_t warm_up = 1;                 // calls of a shape: the first may choose among kernels

struct Call {
  std::string name, type, pointer;
  std::vector<std::vector<double>> sizes;
  double seconds = 0;  ///< of all its kernels
};

std::string text_of(const io::Value& value, const char* key) {
  const auto found = value.find(key);
  return found && found->is_text() ? *found->as_text() : std::string();
}

std::optional<double> number_of(const io::Value& value, const char* key) {
  const auto found = value.find(key);
  return found && found->is_number() ? found->as_number() : std::nullopt;
}

std::vector<std::vector<double>> sizes_of(const io::Value& arguments) {
  std::vector<std::vector<double>> all;
  const auto list = arguments.find("Input Dims");
  if (!list || !list->is_list()) return all;
  for (const io::Value& one : list->as_list()) {
    all.emplace_back();
    if (!one.is_list()) continue;
    for (const io::Value& side : one.as_list())
      if (side.is_number()) all.back().push_back(*side.as_number());
  }
  return all;
}

std::string type_of(const io::Value& arguments, std::size_t which) {
  for (const char* key : {"Input type", "Input Types"}) {
    const auto list = arguments.find(key);
    if (!list || !list->is_list()) continue;
    const auto all = list->as_list();
    if (which < all.size() && all[which].is_text()) return *all[which].as_text();
  }
  return {};
}

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
std::string fault_of(const Call& call) {
  for (const auto& sides : call.sizes)
    for (const double side : sides)
      if (!is_side(side)) return fmt::format("a tensor with a side of {:g}", side);
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

std::optional<Sample> gemm(const Call& call) {
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

std::optional<Sample> attention(const Call& call, bool forward) {
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

std::optional<Sample> sample_of(const Call& call) {
  if (call.name == "aten::mm" || call.name == "aten::addmm" || call.name == "aten::bmm") return gemm(call);
  if (call.name == "aten::_scaled_dot_product_flash_attention") return attention(call, true);
  if (call.name == "aten::_scaled_dot_product_flash_attention_backward") return attention(call, false);
  return std::nullopt;
}

std::size_t type_place(const std::string& name) { return name == "aten::addmm" || name.ends_with("_backward") ? 1 : 0; }

class Trace {
 public:
  explicit Trace(const io::Value& root) : root_(root) {}

  void read() {
    const auto events = root_.find("traceEvents");
    if (!events->is_list()) return events->expected("a list");
    const std::vector<io::Value> list = events->as_list();
    if (list.empty())
      return events->error("a trace without events", "was the profiler stopped before it was exported?");
    for (const io::Value& event : list)
      if (event.is_object() && text_of(event, "cat") == "cpu_op") operator_of(event);
    std::size_t kernels = 0;
    for (const io::Value& event : list) {
      if (!event.is_object() || text_of(event, "cat") != "kernel") continue;
      ++kernels;
      kernel(event);
    }
    if (kernels == 0)
      events->error("no kernels in this trace: it is a profile of the CPU alone",
                    "profile with activities=[CPU, CUDA] (or the device's own)");
    else if (!shaped_)
      events->error("no operator of this trace has its shapes", "profile with record_shapes=True");
  }
  /// One sample a shape, with the times of all its calls but the first.
  std::vector<std::pair<Sample, std::string>> samples() const {
    std::map<std::string, std::pair<Sample, std::string>> by_shape;
    std::map<std::string, std::size_t> seen;
    for (const auto& [id, call] : calls_) {
      const auto sample = sample_of(call);
      if (!is_known(call.name) || !(call.seconds > 0)) continue;
      if (const std::string fault = fault_of(call); !fault.empty()) {
        if (root_.diagnostics().full()) break;
        root_.diagnostics().add(root_.document().diagnostic(call.pointer, fault, "the trace was cut or edited here"));
        continue;
      }
      if (!sample) continue;
      const std::string key = key_of(call);
      auto& entry = by_shape.try_emplace(key, *sample, call.pointer).first->second;
      auto& times = std::visit([](auto& one) -> std::vector<double>& { return one.seconds.values; }, entry.first);
      if (++seen[key] == warm_up + 1) times.clear();
      times.push_back(call.seconds);
    }
    std::vector<std::pair<Sample, std::string>> list;
    for (auto& [key, entry] : by_shape) list.push_back(entry);
    return list;
  }

 private:
  static std::string key_of(const Call& call) {
    std::string key = call.name + call.type;
    for (const auto& one : call.sizes) key += fmt::format("[{}]", fmt::join(one, ","));
    return key;
  }
  void operator_of(const io::Value& event) {
    const auto arguments = event.find("args");
    if (!arguments || !arguments->is_object()) return;
    const auto id = number_of(*arguments, "External id");
    if (!id || std::abs(*id) > largest_id) return;
    Call call{text_of(event, "name"), "", event.pointer(), sizes_of(*arguments)};
    call.type = type_of(*arguments, type_place(call.name));
    shaped_ = shaped_ || !call.sizes.empty();
    calls_.insert_or_assign(static_cast<long long>(*id), std::move(call));
  }
  void kernel(const io::Value& event) {
    const auto duration = event.find("dur");
    const auto microseconds = duration && duration->is_number() ? duration->as_number() : std::nullopt;
    if (!microseconds || !(*microseconds > 0) || *microseconds > longest)
      return event.error("a kernel without a duration above zero and below a day", "'dur' in microseconds");
    const auto arguments = event.find("args");
    const auto id = arguments && arguments->is_object() ? number_of(*arguments, "External id") : std::nullopt;
    const auto found = id && std::abs(*id) <= largest_id ? calls_.find(static_cast<long long>(*id)) : calls_.end();
    if (found != calls_.end()) found->second.seconds += *microseconds * 1e-6;
  }

  const io::Value& root_;
  std::map<long long, Call> calls_;
  bool shaped_ = false;
};

/// What the trace says of its first device.
MeasuredDevice device_of(const io::Value& root) {
  MeasuredDevice device;
  const auto devices = root.find("deviceProperties");
  if (!devices || !devices->is_list()) return device;
  const auto list = devices->as_list();
  if (list.empty() || !list[0].is_object()) return device;
  device.name = text_of(list[0], "name");
  device.memory_bytes = number_of(list[0], "totalGlobalMem");
  return device;
}

}  // namespace

MeasurementFile read_kineto(const std::string& file, std::string text) {
  const auto document = std::make_shared<io::Document>(io::Document::parse(file, std::move(text)));
  io::Diagnostics diagnostics;
  const io::Value root = document->root(diagnostics);
  Trace trace(root);
  trace.read();
  const auto found = trace.samples();
  if (found.empty() && diagnostics.empty())
    root.error("no matrix product or attention with shapes and kernels in this trace", "profile a few training steps");
  diagnostics.throw_if_any();
  MeasurementFile result{file, "Kineto trace", {}};
  std::vector<std::string> pointers;
  for (const auto& [sample, pointer] : found) {
    result.data.samples.push_back(sample);
    pointers.push_back(pointer);
  }
  result.data.device = device_of(root);
  result.fault = [document, pointers](std::size_t sample, std::string message, std::string hint) {
    const std::string memory = "/deviceProperties/0/totalGlobalMem";
    return document->diagnostic(sample == device_memory ? memory : pointers.at(sample), std::move(message),
                                std::move(hint));
  };
  result.remarks.push_back(file + ": kernels of a training step, beside other work: sustained clocks, warm caches");
  return result;
}

}  // namespace chipmix::calibration
