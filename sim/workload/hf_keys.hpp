// Looks a config.json's values up under any of the spellings that its families use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/value.hpp"

namespace chipmix::workload {

using Spellings = std::vector<std::string_view>;

/// The largest counts read: far above any model, low enough that no product of two overflows.
inline constexpr int most_layers = 10'000;
inline constexpr int most = 20'000'000;

/// The value of the first spelling that is there and not null.
std::optional<io::Value> find_any(const io::Value& config, const Spellings& spellings);

/// A whole number from `low` to `high`; a list of equal ones (one per layer) reads as one. Absent or null: nothing.
/// Anything else is a fault.
std::optional<int> count(const io::Value& config, const Spellings& spellings, int low = 0, int high = most);

/// The same; that it is absent is a fault too, which names all spellings. Returns 0 on a fault.
int required_count(const io::Value& config, const Spellings& spellings, int low = 1, int high = most);

bool flag(const io::Value& config, const Spellings& spellings, bool otherwise);
std::optional<std::string> text(const io::Value& config, const Spellings& spellings);

/// Records the fault at the value found under a spelling, or at the whole configuration.
void fault(const io::Value& config, const Spellings& spellings, std::string message, std::string hint = "");

}  // namespace chipmix::workload
