#include "interop/flags.hpp"

#include <algorithm>
#include <sstream>

namespace chipmix::interop {

const char* name(Framework framework) { return framework == Framework::megatron ? "megatron" : "mindspeed"; }

int Flag::takes() const {
  if (meaning != Meaning::field) return values;
  if (std::holds_alternative<bool Arguments::*>(member)) return 0;
  return std::holds_alternative<std::vector<std::string> Arguments::*>(member) ? -1 : 1;
}

void add(Flags& rows, Meaning meaning, int values, const char* list, const char* why) {
  std::istringstream words(list);
  for (std::string word; words >> word;) {
    Flag flag;
    flag.name = word;
    flag.meaning = meaning;
    flag.values = values;
    flag.why = why;
    rows.push_back(std::move(flag));
  }
}

const Flag* find(const Flags& flags, std::string_view flag) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& row) { return row.name == flag; });
  return found == flags.end() ? nullptr : &*found;
}

namespace {

/// Rows of `own` replace those of the same name.
Flags over(Flags base, const Flags& own) {
  for (const Flag& row : own) {
    const auto same = std::find_if(base.begin(), base.end(), [&](const Flag& b) { return b.name == row.name; });
    if (same == base.end())
      base.push_back(row);
    else
      *same = row;
  }
  return base;
}

}  // namespace

const Flags& flags(Framework framework) {
  static const Flags megatron =
      over(over(over(megatron_harmless(), megatron_models()), megatron_others()), megatron_fields());
  static const Flags mindspeed = over(over(megatron, mindspeed_fields()), mindspeed_others());
  return framework == Framework::megatron ? megatron : mindspeed;
}

}  // namespace chipmix::interop
