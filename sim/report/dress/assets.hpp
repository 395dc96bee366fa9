// Style and script of an HTML report.
#pragma once

namespace chipmix::report {

extern const char* const page_style;

/// Sorts tables by a click or Enter on a column's name, and shows what a mark says of itself beside the pointer. The
/// page is whole without it.
extern const char* const page_script;

/// SHA-256 of `page_script` in base 64: the page allows this script and no other.
extern const char* const page_script_digest;

}  // namespace chipmix::report
