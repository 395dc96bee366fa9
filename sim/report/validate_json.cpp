#include "report/validate_json.hpp"

#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "validation/groups.hpp"

namespace chipmix::report {
namespace {

using validation::MemoryScore;
using validation::Prediction;
using validation::PublishedRun;
using validation::Score;
using validation::Scored;
using validation::Scores;
using validation::Verdicts;
using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json time_json(const Score& s) {
  return {{"timed", s.timed},
          {"predicted", s.predicted},
          {"median", s.median},
          {"mean", s.mean},
          {"bias", s.bias},
          {"p90", s.percentile_90},
          {"coverage", or_null(s.coverage)},
          {"half_width", or_null(s.half_width)}};
}

/// Memory and verdicts too.
Json score_json(const Score& s) {
  Json json = time_json(s);
  json.update({{"memory_n", s.memory.runs},
               {"memory_median", s.memory.median},
               {"memory_mean", s.memory.mean},
               {"memory_bias", s.memory.bias},
               {"verdicts", s.verdicts.all()},
               {"verdicts_right", s.verdicts.right()}});
  return json;
}

template <class Written>
Json groups_json(const Scores& scores, const Written& written) {
  Json json = Json::object();
  for (const auto& [name, one] : scores) json[name] = written(one);
  return json;
}

template <class Written>
Json scored_json(const Scored& scored, const Written& written) {
  return {{"all", written(scored.all)},
          {"by_class", groups_json(scored.kind, written)},
          {"by_family", groups_json(scored.family, written)},
          {"by_project", groups_json(scored.project, written)},
          {"by_mechanism", groups_json(scored.mechanism, written)},
          {"by_source", groups_json(scored.source, written)},
          {"rank_tau", or_null(scored.rank)},
          {"rank_sets", scored.rank_sets}};
}

Json held_json(const std::optional<Scored>& scored) { return scored ? scored_json(*scored, time_json) : Json(nullptr); }

Json memory_json(const MemoryScore& m) {
  return {{"n", m.runs}, {"median", m.median}, {"mean", m.mean}, {"bias", m.bias}};
}

Json verdicts_json(const Verdicts& v) {
  return {{"died", v.died}, {"died_said_so", v.died_said_so}, {"ran", v.ran}, {"ran_said_so", v.ran_said_so}};
}

Json peers_json(const validation::Judged& judged) {
  Json json = Json::object();
  for (const auto& [tool, peer] : judged.shipped.peers) {
    json[tool] = score_json(peer.theirs);
    json[tool]["chipmix"] = time_json(peer.ours);
    json[tool]["chipmix_left_out"] = judged.left_out ? time_json(judged.left_out->peers.at(tool).ours) : Json(nullptr);
  }
  return json;
}

Json noise_json(const validation::Noise& noise) {
  Json sets = Json::array();
  for (const validation::Repeated& set : noise.sets)
    sets.push_back({{"ids", set.ids}, {"fastest_s", set.fastest}, {"slowest_s", set.slowest}, {"apart", set.apart()}});
  return {{"runs", noise.runs},
          {"median_apart", noise.median_apart},
          {"mean_error", noise.mean_error},
          {"sets", std::move(sets)}};
}

Json summary_json(const validation::Judged& judged, const validation::Noise& noise) {
  Json json = scored_json(judged.shipped, score_json);
  json["peers"] = peers_json(judged);
  json["memory"] = {
      {"timed", memory_json(judged.shipped.all.memory)},
      {"not_timed", memory_json(judged.shipped.memory_alone)},
      {"by_meaning", groups_json(judged.shipped.memory_meaning, [](const Score& s) { return memory_json(s.memory); })}};
  json["verdicts"] = verdicts_json(judged.shipped.all.verdicts);
  json["left_out"] = held_json(judged.left_out);
  json["five_fold"] = held_json(judged.five_fold);
  json["repeated"] = noise_json(noise);
  return json;
}

Json predicted_json(const Prediction& p) {
  if (p.iteration_s <= 0) return nullptr;
  Json parts = Json::object();
  for (const auto& part : p.memory.parts) parts[part.name] = part.gib;
  return {{"iteration_s", p.iteration_s},
          {"iteration_s_p10", p.p10},
          {"iteration_s_p90", p.p90},
          {"peak_memory_gib", p.peak_memory_gib},
          {"memory_allocated_gib", p.memory.allocated_gib},
          {"memory_reserved_gib", p.memory.reserved_gib},
          {"memory_device_gib", p.memory.device_gib},
          {"memory_heaviest", p.memory.heaviest},
          {"memory_parts_gib", std::move(parts)},
          {"fits", p.fits},
          {"fit_probability", p.fit_probability},
          {"reread", p.reread}};
}

Json held_out_json(const PublishedRun& run, const validation::LeftOut& errors) {
  const auto known = errors.find(run.id);
  if (known == errors.end()) return nullptr;
  return {{"left_out", or_null(known->second.left_out)}, {"five_fold", or_null(known->second.five_fold)}};
}

Json case_json(const PublishedRun& run, const Prediction& p, const validation::LeftOut& errors) {
  Json accounts = Json::object();
  for (const auto& account : p.accounts) accounts[account.name] = account.share;
  return {{"id", run.id},
          {"status", validation::name(p.status)},
          {"reason", p.reason.empty() ? Json(nullptr) : Json(p.reason)},
          {"project", project_of(run)},
          {"class", class_of(run)},
          {"family", family_group_of(run)},
          {"device", run.cluster.device},
          {"devices", run.cluster.devices},
          {"model", run.model.name},
          {"measured",
           {{"iteration_s", or_null(run.measured.iteration_s)},
            {"peak_memory_gib", or_null(run.measured.peak_memory_gib)},
            {"out_of_memory", or_null(run.measured.out_of_memory)}}},
          {"predicted", predicted_json(p)},
          {"held_out_log_error", held_out_json(run, errors)},
          {"accounts", std::move(accounts)},
          {"die", validation::die_of(run.cluster.device)},
          {"profiles", p.profiles},
          {"assumed", p.assumed}};
}

}  // namespace

std::string validate_json(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions,
                          const validation::LeftOut& errors, const validation::Judged& judged,
                          const validation::Noise& noise) {
  Json cases = Json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) cases.push_back(case_json(runs[i], predictions[i], errors));
  return Json{{"schema_version", schema_version}, {"cases", std::move(cases)}, {"summary", summary_json(judged, noise)}}
      .dump(1);
}

}  // namespace chipmix::report
