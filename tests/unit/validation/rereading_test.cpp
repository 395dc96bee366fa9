// "A run that ran, fits": is what the source leaves open read otherwise where that is needed, and only then?
#include <algorithm>
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/predict.hpp"
#include "validation/rereading.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

/// Too large without recomputation, of which the record says nothing.
Record silent() {
  Record record;
  record.plan =
      R"("tp":1,"pp":1,"dp":64,"micro_batch":16,"global_batch":1024,"zero_stage":1,"dtype":"bf16",
         "accumulate_grad_in_fp32":true,"sequence_parallel":true,"flash_attention":true,"stack":"megatron-core",
         "precision_aware_optimizer":false)";
  return record;
}

bool takes(const PublishedRun& run, const std::string& reading) {
  const auto list = rereadings(run);
  return std::any_of(list.begin(), list.end(), [&](const Reading& r) { return r.taken == reading; });
}

bool says(const Prediction& p, const std::string& words) {
  return std::any_of(p.assumed.begin(), p.assumed.end(),
                     [&](const std::string& said) { return said.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("a run that ran and does not fit is read otherwise, and says so") {
  scenario::Library library;
  const Prediction p = predict(read(silent()), library);
  CHECK(p.reread);
  CHECK(p.fits);
  CHECK(p.status == Status::ok);
  CHECK(says(p, "read as: plan.recompute"));
  CHECK(says(p, "for the run ran"));
}

TEST_CASE("a run that died, or that nobody measured, is not") {
  scenario::Library library;
  for (const char* measured : {R"("oom":true)", R"("iteration_s":4,"oom":true)", R"("mfu":0.4)"}) {
    Record record = silent();
    record.measured = measured;
    const Prediction p = predict(read(record), library);
    CHECK_FALSE(p.reread);
    CHECK_FALSE(p.fits);
  }
}

TEST_CASE("what a record states stays; a release's default may have been overruled") {
  const PublishedRun run = read(silent());
  CHECK(takes(run, "plan.recompute = full"));
  CHECK_FALSE(takes(run, "plan.zero_stage = 1"));
  CHECK_FALSE(takes(run, "plan.sequence_parallel = true"));
  CHECK_FALSE(takes(run, "plan.accumulate_grad_in_fp32 = false"));
  CHECK_FALSE(takes(run, "plan.precision_aware_optimizer = true"));
  CHECK_FALSE(takes(run, "plan.micro_batch = 1"));
  CHECK_FALSE(takes(run, "plan.etp = tp"));
  Record stated = silent();
  stated.plan += R"(,"recompute":"none")";
  CHECK_FALSE(takes(read(stated), "plan.recompute = full"));
  Record by_default = silent();
  by_default.rest = R"(,"defaults":{"recompute":{"value":"none","source":"its release"}})";
  CHECK(takes(read(by_default), "plan.recompute = full"));
}

TEST_CASE("a run that states everything and cannot fit stays infeasible") {
  scenario::Library library;
  Record record = silent();
  record.plan += R"(,"recompute":"none")";
  const Prediction p = predict(read(record), library);
  CHECK(p.status == Status::infeasible);
  CHECK_FALSE(p.reread);
}

TEST_CASE("the peak is the one that the source means, the nearest where it does not say") {
  scenario::Library library;
  const auto peak = [&](const std::string& meaning, double gib) {
    Record record;
    record.measured =
        R"("iteration_s":4,"peak_memory_gib":)" + std::to_string(gib) + R"(,"memory_meaning":")" + meaning + R"(")";
    return predict(read(record), library);
  };
  const Prediction p = peak("allocated", 10);
  const RunMemory& m = p.memory;
  CHECK(m.allocated_gib < m.reserved_gib);
  CHECK(m.reserved_gib < m.device_gib);
  CHECK(p.peak_memory_gib == Approx(m.allocated_gib));
  CHECK(peak("reserved", 10).peak_memory_gib == Approx(m.reserved_gib));
  CHECK(peak("device total", 10).peak_memory_gib == Approx(m.device_gib));
  CHECK(peak("not said", 1).peak_memory_gib == Approx(m.allocated_gib));
  CHECK(peak("not said", 1000).peak_memory_gib == Approx(m.device_gib));
  CHECK(m.heaviest.rfind("stage 0: embedding, head,", 0) == 0);
}
