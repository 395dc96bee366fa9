#include "scenario/disturbance_spec.hpp"

namespace chipmix::engine {
namespace {

constexpr int most_stages = 1 << 16, most_replicas = 1 << 20;
constexpr double most_often = 1000;  // times as long
constexpr double widest_spread = 1;

}  // namespace

const io::Shape<SlowReplicas>& shape_of(io::Type<SlowReplicas>) {
  static const auto shape =
      io::Shape<SlowReplicas>("slow devices", "Replicas of a stage whose passes take longer.")
          .required("stage", &SlowReplicas::stage, "Pipeline stage, from 0.", io::between(0, most_stages))
          .optional("replicas", &SlowReplicas::replicas, "How many of its replicas; 1 if left out.",
                    io::between(1, most_replicas))
          .required("factor", &SlowReplicas::factor, "On the time of a pass.", io::between(1.0, most_often));
  return shape;
}

const io::Shape<WeakPorts>& shape_of(io::Type<WeakPorts>) {
  static const auto shape =
      io::Shape<WeakPorts>("weak ports", "Replicas of a stage with less bandwidth to other servers.")
          .required("stage", &WeakPorts::stage, "Pipeline stage, from 0.", io::between(0, most_stages))
          .optional("replicas", &WeakPorts::replicas, "How many of its replicas; 1 if left out.",
                    io::between(1, most_replicas))
          .required("share", &WeakPorts::share, "Share of the bandwidth that is left: a dead NIC of two leaves 0.5.",
                    io::between(1e-6, 1.0));
  return shape;
}

const io::Shape<Outage>& shape_of(io::Type<Outage>) {
  static const auto shape =
      io::Shape<Outage>("outage", "Ports of a stage that are weak or down for a while.")
          .required("stage", &Outage::stage, "Pipeline stage, from 0.", io::between(0, most_stages))
          .optional("replicas", &Outage::replicas, "How many of its replicas; 1 if left out.",
                    io::between(1, most_replicas))
          .optional("share", &Outage::share, "Share of the bandwidth that is left; 0 if left out.",
                    io::between(0.0, 1.0))
          .required("from", &Outage::from, "When it begins, from the start of the step.", io::not_negative<Seconds>())
          .required("lasts", &Outage::lasts, "How long it lasts.", io::positive<Seconds>());
  return shape;
}

const io::Shape<Jitter>& shape_of(io::Type<Jitter>) {
  static const auto shape =
      io::Shape<Jitter>("jitter", "Devices that differ in speed, each for the whole step.")
          .required("spread", &Jitter::spread, "Standard deviation of the time of a pass, as a share of it.",
                    io::between(0.0, widest_spread))
          .optional("seed", &Jitter::seed, "The same seed gives the same devices; 1 if left out.");
  return shape;
}

const io::Shape<Disturbance>& shape_of(io::Type<Disturbance>) {
  static const auto shape =
      io::Shape<Disturbance>("disturbance", "What goes wrong in every step; only the event engine models it.")
          .optional("slow", &Disturbance::slow, "Slow devices.")
          .optional("ports", &Disturbance::ports, "Weak ports.")
          .optional("outages", &Disturbance::outages, "Ports that are weak or down for a while.")
          .optional("fabric", &Disturbance::fabric, "Switches that transfers share; without it they never fill.")
          .optional("jitter", &Disturbance::jitter,
                    "Devices that differ; instead of the expected wait for the slowest.");
  return shape;
}

}  // namespace chipmix::engine
