#include "plan/shapes.hpp"

#include <stdexcept>

namespace chipmix::plan {

const char* name(Collective kind) {
  switch (kind) {
    case Collective::all_reduce:
      return "all-reduce";
    case Collective::reduce_scatter:
      return "reduce-scatter";
    case Collective::all_gather:
      return "all-gather";
    case Collective::all_to_all:
      return "all-to-all";
    case Collective::send:
      return "send";
  }
  throw std::logic_error("unknown collective");
}

}  // namespace chipmix::plan
