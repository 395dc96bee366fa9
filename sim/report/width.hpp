// Text laid out in terminal cells: East Asian wide characters take two, combining marks none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::report {

enum class Align { left, right };

/// Terminal cells of one line of UTF-8 text; an invalid byte counts one.
std::size_t display_width(std::string_view text);

/// The text with spaces added up to `width` cells; longer text is left as it is.
std::string pad(std::string_view text, std::size_t width, Align align);

/// The text in lines of at most `width` cells (at least 2). Breaks at spaces, before and after wide characters, and
/// inside a word only when the word alone is wider than a line. Newlines in the text stay line ends.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace chipmix::report
