// Style and script of an HTML report.
#pragma once

#include <string>

namespace chipmix::report {

/// Rules over the sizes, spaces and colours of chart/design.hpp.
std::string page_style();

/// Sorts tables by a click or Enter on a column's name, shows what a mark says of itself beside the pointer, and
/// recalculates bills where a reader moves their figures. The page is whole without it.
std::string page_script();

/// SHA-256 of `page_script` in base 64: the page allows this script and no other.
extern const char* const page_script_digest;

/// Parts of the script.
extern const char* const table_script;
extern const char* const what_if_script;

}  // namespace chipmix::report
