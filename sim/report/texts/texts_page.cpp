// Texts around a report, and of its what-if panel.
#include <array>

#include "report/texts/texts.hpp"

namespace chipmix::report {
namespace {

constexpr auto page_rows = std::to_array<TextEntry>({
    {Text::kicker, "Decision paper", "决策书"},
    {Text::date, "date", "日期"},
    {Text::author, "author", "作者"},
    {Text::version, "made with", "生成工具"},
    {Text::fingerprint, "scenario fingerprint", "场景指纹"},
    {Text::not_named, "not named", "未署名"},
    {Text::what_would_change, "What would change the answer", "什么会改变结论"},
    {Text::what_is_asked, "Approval requested", "请求批准"},
    {Text::chapters, "Chapters", "章节"},
    {Text::appendix, "Appendix: assumptions, evidence, validation, method", "附录：假设、证据、验证、方法"},
    {Text::appendix_short, "Appendix", "附录"},
    {Text::data, "Data", "数据"},
    {Text::data_of, "Data: {0}", "数据：{0}"},
    {Text::chart_of, "Chart: {0}", "图：{0}"},
    {Text::page_of, "page", "页"},
    {Text::scroll_hint, "Scroll sideways for more columns", "左右滑动查看更多列"},
    {Text::what_if_title, "What if", "假设分析"},
    {Text::what_if_lead,
     "Move a figure: totals, order and decision follow from the same bills. Plans, P10–P90 and confidence stay as "
     "reported.",
     "调整任一数值：总费用、排序与结论按同一账单重新计算。方案、P10–P90 与置信度保持报告中的值。"},
    {Text::what_if_sentence, "{0} is cheapest: {1} in total, done in {2} days; {3} less than {4}.",
     "{0}费用最低：总费用 {1}，{2} 天完成；比{4}低 {3}。"},
    {Text::what_if_order, "{0} costs least: {1} in total; {3} less than {4}.",
     "{0}费用最低：总费用 {1}；比{4}低 {3}。"},
    {Text::what_if_alone, "{0}: {1} in total.", "{0}：总费用 {1}。"},
    {Text::what_if_order_lead,
     "Move a price: what each order then costs. What is bought and rented, and when, stays as planned; for a new plan "
     "at other prices run chipmix procure --set.",
     "调整任一价格：各订单随之的费用。购买、租用与时间保持计划不变；如需按其他价格重新规划，请运行 chipmix procure "
     "--set。"},
    {Text::what_if_dearer, "{0} is cheapest in time: {1} in total, done in {2} days; {3} more than {4}, which is late.",
     "{0} 按时完成且费用最低：总计 {1}，{2} 天完成；比未按时完成的 {4} 高 {3}。"},
    {Text::what_if_same, "The decision is that of the report.", "结论与报告一致。"},
    {Text::what_if_changed, "The decision changes: the report chose {0}.", "结论改变：报告选择的是{0}。"},
    {Text::what_if_tie, "It stays cheapest until the rent or purchase price of its devices rises by {0} %.",
     "在其设备租金或购买价上涨 {0}% 之前，它一直费用最低。"},
    {Text::what_if_no_tie, "No price of its devices changes the choice.", "其设备无论何种价格，其他方案都不会更便宜。"},
    {Text::as_in_report, "as in the report", "与报告相同"},
    {Text::tokens_of_job, "Tokens of the job", "作业 token 数"},
    {Text::prices_group, "Prices", "价格"},
    {Text::rates_group, "Share of peak (MFU)", "峰值利用率（MFU）"},
    {Text::other_group, "Job, exchange, power", "作业、汇率、电价"},
    {Text::reset, "Reset", "重置"},
    {Text::link, "Copy link", "复制链接"},
    {Text::copied, "Copied", "已复制"},
    {Text::rent_of, "Rent: {0}", "租金：{0}"},
    {Text::price_of, "Price: {0}", "价格：{0}"},
    {Text::power_price, "Power price", "电价"},
    {Text::power_price_of, "Power price: {0}", "电价：{0}"},
    {Text::exchange_rate, "{0} to {1}", "{0} 兑 {1}"},
    {Text::late, "late", "超期"},
    {Text::over_budget, "over budget", "超预算"},
});

}  // namespace

std::span<const TextEntry> page_texts() { return page_rows; }

}  // namespace chipmix::report
