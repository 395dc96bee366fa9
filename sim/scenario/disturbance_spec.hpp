// The part of a scenario file that says what goes wrong in a step.
#pragma once

#include "engine/event/disturbance.hpp"
#include "io/shape.hpp"

namespace chipmix::engine {

const io::Shape<SlowReplicas>& shape_of(io::Type<SlowReplicas>);
const io::Shape<WeakPorts>& shape_of(io::Type<WeakPorts>);
const io::Shape<Jitter>& shape_of(io::Type<Jitter>);
const io::Shape<Disturbance>& shape_of(io::Type<Disturbance>);

}  // namespace chipmix::engine
