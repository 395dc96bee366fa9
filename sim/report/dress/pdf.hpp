// A page as a PDF, printed by a program for it: Chromium, or WeasyPrint.
#pragma once

#include <string>

namespace chipmix::report {

/// The whole path of the program that prints; empty where there is none on the PATH.
std::string printer_program();

/// Throws FileError, saying what to install, where no such program is on the PATH.
void require_printer();

/// The bytes of the PDF; the same page gives the same bytes. Throws FileError where the program fails.
std::string printed(const std::string& html);

}  // namespace chipmix::report
