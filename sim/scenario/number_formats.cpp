#include "scenario/number_formats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace chipmix::scenario {
namespace {

constexpr double fp32_bytes = 4, half_bytes = 2;

std::string format_name(double bytes, const std::string& half) {
  if (bytes == fp32_bytes) return name(Dtype::fp32);
  return bytes == half_bytes ? half : fmt::format("{:g} bytes", bytes);
}

/// Jobs in fp32 keep fp32 weights and gradients, and no copy of the weights beside them (laws::state_bytes).
void set_bytes(const hardware::SoftwareStack& stack, NumberFormats& formats) {
  const bool is_wide = stack.is_wide(formats.compute);
  const bool has_copy = is_wide && stack.weight_bytes.value < fp32_bytes;
  formats.weight_bytes = is_wide ? fp32_bytes : stack.weight_bytes.value;
  formats.gradient_bytes = stack.gradient_bytes_in(formats.compute);
  formats.optimizer_bytes = stack.optimizer_bytes.value - (has_copy ? fp32_bytes : 0);
}

/// Adam keeps two moments, and fp32 master weights unless the weights themselves are kept in fp32.
void name_states(const std::string& half, NumberFormats& formats) {
  const double bytes = formats.optimizer_bytes;
  const bool has_master = formats.weight_bytes < fp32_bytes;
  const double moments = bytes - (has_master ? fp32_bytes : 0);
  const std::string master = has_master ? "fp32 master weights and " : "";
  if (moments == 2 * fp32_bytes) {
    formats.optimizer = master + "two fp32 moments";
  } else if (moments == 2 * half_bytes) {
    formats.optimizer = master + fmt::format("two {} moments", half);
    formats.optimizer_mark = half + " moments";
  } else if (bytes == 2 * half_bytes) {
    formats.optimizer = fmt::format("two {} moments, no fp32 master weights", half);
    formats.optimizer_mark = half + " moments, no master weights";
  } else {
    formats.optimizer = fmt::format("{:g} bytes a weight", bytes);
    formats.optimizer_mark = fmt::format("{:g}-byte optimizer states", bytes);
  }
}

}  // namespace

std::string NumberFormats::mark() const {
  return gradient_mark + (gradient_mark.empty() || optimizer_mark.empty() ? "" : ", ") + optimizer_mark;
}

NumberFormats number_formats(const hardware::NodeGroup& group, const Option& host) {
  NumberFormats formats;
  formats.compute = group.dtype.value_or(host.dtype);
  const std::string half = name(formats.compute == Dtype::fp16 ? Dtype::fp16 : Dtype::bf16);
  set_bytes(group.stack, formats);
  formats.weights = format_name(formats.weight_bytes, half);
  formats.gradients = format_name(formats.gradient_bytes, half);
  if (formats.gradient_bytes != fp32_bytes) formats.gradient_mark = formats.gradients + " gradients";
  name_states(half, formats);
  return formats;
}

std::string plan_text(const plan::JobPlan& plan, const Option& host) {
  std::string text = plan::to_text(plan, *host.cluster);
  std::vector<std::string> names, marks;
  for (const plan::ParallelPlan& lane : plan.lanes)
    for (const int island : plan::islands(lane)) {
      const hardware::NodeGroup& group = host.cluster->groups[island];
      if (std::find(names.begin(), names.end(), group.name) != names.end()) continue;
      names.push_back(group.name);
      marks.push_back(number_formats(group, host).mark());
    }
  const bool is_same = std::all_of(marks.begin(), marks.end(), [&](const auto& one) { return one == marks.front(); });
  if (is_same) return marks.empty() || marks.front().empty() ? text : text + ", " + marks.front();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!marks[i].empty()) text += fmt::format(", {} on {}", marks[i], names[i]);
  return text;
}

}  // namespace chipmix::scenario
