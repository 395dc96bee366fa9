// Configurations that a script fills in: names in capitals where JSON has values.
#include <fmt/format.h>

#include <cctype>

#include "interop/interop.hpp"
#include "io/scanner.hpp"

namespace chipmix::interop {
namespace {

bool is_placeholder_letter(char c) { return std::isupper(static_cast<unsigned char>(c)) || c == '_'; }
bool is_more(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_python(const std::string& name) {
  return name == "NaN" || name == "Infinity" || name == "True" || name == "False" || name == "None";
}

}  // namespace

std::string filled(const std::string& file, const std::string& text, Asked& asked) {
  io::Diagnostics faults;
  std::string made;
  std::map<std::string, std::string> used;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' && (at == 0 || text[at - 1] != '\\')) inside = !inside;
    const bool begins =
        !inside && is_placeholder_letter(c) && (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1])));
    if (!begins) {
      made += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_more(text[end])) ++end;
    const std::string name = text.substr(at, end - at);
    const bool is_word = name.size() > 2 && !is_python(name);
    const auto given = asked.set.find(name);
    if (is_word && given != asked.set.end())
      used.insert(*given), made += given->second;
    else if (is_word)
      faults.add(io::diagnostic_at(file, text,
                                   {at, fmt::format("{} is a placeholder that a script fills in", name),
                                    fmt::format("--set {}=N gives it", name)}));
    else
      made += name;
    at = end;
  }
  faults.throw_if_any();
  for (const auto& [name, value] : used) asked.set.erase(name);
  return made;
}

}  // namespace chipmix::interop
