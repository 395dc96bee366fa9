#include <algorithm>
#include <cctype>

#include "interop/arithmetic.hpp"
#include "interop/given.hpp"
#include "interop/interop.hpp"
#include "interop/shell.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

/// Ranks as the script computes them, where the launch does not say.
void world_from(const Variables& variables, Arguments& arguments) {
  const auto found = variables.find("WORLD_SIZE");
  if (found == variables.end() || found->second.elements.size() != 1 || arguments.processes || arguments.world) return;
  const auto ranks = whole_number(found->second.elements.front().text);
  if (ranks && *ranks > 0 && *ranks <= 1 << 24) arguments.world = static_cast<int>(*ranks);
}

void read(const std::string& file, const std::string& text, Given& given, io::Diagnostics& diagnostics) {
  const auto begin = std::find_if(text.begin(), text.end(), [](unsigned char c) { return !std::isspace(c); });
  if (begin != text.end() && *begin == '{') return read_arguments(words_of_json(file, text), given);
  if (file.ends_with(".yaml") || file.ends_with(".yml")) return read_arguments(words_of_yaml(text, given), given);
  const Flags& table = flags(given.framework());
  const Script script = read_script(
      file, text, [&](std::string_view word) { return find(table, word); }, diagnostics);
  if (script.arguments.empty()) return;
  read_arguments(script.arguments, given);
  world_from(script.variables, given.values());
}

}  // namespace

Imported import_arguments(Framework framework, const std::string& file, const std::string& text,
                          scenario::Library& library) {
  io::Diagnostics diagnostics;
  Given given(framework, file, text, diagnostics);
  read(file, text, given, diagnostics);
  const bool nothing = given.values().layers == std::nullopt && !diagnostics.empty();
  scenario::PlanFile plan = nothing ? scenario::PlanFile{} : understand_plan(given);
  diagnostics.throw_if_any();
  plan.model = understand_model(given, library);
  return {std::move(plan), given.remarks()};
}

}  // namespace chipmix::interop
