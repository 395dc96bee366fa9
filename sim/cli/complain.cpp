#include "cli/complain.hpp"

#include <cstdio>

#include "io/value.hpp"

namespace chipmix::cli {

Exit complain(Exit ending, const std::string& text) {
  std::fputs((text + (text.ends_with('\n') ? "" : "\n")).c_str(), stderr);
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

}  // namespace chipmix::cli
