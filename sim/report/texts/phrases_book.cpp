// Words of the workbook.
#include <array>

#include "report/texts/phrases.hpp"

namespace chipmix::report {
namespace {

constexpr auto book_rows = std::to_array<Phrase>({
    // Summary
    {"Money here is live: change a blue figure on Assumptions and bills, totals and shares follow. Plans, days and "
     "device-hours, the width from P10 to P90 and the sentences above are as simulated: after a change, ask chipmix "
     "again for those.",
     "金额为公式：修改“假设”表中的蓝色数值，账单、总额与占比随之变化。方案、天数、设备小时、P10 到 P90 "
     "的宽度以及上面的文字"
     "为模拟结果：修改后请重新运行 chipmix。"},
    {"No option has a price, so this workbook compares speed alone: no costs, and an empty ledger.",
     "所有方案都没有价格，因此本工作簿只比较速度：没有费用，账目为空。"},
    {"The options are compared one by one, each as if it were available at once and for as long as needed; the sheets "
     "Procurement and Jobs show what is available, by when and within which limits.",
     "各方案逐一比较，均假设可立即获得且时间不限；“采购”与“作业”表给出可获得的数量、时间与限制。"},
    {"tokens of the job", "作业 token 数"},
    {"cheapest at these prices", "按现价费用最低"},
    {"cheapest at these prices: of those that meet the targets, else of all",
     "按现价费用最低（满足目标者中；若无则全部中）"},
    {"options that meet the targets", "满足目标的方案数"},
    {"cost, if the targets are met", "满足目标时的费用"},
    {"deadline, days", "期限，天"},
    {"budget, {0}", "预算，{0}"},
    {"Total cost of each option", "各方案总费用"},
    {"Days of each option", "各方案天数"},
    {"power, MW", "功率，MW"},
    {"cost, P10", "费用，P10"},
    {"cost, P90", "费用，P90"},
    {"cost, {0}", "费用，{0}"},
    {"paid out, {0}", "现金支出，{0}"},
    {"remark", "备注"},
    {"no price for its devices", "其设备没有价格"},
    {"cannot run", "无法运行"},

    // Ledger
    {"hours", "小时"},
    {"quantity", "数量"},
    {"unit price", "单价"},
    {"quoted in", "报价货币"},
    {"rate to {0}", "兑 {0} 汇率"},
    {"amount, {0}", "金额，{0}"},
    {"No option has a price: there is nothing to add up.", "没有方案有价格：无可合计。"},
    {"nothing, with these figures", "按这些数值为零"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} times the devices, less these; {6#} % of hours used; {7})",
     "{0} × {1}，{2} 小时，{3} {4}（为设备的 {5} 倍，扣除设备；使用率 {6}%；{7}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} % of the cluster; {6#} % of hours used; {7})",
     "{0} × {1}，{2} 小时，{3} {4}（占集群 {5}%；使用率 {6}%；{7}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} % of the price a year; {6#} % of hours used; {7})",
     "{0} × {1}，{2} 小时，{3} {4}（每年为价格的 {5}%；使用率 {6}%；{7}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} years at {6#} %, {7#} % left; {8#} % of hours used; {9})",
     "{0} × {1}，{2} 小时，{3} {4}（{5} 年，资金成本 {6}%，残值 {7}%；使用率 {8}%；{9}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} kW a device; {6#} % of hours used; {7})",
     "{0} × {1}，{2} 小时，{3} {4}（每设备 {5} kW；使用率 {6}%；{7}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5#} kW a device, as metered; {6#} % of hours used; {7})",
     "{0} × {1}，{2} 小时，{3} {4}（每设备 {5} kW，按电表；使用率 {6}%；{7}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} (maintenance, place, people; {5#} % of hours used; {6})",
     "{0} × {1}，{2} 小时，{3} {4}（维护、场地、人员；使用率 {5}%；{6}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} (of a device and year; {5#} % of hours used; {6})",
     "{0} × {1}，{2} 小时，{3} {4}（每设备每年；使用率 {5}%；{6}）"},
    {"{0#} x {1} for {2#} h at {3#} {4} ({5~}: {6})", "{0} × {1}，{2} 小时，{3} {4}（{5}：{6}）"},
    {"{0#} kWh at the facility's meter at {1#} {2} ({3~}: {4}); {5;}", "设施电表 {0} kWh，{1} {2}（{3}：{4}）；{5}"},
    {"busy {0#} W a device, {1#} W at the server, {2#} W of IT (load {3#} from what the step does), PUE {4#}",
     "每设备运行 {0} W，服务器 {1} W，IT {2} W（按训练步估计负载 {3}），PUE {4}"},
    {"busy {0#} W a device, {1#} W at the server, {2#} W of IT, PUE {3#}",
     "每设备运行 {0} W，服务器 {1} W，IT {2} W，PUE {3}"},
    {"{0#} idle device-hours at {1#} W of IT", "空闲 {0} 设备小时，IT {1} W"},
    {"{0#} kWh at the facility's meter at {1#} {2} ({3~}: {4})", "设施电表 {0} kWh，{1} {2}（{3}：{4}）"},

    // Options
    {"name", "名称"},
    {"spares", "备用"},
    {"share of tokens", "token 占比"},
    {"step, s", "每步，秒"},
    {"days, {0}", "天，{0}"},
    {"memory of fullest rank", "显存占用最高处"},
    {"goodput", "有效时间占比"},
    {"hours between interruptions", "中断间隔小时"},
    {"way to use the islands: {0~}", "岛的使用方式：{0}"},

    // Assumptions
    {"Prices: change a blue figure, and every sheet follows", "价格：修改蓝色数值，各表随之变化"},
    {"Worked out from them: devices that are owned", "由此计算：自有设备"},
    {"Behind times and plans: change these in the scenario or the profiles, and ask chipmix again",
     "时间与方案的依据：请在场景或配置中修改，并重新运行 chipmix"},
    {"low (P10)", "低（P10）"},
    {"high (P90)", "高（P90）"},
    {"name in formulas", "公式中的名称"},
    {"for --set", "用于 --set"},
    {"worked out", "计算得出"},
    {"device, landed without tax", "设备到岸价（不含税）"},
    {"device, landed", "设备到岸价"},
    {"its part of the server", "服务器分摊"},
    {"its part of the network", "网络分摊"},
    {"installation, storage, reserve", "安装、存储、预备"},
    {"all that is bought with a device", "随设备购买的全部"},
    {"capital recovery, a year", "资本回收系数（年）"},
    {"what a resale takes off it, a year", "转售抵减系数（年）"},
    {"hours in use, a year", "年使用小时"},
    {"power of the equipment", "设备功率"},
    {"power as metered", "计量功率"},
    {"an hour of a device, what is bought", "每设备小时：购买部分"},
    {"an hour of a device, what is paid as time goes on", "每设备小时：随时间支付部分"},
    {"price x (1 + freight) x (1 + duty)", "价格 ×（1 + 运费）×（1 + 关税）"},
    {"the same x (1 + tax)", "同上 ×（1 + 税）"},
    {"(server factor - 1) x price", "（服务器系数 − 1）× 价格"},
    {"(price + server) x share / (1 - share)", "（价格 + 服务器）× 占比 /（1 − 占比）"},
    {"share x (price + server + network)", "占比 ×（价格 + 服务器 + 网络）"},
    {"sum of the four", "四项之和"},
    {"m i (1 + i)^L / ((1 + i)^L - 1); i cost of money, L life, m = 12 ((1 + i)^(1/12) - 1) / i, paid monthly",
     "m i (1 + i)^L / ((1 + i)^L − 1)；i 资金成本，L 年限，m = 12 ((1 + i)^(1/12) − 1) / i，按月支付"},
    {"m i / ((1 + i)^L - 1)", "m i / ((1 + i)^L − 1)"},
    {"8766 hours x share in use", "8766 小时 × 使用占比"},
    {"power limit and host's share", "功率上限与主机分摊"},
    {"mean draw and host's share, x PUE", "平均功率与主机分摊，× PUE"},
    {"sum of its parts in the ledger", "账目中各部分之和"},
    {"{0}/kW month", "{0}/kW·月"},
    {"{0}/device year", "{0}/设备·年"},

    // Sensitivity
    {"What moves the cost: one figure at a time at the ends of its range", "什么影响费用：每次一个数值取区间两端"},
    {"What moves the time of a step: one figure at a time at the ends of its range",
     "什么影响每步时间：每次一个数值取区间两端"},
    {"cost at low", "低端费用"},
    {"cost at high", "高端费用"},
    {"at low, {0}", "低端，{0}"},
    {"at high, {0}", "高端，{0}"},
    {"time at low", "低端时间"},
    {"time at high", "高端时间"},

    // Provenance
    {"made by", "生成工具"},
    {"scenario", "场景"},
    {"what it asks", "问题"},
    {"currency of all amounts", "金额货币"},
    {"exchange rate", "汇率"},
    {"How figures are known, best first", "数值的依据，最可靠者在前"},
    {"meaning", "含义"},
    {"somebody measured it and published the figure", "有人实测并公布"},
    {"fitted to published training runs or measurements", "由公开训练或实测拟合"},
    {"a data sheet, a price list or a rate of the day says so", "来自规格书、价目表或当日汇率"},
    {"stated in the scenario without a source", "场景中给定，没有来源"},
    {"calculated from a published figure of something similar", "由相近对象的公开数值推算"},
    {"no public figure: an assumption, to be replaced by your own", "没有公开数值：为假设，请以自有数据替换"},
    {"Weakest evidence behind each option's time", "各方案时间最弱的证据"},
    {"Sources", "来源"},
    {"weakest grade", "最弱等级"},
    {"used for", "用于"},
    {"shown with the answer: {0}", "随结论列出：{0}"},
    {"Notes", "说明"},
    {"note", "说明"},

    // Procurement and Jobs
    {"{0} delivered", "{0} 交付"},
    {"{0} owned", "{0} 自有"},
    {"{0} rented", "{0} 租用"},
    {"{0} done", "{0} 完成"},
    {"cash, {0}", "现金，{0}"},
    {"cash so far, {0}", "累计现金，{0}"},
    {"Cash paid out, by month", "按月现金支出"},
    {"Cash paid out so far", "累计现金支出"},
    {"cash", "现金"},
    {"so far", "累计"},
    {"may run from month", "可自第几月运行"},
    {"until month", "至第几月"},
    {"starts in month", "开始月份"},
    {"finishes in month", "完成月份"},
    {"runs on", "运行于"},

    // the first of a list in brackets: "datasheet (A, B), scaled (C)"
    {"{0~} ({1}", "{0} ({1}"},
});

}  // namespace

std::span<const Phrase> book_phrases() { return book_rows; }

}  // namespace chipmix::report
