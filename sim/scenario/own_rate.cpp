#include "scenario/own_rate.hpp"

#include <fmt/format.h>

#include "base/words.hpp"

namespace chipmix::scenario {
namespace {

io::Value member(const io::Value& value, const char* key) {
  const auto found = value.find(key);
  return found ? *found : value;
}

/// Practice would be counted twice: the own rate holds it.
void refuse_practice(const OptionSpec& spec, const io::Value& value) {
  if (!spec.practice || *spec.practice == practice::Practice::ideal) return;
  member(value, "practice")
      .error_at_key(fmt::format("both 'practice' and '{}'", spec.mfu ? "mfu" : "measured"),
                    "your own rate says how well the steps run; leave 'practice' out, or give \"ideal\" for a run "
                    "without losses");
}

}  // namespace

void read_own_rate(const OptionSpec& spec, const io::Value& value, const RateJob& job, Option& option) {
  option.mfu = spec.mfu;
  if (spec.mfu || spec.measured) refuse_practice(spec, value);
  if (spec.mfu && spec.measured)
    member(value, "measured").error_at_key("both 'mfu' and 'measured'", "give one of your rates");
  if (!spec.measured) return;
  option.measured_step = spec.measured->step;
  const io::Value at = member(value, "measured");
  if (job.stages > 1)
    at.error_at_key("a measured step in a job of stages, but it belongs to one of them",
                    "give your share of peak as 'mfu', which all stages can reach");
  if (spec.measured->model && *spec.measured->model != job.model)
    member(at, "model")
        .error(fmt::format("the step was measured with '{}', the job trains '{}'", *spec.measured->model, job.model));
  if (spec.measured->devices && spec.cluster && *spec.measured->devices != spec.cluster->devices)
    member(at, "devices")
        .error(fmt::format("the step was measured on {}, the cluster has {}",
                           counted(*spec.measured->devices, "device"), spec.cluster->devices));
}

void refuse_owned_spot(const Option& option, const io::Value& owner) {
  if (option.reliability && option.reliability->spot)
    member(owner, "own")
        .error_at_key("'own' with 'spot' in its reliability",
                      "give spot devices a rent, or the option a reliability without 'spot'");
}

}  // namespace chipmix::scenario
