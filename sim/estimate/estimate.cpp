#include "estimate/estimate.hpp"

#include <stdexcept>

namespace chipmix::estimate {

const char* name(Constraint constraint) {
  switch (constraint) {
    case Constraint::layout:
      return "layout";
    case Constraint::memory:
      return "memory";
    case Constraint::dtype:
      return "dtype";
    case Constraint::batch:
      return "batch";
    case Constraint::progress:
      return "progress";
    case Constraint::rate:
      return "rate";
    case Constraint::impossible:
      return "impossible";
    case Constraint::nothing_found:
      return "nothing found";
  }
  throw std::logic_error("unknown constraint");
}

}  // namespace chipmix::estimate
