// A question in one line, made into a scenario.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/library.hpp"

namespace chipmix::scenario {

/// The words of a question, and what stands beside them.
struct Asked {
  std::vector<std::string> words;       ///< MODEL TOKENS OPTION...
  std::optional<std::string> within;    ///< a time, "60d", or a day, "2027-03-01"
  std::optional<std::string> budget;    ///< "3M USD"
  std::optional<std::string> start;     ///< a day
  std::optional<std::string> currency;  ///< of the answer
  std::optional<std::string> batch;     ///< sequences of a step
  std::optional<std::string> dtype;
  std::optional<std::string> practice;
  std::optional<std::string> finetune;  ///< "lora"
};

/// The scenario of a question as a document named "question"; what it does not say is left out (see defaults.hpp).
///
///   MODEL   a model's name, or the path of a config.json:           qwen3-235b-a22b
///   TOKENS  of the whole run, or of stages with their lengths:      5T   5T@4K   5T@4K+200B@32K
///   OPTION  packages x device, with a price per device-hour or not: 1024xH800@14CNY/h   8xH100@$2.50
///           joined by '+', islands of one mix:                      512xH800+1024x910B2
///
/// Lengths count in 1,024: "4K" is 4,096 tokens. A device without a price has the one that another option of the
/// question states for it. Throws InputError with every fault of the words, each under its place in the line.
io::Document document_of(const Asked& asked, Library& library);

}  // namespace chipmix::scenario
