#include "validation/left_out.hpp"

#include <filesystem>

#include "io/document.hpp"
#include "io/folder.hpp"

namespace chipmix::validation {
namespace {

std::optional<double> error_of(const io::Value& run, const char* key) {
  const auto member = run.find(key);
  return member && !member->is_null() ? member->as_number() : std::nullopt;
}

}  // namespace

LeftOut read_left_out(const io::Value& file) {
  LeftOut errors;
  const auto runs = file.find("runs");
  if (!runs || !runs->is_object()) {
    file.error("left-out errors need 'runs', an object of runs by id");
    return errors;
  }
  for (const auto& [id, run] : runs->members()) {
    if (run.is_object())
      errors[id] = {error_of(run, "shipped"), error_of(run, "left_out"), error_of(run, "five_fold")};
    else
      run.expected("an object of errors");
  }
  return errors;
}

LeftOut own_left_out(const scenario::Library& library, const std::string& file) {
  for (const auto& data : library.folders()) {
    const auto path = data / "published_runs" / "errors" / file;
    if (!io::is_file(path)) continue;
    const io::Document document = io::Document::load(path);
    io::Diagnostics diagnostics;
    LeftOut errors = read_left_out(document.root(diagnostics));
    diagnostics.throw_if_any();
    return errors;
  }
  return {};
}

}  // namespace chipmix::validation
