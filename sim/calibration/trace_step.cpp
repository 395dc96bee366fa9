#include "calibration/trace_step.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <utility>

#include "io/document.hpp"

namespace chipmix::calibration {
namespace {

constexpr double longest = 86400e6;  // us: a day
constexpr const char *communication = "communication", *copies = "copies", *others = "others";
constexpr std::array<std::pair<std::string_view, const char*>, 14> kernel_words = {{{"nccl", communication},
                                                                                    {"rccl", communication},
                                                                                    {"hccl", communication},
                                                                                    {"hcom", communication},
                                                                                    {"flash", "attention"},
                                                                                    {"fmha", "attention"},
                                                                                    {"sdpa", "attention"},
                                                                                    {"attention", "attention"},
                                                                                    {"gemm", "matrix products"},
                                                                                    {"cutlass", "matrix products"},
                                                                                    {"nvjet", "matrix products"},
                                                                                    {"xmma", "matrix products"},
                                                                                    {"cijk", "matrix products"},
                                                                                    {"matmul", "matrix products"}}};

struct Span {
  double begin = 0, end = 0;  ///< us
};
using Spans = std::vector<Span>;

/// Without overlaps, in order.
Spans merged(Spans list) {
  std::sort(list.begin(), list.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  Spans all;
  for (const Span& one : list)
    if (!all.empty() && one.begin <= all.back().end)
      all.back().end = std::max(all.back().end, one.end);
    else
      all.push_back(one);
  return all;
}

double length(const Spans& list) {
  double sum = 0;
  for (const Span& one : list) sum += one.end - one.begin;
  return sum;
}

struct Kernel {
  Span span;
  const char* kind;
};

std::optional<std::string> text_of(const io::Value& value, const char* key) {
  const auto found = value.find(key);
  return found && found->is_text() ? found->as_text() : std::nullopt;
}

std::optional<double> number_of(const io::Value& value, const char* key) {
  const auto found = value.find(key);
  return found && found->is_number() ? found->as_number() : std::nullopt;
}

class Trace {
 public:
  explicit Trace(const io::Value& root) : root_(root) {}

  void read() {
    const auto events = root_.find("traceEvents");
    if (!events || !events->is_list()) return root_.error("a trace has a list 'traceEvents'");
    for (const io::Value& event : events->as_list())
      if (event.is_object() && !root_.diagnostics().full()) take(event);
    if (kernels_.empty())
      events->error("no kernels in this trace: it is a profile of the CPU alone",
                    "profile with activities=[CPU, CUDA] (or the device's own)");
    if (steps_.empty())
      events->error("no step is marked in this trace", "call prof.step() after each step of the profiled loop");
  }

  TraceStep step() {
    std::sort(steps_.begin(), steps_.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
    TraceStep step;
    step.warm_up = steps_.size() > 1 ? 1 : 0;
    steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(step.warm_up));
    step.steps = steps_.size();
    step.seconds = median_step();
    share_out(step);
    return step;
  }

 private:
  void take(const io::Value& event) {
    const std::string category = text_of(event, "cat").value_or(""), name = text_of(event, "name").value_or("");
    const bool is_step = category == "user_annotation" && name.starts_with("ProfilerStep");
    const bool is_copy = category == "gpu_memcpy" || category == "gpu_memset";
    if (!is_step && !is_copy && category != "kernel") return;
    const auto begin = number_of(event, "ts"), lasts = number_of(event, "dur");
    if (!begin || !lasts || !(*lasts >= 0) || *lasts > longest)
      return event.error("'ts' and 'dur' are microseconds, 'dur' from 0 to a day", "the trace was cut or edited here");
    const Span span{*begin, *begin + *lasts};
    if (is_step)
      steps_.push_back(span);
    else
      kernels_.push_back({span, is_copy ? copies : kernel_kind(name)});
  }

  double median_step() const {
    std::vector<double> list;
    for (const Span& one : steps_) list.push_back(1e-6 * (one.end - one.begin));
    std::sort(list.begin(), list.end());
    const std::size_t half = list.size() / 2;
    return list.size() % 2 == 1 ? list[half] : (list[half - 1] + list[half]) / 2;
  }

  /// The kernels of the steps that are left.
  void share_out(TraceStep& step) const {
    const Span all{steps_.front().begin, steps_.back().end};
    const double count = static_cast<double>(step.steps);
    Spans computing, any;
    std::map<std::string, TraceKind> kinds;
    for (const Kernel& kernel : kernels_) {
      if (kernel.span.begin < all.begin || kernel.span.begin >= all.end) continue;
      TraceKind& kind = kinds[kernel.kind];
      kind.name = kernel.kind;
      kind.seconds += 1e-6 * (kernel.span.end - kernel.span.begin) / count;
      kind.calls += 1 / count;
      any.push_back(kernel.span);
      if (kernel.kind != communication) computing.push_back(kernel.span);
    }
    for (auto& [name, kind] : kinds) step.kinds.push_back(std::move(kind));
    const double busy = length(merged(std::move(any))), works = length(merged(std::move(computing)));
    step.computing = 1e-6 * works / count;
    step.exposed_communication = 1e-6 * (busy - works) / count;
    step.idle = std::max(0.0, 1e-6 * (all.end - all.begin - busy) / count);
  }

  const io::Value& root_;
  Spans steps_;
  std::vector<Kernel> kernels_;
};

std::string device_of(const io::Value& root) {
  const auto devices = root.find("deviceProperties");
  if (!devices || !devices->is_list()) return {};
  const auto list = devices->as_list();
  return list.empty() || !list[0].is_object() ? std::string() : text_of(list[0], "name").value_or("");
}

}  // namespace

const char* kernel_kind(std::string_view kernel) {
  std::string small;
  for (const unsigned char c : kernel) small += static_cast<char>(std::tolower(c));
  for (const auto& [word, kind] : kernel_words)
    if (small.find(word) != std::string::npos) return kind;
  return others;
}

bool is_trace(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' &&
         text.find("\"traceEvents\"") != std::string_view::npos;
}

TraceStep parse_trace_step(const std::string& file, std::string text) {
  const io::Document document = io::Document::parse(file, std::move(text));
  io::Diagnostics diagnostics;
  const io::Value root = document.root(diagnostics);
  Trace trace(root);
  trace.read();
  diagnostics.throw_if_any();
  TraceStep step = trace.step();
  step.device = device_of(root);
  return step;
}

}  // namespace chipmix::calibration
