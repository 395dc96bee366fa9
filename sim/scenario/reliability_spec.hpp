// The part of a scenario file that says what interrupts a run.
#pragma once

#include "goodput/goodput.hpp"
#include "io/shape.hpp"

namespace chipmix::goodput {

const io::Shape<Switches>& shape_of(io::Type<Switches>);
const io::Shape<Spot>& shape_of(io::Type<Spot>);
const io::Shape<Reliability>& shape_of(io::Type<Reliability>);

}  // namespace chipmix::goodput
