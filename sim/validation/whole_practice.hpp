// Who ran a published run, read from the words of its record.
//
//   what the record says in run.practice;
//   tuned    the publisher sells the devices, or runs a training system of its own that it describes: one that chipmix
//            has a stack of, fitted to that publisher's steps, or one whose layout it prints;
//   first    on devices of other vendors than NVIDIA, for which nearly all frameworks are developed;
//   typical  all others: a released framework, or a system of which little is said.
#pragma once

#include "hardware/device.hpp"
#include "validation/whole_run.hpp"

namespace chipmix::validation {

practice::Practice practice_of(const WholeRun& run, const hardware::DeviceSpec& device);

}  // namespace chipmix::validation
