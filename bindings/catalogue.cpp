// What chipmix knows: devices, nodes, links, fabrics, stacks, models, prices.
#include "report/catalogue.hpp"
#include "io/folder.hpp"
#include "report/prices_page.hpp"

#include <pybind11/stl.h>

#include <filesystem>

#include "running.hpp"

namespace chipmix::python {
namespace {

report::Page catalogue(const std::string& kind, const std::optional<std::string>& id) {
  return at_once([&] {
    scenario::Library library(io::current_folder());
    if (kind == "prices")
      return id ? report::prices_page(library.price_book(), *id, {}, library)
                : report::prices_page(library.price_book(), {});
    return id ? report::detail_page(kind, *id, library) : report::list_page(kind, library);
  });
}

}  // namespace

void bind_catalogue(py::module_& module) {
  module.def("catalogue", &catalogue, py::arg("kind"), py::arg("id"),
             "\"devices\", \"nodes\", \"links\", \"fabrics\", \"stacks\", \"models\" or \"prices\", or one of them by "
             "its id.");
}

}  // namespace chipmix::python
