// Which devices are alike: those of one die, those of one maker.
#pragma once

#include <string_view>

namespace chipmix::hardware {

struct DeviceFamily {
  const char* start;         ///< beginning of device ids
  const char* die;           ///< devices built from one die, or from several of it
  const char* vendor;        ///< as in device profiles
  bool is_inferred = false;  ///< who published the device does not name it; its profile says what it is assumed to be
};

/// The first row of the table that fits a device id; null where the device has no relative.
const DeviceFamily* device_family(std::string_view device);

}  // namespace chipmix::hardware
