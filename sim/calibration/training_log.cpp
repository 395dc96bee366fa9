// Training logs of Megatron-LM and of MindSpeed, which prints the same lines (megatron/training/training.py,
// training_log and report_memory; arguments.py, _print_args): times of iterations, peak memory, arguments.
#include "calibration/training_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.hpp"
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

/// Words by which a log names its devices.
bool names_device(std::string_view line) {
  constexpr std::array words = {"NVIDIA", "AMD Instinct", "Ascend"};
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return line.find(word) != line.npos; });
}

class TrainingLogReader {
 public:
  explicit TrainingLogReader(TrainingLog& log) : log_(log) {}

  void take(io::StreamLine whole) {
    std::string valid;  // where there are bytes that are not UTF-8
    if (first_invalid_byte(whole.text)) whole.text = valid = as_utf8(whole.text);
    const Line line{whole.text, 0};
    TextFile text(log_.file, line.text, whole.number - 1);
    text_ = &text;
    keeps_ = false;
    is_cut_ = !whole.is_ended;
    if (is_training_log(line.text))
      iteration(line);
    else if (const auto argument = argument_in(line))
      keep(*argument);
    else if (const auto field = after(line, world_label, ','))
      if (const auto ranks = number(field->text)) keep({"world_size", *ranks, field->offset});
    memory(line);
    if (!keeps_ && devices_ < most_devices && names_device(line.text)) keeps_ = true, ++devices_;
    if (keeps_ || whole.number == 1) keep_line(whole);
    for (const Diagnostic& fault : text.faults()) faults_.add(fault);
  }

  bool saw_iterations() const { return saw_iterations_; }

  void finish() {
    if (faults_.empty() && log_.seconds.size() <= warm_up)
      faults_.add(
          log_.fault(0,
                     fmt::format("{} {} too few: the first {} warm up", counted(log_.seconds.size(), "iteration"),
                                 noun(log_.seconds.size(), "is", "are"), warm_up),
                     "log at least three iterations"));
    faults_.throw_if_any();
    log_.seconds.erase(log_.seconds.begin(), log_.seconds.begin() + warm_up);
    log_.warm_up = warm_up;
  }

 private:
  static constexpr int most_devices = 1000;             // lines that name one
  static constexpr std::size_t most_kept = 64u << 20u;  // bytes of lines

  /// The offsets of what was found in the line begin where it is put.
  void keep_line(const io::StreamLine& line) {
    if (log_.text.size() + line.text.size() > most_kept) return;
    const std::size_t begin = log_.text.size();
    for (std::size_t i = log_.arguments.size() - found_; i < log_.arguments.size(); ++i)
      log_.arguments[i].offset += begin;
    found_ = 0;
    if (is_first_) log_.place = begin;
    if (is_peak_) log_.peak_place += begin;
    is_first_ = is_peak_ = false;
    log_.text += line.text;
    log_.text += '\n';
    log_.numbers.push_back(line.number);
  }

  void iteration(const Line& line) {
    saw_iterations_ = true;
    auto field = after(line, time_label);
    if (field) field->text = field->text.substr(0, field->text.find('/'));  // "this one/mean of all"
    if (!field || (is_cut_ && !line.text.ends_with("|") && line.text.find("grad norm") == std::string_view::npos)) {
      const bool other = line.text.find("elapsed time per iteration") != std::string_view::npos;
      text_->fault(line.offset,
                   other && !is_cut_ ? "iteration times in another unit than ms" : "an iteration cut in the middle",
                   other && !is_cut_ ? "expected 'elapsed time per iteration (ms):'"
                                     : "remove the last line, or let the run go on");
      return;
    }
    if (const auto milliseconds = text_->positive(*field, "the time of an iteration")) {
      if (log_.seconds.empty()) keeps_ = is_first_ = true;
      log_.seconds.push_back(*milliseconds / 1000);
    }
    if (log_.seconds.size() <= warm_up) return;
    const auto batch = after(line, batch_label);
    const auto sequences = batch ? number(batch->text) : std::nullopt;
    if (sequences && batches_.size() < most_batches && batches_.insert(*sequences).second)
      found({"global batch size", *sequences, batch->offset});
  }

  void memory(const Line& line) {
    const auto field = after(line, memory_label);
    if (!field) return;
    const auto megabytes = text_->positive(*field, "the peak memory");
    if (!megabytes || *megabytes * megabyte <= log_.peak_bytes.value_or(0)) return;
    log_.peak_bytes = *megabytes * megabyte;
    log_.peak_place = field->offset;
    keeps_ = is_peak_ = true;
  }

  /// The first of a name: other ranks say the same.
  void keep(const Argument& argument) {
    if (names_.insert(argument.name).second) found(argument);
  }

  void found(const Argument& argument) {
    log_.arguments.push_back(argument);
    keeps_ = true;
    ++found_;
  }

  static constexpr std::size_t most_batches = 1000;

  TrainingLog& log_;
  io::Diagnostics faults_;
  TextFile* text_ = nullptr;  ///< the line at hand
  bool keeps_ = false, is_cut_ = false, is_first_ = false, is_peak_ = false, saw_iterations_ = false;
  std::size_t found_ = 0;
  int devices_ = 0;
  std::set<std::string> names_;
  std::set<double> batches_;
};

}  // namespace

bool is_training_log(std::string_view text) {
  return text.find("elapsed time per iteration") != std::string_view::npos ||
         text.find(iteration_label) != std::string_view::npos;
}

Diagnostic TrainingLog::fault(std::size_t offset, std::string message, std::string hint) const {
  Diagnostic fault = io::diagnostic_at(file, text, {offset, std::move(message), std::move(hint)});
  const auto line = static_cast<std::size_t>(fault.place.line);
  if (line >= 1 && line <= numbers.size()) fault.place.line = static_cast<int>(numbers[line - 1]);
  return fault;
}

namespace {

std::optional<TrainingLog> read(io::TextStream stream, bool is_required) {
  TrainingLog log;
  log.file = stream.name();
  TrainingLogReader reader(log);
  for (io::LineStream lines(std::move(stream)); const auto line = lines.next();) reader.take(*line);
  if (!is_required && !reader.saw_iterations()) return std::nullopt;
  reader.finish();
  return log;
}

}  // namespace

std::optional<TrainingLog> find_training_log(io::TextStream stream) { return read(std::move(stream), false); }

TrainingLog parse_training_log(io::TextStream stream) { return *read(std::move(stream), true); }

MeasurementFile read_training_log(io::TextStream stream) {
  const TrainingLog log = parse_training_log(std::move(stream));
  CheckSample step;
  step.what = "step";
  step.seconds.values = log.seconds;
  step.peak_memory_bytes = log.peak_bytes;
  MeasurementFile result{log.file, "training log", {}};
  result.data.samples = {step};
  result.fault = [log](std::size_t, std::string message, std::string hint) {
    return log.fault(log.place, std::move(message), std::move(hint));
  };
  result.remarks.push_back(fmt::format(
      "{}: {} after {} of warm-up, median {:.4g} s{}; a step time fits no device, but a stack: --stack ID "
      "--scenario FILE --option NAME",
      result.file, counted(log.seconds.size(), "iteration"), log.warm_up, seconds_of(step),
      step.peak_memory_bytes ? fmt::format(", peak {:.1f} GiB allocated", *step.peak_memory_bytes / (1024 * megabyte))
                             : ""));
  return result;
}

}  // namespace chipmix::calibration
