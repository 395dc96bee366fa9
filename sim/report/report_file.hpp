// A scenario's report as the bytes of a file.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "report/report.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// Endings of its name, without the dot.
inline constexpr std::array report_kinds = {"html", "pdf", "md", "xlsx", "csv"};

struct ReportFile {
  std::string bytes;
  bool is_answer = true;  ///< false: no option can run
};

/// How a report is asked for.
struct ReportOrder {
  std::string kind;      ///< one of `report_kinds`
  std::string version;   ///< of chipmix
  std::string author{};  ///< as it stands in the header
  Language language = Language::english;
  std::optional<std::string> option{};  ///< whose cost rows (focus.hpp)
};

/// Answers the scenario, and what to buy where it asks that. Throws FileError where nothing can print a PDF,
/// std::invalid_argument for cost rows of a scenario without a start or of an unknown option,
/// procurement::NothingInTime.
ReportFile report_file(const ReportOrder& order, const scenario::Scenario& scenario, const io::Document& document,
                       scenario::Library& library, const scenario::Settings& settings);

/// Of the values of a scenario, whatever its layout: 16 hexadecimal digits.
std::string fingerprint(const io::Document& document);

/// The day a report is made on: that of SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set, else today; UTC.
std::string report_day();

}  // namespace chipmix::report
