// What a training log says: times of its steps, peak memory, and the arguments it was started with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/text_stream.hpp"
#include "io/value.hpp"

namespace chipmix::calibration {

/// A number of the log's head, or of an iteration's line: where it stands, and what the log calls it.
struct Argument {
  std::string name;  ///< as Megatron-LM's arguments: "world_size", "global_batch_size", "seq_length", ...
  double value = 0;
  std::size_t offset = 0;
};

struct TrainingLog {
  std::string file;
  std::string text;                  ///< of the log the lines that say something beside times of iterations
  std::vector<std::size_t> numbers;  ///< of these lines in the file
  std::vector<double> seconds;       ///< of each iteration after the warm-up
  std::size_t warm_up = 0;           ///< iterations before them
  std::size_t place = 0;             ///< of the first iteration
  std::optional<double> peak_bytes;
  std::size_t peak_place = 0;
  std::vector<Argument> arguments;

  /// A fault of the log at an offset of its text.
  Diagnostic fault(std::size_t offset, std::string message, std::string hint) const;
};

bool is_training_log(std::string_view text);

/// Read line by line, a log of any size. Throws InputError with every fault of it. The first returns
/// nothing where no line is of an iteration.
std::optional<TrainingLog> find_training_log(io::TextStream stream);
TrainingLog parse_training_log(io::TextStream stream);

}  // namespace chipmix::calibration
