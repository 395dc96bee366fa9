#include "practice/belief.hpp"

namespace chipmix::practice {

const io::Shape<Belief>& shape_of(io::Type<Belief>) {
  const auto factor = io::at_least(1.0);
  constexpr double most_growth = 1, most_spread = 2;
  static const auto shape =
      io::Shape<Belief>("practice", "How whole runs compare with the best plan's steps. Factors on time.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &Belief::id, "Name used by scenarios.", io::not_empty<std::string>())
          .required("name", &Belief::name, "Name printed in reports.", io::not_empty<std::string>())
          .required("tuned_tables", &Belief::tuned_tables,
                    "Publishers of step times who show their own system at its best.")
          .required("seen_dies", &Belief::seen_dies, "Dies of the devices that published whole runs ran on.")
          .required("search_dense", &Belief::search_dense,
                    "Best published step over the best plan found, dense models.", factor)
          .required("search_moe", &Belief::search_moe, "The same of mixtures of experts.", factor)
          .required("typical", &Belief::typical, "An experienced team's step over a tuned one.", factor)
          .required("first", &Belief::first, "The step of a first run on a new system over a typical one.", factor)
          .required("growth", &Belief::growth,
                    "Exponent with which steps of teams that do not tune grow with the devices.",
                    io::between(0.0, most_growth))
          .required("scale_reference", &Belief::scale_reference, "Devices at which that growth is 1.",
                    io::at_least(1.0))
          .required("routing", &Belief::routing, "Natural routing over balanced routing, mixtures of experts.", factor)
          .required("stragglers", &Belief::stragglers, "Slow nodes that stay in the job.", factor)
          .required("start_up", &Belief::start_up, "Starting, loading and warming up.", factor)
          .required("evaluation", &Belief::evaluation, "Evaluation during the run.", factor)
          .required("rollbacks", &Belief::rollbacks, "Work thrown away after loss spikes or wrong settings.", factor)
          .required("idle", &Belief::idle, "Billed hours over hours in jobs.", factor)
          .required("spread", &Belief::spread,
                    "Standard deviation of ln(published / predicted) with a run's publisher left out.",
                    io::between(0.0, most_spread))
          .required("unseen_die", &Belief::unseen_die,
                    "Standard deviation of what a die's runs have in common, with all runs on the die left out.",
                    io::between(0.0, most_spread))
          .required("project", &Belief::project,
                    "Device-hours of a whole project over those of its final run; shown, and in no total.", factor)
          .required("kinship", &Belief::kinship, "What the errors of steps have in common.")
          .required("device_mtbf", &Belief::device_mtbf,
                    "Time between interruptions of one device, where a scenario has no 'reliability'.",
                    io::positive<Seconds>())
          .required("recovery", &Belief::recovery, "From an interruption until the job works again.",
                    io::positive<Seconds>())
          .required("blocking", &Belief::blocking, "How long a checkpoint blocks the job.", io::positive<Seconds>());
  return shape;
}

}  // namespace chipmix::practice
