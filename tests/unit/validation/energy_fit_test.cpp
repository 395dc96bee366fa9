// The shared figures of power: are those that are shipped the ones of the rows, and is a family left out really out?
#include <catch2/catch.hpp>

#include "validation/energy_fit.hpp"
#include "validation/energy_predict.hpp"

namespace chipmix::validation {
namespace {

using economics::PowerLaw;

scenario::Library library() { return scenario::Library(CHIPMIX_SOURCE_DIR); }

}  // namespace

TEST_CASE("is the power law that is shipped the one of the rows that come with chipmix?") {
  scenario::Library shelf = library();
  const PowerLaw shipped, fitted = fitted_law(own_energy(shelf).rows, shelf);
  for (double PowerLaw::*figure : {&PowerLaw::matrix, &PowerLaw::attention, &PowerLaw::communication,
                                   &PowerLaw::waiting, &PowerLaw::memory, &PowerLaw::idle})
    CHECK(shipped.*figure == Approx(fitted.*figure).epsilon(0.02));
}

TEST_CASE("does a family that is left out leave no trace in the law?") {
  scenario::Library shelf = library();
  std::vector<EnergyRow> rows = own_energy(shelf).rows;
  const PowerLaw before = fitted_law(rows, shelf, "Hopper");
  CHECK(fitted_law(rows, shelf).attention != before.attention);
  for (EnergyRow& row : rows)
    if (family_of(row) == "Hopper" && row.watts) *row.watts *= 3;
  const PowerLaw after = fitted_law(rows, shelf, "Hopper");
  CHECK(after.attention == before.attention);
  CHECK(after.memory == before.memory);
  CHECK(after.idle == before.idle);
  CHECK(fitted_law({}, shelf).waiting == PowerLaw{}.waiting);
}

}  // namespace chipmix::validation
