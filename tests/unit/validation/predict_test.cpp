// Is a run predicted with an interval, a memory verdict and what it rests on?
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/predict.hpp"

using namespace chipmix;
using namespace chipmix::validation;

TEST_CASE("a prediction has an interval, a peak, a verdict and the profiles it rests on") {
  scenario::Library library;
  const Prediction p = predict(read({}), library);
  CHECK(p.status == Status::ok);
  CHECK(p.p10 < p.iteration_s);
  CHECK(p.p90 > p.iteration_s);
  CHECK(p.peak_memory_gib > 10);
  CHECK(p.fits);
  CHECK(p.profiles.at(0) == "devices/a100-sxm4-80gb");
  double shares = 0;
  for (const Account& account : p.accounts) shares += account.share;
  CHECK(shares == Approx(1));
}

TEST_CASE("a device known from its data sheet only has a wider interval than H100") {
  scenario::Library library;
  Record h100, datasheet;
  h100.cluster = R"("device":"h100-sxm5-80gb","devices":64,"devices_per_node":8)";
  datasheet.cluster = R"("device":"kunlun-p800","devices":64,"devices_per_node":8)";
  const Prediction known = predict(read(h100), library), guessed = predict(read(datasheet), library);
  CHECK(guessed.p90 / guessed.p10 > 1.2 * known.p90 / known.p10);
}

TEST_CASE("a run that cannot fit is infeasible with the shortfall, and timed all the same") {
  scenario::Library library;
  Record record;
  record.plan.replace(record.plan.find("\"micro_batch\":8"), 15, "\"micro_batch\":16");
  record.plan.replace(record.plan.find("\"full\""), 6, "\"none\"");
  const Prediction p = predict(read(record), library);
  CHECK(p.status == Status::infeasible);
  CHECK_FALSE(p.fits);
  CHECK(p.reason.find("GiB short") != std::string::npos);
  CHECK(p.iteration_s > 0);
}

TEST_CASE("a run that cannot be asked about says why") {
  scenario::Library library;
  Record record;
  record.model = R"("name":"x","num_layers":2)";
  const Prediction p = predict(read(record), library);
  CHECK(p.status == Status::unsupported);
  CHECK(p.reason == "the source does not say model.hidden_size");
}

TEST_CASE("threads do not change predictions") {
  std::vector<PublishedRun> runs(9, read({}));
  const auto one = predict_all(runs, 1), four = predict_all(runs, 4);
  for (std::size_t i = 0; i < runs.size(); ++i) CHECK(one[i].iteration_s == four[i].iteration_s);
}
