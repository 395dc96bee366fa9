#include "validation/whole_run.hpp"

#include <deque>

#include "validation/printed_words.hpp"
#include "validation/record_table.hpp"
#include "validation/run_members.hpp"
#include "validation/run_model_members.hpp"

namespace chipmix::validation {
namespace {

/// "TP8 PP16 CP1 DP128 (16,384 GPUs)": the first figure of each degree. DP follows from the devices.
PrintedDegrees degrees_in(const std::string& text) {
  constexpr std::size_t most_read = 200;  // characters: a plan is printed in fewer
  PrintedDegrees degrees;
  for (const auto& [name, value] : all_degrees_in(std::string_view(text).substr(0, most_read))) {
    auto& into = name == "TP"    ? degrees.tensor
                 : name == "PP"  ? degrees.pipeline
                 : name == "CP"  ? degrees.context
                 : name == "EP"  ? degrees.expert
                 : name == "MBS" ? degrees.micro_batch
                                 : degrees.zero;
    if (!into) into = value;
  }
  return degrees;
}

/// The scope as a source has it: steady rates, billed hours; a total of which nothing is said counts the hours of jobs.
std::optional<practice::Scope> scope_in(const std::string& said) {
  if (said == "rate") return practice::Scope::steady;
  if (said == "published total") return practice::Scope::training;
  return practice::scope_named(said);
}

class WholeRecord {
 public:
  explicit WholeRecord(const io::Value& value) : value_(value), top_(value) {}

  WholeRun read() {
    run_.id = top_.text("id");
    if (run_.id.empty()) value_.error("a run needs 'id'");
    run_.project = top_.text("project");
    run_.grade = top_.text("grade");
    if (const auto source = top_.find("source"); source && source->is_object()) {
      const Members& m = open(*source);
      run_.source = {m.text("title"), m.text("url"), m.text("locator"), m.count("year").value_or(0)};
    }
    if (const auto model = top_.part("model")) run_.model = read_model(open(*model), parts_);
    if (const auto cluster = top_.part("cluster")) read_cluster(open(*cluster));
    if (const auto run = top_.part("run")) read_run(open(*run));
    if (const auto plan = top_.part("plan")) read_plan(open(*plan));
    if (const auto measured = top_.find("measured"); measured && measured->is_object()) read_measured(open(*measured));
    top_.pass_over({"dims_from", "notes"});
    return std::move(run_);
  }

  void report_unknown() const {
    top_.report_unknown();
    for (const Members& part : parts_) part.report_unknown();
  }

 private:
  const Members& open(const io::Value& value) { return parts_.emplace_back(value); }

  void read_cluster(const Members& m) {
    run_.cluster.device = m.text("device");
    run_.cluster.devices = m.count("devices").value_or(0);
    run_.cluster.between = m.text("inter_node");
    m.pass_over({"device_as_printed", "site", "devices_per_node"});
  }

  void read_stage(const io::Value& element) {
    if (!element.is_object()) return element.expected("an object that describes a stage");
    const Members& m = open(element);
    WholeStage stage{m.count("n").value_or(0), m.count("gbs"), m.number("tokens").value_or(0)};
    const auto steps = m.number("steps");
    if (stage.tokens == 0 && steps && run_.batch_tokens > 0) stage.tokens = *steps * run_.batch_tokens;
    if (stage.tokens <= 0) element.error("a stage needs 'tokens', or 'steps' of a run with 'global_batch_tokens'");
    m.pass_over({"days", "mfu", "step", "h", "dev", "seq"});  // what was measured, and remarks
    run_.stages.push_back(stage);
  }

  void read_run(const Members& m) {
    run_.kind = m.text("kind");
    run_.tokens = m.number("tokens").value_or(0);
    if (run_.tokens <= 0) value_.error("a run needs 'run.tokens', more than 0");
    run_.batch_tokens = m.number("global_batch_tokens").value_or(0);
    run_.period = m.text("period");
    if (const auto said = m.text("practice"); !said.empty()) {
      run_.practice = practice::practice_named(said);
      if (!run_.practice) m.find("practice")->error("must be tuned, typical or first");
    }
    const auto stages = m.find("stages");  // words are remarks
    if (!stages || !stages->is_list()) return;
    for (const io::Value& element : stages->as_list()) read_stage(element);
  }

  void read_plan(const Members& m) {
    run_.dtype = m.text("dtype");
    run_.stack = m.text("stack_as_printed");
    run_.degrees = degrees_in(m.text("parallel_as_printed"));
  }

  void read_measured(const Members& m) {
    run_.device_hours = m.number("device_hours");
    if (run_.device_hours && *run_.device_hours <= 0) m.find("device_hours")->error("must be more than 0");
    const std::string said = m.text("scope");
    run_.scope = scope_in(said);
    if (run_.device_hours && said.empty()) value_.error("hours need 'measured.scope': what they include");
    if (!said.empty() && !run_.scope)
      m.find("scope")->error("must be 'rate' (or steady), 'training', 'billed' or 'published total'");
    m.pass_over({"hours_include", "hours_basis", "wall_days", "throughput", "cost", "implied_mfu_pct"});
  }

  const io::Value& value_;
  Members top_;
  std::deque<Members> parts_;  ///< references to them stay good
  WholeRun run_;
};

}  // namespace

WholeRunTable read_whole_runs(const io::Value& table) { return read_records<WholeRunTable, WholeRecord>(table); }

}  // namespace chipmix::validation
