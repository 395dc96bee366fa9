// The figures of a report, one function each: numbers of an answer, drawn, with the table of what is drawn. A figure
// without data has neither picture nor rows.
#pragma once

#include "report/decision/findings.hpp"
#include "report/report.hpp"

namespace chipmix::report {

/// What one option's cost is made of; nothing where it is one account.
Figure cost_waterfall(const Matter& matter, const OptionAnswer& answer);
/// From what one option costs to what another does, account by account; nothing where there is one account.
Figure cost_difference(const Matter& matter, const OptionAnswer& from, const OptionAnswer& to);
/// Cash paid out so far, by day; nothing where nothing is bought: then it is spent evenly.
Figure cash_curves(const Matter& matter);
Figure cost_tornado(const Matter& matter, const OptionAnswer& answer);

Figure cost_and_days(const Matter& matter);
/// The chance that an option is the cheapest against the price of its devices.
Figure chance_curve(const Matter& matter, const OptionAnswer& answer);
/// Cost over the baseline's by the price of one kind of device: of the options for which it changes with that price.
Figure share_and_price(const Matter& matter, const OptionAnswer& answer);

/// Nothing where every option is one run: then a table says as much.
Figure training_calendar(const Matter& matter);
Figure step_shares(const Matter& matter);
Figure memory_bars(const Matter& matter);
/// One step of the first pipeline, played event by event.
Figure pipeline_timeline(const Matter& matter, const OptionAnswer& answer);
/// The operators of an option's plan under the limits of its device.
Figure roofline(const Matter& matter, const OptionAnswer& answer);

/// Devices bought and their caps; nothing where nothing is bought.
Figure supply_bars(const Matter& matter);
Figure delivery_calendar(const Matter& matter);
Figure purchase_cash(const Matter& matter);

Figure predicted_and_measured(const Matter& matter);

}  // namespace chipmix::report
