// The catalogue of a report's texts: each in English and in Chinese, with gaps "{0}", "{1}" for what changes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace chipmix::report {

// clang-format off
enum class Text {
  // the first page (texts_front.cpp)
  question, question_one_option, question_one_job, question_jobs, within,
  share_of_a_vendor, choose, beside, full_stop, in_days, by_day,
  less_than, more_than, lead_firm, lead_likely, lead_open, cheaper_misses, is_late, enough_devices,
  larger_in_time, is_over,
  none_runs, none_meets,
  fastest, expected_total, finished_by, peak_power, confidence, saving, saving_next, nothing_to_compare,
  p10_p90, of_outcomes, n_devices, n_days, options_by_cost, best_three, bar_caption, option, risk_price, risk_rent,
  risk_rate, risk_deadline, risk_budget, risk_swing, ask_rent, ask_buy, ask_more, ask_money, ask_capacity,
  ask_money_alone, quotes_open, quotes_public, no_purchase, buy_only, rent_only, buy_and_rent, and_sell, device_months,
  portfolio_answer, portfolio_beside, in_time_with,
  in_time_always, of_futures, proven, proven_note, gap_note, month_n, of_months,
  paid_out, largest_month, beside_other, this_plan, order_for, safer_order, ways_by_cost, ways_caption, way, risk_world,
  risk_world_fails, risk_prices, risk_limit, conflict, ask_order, ask_lease, ask_cash, range_words, price_range_words,
  project_words, project_of_jobs, practice_words, own_rate_words, quotes_until, quotes_past, quotes_silent,

  // around it, and the what-if panel (texts_page.cpp)
  kicker, date, author, version, fingerprint, not_named, what_would_change, what_is_asked, chapters, appendix,
  appendix_short, data, data_of, chart_of, page_of, scroll_hint, what_if_title, what_if_lead, what_if_sentence,
  what_if_order, what_if_order_lead, what_if_alone,
  what_if_dearer, what_if_same, what_if_changed, what_if_tie, what_if_no_tie, as_in_report, tokens_of_job,
  prices_group, rates_group,
  other_group, reset, link, copied, rent_of, price_of, power_price, power_price_of, exchange_rate, late, over_budget,

  // chapters and appendix (texts_chapters.cpp)
  money_chapter, time_chapter, risk_chapter, schedule_chapter, options_appendix, assumptions_appendix,
  evidence_appendix, validation_appendix, method_appendix, options_note, no_prices, largest_account, the_options,
  total, range, against, days_unit, months_unit, devices, at_purchase, check_before, cannot_run, no_price,
  nothing_alike, assumed_figures, memory_full, account, what_costs, what_costs_caption, difference,
  difference_caption, cash_by_day, cash_by_day_caption, on_first_day, at_the_end, what_moves, what_moves_caption,
  one_swing, figure, at_low, at_high, at_low_end, at_high_end, source, cost_and_days, cost_and_days_caption,
  not_dominated, yes, no, chance_by_price, chance_by_price_caption, price_share, price_axis, chance_axis,
  share_and_price, share_and_price_caption, as_it_is, plans, plan, share_of_peak, memory, time_words, device,
  what_on, moving, training, losses, calendar, calendar_caption, step_shares, step_shares_caption, certainty,
  cheapest_in, beats, break_even_price, break_even_rate, now, payments, quantity, unit_price, charged, paid, when,
  at_start, as_it_runs, supply, supply_caption, kind, bought, cap, what_to_sign, price, sold_for, months_rented,
  rent, portfolio_money, cash_by_month, cash_by_month_caption, month, cash, so_far, jobs, job, tokens, may_run,
  starts, finishes, runs_on, deliveries, deliveries_caption, n_ordered, n_there, n_rented, rented_kind, what,
  from_month_end, until, how_much, month_by_month, owned, rented, at_work, done_of, nothing, price_range, futures,
  ordered_for, as_planned, expected, worst, not_done, not_known, other_ways, change, total_then, saves,
  conflict_needed, conflict_open, no_limit_is_why,

  // figures of the appendix (texts_figures.cpp)
  fullest_memory, fullest_memory_caption, device_of, peak, capacity, all_else, stacks_words, one_step, first_of_step,
  step_caption, stage, busy, of_step, stage_n, spans_words, roofline_of, roofline_caption, flop_per_byte, rank_rate,
  operator_name, reached, of_peak, name_of_peak, roof_words, accuracy, accuracy_caption, runs, median_error, bias,
  inside_range, measured_s, predicted_s, predicted_measured, exact_line, diagonal_words,

  count
};
// clang-format on

struct TextEntry {
  Text text;
  std::string_view english, chinese;
};

std::span<const TextEntry> front_texts();
std::span<const TextEntry> page_texts();
std::span<const TextEntry> chapter_texts();
std::span<const TextEntry> figure_texts();

/// Throws std::logic_error for a text that no part of the catalogue has.
const TextEntry& entry(Text text);

/// The Chinese of a fixed word of tables that other commands show too; null where the glossary has none.
const char* glossary(const std::string& english);
/// The words of a plan in Chinese, its degrees as they are.
std::string plan_in_chinese(std::string plan);

}  // namespace chipmix::report
