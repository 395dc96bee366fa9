#include "report/price_json.hpp"

#include <nlohmann/json.hpp>

namespace chipmix::report {

using Json = nlohmann::ordered_json;

Json median_json(const prices::Median& median, prices::Kind kind) {
  Json json = {{"kind", name(kind)},
               {"median", median.value},
               {"low", median.spread ? Json(median.spread->low) : Json(nullptr)},
               {"high", median.spread ? Json(median.spread->high) : Json(nullptr)},
               {"range_is", !median.spread          ? Json(nullptr)
                            : median.is_percentiles ? "P10 to P90"
                                                    : "range"}};
  json["currency"] = median.currency.code;
  json["quotes"] = median.count;
  json["older_than_180_days"] = median.old;
  json["doubtful_left_out"] = median.doubtful;
  json["oldest"] = median.oldest;
  json["newest"] = median.newest;
  json["price_date"] = median.today;
  json["sources"] = median.sources;
  return json;
}

Json public_prices_json(const scenario::Scenario& scenario) {
  Json list = Json::array();
  for (const scenario::PublicPrice& price : scenario.public_prices) {
    const scenario::Option& option = scenario.options[scenario.find(price.option)];
    const hardware::NodeGroup& group = option.cluster->groups[price.group];
    Json one = {{"option", price.option},
                {"island", option.mix ? Json(group.name) : Json(nullptr)},
                {"device", group.device.id},
                {"own_files", price.is_own}};
    one.update(median_json(price.median, price.kind));
    list.push_back(std::move(one));
  }
  return list;
}

Json doubts_json(const scenario::Scenario& scenario) {
  Json list = Json::array();
  for (const scenario::Doubt& doubt : scenario.doubts)
    list.push_back({{"option", doubt.option < 0 ? Json(nullptr) : Json(scenario.options[doubt.option].name)},
                    {"doubt", doubt.text}});
  return list;
}

Json rates_json(const scenario::Scenario& scenario) {
  Json list = Json::array();
  for (const scenario::RateSpec& rate : scenario.rates_read)
    list.push_back({{"from", rate.from},
                    {"to", rate.to},
                    {"rate", rate.rate},
                    {"date", rate.date},
                    {"source", rate.source},
                    {"given", !rate.is_public}});
  return list;
}

}  // namespace chipmix::report
