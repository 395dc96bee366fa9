// Fixed words of tables that other commands show in English, too: accounts, evidence, figures.
#include <array>
#include <cctype>

#include "report/texts/texts.hpp"

namespace chipmix::report {
namespace {

struct Entry {
  std::string_view english;
  const char* chinese;
};

constexpr auto table = std::to_array<Entry>({
    {"rent", "租金"},
    {"rent while not training", "未训练时的租金"},
    {"rent while moving", "迁移时的租金"},
    {"rent of spares", "备用设备租金"},
    {"unused commitment", "未用完的承诺"},
    {"devices", "设备"},
    {"servers", "服务器"},
    {"network", "网络"},
    {"installation", "安装"},
    {"maintenance", "维护"},
    {"colocation", "托管"},
    {"demand charge", "需量电费"},
    {"staff and software", "人员与软件"},
    {"owned while not training", "自有设备未训练时"},
    {"owned while moving", "自有设备迁移时"},
    {"owned spares", "自有备用设备"},
    {"upkeep while not training", "未训练时的运维"},
    {"upkeep while moving", "迁移时的运维"},
    {"upkeep of spares", "备用设备运维"},
    {"electricity", "电费"},
    {"matrix", "矩阵计算"},
    {"attention", "注意力"},
    {"memory bound", "受内存带宽限制"},
    {"exposed comm.", "未掩盖的通信"},
    {"recompute", "重计算"},
    {"bubble", "流水线气泡"},
    {"host and step", "主机与步间"},
    {"time of the run", "运行时间"},
    {"device-hours", "设备小时"},
    {"rent only", "全部租用"},
    {"buy only", "全部购买"},
    {"best mix of both", "购买与租用的最佳组合"},
    {"no new devices", "不新增设备"},
    {"one more month for every job", "每个作业多一个月"},
    {"10 % more budget", "预算增加 10 %"},
    {"10 % more power", "功率增加 10 %"},
    {"one more lot wherever supply is limited", "供应受限处各增加一批"},
    {"Clusters that were simulated", "模拟过的集群"},
    {"Published runs like each option; errors from fits without the run's project",
     "与各方案相近的公开运行；误差来自不含该项目的拟合"},
    {"What the answer rests on", "结论的依据"},
    {"Assumed, because not stated", "未给出而采用的默认值"},
    {"From the best plan to the bill, factors on time", "从最优方案到账单：时间系数"},
    {"Why: price of the peak, and where the time goes", "原因：峰值的价格与时间去向"},
    {"Confidence, and what would change the order", "置信度，以及什么会改变排序"},
    {"The stages of the job", "作业的阶段"},
    {"Peak memory of the fullest rank, GiB", "显存占用最高处（GiB）"},
    {"The mark is the device's capacity.", "标记为设备容量。"},
    {"account", "科目"},
    {"alone", "单独"},
    {"assumed", "假设"},
    {"assumption", "假设"},
    {"batch", "批量"},
    {"best plan, uninterrupted", "最优方案（不中断）"},
    {"break-even price", "盈亏平衡价格"},
    {"break-even share of peak", "盈亏平衡峰值利用率"},
    {"busy", "忙碌"},
    {"capacity", "容量"},
    {"change", "变化"},
    {"cheapest in", "费用最低的概率"},
    {"comparable", "可比"},
    {"compared with", "对比对象"},
    {"cost", "费用"},
    {"days", "天"},
    {"device", "设备"},
    {"error", "误差"},
    {"evidence", "证据"},
    {"expected", "期望"},
    {"factor", "系数"},
    {"fullest rank", "显存最满处"},
    {"grade", "等级"},
    {"half within", "半数误差在"},
    {"in time", "按时"},
    {"instead", "改为"},
    {"job", "作业"},
    {"kind", "型号"},
    {"low to high", "低到高"},
    {"measured", "实测"},
    {"median", "中位数"},
    {"median error", "误差中位数"},
    {"model", "模型"},
    {"month", "月份"},
    {"nearest run, its error", "最近的运行及误差"},
    {"of", "所属"},
    {"of peak", "占峰值"},
    {"option", "方案"},
    {"P10 to P90", "P10 到 P90"},
    {"peak", "峰值"},
    {"plan", "并行策略"},
    {"predicted", "预测"},
    {"price", "价格"},
    {"project", "项目"},
    {"projects", "项目数"},
    {"published", "公开值"},
    {"range (80 %)", "区间（80 %）"},
    {"reached", "达到"},
    {"reason", "原因"},
    {"run", "运行"},
    {"runs", "运行数"},
    {"share of peak", "峰值利用率"},
    {"source", "来源"},
    {"stage", "阶段"},
    {"time", "时间"},
    {"tokens", "token 数"},
    {"tokens/s per device", "每设备 token/s"},
    {"unit", "单位"},
    {"value", "数值"},
    {"what", "项目"},
    {"why", "原因"},
    {"yes", "是"},
    {"no", "否"},
});

/// What a plan says in words beside its degrees.
constexpr auto plan_pieces = std::to_array<Entry>({
    {" layers on the last stage", " 层在末级"},
    {" layer on the last stage", " 层在末级"},
    {" layers each", " 层/级"},
    {" gradients", " 梯度"},
    {" moments", " 动量"},
    {"no master weights", "无主权重"},
    {"-byte optimizer states", " 字节优化器状态"},
});

}  // namespace

std::string plan_in_chinese(std::string plan) {
  const auto degree = plan.find("TP");
  if (degree == std::string::npos || degree + 2 >= plan.size() ||
      !std::isdigit(static_cast<unsigned char>(plan[degree + 2])))
    return plan;
  for (const Entry& piece : plan_pieces)
    for (std::size_t at = plan.find(piece.english); at != std::string::npos; at = plan.find(piece.english))
      plan.replace(at, piece.english.size(), piece.chinese);
  return plan;
}

const char* glossary(const std::string& english) {
  for (const Entry& one : table)
    if (one.english == english) return one.chinese;
  return nullptr;
}

}  // namespace chipmix::report
