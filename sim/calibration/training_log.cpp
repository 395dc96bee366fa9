// Training logs of Megatron-LM and of MindSpeed, which prints the same lines (megatron/training/training.py,
// training_log and report_memory; arguments.py, _print_args): times of iterations, peak memory, arguments.
#include "calibration/training_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "calibration/text_file.hpp"
#include "io/scanner.hpp"

namespace chipmix::calibration {
namespace {

constexpr std::string_view iteration_label = "consumed samples:";
constexpr std::string_view time_label = "elapsed time per iteration (ms):";
constexpr std::string_view batch_label = "global batch size:";
constexpr std::string_view world_label = "using world size:";
constexpr std::string_view memory_label = "max allocated:";
constexpr double megabyte = 1024.0 * 1024.0;  // as report_memory divides
constexpr std::size_t warm_up = 2;            // records: allocation, autotuning, first communication
constexpr std::size_t fewest_dots = 2;        // _print_args fills to 48 characters with dots

/// The field after a label, up to the next bar.
std::optional<Field> after(const Line& line, std::string_view label, char end = '|') {
  const std::size_t found = line.text.find(label);
  if (found == std::string_view::npos) return std::nullopt;
  const std::size_t begin = found + label.size();
  return fields({line.text.substr(begin), line.offset + begin}, end).front();
}

/// "  world_size ................................. 64", perhaps behind a rank's mark.
std::optional<Argument> argument_in(const Line& line) {
  if (line.text.find("..") == std::string_view::npos) return std::nullopt;
  const std::vector<Field> list = words(line);
  for (std::size_t i = 1; i + 1 < list.size(); ++i) {
    const bool dots = list[i].text.find_first_not_of('.') == std::string_view::npos;
    if (!dots || list[i].text.size() < fewest_dots) continue;
    const auto value = number(list[i + 1].text);
    if (!value) return std::nullopt;
    return Argument{std::string(list[i - 1].text), *value, list[i + 1].offset};
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(TrainingLog& log) : log_(log), text_(log.file, log.text) {}

  void read() {
    for (const Line& line : text_.lines()) {
      if (line.text.find(iteration_label) != std::string_view::npos ||
          line.text.find(time_label) != std::string_view::npos)
        iteration(line);
      else if (const auto argument = argument_in(line))
        keep(*argument);
      else if (const auto field = after(line, world_label, ','))
        if (const auto ranks = number(field->text)) keep({"world_size", *ranks, field->offset});
      memory(line);
    }
    if (text_.is_sound() && log_.seconds.size() <= warm_up)
      text_.fault(0,
                  fmt::format("{} {} too few: the first {} warm up", counted(log_.seconds.size(), "iteration"),
                              noun(log_.seconds.size(), "is", "are"), warm_up),
                  "log at least three iterations");
    text_.throw_if_any();
    log_.seconds.erase(log_.seconds.begin(), log_.seconds.begin() + warm_up);
    log_.warm_up = warm_up;
  }

 private:
  void iteration(const Line& line) {
    const bool is_last = line.offset + line.text.size() == text_.text().size();
    auto field = after(line, time_label);
    if (field) field->text = field->text.substr(0, field->text.find('/'));  // "this one/mean of all"
    if (!field || (is_last && !line.text.ends_with("|") && line.text.find("grad norm") == std::string_view::npos)) {
      const bool other = line.text.find("elapsed time per iteration") != std::string_view::npos;
      text_.fault(line.offset,
                  other && !is_last ? "iteration times in another unit than ms" : "an iteration cut in the middle",
                  other && !is_last ? "expected 'elapsed time per iteration (ms):'"
                                    : "remove the last line, or let the run go on");
      return;
    }
    if (const auto milliseconds = text_.positive(*field, "the time of an iteration")) {
      if (log_.seconds.empty()) log_.place = line.offset;
      log_.seconds.push_back(*milliseconds / 1000);
    }
    if (log_.seconds.size() <= warm_up) return;
    const auto batch = after(line, batch_label);
    const auto sequences = batch ? number(batch->text) : std::nullopt;
    if (sequences && batches_.insert(*sequences).second)
      log_.arguments.push_back({"global batch size", *sequences, batch->offset});
  }

  void memory(const Line& line) {
    const auto field = after(line, memory_label);
    if (!field) return;
    const auto megabytes = text_.positive(*field, "the peak memory");
    if (!megabytes || *megabytes * megabyte <= log_.peak_bytes.value_or(0)) return;
    log_.peak_bytes = *megabytes * megabyte;
    log_.peak_place = field->offset;
  }

  /// The first of a name: other ranks say the same.
  void keep(const Argument& argument) {
    if (names_.insert(argument.name).second) log_.arguments.push_back(argument);
  }

  TrainingLog& log_;
  TextFile text_;
  std::set<std::string> names_;
  std::set<double> batches_;
};

}  // namespace

bool is_training_log(std::string_view text) {
  return text.find("elapsed time per iteration") != std::string_view::npos ||
         text.find(iteration_label) != std::string_view::npos;
}

Diagnostic TrainingLog::fault(std::size_t offset, std::string message, std::string hint) const {
  return io::diagnostic_at(file, text, {offset, std::move(message), std::move(hint)});
}

TrainingLog parse_training_log(std::string file, std::string text) {
  TrainingLog log;
  log.file = std::move(file), log.text = std::move(text);
  Reader(log).read();
  return log;
}

MeasurementFile read_training_log(std::string file, std::string text) {
  const TrainingLog log = parse_training_log(std::move(file), std::move(text));
  CheckSample step;
  step.what = "step";
  step.seconds.values = log.seconds;
  step.peak_memory_bytes = log.peak_bytes;
  auto result = from_text(log.file, log.text, "training log", {step}, {log.place});
  result.remarks.push_back(fmt::format(
      "{}: {} after {} of warm-up, median {:.4g} s{}; a step time fits no device, but a stack: --stack ID "
      "--scenario FILE --option NAME",
      result.file, counted(log.seconds.size(), "iteration"), log.warm_up, seconds_of(step),
      step.peak_memory_bytes ? fmt::format(", peak {:.1f} GiB allocated", *step.peak_memory_bytes / (1024 * megabyte))
                             : ""));
  return result;
}

}  // namespace chipmix::calibration
