// Sentences about an answer.
#include <array>

#include "report/texts/phrases.hpp"

namespace chipmix::report {
namespace {

constexpr auto answer_rows = std::to_array<Phrase>({
    // what would change it, and by what it was chosen
    {"What would change this answer: {0;}.", "什么会改变结论：{0}。"},
    {"{0} is cheapest in {1#} % of {2#} simulations", "{0} 在 {2} 次模拟中有 {1}% 费用最低"},
    {"a price of its devices {0#} % higher ({1}) would make {2} as cheap",
     "其设备价格上涨 {0}%（{1}）时，{2} 同样便宜"},
    {"a price of its devices {0#} % higher would make {1} as cheap", "其设备价格上涨 {0}% 时，{1} 同样便宜"},
    {"{0#} % of peak instead of {1#} % would make {2} as cheap", "峰值利用率为 {0}% 而非 {1}% 时，{2} 同样便宜"},
    {"Own or rent: {0;}.", "自有或租用：{0}。"},
    {"an hour of {0} costs what {1} does with {2} of its hours in use ({3} assumed)",
     "{0} 的小时利用率为 {2} 时，每小时费用与 {1} 相同（假设为 {3}）"},
    {"{0} costs what {1} does with {2} of its hours in use ({3} assumed)",
     "{0} 的小时利用率为 {2} 时，每小时费用与 {1} 相同（假设为 {3}）"},
    {"All figures are for the final run; a whole project, with ablations and failed runs, has taken {0#} to {1#} times "
     "its device-hours where that is published, for {2} to {3} ({4}).",
     "各数值只含最终一次训练；据已公开的项目，包括消融实验与失败运行的整个项目曾用到其 {0} 至 {1} 倍的设备小时，"
     "对 {2} 至 {3}（{4}）。"},
    {"All figures are for the final run; a whole project, with ablations and failed runs, has taken {0#} to {1#} times "
     "its device-hours where that is published ({2}).",
     "各数值只含最终一次训练；据已公开的项目，包括消融实验与失败运行的整个项目曾用到其 {0} 至 {1} "
     "倍的设备小时（{2}）。"},

    // the model and the job
    {"Model: {0}, {1} parameters, {2} active per token{3~}; {4} tokens in {5#} steps of {6#} sequences x {7#}.",
     "模型：{0}，参数 {1}，每 token 激活 {2}{3}；{4} token，共 {5} 步，每步 {6} 条序列 × {7}。"},
    {"Model: {0}, {1} parameters, {2} active per token{3~}; {4}.", "模型：{0}，参数 {1}，每 token 激活 {2}{3}；{4}。"},
    {" (published: {0} and not stated)", "（公开值：{0}，激活参数未公布）"},
    {" (published: not stated and {0})", "（公开值：总参数未公布，激活 {0}）"},
    {" (published: {0} and {1})", "（公开值：{0} 与 {1}）"},
    {"not stated", "未公布"},
    {"Assumed for {0}: {1}.", "对 {0} 的假设：{1}。"},
    {"Rent of {0} in {1}: {2} {3}/h, no price given: {4}. Ages count from {5}.",
     "{1} 中 {0} 的租金：{2} {3}/h（未给出价格）：{4}。报价天数自 {5} 起算。"},
    {"No rate given for {0} and {1}: {2} {3} for 1 {4} of {5} ({6}).",
     "未给出 {0} 与 {1} 的汇率：采用 {5} 的 1 {4} 兑 {2} {3}（{6}）。"},
    {"Prices out of date on {0}: {1}. Ask for new quotes before deciding.",
     "截至 {0} 已过期的报价：{1}。决定前请重新询价。"},
    {"Prices hold: {0}.", "报价有效：{0}。"},
    {"{0} cannot run: {1}.", "{0} 无法运行：{1}。"},
    {"cannot run: {0}", "无法运行：{0}"},

    // practice and losses
    {"Run by {0~} (practice \"{1~}\"): {2}.", "运行方为{0}（运行水平“{1}”）：{2}。"},
    {"nobody: the best plan, uninterrupted", "理想情形：最优方案且不中断"},
    {"a team that tunes the system for months", "对系统调优数月的团队"},
    {"an experienced team with its usual software", "使用惯用软件的有经验团队"},
    {"a team on its first large run on the system", "首次在该系统上进行大规模训练的团队"},
    {"{0}: the steady rate is your own, {1} of peak (model FLOPs without recomputation, causal attention counted "
     "half); "
     "options without one are less certain.{2~}",
     "{0}：稳态速率为自有数据，占峰值的 {1}（模型 FLOP "
     "不含重计算，因果注意力按一半计）；没有自有数据的方案更不确定。{2}"},
    {" It is {0#} times that of the best plan chipmix finds ({1}): check how it counts FLOPs, and for which plan.",
     "它是 chipmix 所找到最优方案（{1}）的 {0} 倍：请核对其 FLOP 的计法与对应的方案。"},
    {"No published whole run on {0}: the losses between best plan and bill are those of other devices, and the "
     "interval "
     "is widened by the spread between chip designs ({1}).",
     "{0} 没有公开的完整训练：最优方案与账单之间的损耗取自其他设备，区间按芯片设计之间的差异（{1}）加宽。"},
    {"Times and costs assume the best plan without interruptions: no real run reaches them.",
     "时间与费用按不中断的最优方案计算：实际运行达不到。"},
    {"Share of the run spent in steps, and how often the run is interrupted: {0,}.",
     "运行时间中用于训练步的比例，以及中断的频率：{0}。"},
    {"Share of the run spent in steps, and how often the run is interrupted: {0,}. Options not named are assumed to "
     "run "
     "without interruption.",
     "运行时间中用于训练步的比例，以及中断的频率：{0}。未列出的方案假设不中断。"},
    {"{0} (every {1})", "{0}（每 {1} 一次）"},
    {"Outside what was measured, for {0}: {1;}.", "超出实测范围（{0}）：{1}。"},
    {"{0} ({1#} times beyond {2#} on {3})", "{0}（为 {3} 上 {2} 的 {1} 倍）"},
    {"{0} ({1#} times below {2#} on {3})", "{0}（比 {3} 上的 {2} 小 {1} 倍）"},
    {"Weakest evidence behind each option: {0,}.", "各方案最弱的证据：{0}。"},
    {"Electricity of the run, at the facility's meter: {0,}.", "整个训练的用电量（按设施电表）：{0}。"},
    {"{0}: {1} is cheaper than any way to use all of it. {2~}", "{0}：{1} 比使用全部设备的任何方式都便宜。{2}"},
    {"{0}: no published run of such a mix reports enough to check it; the parts are validated, the whole is not.",
     "{0}：没有公开的此类混合训练给出足够信息可供核对；各部分经过验证，整体没有。"},
    {"{0} reserved as spares", "{0} 留作备用"},

    // ways and limits of a purchase
    {"without {0}", "不使用 {0}"},
    {"{0#} % more {1~}", "{1}增加 {0}%"},
    {"budget", "预算"},
    {"power", "功率"},
    {"the budget", "预算"},
    {"the power limit", "功率限制"},
    {"the deadline", "期限"},
    {"the deadlines", "期限"},
    {"the limit of one vendor's share", "单一供应商份额限制"},
    {"the supply limits", "供应限制"},
    {"the limits on supply", "供应限制"},
});

}  // namespace

std::span<const Phrase> answer_phrases() { return answer_rows; }

}  // namespace chipmix::report
