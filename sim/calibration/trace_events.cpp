#include "calibration/trace_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/scanner.hpp"

namespace chipmix::calibration {
namespace {

using Json = nlohmann::json;

constexpr double longest = 86400e6;                // us: a day
constexpr double largest_id = 9007199254740992.0;  // 2^53: a double holds every whole number below it

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

const Json* arguments_of(const Json& event) {
  const auto found = event.find("args");
  return found != event.end() && found->is_object() ? &*found : nullptr;
}

std::optional<std::int64_t> call_of(const Json& arguments) {
  const auto id = number_of(arguments, "External id");
  if (!id || !(std::abs(*id) <= largest_id)) return std::nullopt;
  return static_cast<std::int64_t>(*id);
}

std::vector<std::vector<double>> sizes_of(const Json& arguments) {
  std::vector<std::vector<double>> all;
  const auto list = arguments.find("Input Dims");
  if (list == arguments.end() || !list->is_array()) return all;
  for (const Json& one : *list) {
    all.emplace_back();
    if (!one.is_array()) continue;
    for (const Json& side : one)
      if (side.is_number()) all.back().push_back(side.get<double>());
    const auto is_wrong = [](double side) { return !(side >= 0 && side <= largest_id); };
    if (std::any_of(all.back().begin(), all.back().end(), is_wrong)) return {};  // no law is asked of such an operator
  }
  return all;
}

std::size_t type_place(const std::string& name) { return name == "aten::addmm" || name.ends_with("_backward") ? 1 : 0; }

std::string type_of(const Json& arguments, std::size_t which) {
  for (const char* key : {"Input type", "Input Types"}) {
    const auto list = arguments.find(key);
    if (list == arguments.end() || !list->is_array()) continue;
    if (which < list->size() && (*list)[which].is_string()) return (*list)[which].get<std::string>();
  }
  return {};
}

/// Most events of a large trace are of no use here, and are not parsed.
bool may_count(std::string_view event) {
  constexpr std::array categories = {"\"kernel\"", "\"cpu_op\"", "user_annotation\"", "\"gpu_mem"};
  return std::any_of(categories.begin(), categories.end(),
                     [&](const char* category) { return event.find(category) != std::string_view::npos; });
}

class TraceReader {
 public:
  TraceReader(TraceData& data, bool with_times, io::Diagnostics& faults)
      : data_(data), with_times_(with_times), faults_(faults) {}

  void take(const io::TextPart& part) {
    part_ = &part;
    ++data_.events;
    constexpr std::size_t short_event = 256;  // bytes: cheaper to parse, and its syntax is looked at
    if (part.text.size() > short_event && !may_count(part.text)) return;
    const Json event = Json::parse(part.text, nullptr, false);
    if (event.is_discarded()) {
      const auto syntax = io::syntax_faults(part.text);
      throw InputError({io::diagnostic_in(data_.file, part, syntax.empty() ? 0 : syntax.front().offset,
                                          syntax.empty() ? "not JSON" : syntax.front().message,
                                          syntax.empty() ? "" : syntax.front().hint)});
    }
    if (!event.is_object() || faults_.full()) return;
    const std::string category = text_of(event, "cat");
    if (category == "cpu_op") return operator_of(event);
    const bool is_copy = category == "gpu_memcpy" || category == "gpu_memset";
    if (category == "kernel" || (is_copy && with_times_)) return kernel(event, is_copy);
    const std::string name = text_of(event, "name");
    if (category == "user_annotation" && name.starts_with("ProfilerStep")) return span(event, data_.steps);
    if (category == "gpu_user_annotation" && name.starts_with("Optimizer.step")) return span(event, data_.optimizer);
  }

