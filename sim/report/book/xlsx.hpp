// A workbook as the bytes of an XLSX file.
#pragma once

#include <string>

#include "report/book/workbook.hpp"

namespace chipmix::report::book {

/// The same workbook gives the same bytes. Text is never taken for a formula. Throws FileError where there is no room
/// for what is written on the way.
std::string xlsx(const Workbook& workbook);

}  // namespace chipmix::report::book
