// The published runs nearest to an option, as tables, a sentence and JSON: compare, estimate and reports show them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/table.hpp"
#include "scenario/answer.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report {

/// One row for each option that can run and has evidence: what it was compared with, how often, and how far predictions
/// were off. Of a mix or phases its weakest kind of device.
Table evidence_table(const std::vector<scenario::OptionAnswer>& answers,
                     const std::vector<validation::OptionEvidence>& evidence);

/// The runs nearest to one kind of device.
Table nearest_table(const validation::RunEvidence& evidence);

/// The same of all options that can run in one table; a phase is shown with its cluster.
Table nearest_table(const std::vector<scenario::OptionAnswer>& answers,
                    const std::vector<validation::OptionEvidence>& evidence);

/// The whole runs nearest to each option: what they took, and how far their predictions were off.
Table nearest_whole_table(const std::vector<scenario::OptionAnswer>& answers,
                          const std::vector<validation::OptionEvidence>& evidence);

/// A sentence for each kind of device of an option that nothing alike was compared with.
std::vector<std::string> evidence_remarks(const std::vector<scenario::OptionAnswer>& answers,
                                          const std::vector<validation::OptionEvidence>& evidence);

/// "published_evidence" of an option: its weakest kind of device, and all of them where there are several. Null where
/// no published run is known.
nlohmann::ordered_json evidence_json(const validation::OptionEvidence& evidence);

}  // namespace chipmix::report
