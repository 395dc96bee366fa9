#include "scenario/plan_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "base/lower_case.hpp"
#include "scenario/spec.hpp"

namespace chipmix::scenario {
namespace {

using Pair = std::pair<std::string, std::string>;

/// As plan::to_text writes them.
const std::vector<Pair>& prefixes() {
  static const std::vector<Pair> list = {{"tp", "tensor"},      {"pp", "pipeline"}, {"dp", "data"},
                                         {"cp", "context"},     {"ep", "expert"},   {"mbs", "micro_batch"},
                                         {"vpp", "interleave"}, {"zero-", "zero"},  {"recompute-", "recompute"}};
  return list;
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

std::string key_of(const std::string& word) {
  for (const auto& [prefix, key] : prefixes())
    if (lower_case(word) == prefix) return key;
  return word;
}

/// ZeRO-1 is the first name after "none".
std::string zero_name(const std::string& stage) {
  const auto& names = names_of(io::Type<plan::Zero>{});
  for (const auto& [name, value] : names)
    if (stage == std::to_string(static_cast<int>(value)) || stage == name) return name;
  throw std::invalid_argument(fmt::format("no ZeRO-{}: 0 to {}", stage, names.size() - 1));
}

Pair pair_of(const std::string& word) {
  if (const auto equals = word.find('='); equals != std::string::npos)
    return {key_of(word.substr(0, equals)), word.substr(equals + 1)};
  const std::string small = lower_case(word);
  if (small == "no-sp") return {"sequence_parallel", "false"};
  for (const auto& [name, kind] : names_of(io::Type<plan::ScheduleKind>{}))
    if (small == name) return {"schedule", name};
  for (const auto& [prefix, key] : prefixes()) {
    const std::string rest = small.starts_with(prefix) ? small.substr(prefix.size()) : "";
    if (key == "zero" && !rest.empty()) return {key, zero_name(rest)};
    if (key == "recompute" ? !rest.empty() : is_number(rest)) return {key, rest};
  }
  throw std::invalid_argument(fmt::format(
      "'{}' is not part of a plan: write it as TP4 PP16 DP4 CP4 EP8 mbs1 vpp4 ZeRO-1 recompute-selective no-SP, or "
      "of the form KEY=VALUE",
      word));
}

}  // namespace

std::vector<Pair> plan_words(const std::string& text) {
  std::vector<Pair> pairs;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" ,", begin), text.size());
    if (end > begin) {
      Pair pair = pair_of(text.substr(begin, end - begin));
      const auto is_it = [&](const Pair& other) { return other.first == pair.first; };
      if (std::any_of(pairs.begin(), pairs.end(), is_it))
        throw std::invalid_argument(fmt::format("'{}' says {} twice", text, pair.first));
      pairs.push_back(std::move(pair));
    }
    begin = end + 1;
  }
  if (pairs.empty()) throw std::invalid_argument("the plan is empty");
  return pairs;
}

}  // namespace chipmix::scenario
