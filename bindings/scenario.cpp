// Scenarios: read, edited, asked what they hold.
#include "scenario/scenario.hpp"

#include <pybind11/stl.h>

#include "question.hpp"
#include "running.hpp"
#include "scenario/ask.hpp"
#include "validation/measured_steps.hpp"

namespace chipmix::python {
namespace {

QuestionPointer load(const std::string& file) {
  return at_once([&] {
    const std::filesystem::path path = file;
    return std::make_shared<Question>(io::Document::load(path), std::make_shared<SharedLibrary>(path.parent_path()));
  });
}

QuestionPointer parse(const std::string& text, const std::string& file, const std::string& folder) {
  return at_once([&] {
    return std::make_shared<Question>(io::Document::parse(file, text), std::make_shared<SharedLibrary>(folder));
  });
}

/// The scenario of a question in words; models and profiles are looked up in `folder` first.
QuestionPointer ask(const std::vector<std::string>& words, const std::map<std::string, std::string>& beside,
                    const std::string& folder) {
  return at_once([&] {
    const auto said = [&](const char* key) {
      const auto found = beside.find(key);
      return found == beside.end() ? std::nullopt : std::optional(found->second);
    };
    const scenario::Asked asked{words,         said("within"), said("budget"),   said("start"),   said("currency"),
                                said("batch"), said("dtype"),  said("practice"), said("finetune")};
    auto shared = std::make_shared<SharedLibrary>(folder);
    io::Document document = scenario::document_of(asked, shared->library);
    return std::make_shared<Question>(std::move(document), std::move(shared));
  });
}

/// A fault in a path is told with the path.
io::Document changed(const io::Document& document, const std::string& path, const std::string& value) {
  try {
    return document.with(path, value);
  } catch (const InputError& error) {
    std::vector<Diagnostic> diagnostics = error.diagnostics();
    for (Diagnostic& d : diagnostics) d.file += " with " + path;
    throw InputError(std::move(diagnostics));
  }
}

/// All changes in order, then read once.
QuestionPointer with(const Question& question, const std::vector<std::pair<std::string, std::string>>& changes) {
  return at_once([&] {
    io::Document document = io::Document::parse(question.document.file(), question.document.text());
    for (const auto& [path, value] : changes) document = changed(document, path, value);
    return std::make_shared<Question>(std::move(document), question.shared);
  });
}

/// The question with steps that were measured. `usual_place`: an option, where a step's place is empty.
QuestionPointer measured(const Question& question, const std::vector<std::string>& steps,
                         const std::vector<std::string>& plans, const std::vector<std::string>& places,
                         const std::string& usual_place) {
  return at_once([&] {
    auto copy = std::make_shared<Question>(io::Document::parse(question.document.file(), question.document.text()),
                                           question.shared);
    const std::lock_guard lock(copy->shared->guard);
    copy->anchors = validation::anchors_of({steps, plans, places, usual_place}, copy->scenario, copy->document,
                                           copy->shared->library);
    return copy;
  });
}

std::vector<std::string> options(const Question& question) {
  std::vector<std::string> names;
  for (const auto& option : question.scenario.options) names.push_back(option.name);
  return names;
}

}  // namespace

void bind_scenario(py::module_& module) {
  py::class_<Question, QuestionPointer>(module, "Question", "A scenario that was read without a fault.")
      .def("with_changes", &with, py::arg("changes"),
           "A copy with (path, JSON value) pairs put in place, as --set does. Raises InputError.")
      .def("measured", &measured, py::arg("steps"), py::arg("plans"), py::arg("places"), py::arg("usual_place"),
           "A copy whose answers are anchored on measured steps. Raises InputError with every fault of them.")
      .def_property_readonly("text", [](const Question& q) { return q.document.text(); })
      .def_property_readonly("written_out",
                             [](const Question& q) { return scenario::written_out(q.document, q.scenario.defaults); })
      .def_property_readonly("file", [](const Question& q) { return q.document.file(); })
      .def_property_readonly("folder", [](const Question& q) { return q.shared->folder.string(); })
      .def_property_readonly("name", [](const Question& q) { return q.scenario.name; })
      .def_property_readonly("description", [](const Question& q) { return q.scenario.description; })
      .def_property_readonly("currency", [](const Question& q) { return q.scenario.currency.code; })
      .def_property_readonly("baseline", [](const Question& q) { return q.scenario.options[q.scenario.baseline].name; })
      .def_property_readonly("options", &options)
      .def_property_readonly("is_purchase", [](const Question& q) { return q.scenario.procurement.has_value(); })
      .def_property_readonly("has_start", [](const Question& q) { return q.scenario.start.has_value(); });
  module.def("load_question", &load, py::arg("path"),
             "Reads a file. Raises InputError with every fault, or FileError.");
  module.def("ask_question", &ask, py::arg("words"), py::arg("beside"), py::arg("folder"),
             "The scenario of a question in words. Raises InputError with every fault of them.");
  module.def("parse_question", &parse, py::arg("text"), py::arg("file"), py::arg("folder"),
             "Reads JSON text; profiles and models are looked up in `folder` first. Raises InputError.");
}

}  // namespace chipmix::python
