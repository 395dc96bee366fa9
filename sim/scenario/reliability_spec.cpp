#include "scenario/reliability_spec.hpp"

namespace chipmix::goodput {

const io::Shape<Switches>& shape_of(io::Type<Switches>) {
  constexpr int most_behind_one = 1 << 20;
  static const auto shape =
      io::Shape<Switches>("switches", "Switches whose failure stops a job.")
          .required("mtbf", &Switches::mtbf, "Time between failures of one switch.", io::positive<Seconds>())
          .required("devices", &Switches::devices, "Devices of the job for each switch.",
                    io::between(1, most_behind_one));
  return shape;
}

const io::Shape<Spot>& shape_of(io::Type<Spot>) {
  static const auto shape =
      io::Shape<Spot>("spot", "Devices that their owner takes back and gives again.")
          .required("mtbf", &Spot::mtbf, "Time between those in which the job loses its devices, however many it has.",
                    io::positive<Seconds>())
          .required("away", &Spot::away, "Until it has devices again; no rent is paid during this time.",
                    io::not_negative<Seconds>());
  return shape;
}

const io::Shape<Reliability>& shape_of(io::Type<Reliability>) {
  constexpr double most_spares = 1;  // as many as work
  static const auto shape =
      io::Shape<Reliability>("reliability", "What interrupts a run; without it a run is its steps.")
          .required("device_mtbf", &Reliability::device_mtbf,
                    "Time between interruptions of one device, of any cause not given below: device-hours over "
                    "interruptions.",
                    io::positive<Seconds>())
          .required("recovery", &Reliability::recovery,
                    "From an interruption until the job works again: found, replaced, restarted, loaded; no shorter "
                    "than reading the checkpoint takes.",
                    io::not_negative<Seconds>())
          .optional("storage", &Reliability::storage, "Rate at which all devices together write a checkpoint.",
                    io::positive<BytesPerSecond>())
          .optional("reading", &Reliability::reading,
                    "Rate at which all devices together read a checkpoint again; that of storage if left out.",
                    io::positive<BytesPerSecond>())
          .optional("blocking", &Reliability::blocking,
                    "How long a checkpoint blocks the job; until it is stored if left out.", io::positive<Seconds>())
          .optional("interval", &Reliability::interval, "Work between checkpoints; the best if left out.",
                    io::positive<Seconds>())
          .optional("spares", &Reliability::spares, "Spare devices, as a share of those that work; 0 if left out.",
                    io::between(0.0, most_spares))
          .optional("kinds", &Reliability::kinds, "The same for devices of one kind, by the device's id.",
                    io::positive<Seconds>())
          .optional("node_mtbf", &Reliability::node_mtbf,
                    "Time between interruptions that come from a server itself, not its devices.",
                    io::positive<Seconds>())
          .optional("switches", &Reliability::switches, "Interruptions that come from switches.")
          .optional("repair", &Reliability::repair,
                    "How long the job continues without a failed replica; if left out, it waits for a spare.",
                    io::positive<Seconds>())
          .optional("replacement", &Reliability::replacement,
                    "How long a failed server is unavailable; the job waits while more are unavailable than there are "
                    "spares. If left out, every spare is available at once.",
                    io::positive<Seconds>())
          .optional("spot", &Reliability::spot, "Devices that their owner takes back and gives again.")
          .check([](const Reliability& reliability, const io::Value& value) {
            if (!reliability.storage && !reliability.blocking)
              value.error("neither 'storage' nor 'blocking' says how long a checkpoint takes",
                          "give the rate of the storage, or for how long a checkpoint blocks the job");
            if (reliability.repair && reliability.replacement)
              value.error("both 'repair' and 'replacement' say what happens while a server is away",
                          "give 'repair' if the job goes on without a replica, 'replacement' if it waits for a server");
          });
  return shape;
}

}  // namespace chipmix::goodput
