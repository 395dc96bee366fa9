// JSON as Python writes it: with Infinity and NaN, which are no JSON (https://docs.python.org/3/library/json.html,
// "Infinite and NaN number values").
#pragma once

#include "io/document.hpp"

namespace chipmix::io {

/// As Document::load, but Infinity reads as 1.0e+308 and NaN as the text "n", so that places in the file stay the same
/// and either is refused where a number is needed.
Document load_python_json(const std::filesystem::path& path);

/// The text with these words, outside of strings, written so.
std::string without_python_numbers(std::string text);

}  // namespace chipmix::io
