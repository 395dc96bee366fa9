// A scenario as Python holds it: its text, and what it was read into.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "scenario/scenario.hpp"

namespace chipmix::scenario {
class Anchors;
}  // namespace chipmix::scenario

namespace chipmix::python {

/// Profiles already read, for all scenarios made from one another. Scenarios may be made on several threads.
struct SharedLibrary {
  explicit SharedLibrary(std::filesystem::path beside) : folder(std::move(beside)), library(folder) {}
  std::filesystem::path folder;  ///< of the scenario; searched first
  std::mutex guard;
  scenario::Library library;
};

struct Question {
  Question(io::Document text, std::shared_ptr<SharedLibrary> profiles);

  io::Document document;
  std::shared_ptr<SharedLibrary> shared;
  scenario::Scenario scenario;
  std::shared_ptr<const scenario::Anchors> anchors{};  ///< steps that were measured
};

using QuestionPointer = std::shared_ptr<Question>;

/// Index of an option; throws std::invalid_argument with the nearest name.
int option_index(const Question& question, const std::string& name);

}  // namespace chipmix::python