 private:
  void operator_of(const Json& event) {
    const Json* arguments = arguments_of(event);
    const auto call = arguments ? call_of(*arguments) : std::nullopt;
    if (!call) return;
    TracedOperator one{text_of(event, "name"), "", sizes_of(*arguments), {}};
    one.type = type_of(*arguments, type_place(one.name));
    data_.has_shapes = data_.has_shapes || !one.sizes.empty();
    std::string key = one.name + '\0' + one.type;
    for (const auto& sides : one.sizes) key += fmt::format("[{}]", fmt::join(sides, ","));
    const auto [found, is_new] = known_.try_emplace(std::move(key), static_cast<std::uint32_t>(data_.operators.size()));
    if (is_new) {
      one.event = *part_;
      data_.operators.push_back(std::move(one));
    }
    data_.calls.insert_or_assign(*call, found->second);
  }

  void span(const Json& event, std::vector<TraceSpan>& list) {
    if (const auto one = times(event)) list.push_back(*one);
  }

  std::optional<TraceSpan> times(const Json& event) {
    const auto begin = number_of(event, "ts"), lasts = number_of(event, "dur");
    if (begin && lasts && *lasts >= 0 && *lasts <= longest) return TraceSpan{*begin, *begin + *lasts};
    if (with_times_)
      fault("'ts' and 'dur' are microseconds, 'dur' from 0 to a day", "the trace was cut or edited here");
    return std::nullopt;
  }

  void kernel(const Json& event, bool is_copy) {
    TracedKernel one;
    one.is_copy = is_copy;
    if (with_times_) {
      const auto span = times(event);
      if (!span) return;
      one.span = *span;
    } else {
      const auto lasts = number_of(event, "dur");
      if (!lasts || !(*lasts > 0) || *lasts > longest)
        return fault("a kernel without a duration above zero and below a day", "'dur' in microseconds");
      one.span = {0, *lasts};
    }
    if (const Json* arguments = arguments_of(event)) one.call = call_of(*arguments).value_or(TracedKernel::no_call);
    const auto [found, is_new] =
        names_.try_emplace(text_of(event, "name"), static_cast<std::uint32_t>(data_.names.size()));
    if (is_new) data_.names.push_back(found->first);
    one.name = found->second;
    data_.kernels.push_back(one);
  }

  void fault(std::string message, std::string hint) {
    faults_.add(io::diagnostic_in(data_.file, *part_, 0, std::move(message), std::move(hint)));
  }

  TraceData& data_;
  bool with_times_;
  io::Diagnostics& faults_;
  const io::TextPart* part_ = nullptr;
  std::unordered_map<std::string, std::uint32_t> known_, names_;
};

/// What the trace says of its first device.
MeasuredDevice device_in(const io::TextPart& properties) {
  MeasuredDevice device;
  const Json list = Json::parse(properties.text, nullptr, false);
  if (!list.is_array() || list.empty() || !list[0].is_object()) return device;
  device.name = text_of(list[0], "name");
  device.memory_bytes = number_of(list[0], "totalGlobalMem");
  return device;
}

}  // namespace

const TracedOperator* TraceData::operator_of(const TracedKernel& kernel) const {
  const auto found = calls.find(kernel.call);
  return found == calls.end() ? nullptr : &operators[found->second];
}

TraceData read_trace(io::TextStream stream, bool with_times, io::Diagnostics& faults) {
  TraceData data;
  data.file = stream.name();
  io::ElementStream elements(std::move(stream), "traceEvents", {"deviceProperties"});
  TraceReader reader(data, with_times, faults);
  while (const io::TextPart* part = elements.next()) reader.take(*part);
  data.list = elements.list_place();
  if (!elements.has_list())
    faults.add(
        io::diagnostic_in(data.file, {}, 0, "a trace has a list 'traceEvents'", "is it a trace of the profiler?"));
  const auto properties = elements.members().find("deviceProperties");
  if (properties != elements.members().end()) {
    data.properties = properties->second;
    data.device = device_in(data.properties);
  }
  return data;
}

}  // namespace chipmix::calibration
