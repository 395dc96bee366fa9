// C++ exceptions as those of chipmix.errors.
#include "base/diagnostic.hpp"
#include "base/spelling.hpp"
#include "module.hpp"
#include "procurement/milp.hpp"

#include <pybind11/stl.h>

namespace chipmix::python {
namespace {

py::object errors(const char* name) { return py::module_::import("chipmix.errors").attr(name); }

/// Changes are made by with_() here, not by an option of the program.
InputError in_python(const InputError& error) {
  const std::string theirs = " with --set ", ours = " with ";
  std::vector<Diagnostic> diagnostics = error.diagnostics();
  for (Diagnostic& d : diagnostics)
    for (auto at = d.file.find(theirs); at != std::string::npos; at = d.file.find(theirs))
      d.file.replace(at, theirs.size(), ours);
  return InputError(std::move(diagnostics));
}

py::list python_list(const std::vector<Diagnostic>& diagnostics) {
  const py::object make = errors("Diagnostic");
  py::list list;
  for (const Diagnostic& d : diagnostics)
    list.append(make(d.file, d.place.line, d.place.column, d.pointer, d.message, d.hint, d.source_line));
  return list;
}

void raise(const py::object& type, const py::object& error) { PyErr_SetObject(type.ptr(), error.ptr()); }

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const InputError& original) {
    const InputError error = in_python(original);
    const py::object type = errors("InputError");
    raise(type, type(error.what(), python_list(error.diagnostics())));
  } catch (const FileError& error) {
    const py::object type = errors("FileError");
    raise(type, type(error.what()));
  } catch (const procurement::NothingInTime& error) {
    PyErr_SetString(PyExc_TimeoutError, error.what());
  }
}

}  // namespace

void bind_errors(py::module_& module) {
  py::register_exception_translator(&translate);
  module.def("spelling_hint", &spelling_hint, py::arg("word"), py::arg("known"),
             "\"did you mean 'x'?\", or what is known; empty when nothing is near.");
}

}  // namespace chipmix::python
