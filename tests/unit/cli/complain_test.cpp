// Do faults beside an answer give the program its ending?
#include <catch2/catch.hpp>

#include "cli/complain.hpp"

using namespace chipmix;

TEST_CASE("no faults are no complaint") { CHECK(cli::complain(std::vector<Diagnostic>()) == cli::Exit::answer); }

TEST_CASE("faults end the program as bad input does") {
  const std::vector<Diagnostic> faults{{"runs.json", {2, 5}, "/1", "a run needs 'id'", "", "", 1}};
  CHECK(cli::complain(faults) == cli::Exit::input);
  CHECK(cli::complain(InputError(faults)) == cli::Exit::input);
}
