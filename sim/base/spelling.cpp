// "did you mean": optimal string alignment distance (Damerau 1964, Levenshtein 1966), case ignored.
#include "base/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/lower_case.hpp"

namespace chipmix {
namespace {

constexpr std::size_t short_list = 12;  // candidates worth listing in a hint

/// Insertions, deletions, replacements and swaps of neighbours that turn a into b.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last[b.size()];
}

std::size_t length_difference(std::string_view a, std::string_view b) {
  return a.size() < b.size() ? b.size() - a.size() : a.size() - b.size();
}

std::size_t common_start(std::string_view a, std::string_view b) {
  const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(ends.first - a.begin());
}

/// Those that have the word whole in them; for a word of one letter none.
std::vector<std::string> containing(const std::string& wanted, const std::vector<std::string>& candidates) {
  std::vector<std::string> list;
  if (wanted.size() > 1)
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(list),
                 [&](const std::string& candidate) { return lower_case(candidate).find(wanted) != std::string::npos; });
  return list;
}

/// The nearest by changes of letters.
std::optional<std::string> nearest_by_distance(const std::string& wanted, const std::vector<std::string>& candidates) {
  std::size_t limit = std::max<std::size_t>(2, wanted.size() / 3) + 1;  // the nearest must stay below it
  std::size_t start = 0;  // characters that the nearest begins with like the word: decides between equals
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    const std::string offered = lower_case(candidate);
    const std::size_t begun = common_start(wanted, offered);
    const std::size_t most = nearest && begun > start ? limit + 1 : limit;
    if (length_difference(wanted, offered) >= most) continue;
    const std::size_t found = distance(wanted, offered);
    if (found >= most || found >= std::max(wanted.size(), offered.size())) continue;  // nothing in common: not near
    limit = found;
    start = begun;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace

std::optional<std::string> nearest_spelling(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = lower_case(word);
  if (auto nearest = nearest_by_distance(wanted, candidates)) return nearest;
  const std::vector<std::string> list = containing(wanted, candidates);
  return list.empty() ? std::nullopt : std::optional(list.front());
}

std::string spelling_hint(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = lower_case(word);
  if (auto nearest = nearest_by_distance(wanted, candidates)) return fmt::format("did you mean '{}'?", *nearest);
  std::vector<std::string> list = containing(wanted, candidates);
  if (list.size() == 1) return fmt::format("did you mean '{}'?", list.front());
  if (list.size() > short_list) return fmt::format("{} names have it in them, '{}' for one", list.size(), list.front());
  if (list.empty() && candidates.size() <= short_list) list = candidates;
  return list.empty() ? "" : fmt::format("one of: {}", fmt::join(list, ", "));
}

}  // namespace chipmix
