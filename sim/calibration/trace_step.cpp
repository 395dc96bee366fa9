#include "calibration/trace_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "calibration/trace_events.hpp"

namespace chipmix::calibration {
namespace {

using Spans = std::vector<TraceSpan>;

constexpr const char *communication = "communication", *copies = "copies", *elementwise = "elementwise",
                     *experts = "experts", *attention = "attention", *products = "matrix products",
                     *optimizer = "optimizer";
// The first that stands in a kernel's name counts: a grouped GEMM is of experts, an optimizer's kernel no product.
constexpr std::array<std::pair<std::string_view, const char*>, 19> kernel_words = {{{"nccl", communication},
                                                                                    {"rccl", communication},
                                                                                    {"hccl", communication},
                                                                                    {"hcom", communication},
                                                                                    {"adam", optimizer},
                                                                                    {"multi_tensor", optimizer},
                                                                                    {"multitensor", optimizer},
                                                                                    {"flash", attention},
                                                                                    {"fmha", attention},
                                                                                    {"sdpa", attention},
                                                                                    {"attention", attention},
                                                                                    {"grouped", experts},
                                                                                    {"group_gemm", experts},
                                                                                    {"gemm", products},
                                                                                    {"cutlass", products},
                                                                                    {"nvjet", products},
                                                                                    {"xmma", products},
                                                                                    {"cijk", products},
                                                                                    {"matmul", products}}};

/// Without overlaps, in order.
Spans merged(Spans list) {
  std::sort(list.begin(), list.end(), [](const TraceSpan& a, const TraceSpan& b) { return a.begin < b.begin; });
  Spans all;
  for (const TraceSpan& one : list)
    if (!all.empty() && one.begin <= all.back().end)
      all.back().end = std::max(all.back().end, one.end);
    else
      all.push_back(one);
  return all;
}

double length(const Spans& list) {
  double sum = 0;
  for (const TraceSpan& one : list) sum += one.end - one.begin;
  return sum;
}

/// Whether a moment lies in one of the spans, which are in order.
bool holds(const Spans& spans, double moment) {
  const auto after = std::upper_bound(spans.begin(), spans.end(), moment,
                                      [](double time, const TraceSpan& one) { return time < one.begin; });
  return after != spans.begin() && moment < (after - 1)->end;
}

double median_of(const Spans& steps) {
  std::vector<double> list;
  for (const TraceSpan& one : steps) list.push_back(1e-6 * (one.end - one.begin));
  std::sort(list.begin(), list.end());
  const std::size_t half = list.size() / 2;
  return list.size() % 2 == 1 ? list[half] : (list[half - 1] + list[half]) / 2;
}

void require_steps(const TraceData& trace, io::Diagnostics& faults) {
  const auto fault = [&](const char* message, const char* hint) {
    faults.add(io::diagnostic_in(trace.file, trace.list, 0, message, hint));
  };
  if (trace.kernels.empty())
    fault("no kernels in this trace: it is a profile of the CPU alone",
          "profile with activities=[CPU, CUDA] (or the device's own)");
  if (trace.steps.empty())
    fault("no step is marked in this trace", "call prof.step() after each step of the profiled loop");
}

/// "aten::mm 4096x1024 1024x2048 bf16": what launched a kernel; where that is not known, the kernel itself.
std::string operator_name(const TracedOperator* one, const std::string& kernel) {
  constexpr std::size_t longest_name = 60, most_shapes = 3;
  if (!one) return kernel.substr(0, longest_name);
  std::string text = one->name;
  std::size_t shown = 0;
  for (const auto& sides : one->sizes)
    if (sides.size() > 1 && ++shown <= most_shapes) text += fmt::format(" {}", fmt::join(sides, "x"));
  return text;
}

/// The kernels of the steps that are left, shared out.
class Shares {
 public:
  Shares(const TraceData& trace, const Spans& steps)
      : trace_(trace),
        all_{steps.front().begin, steps.back().end},
        optimizer_(merged(trace.optimizer)),
        count_(static_cast<double>(steps.size())) {
    for (const std::string& name : trace.names) kinds_of_names_.push_back(kernel_kind(name));
  }

  void book(TraceStep& step) {
    for (const TracedKernel& kernel : trace_.kernels) take(kernel);
    for (auto& [name, kind] : kinds_) step.kinds.push_back(std::move(kind));
    for (auto& [key, one] : operators_) step.operators.push_back(std::move(one));
    std::stable_sort(step.operators.begin(), step.operators.end(),
                     [](const TraceOperator& a, const TraceOperator& b) { return a.seconds > b.seconds; });
    const double busy = length(merged(std::move(any_))), works = length(merged(std::move(computing_)));
    step.computing = 1e-6 * works / count_;
    step.exposed_communication = 1e-6 * (busy - works) / count_;
    step.idle = std::max(0.0, 1e-6 * (all_.end - all_.begin - busy) / count_);
  }

 private:
  void take(const TracedKernel& kernel) {
    if (kernel.span.begin < all_.begin || kernel.span.begin >= all_.end) return;
    const char* name = kernel.is_copy ? copies : kinds_of_names_[kernel.name];
    if (name != communication && holds(optimizer_, kernel.span.begin)) name = optimizer;
    const double seconds = 1e-6 * (kernel.span.end - kernel.span.begin) / count_;
    TraceKind& kind = kinds_[name];
    kind.name = name;
    kind.seconds += seconds;
    kind.calls += 1 / count_;
    any_.push_back(kernel.span);
    if (name != communication) computing_.push_back(kernel.span);
    const TracedOperator* launched = trace_.operator_of(kernel);
    TraceOperator& one = operators_[{launched, launched ? 0 : kernel.name, name}];
    if (one.name.empty()) {
      one.name = operator_name(launched, trace_.names[kernel.name]);
      one.kind = name;
      if (launched) one.shape = sample_of(*launched);
    }
    one.seconds += seconds;
    if (kernel.call == TracedKernel::no_call || kernel.call != last_call_) one.calls += 1 / count_;
    last_call_ = kernel.call;
  }

  const TraceData& trace_;
  TraceSpan all_;
  Spans optimizer_, any_, computing_;
  double count_;
  std::int64_t last_call_ = TracedKernel::no_call;
  std::vector<const char*> kinds_of_names_;
  std::map<std::string, TraceKind> kinds_;
  std::map<std::tuple<const TracedOperator*, std::uint32_t, std::string>, TraceOperator> operators_;
};

}  // namespace

const char* kernel_kind(std::string_view kernel) {
  std::string small;
  for (const unsigned char c : kernel) small += static_cast<char>(std::tolower(c));
  for (const auto& [word, kind] : kernel_words)
    if (small.find(word) != std::string::npos) return kind;
  return elementwise;
}

double TraceStep::seconds_of(std::string_view kind) const {
  for (const TraceKind& one : kinds)
    if (one.name == kind) return one.seconds;
  return 0;
}

TraceStep parse_trace_step(io::TextStream stream) {
  io::Diagnostics faults;
  const TraceData trace = read_trace(std::move(stream), true, faults);
  require_steps(trace, faults);
  faults.throw_if_any();
  Spans steps = trace.steps;
  std::sort(steps.begin(), steps.end(), [](const TraceSpan& a, const TraceSpan& b) { return a.begin < b.begin; });
  TraceStep step;
  step.warm_up = steps.size() > 1 ? 1 : 0;
  steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(step.warm_up));
  step.steps = steps.size();
  step.seconds = median_of(steps);
  step.device = trace.device.name;
  Shares(trace, steps).book(step);
  return step;
}

}  // namespace chipmix::calibration
