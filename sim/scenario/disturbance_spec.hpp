// The part of a scenario file that says what goes wrong in a step.
#pragma once

#include "engine/event/disturbance.hpp"
#include "io/shape.hpp"

namespace chipmix::engine {

const io::Shape<SlowReplicas>& shape_of(io::Type<SlowReplicas>);
const io::Shape<WeakPorts>& shape_of(io::Type<WeakPorts>);
const io::Shape<Outage>& shape_of(io::Type<Outage>);
const io::Shape<FatTree>& shape_of(io::Type<FatTree>);
const io::Shape<Torus>& shape_of(io::Type<Torus>);
const io::Shape<Dragonfly>& shape_of(io::Type<Dragonfly>);
const io::Shape<Fabric>& shape_of(io::Type<Fabric>);
const io::Shape<Jitter>& shape_of(io::Type<Jitter>);
const io::Names<Paths>& names_of(io::Type<Paths>);
const io::Names<Reductions>& names_of(io::Type<Reductions>);
const io::Shape<Disturbance>& shape_of(io::Type<Disturbance>);

}  // namespace chipmix::engine
