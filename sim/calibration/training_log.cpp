// Training logs of Megatron-LM and of MindSpeed, which prints the same lines (megatron/training/training.py,
// training_log and report_memory): times of iterations, and peak memory.
#include <fmt/format.h>

#include <algorithm>

#include "calibration/text_file.hpp"

namespace chipmix::calibration {
namespace {

constexpr std::string_view time_label = "elapsed time per iteration (ms):";
constexpr std::string_view memory_label = "max allocated:";
constexpr double megabyte = 1024.0 * 1024.0;  // as report_memory divides
constexpr std::size_t warm_up = 2;            // records: allocation, autotuning, first communication

/// The field after a label, up to the next bar.
std::optional<Field> after(const Line& line, std::string_view label) {
  const std::size_t found = line.text.find(label);
  if (found == std::string_view::npos) return std::nullopt;
  const std::size_t begin = found + label.size();
  return fields({line.text.substr(begin), line.offset + begin}, '|').front();
}

}  // namespace

bool is_training_log(std::string_view text) {
  return text.find("elapsed time per iteration") != std::string_view::npos ||
         text.find("consumed samples:") != std::string_view::npos;
}

MeasurementFile read_training_log(std::string file, std::string text) {
  TextFile log(file, text);
  CheckSample step;
  step.what = "step";
  std::size_t place = 0;
  for (const Line& line : log.lines()) {
    const bool is_last = line.offset + line.text.size() == text.size();
    if (line.text.find("consumed samples:") != std::string_view::npos) {
      const auto field = after(line, time_label);
      if (!field || (is_last && !line.text.ends_with("|") && line.text.find("grad norm") == std::string_view::npos)) {
        const bool other = line.text.find("elapsed time per iteration") != std::string_view::npos;
        log.fault(line.offset,
                  other && !is_last ? "iteration times in another unit than ms" : "an iteration cut in the middle",
                  other && !is_last ? "expected 'elapsed time per iteration (ms):'"
                                    : "remove the last line, or let the run go on");
      } else if (const auto milliseconds = log.positive(*field, "the time of an iteration")) {
        step.seconds.values.push_back(*milliseconds / 1000);
        if (place == 0) place = line.offset;
      }
    }
    if (const auto field = after(line, memory_label))
      if (const auto megabytes = log.positive(*field, "the peak memory"))
        step.peak_memory_bytes = std::max(step.peak_memory_bytes.value_or(0), *megabytes * megabyte);
  }
  auto& times = step.seconds.values;
  if (times.size() <= warm_up)
    log.fault(0, fmt::format("{} iterations are too few: the first {} warm up", times.size(), warm_up),
              "log at least three iterations");
  log.throw_if_any();
  times.erase(times.begin(), times.begin() + warm_up);
  const std::size_t count = times.size();
  auto result = from_text(std::move(file), std::move(text), "training log", {step}, {place});
  result.remarks.push_back(fmt::format(
      "{}: {} iterations after {} of warm-up, median {:.4g} s{}", result.file, count, warm_up, seconds_of(step),
      step.peak_memory_bytes ? fmt::format(", peak {:.1f} GiB allocated", *step.peak_memory_bytes / (1024 * megabyte))
                             : ""));
  return result;
}

}  // namespace chipmix::calibration
