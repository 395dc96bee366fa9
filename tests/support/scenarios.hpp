// Small scenarios for tests, as text, and what reading them says.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenario/answer.hpp"

namespace chipmix::support {

/// Two kinds of chip with fixed plans, and a fleet of both; rent and electricity in CNY.
inline const std::string two_chips = R"({
  "name": "two chips",
  "currency": "CNY",
  "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": 1e11, "practice": "ideal"},
  "electricity": {
    "load": {"value": 0.75, "grade": "assumed", "source": "test"},
    "pue": {"value": 1.25, "grade": "assumed", "source": "test"},
    "tariff": {"value": "0.6 CNY/kWh", "grade": "assumed", "source": "test"},
    "carbon": {"value": "0.5 kg/kWh", "grade": "assumed", "source": "test"}
  },
  "options": [
    {
      "name": "A",
      "cluster": {"device": "h800-sxm5-80gb", "devices": 16, "fabric": "rail-optimised-non-blocking"},
      "plan": {"tensor": 4, "recompute": "full"},
      "rent": {"value": "12 CNY/h", "grade": "assumed", "source": "test"}
    },
    {
      "name": "B",
      "cluster": {"device": "a800-sxm4-80gb", "devices": 32, "fabric": "rail-optimised-non-blocking"},
      "plan": {"tensor": 8, "recompute": "full"},
      "rent": {"value": "5 CNY/h", "grade": "assumed", "source": "test"}
    },
    {
      "name": "fleet",
      "phases": [{"option": "A", "share": 0.25}, {"option": "B", "share": 0.75}]
    }
  ],
  "baseline": "A"
})";

/// `text` with the only occurrence of `from` replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto found = text.find(from);
  if (found == std::string::npos || text.find(from, found + 1) != std::string::npos)
    throw std::logic_error("not there exactly once: " + from);
  return text.replace(found, from.size(), to);
}

/// The line, from 1, on which `words` first stand.
inline int line_of(const std::string& text, const std::string& words) {
  const auto found = text.find(words);
  if (found == std::string::npos) throw std::logic_error("not there: " + words);
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(found), '\n'));
}

/// Files a scenario names are those of the project.
inline scenario::Library library() { return scenario::Library(CHIPMIX_SOURCE_DIR "/scenarios"); }

inline scenario::Scenario read(const io::Document& document) {
  scenario::Library files = library();
  return scenario::read_scenario(document, files);
}
inline scenario::Scenario read(const std::string& text) { return read(io::Document::parse("test.json", text)); }

inline std::vector<Diagnostic> faults(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.diagnostics();
  }
  return {};
}

inline scenario::Comparison compare(const std::string& text) {
  const auto document = io::Document::parse("test.json", text);
  scenario::Library files = library();
  return scenario::compare(scenario::read_scenario(document, files), document, files, {});
}

}  // namespace chipmix::support
