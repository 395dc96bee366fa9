// The figures of a report, one function each: numbers of an answer, drawn, with the table of what is drawn. A figure
// without data has neither picture nor rows.
#pragma once

#include <optional>

#include "report/report.hpp"
#include "scenario/procure.hpp"
#include "validation/predict.hpp"

namespace chipmix::report {

using scenario::Comparison;
using scenario::OptionAnswer;
using scenario::Scenario;

/// The cheapest option with a price; null if there is none.
const OptionAnswer* cheapest(const Comparison& comparison);
/// The cheapest one after it.
const OptionAnswer* runner_up(const Comparison& comparison);

Figure cost_bars(const Scenario& scenario, const Comparison& comparison);
/// What one option's cost is made of.
Figure cost_waterfall(const Scenario& scenario, const OptionAnswer& answer);
/// From what one option costs to what another does, account by account.
Figure cost_difference(const Scenario& scenario, const OptionAnswer& from, const OptionAnswer& to);
/// Cash paid out so far, by day.
Figure cash_curves(const Scenario& scenario, const Comparison& comparison);
Figure cost_tornado(const Scenario& scenario, const OptionAnswer& answer);

Figure cost_and_days(const Scenario& scenario, const Comparison& comparison);
/// The chance that an option is the cheapest against the price of its devices.
Figure chance_curve(const Scenario& scenario, const Comparison& comparison, const OptionAnswer& answer);
/// Every option's cost over the baseline's, by how much of it is paid for one kind of device and by that device's
/// price.
Figure share_and_price(const Scenario& scenario, const Comparison& comparison, const OptionAnswer& answer);

Figure training_calendar(const Scenario& scenario, const Comparison& comparison);
Figure step_shares(const Comparison& comparison);
Figure memory_bars(const Comparison& comparison);
/// One step of the first pipeline, played event by event.
Figure pipeline_timeline(const Scenario& scenario, const OptionAnswer& answer);
/// The operators of an option's plan under the limits of its device.
Figure roofline(const Scenario& scenario, const OptionAnswer& answer);

Figure supply_bars(const scenario::Procurement& result);
Figure delivery_calendar(const scenario::Procurement& result);
Figure purchase_cash(const Scenario& scenario, const scenario::Procurement& result);

Figure predicted_and_measured(const std::vector<validation::PublishedRun>& runs,
                              const std::vector<validation::Prediction>& predictions);

/// The vendor's colour of the device that an option has most of.
const char* colour_of(const Scenario& scenario, const OptionAnswer& answer);

}  // namespace chipmix::report
