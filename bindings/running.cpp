#include "running.hpp"

#include <algorithm>
#include <thread>

namespace chipmix::python {

void attend(const py::object& progress, double share) {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (!progress.is_none()) progress(share);
}

int threads(int jobs) { return jobs > 0 ? jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

}  // namespace chipmix::python
