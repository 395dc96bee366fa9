// A log read line by line, with the place of every fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calibration/read_file.hpp"
#include "calibration/table_options.hpp"
#include "io/text_stream.hpp"
#include "io/value.hpp"

namespace chipmix::calibration {

inline constexpr std::string_view blanks = " \t\r";

struct Line {
  std::string_view text;
  std::size_t offset = 0;
};

/// A word of a line and where it stands in the text.
struct Field {
  std::string_view text;
  std::size_t offset = 0;
};

/// The text must outlive it.
class TextFile {
 public:
  /// `lines_before`: of the file, where the text is a part of it.
  TextFile(std::string file, std::string_view text, std::size_t lines_before = 0)
      : file_(std::move(file)), text_(text), lines_before_(lines_before) {}

  const std::string& file() const { return file_; }
  std::string_view text() const { return text_; }
  std::vector<Line> lines() const;
  bool ends_in_a_line() const { return text_.empty() || text_.back() == '\n'; }

  void fault(std::size_t offset, std::string message, std::string hint = "");
  /// The field as a number above zero; otherwise a fault that calls it `what`.
  std::optional<double> positive(const Field& field, const char* what);
  /// The same, a whole number that an int holds.
  std::optional<double> whole(const Field& field, const char* what);
  bool is_sound() const { return diagnostics_.empty(); }
  void throw_if_any() const { diagnostics_.throw_if_any(); }
  const std::vector<Diagnostic>& faults() const { return diagnostics_.list(); }

 private:
  std::string file_;
  std::string_view text_;
  std::size_t lines_before_;
  io::Diagnostics diagnostics_;
};

std::vector<Field> words(const Line& line);
/// Between separators, blanks around each dropped; a field in double quotes may hold separators.
std::vector<Field> fields(const Line& line, char separator);

/// A whole decimal number; nothing where anything else stands.
std::optional<double> number(std::string_view text);

/// What all text importers make: samples with the offset each came from.
MeasurementFile from_text(std::string file, std::string text, std::string format, std::vector<Sample> samples,
                          std::vector<std::size_t> offsets);

bool is_collective_log(std::string_view text);
MeasurementFile read_collective_log(std::string file, std::string text);
MeasurementFile read_training_log(io::TextStream stream);
MeasurementFile read_csv(std::string file, std::string text, const TableOptions& options = {});
MeasurementFile read_kineto(io::TextStream stream);

}  // namespace chipmix::calibration
