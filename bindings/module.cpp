// The extension: what the package chipmix is made from. Users import chipmix.
#include "module.hpp"

PYBIND11_MODULE(_chipmix, module) {
  using namespace chipmix::python;
  module.doc() = "C++ side of chipmix; import chipmix instead.";
  module.attr("version") = CHIPMIX_VERSION;
  bind_errors(module);
  bind_page(module);
  bind_scenario(module);
  bind_estimate(module);
  bind_compare(module);
  bind_plan(module);
  bind_procure(module);
  bind_validate(module);
  bind_catalogue(module);
  bind_calibrate(module);
  bind_report(module);
  bind_sweep(module);
}
