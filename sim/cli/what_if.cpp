#include "cli/what_if.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "cli/question.hpp"

namespace chipmix::cli {
namespace {

constexpr int most_seeds = 1000, most_stage = 1 << 16;
constexpr double most_often = 1000;  // times as long

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size();
}

}  // namespace

void take_slow_stages(const Invocation& invocation, scenario::Option& option) {
  const auto said = invocation.options.find("--slow");
  if (said == invocation.options.end()) return;
  std::vector<std::string> wrong;
  for (const std::string& words : said->second) {
    constexpr std::string_view key = "stage=";
    std::string_view rest = words;
    if (rest.substr(0, key.size()) == key) rest.remove_prefix(key.size());
    const auto colon = rest.find(':');
    engine::SlowReplicas slow;
    const bool is_read =
        colon != rest.npos && read(rest.substr(0, colon), slow.stage) && read(rest.substr(colon + 1), slow.factor);
    if (!is_read || slow.stage < 0 || slow.stage > most_stage || !(slow.factor >= 1 && slow.factor <= most_often))
      wrong.push_back(fmt::format("'{}'", words));
    else
      option.disturbed.slow.push_back(slow);
  }
  if (!wrong.empty())
    throw UsageError(fmt::format("--slow takes stage=S:FACTOR, such as stage=2:1.5 (factor 1 to {:.0f}), not {}",
                                 most_often, fmt::join(wrong, ", ")),
                     invocation.command);
}

int seeds_of(const Invocation& invocation) {
  const auto said = invocation.option("--seeds");
  if (!said) return 0;
  int seeds = 0;
  if (!read(std::string_view(*said), seeds) || seeds < 1 || seeds > most_seeds)
    throw UsageError(fmt::format("--seeds takes a number from 1 to {}, not '{}'", most_seeds, *said),
                     invocation.command);
  if (!plays_events(invocation))
    throw UsageError("--seeds needs steps played event by event: add --engine event", invocation.command);
  return seeds;
}

}  // namespace chipmix::cli
