// A scenario's report as the bytes of a file.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "scenario/answer.hpp"

namespace chipmix::report {

/// Endings of its name, without the dot.
inline constexpr std::array report_kinds = {"html", "pdf", "md", "xlsx", "csv"};

struct ReportFile {
  std::string bytes;
  bool is_answer = true;  ///< false: no option can run
};

/// Answers the scenario, and what to buy where it asks that; `version`: of chipmix, for the workbook. `kind` is one of
/// `report_kinds`. Throws FileError where nothing can print a PDF, std::invalid_argument for cost rows of a scenario
/// without a start or of an unknown option, procurement::NothingInTime. `option`: whose cost rows (focus.hpp).
ReportFile report_file(const std::string& kind, const scenario::Scenario& scenario, const io::Document& document,
                       scenario::Library& library, const scenario::Settings& settings, const std::string& version,
                       const std::optional<std::string>& option = {});

}  // namespace chipmix::report
