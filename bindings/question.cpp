#include "question.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/spelling.hpp"

namespace chipmix::python {
namespace {

scenario::Scenario read(const io::Document& document, SharedLibrary& shared) {
  const std::lock_guard lock(shared.guard);
  return scenario::read_scenario(document, shared.library);
}

}  // namespace

Question::Question(io::Document text, std::shared_ptr<SharedLibrary> profiles)
    : document(std::move(text)), shared(std::move(profiles)), scenario(read(document, *shared)) {}

int option_index(const Question& question, const std::string& name) {
  const int index = question.scenario.find(name);
  if (index >= 0) return index;
  std::vector<std::string> names;
  for (const auto& option : question.scenario.options) names.push_back(option.name);
  throw std::invalid_argument(
      fmt::format("option: no option '{}' in this scenario, {}", name, spelling_hint(name, names)));
}

}  // namespace chipmix::python
