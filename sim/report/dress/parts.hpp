// Parts of an HTML report: tables, figures, sections.
#pragma once

#include <string>

#include "report/report.hpp"

namespace chipmix::report {

/// `name`: for those who cannot see it.
std::string table_html(const Table& table, const std::string& name);

/// A chart with its caption; its numbers folded below it.
std::string figure_html(const Figure& figure, const Say& say);

/// `level`: of its heading; those of its tables are one below.
std::string section_html(const Section& section, const std::string& id, const Say& say, int level);

}  // namespace chipmix::report
