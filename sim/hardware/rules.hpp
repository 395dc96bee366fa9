// The limit that efficiencies share.
#pragma once

#include "io/shape.hpp"

namespace chipmix::hardware {

/// A part of something that is always there: above 0, at most 1.
inline io::Rule<double> share() {
  return {[](const double& x) { return x > 0 && x <= 1; }, "must be a share above 0 and at most 1",
          "\"exclusiveMinimum\":0,\"maximum\":1"};
}

}  // namespace chipmix::hardware
