#include "interop/given.hpp"

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

}  // namespace chipmix::interop
