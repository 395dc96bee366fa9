#include "report/validate_page.hpp"

#include <fmt/format.h>

#include "base/words.hpp"
#include "report/number.hpp"
#include "report/validate_json.hpp"
#include "report/validate_tables.hpp"

namespace chipmix::report {
namespace {

using validation::Judged;
using validation::Noise;
using validation::Scored;

void add_remarks(Page& page, const Judged& judged, const Noise& noise) {
  page.remarks.push_back(
      "Error: predicted / measured - 1; median, mean and 90th percentile of its absolute value; a bias below 0 is too "
      "fast. Half-width: mean of sqrt(P90 / P10) - 1.");
  if (judged.left_out)
    page.remarks.push_back(
        "Project left out: fitted again without any run of the row's project; five-fold: without the row's fifth of "
        "the "
        "runs; as shipped: fitted on all of them. The interval is the shipped one, in the same proportion to the "
        "prediction.");
  if (!noise.sets.empty())
    page.remarks.push_back(
        fmt::format("{} runs fall into {} sets of one model, cluster, plan, batch, stack and prediction: measured "
                    "again under another "
                    "release or on other servers, or different in something that is not modelled. The runs of a set "
                    "lie {} apart at "
                    "the median; predicted by the geometric mean of its set, a run would still be {} off on average.",
                    noise.runs, noise.sets.size(), percent(noise.median_apart), percent(noise.mean_error)));
}

}  // namespace

Page validate_page(const std::vector<validation::PublishedRun>& runs,
                   const std::vector<validation::Prediction>& predictions, const validation::LeftOut& errors) {
  const Judged judged = validation::judge(runs, predictions, errors);
  const Noise noise = validation::noise_of(runs, predictions);
  Page page;
  page.title = "Predictions for " + counted(runs.size(), "published run");
  page.tables = {overall_table(judged),
                 group_table("By class of model, worst first", "class", judged, &Scored::kind),
                 group_table("By device family, worst first", "devices", judged, &Scored::family),
                 group_table("By project, LoRA apart, worst first", "project", judged, &Scored::project),
                 group_table("By the largest account of a step after matrix products, worst first", "mechanism", judged,
                             &Scored::mechanism),
                 memory_table(judged.shipped),
                 verdict_table(judged.shipped),
                 order_table(judged),
                 peer_table(judged),
                 noise_table(noise),
                 worst_table(runs, predictions, errors)};
  add_remarks(page, judged, noise);
  page.json = validate_json(runs, predictions, errors, judged, noise);
  return page;
}

}  // namespace chipmix::report
