#include "interop/given.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "io/scanner.hpp"

namespace chipmix::interop {

void Given::fault(std::size_t offset, std::string message, std::string hint) const {
  diagnostics_.add(io::diagnostic_at(file_, text_, {offset, std::move(message), std::move(hint)}));
}

void Given::fault_at(std::string_view flags, std::string message, std::string hint) const {
  std::istringstream names{std::string(flags)};
  for (std::string name; names >> name;)
    if (const auto found = place_.find(name); found != place_.end())
      return fault(found->second, std::move(message), std::move(hint));
  std::size_t first = place_.empty() ? 0 : place_.begin()->second;
  for (const auto& [name, offset] : place_) first = std::min(first, offset);
  fault(first, std::move(message), std::move(hint));
}

void Given::remark(std::string text) { remarks_.push_back(std::move(text)); }

std::string passed_over(const std::vector<std::string>& names, const char* kind) {
  constexpr std::size_t most_named = 24;
  const std::size_t named = std::min(names.size(), most_named);
  std::string text = fmt::format("{} {}{} neither plan nor time nor memory: {}", names.size(), kind,
                                 names.size() == 1 ? " changes" : "s change",
                                 fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(named), " "));
  return named < names.size() ? text + fmt::format(" and {} more", names.size() - named) : text;
}

}  // namespace chipmix::interop
