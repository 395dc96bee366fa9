#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/accounts.hpp"
#include "engine/analytical/block_cost.hpp"
#include "laws/compute.hpp"
#include "plan/lower.hpp"
#include "report/chart/design.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

/// FLOPs and the least traffic of a task: every operand once. Work without FLOPs has none.
struct WorkAndTraffic {
  double flops = 0, bytes = 0;
};

WorkAndTraffic operator*(WorkAndTraffic one, double times) { return {one.flops * times, one.bytes * times}; }

struct Measure {
  double element = 2;
  plan::Direction direction = plan::Direction::forward;

  WorkAndTraffic product(double m, double n, double k, double c_bytes) const {
    return {2 * m * n * k, element * (m * k + k * n) + (c_bytes > 0 ? c_bytes : element) * m * n};
  }
  WorkAndTraffic operator()(const plan::GemmShape& s) const { return product(s.m, s.n, s.k, s.c_bytes) * s.count; }
  WorkAndTraffic operator()(const plan::GroupedGemmShape& s) const {
    return product(s.rows_per_group, s.n, s.k, s.c_bytes) * s.groups;
  }
  WorkAndTraffic operator()(const plan::AttentionShape& s) const {
    const double query = s.sequences * s.queries * s.heads * (s.qk_dim + s.v_dim);
    const double keys = s.sequences * s.keys * s.kv_heads * (s.qk_dim + s.v_dim);
    return {laws::attention_flops(s, direction).value(), element * (query + keys)};
  }
  WorkAndTraffic operator()(const plan::StreamShape&) const { return {}; }
};

struct Operator {
  std::string name;
  double flops = 0, bytes = 0, seconds = 0;
  double intensity() const { return flops / bytes; }
  double reached() const { return flops / seconds; }
};

/// Forward work of one micro-batch on one rank, by account; each block once, as often as the first stage has it.
std::vector<Operator> operators(const plan::Program& lane, const engine::Machine& machine) {
  std::map<plan::Account, Operator> sums;
  for (const auto& chunk : lane.stages.front().chunks)
    for (const auto& run : chunk)
      for (const plan::Task& task : run.block->forward) {
        const auto* compute = std::get_if<plan::ComputeTask>(&task);
        if (!compute) continue;
        const auto one = std::visit(Measure{bytes_per_element(compute->dtype), compute->direction}, compute->shape);
        if (one.flops <= 0) continue;
        Operator& sum = sums[compute->account];
        sum.flops += one.flops * run.count, sum.bytes += one.bytes * run.count;
        sum.seconds += engine::task_time(task, machine) * run.count;
      }
  std::vector<Operator> list;
  for (auto& [account, sum] : sums) {
    sum.name = engine::name(static_cast<engine::Spent>(account));
    list.push_back(sum);
  }
  return list;
}

/// Up the slope of memory to the plateau of the matrix units.
Curve roof(const std::string& label, double bandwidth, double peak, double from, double to, const char* colour) {
  Curve curve{label, {{from, std::min(peak, bandwidth * from)}}, colour};
  if (peak / bandwidth > from && peak / bandwidth < to) curve.points.emplace_back(peak / bandwidth, peak);
  curve.points.emplace_back(to, std::min(peak, bandwidth * to));
  return curve;
}

}  // namespace

Figure roofline(const Matter& matter, const OptionAnswer& answer) {
  Figure figure;
  const Scenario& scenario = matter.scenario;
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  if (answer.runs.size() != 1 || !option.cluster) return figure;
  plan::Lowering lowering(scenario.job_of(option));
  const plan::Program lane = plan::lower(lowering, answer.runs.front().plan, *option.cluster).lanes.front();
  const hardware::NodeGroup& group = option.cluster->groups[lane.stages.front().node_group];
  const engine::Machine machine(group);
  const auto list = operators(lane, machine);
  const auto peak = machine.rank.peak.find(lane.stages.front().dtype);
  if (list.empty() || peak == machine.rank.peak.end()) return figure;
  const double top = peak->second.value.value(), bandwidth = machine.rank.memory_bandwidth.value.value();
  const double tera = 1e12;
  const Say& say = matter.say;
  double most = 0, least = top / bandwidth;
  for (const Operator& one : list) most = std::max(most, one.intensity()), least = std::min(least, one.intensity());
  const double from = std::pow(10, std::floor(std::log10(least / 2))),
               to = std::pow(10, std::ceil(std::log10(most * 2)));
  figure.title = say(Text::roofline_of, {group.device.name, answer.label});
  figure.caption = say(Text::roofline_caption);
  Plot chart{{say(Text::flop_per_byte), from, to, true},
             {say(Text::rank_rate), bandwidth * from / tera, 2 * top / tera, true},
             {},
             {}};
  chart.curves.push_back(roof(say(Text::peak), bandwidth / tera, top / tera, from, to, design::grey));
  figure.data.columns = {{say(Text::operator_name)},
                         numeric(say(Text::flop_per_byte)),
                         numeric(say(Text::reached)),
                         numeric(say(Text::of_peak))};
  for (const Operator& one : list) {
    chart.dots.push_back({one.intensity(), one.reached() / tera, matter.colour(answer),
                          say(Text::name_of_peak, {say.fixed_words(one.name), percent(one.reached() / top)}), true,
                          say.fixed_words(one.name)});
    figure.data.add({one.name,
                     {one.intensity(), significant(one.intensity())},
                     {one.reached(), scaled(one.reached(), "FLOP/s")},
                     {one.reached() / top, percent(one.reached() / top)}});
  }
  figure.svg = plot({figure.title, say(Text::roof_words)}, chart);
  return figure;
}

}  // namespace chipmix::report
