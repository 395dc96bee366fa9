#include "cli/complain.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/utf8.hpp"
#include "cli/output.hpp"
#include "io/value.hpp"

namespace chipmix::cli {

void say(const std::string& text) {
  if (KeptOutput* kept = kept_output()) {
    kept->said += text + (text.ends_with('\n') ? "" : "\n");
    return;
  }
  std::fputs((printable_lines(text) + (text.ends_with('\n') ? "" : "\n")).c_str(), stderr);
}

Exit complain(Exit ending, const std::string& text) {
  say(text);
  return ending;
}

Exit complain(const InputError& error) { return complain(Exit::input, error.what()); }

Exit complain(const std::vector<Diagnostic>& faults) {
  io::Diagnostics sorted;
  for (const Diagnostic& fault : faults) sorted.add(fault);
  try {
    sorted.throw_if_any();
  } catch (const InputError& error) {
    return complain(error);
  }
  return Exit::answer;
}

void remark(const std::vector<Diagnostic>& passed_over) {
  constexpr std::size_t most_shown = 20;
  for (std::size_t i = 0; i < passed_over.size() && i < most_shown; ++i) {
    const Diagnostic& one = passed_over[i];
    say(fmt::format("{}:{}:{}: {}{}", one.file, one.place.line, one.place.column, one.message,
                    one.hint.empty() ? "" : " (" + one.hint + ")"));
  }
  if (passed_over.size() > most_shown) say(fmt::format("and {} more", passed_over.size() - most_shown));
}

}  // namespace chipmix::cli
