#include "scenario/power_spec.hpp"

namespace chipmix::economics {

const io::Shape<PowerProfile>& shape_of(io::Type<PowerProfile>) {
  static const auto shape =
      io::Shape<PowerProfile>("power", "Power draw of a device family and of the equipment around it.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &PowerProfile::id, "Family of the die in lower case, first word of device ids, or \"other\".",
                    io::not_empty<std::string>())
          .required("name", &PowerProfile::name, "Devices of the family.", io::not_empty<std::string>())
          .optional("idle", &PowerProfile::idle,
                    "Share of the power limit with nothing running; where absent, by memory bandwidth.",
                    io::between(0.0, 1.0))
          .optional("memory", &PowerProfile::memory,
                    "Share of the power limit while memory is the bound; where absent, by memory bandwidth.",
                    io::between(0.0, 1.0))
          .optional("host", &PowerProfile::host,
                    "Idle host of one device; where absent, a share of the server's rated host power.",
                    io::not_negative<Watts>())
          .required("host_slope", &PowerProfile::host_slope,
                    "What fans and conversion add, as a share of the devices' power.", io::between(0.0, 1.0))
          .optional("embodied", &PowerProfile::embodied,
                    "Carbon dioxide of making one device and its share of the server.", io::not_negative<Kilograms>());
  return shape;
}

}  // namespace chipmix::economics
