#include "scenario/cases.hpp"

#include <fmt/format.h>

namespace chipmix::scenario {
namespace {

std::string last_step(const std::string& path) { return path.substr(path.find_last_of("./") + 1); }

std::string escaped(const std::string& key) {
  std::string token;
  for (const char c : key) token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return token;
}

/// The entry of "set" that a fault must come from: the only one whose path ends as the fault's pointer does, else all.
std::string entry(const CaseSpec& spec, const std::string& pointer) {
  std::vector<std::string> found;
  for (const auto& [path, value] : spec.set)
    if (last_step(path) == last_step(pointer)) found.push_back(path);
  if (spec.set.size() == 1) return fmt::format("/{}", escaped(spec.set.begin()->first));
  return found.size() == 1 ? fmt::format("/{}", escaped(found.front())) : "";
}

class CaseReader {
 public:
  CaseReader(const Scenario& scenario, const io::Document& document, Library& library)
      : scenario_(scenario), document_(document), library_(library) {}

  std::vector<Case> run() {
    for (std::size_t i = 0; i < scenario_.assumptions.size(); ++i)
      for (std::size_t k = 0; k < scenario_.assumptions[i].cases.size(); ++k)
        read(scenario_.assumptions[i], k, fmt::format("/assumptions/{}/cases/{}/set", i, k));
    diagnostics_.throw_if_any();
    return std::move(cases_);
  }

 private:
  void read(const AssumptionSpec& assumption, std::size_t index, const std::string& pointer) {
    const CaseSpec& spec = assumption.cases[index];
    try {
      Case one{&assumption, &spec, read_scenario(changed(spec), library_)};
      if (!same_options(one.scenario))
        fault(pointer, "a case keeps the scenario's options, their names and their order");
      cases_.push_back(std::move(one));
    } catch (const InputError& error) {
      for (const Diagnostic& d : error.diagnostics())
        fault(pointer + entry(spec, d.pointer),
              fmt::format("case '{}': {} at '{}'", spec.label, d.message, d.pointer.empty() ? "/" : d.pointer), d.hint);
    }
  }

  io::Document changed(const CaseSpec& spec) const {
    auto next = spec.set.begin();
    io::Document copy = document_.with(next->first, next->second.text);
    while (++next != spec.set.end()) copy = copy.with(next->first, next->second.text);
    return copy;
  }

  bool same_options(const Scenario& other) const {
    if (other.options.size() != scenario_.options.size()) return false;
    for (std::size_t i = 0; i < other.options.size(); ++i)
      if (other.options[i].name != scenario_.options[i].name) return false;
    return true;
  }

  void fault(const std::string& pointer, std::string message, std::string hint = "") {
    diagnostics_.add(document_.diagnostic(pointer, std::move(message), std::move(hint)));
  }

  const Scenario& scenario_;
  const io::Document& document_;
  Library& library_;
  io::Diagnostics diagnostics_;
  std::vector<Case> cases_;
};

}  // namespace

std::vector<Case> read_cases(const Scenario& scenario, const io::Document& document, Library& library) {
  return CaseReader(scenario, document, library).run();
}

}  // namespace chipmix::scenario
