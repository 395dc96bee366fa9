// "did you mean": the candidate nearest to a misspelt word.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix {

/// The candidate with the smallest Damerau-Levenshtein distance (case ignored), if it is at most 2 or a third of
/// the word's length. A candidate that contains the word whole also counts.
std::optional<std::string> nearest_spelling(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'x'?"; "one of: a, b, c" of those that contain the word, or of a short list where none is near; or "".
std::string spelling_hint(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace chipmix
