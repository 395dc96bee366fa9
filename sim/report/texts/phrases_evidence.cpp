// Published runs, and how far predictions of them can be trusted.
#include <array>

#include "report/texts/phrases.hpp"

namespace chipmix::report {
namespace {

constexpr auto evidence_rows = std::to_array<Phrase>({
    // evidence for an option
    {"{0}: the best plan found reaches {1} of peak; no published run like it passes {2} ({3}). At the steady rate it "
     "is "
     "{4}.",
     "{0}：找到的最优方案达到峰值的 {1}；相近的公开运行都不超过 {2}（{3}）。稳态速率下为 {4}。"},
    {"{0}: nothing comparable: {1~}; nearest: {2}.", "{0}：没有可比的运行：{1}；最近的是：{2}。"},
    {"no published run on {0}, which {1} is assumed to be", "{0}（假定 {1} 即为此类）上没有公开运行"},
    {"no published run of {0} training on {1}, which {2} is assumed to be, only {3#} runs of another kind",
     "{1}（假定 {2} 即为此类）上没有 {0} 训练的公开运行，只有 {3} 次其他类型的运行"},
    {"no published run of {0} training on {1}, which {2} is assumed to be, only {3#} run of another kind",
     "{1}（假定 {2} 即为此类）上没有 {0} 训练的公开运行，只有 {3} 次其他类型的运行"},
    {"no published run of {0} training on {1}, only {2#} runs of another kind",
     "{1} 上没有 {0} 训练的公开运行，只有 {2} 次其他类型的运行"},
    {"no published run of {0} training on {1}, only {2#} run of another kind",
     "{1} 上没有 {0} 训练的公开运行，只有 {2} 次其他类型的运行"},
    {"no published run on {0}", "{0} 上没有公开运行"},
    {"no published run of {0}", "没有 {0} 的公开运行"},
    {"nothing like it", "没有相近的运行"},
    {"taken for {0}, {1~}, none on the device itself", "视为 {0}，{1}，该设备本身没有"},
    {"taken for {0}, {1~}", "视为 {0}，{1}"},
    {"{0}, {1~}, none on the device itself", "{0}，{1}，该设备本身没有"},
    {"{0}, dense", "{0}，稠密"},
    {"{0}, dense adapters", "{0}，稠密（适配器）"},
    {"{0}, MoE adapters", "{0}，MoE（适配器）"},
    {"dense", "稠密"},
    {"MoE", "MoE"},
    {"dense adapters", "稠密（适配器）"},
    {"MoE adapters", "MoE（适配器）"},
    {"least unlike: {0}", "差别最小：{0}"},
    {"Published runs nearest to each option; errors from fits without the run's project",
     "与各方案最相近的公开运行；误差来自不含该项目的拟合"},
    {"Nearest published whole runs; errors with the publisher left out",
     "最相近的完整公开训练；误差来自不含发布方的拟合"},
    {"whole run", "完整训练"},
    {"on", "设备"},
    {"hours include", "小时计入"},

    // validation
    {"Predictions for {0#} published runs.", "对 {0} 次公开运行的预测。"},
    {"Error: predicted / measured - 1; median, mean and 90th percentile of its absolute value; a bias below 0 is too "
     "fast. Half-width: mean of sqrt(P90 / P10) - 1.",
     "误差：预测 / 实测 − 1；中位数、均值与 90 分位数取其绝对值；偏差小于 0 表示预测过快。半宽：sqrt(P90 / P10) − 1 "
     "的均值。"},
    {"Project left out: fitted again without any run of the row's project; five-fold: without the row's fifth of the "
     "runs; as shipped: fitted on all of them. The interval is the shipped one, in the same proportion to the "
     "prediction.",
     "留出项目：不用该行项目的任何运行重新拟合；五折：不用该行所在的五分之一运行；发布版：用全部运行拟合。"
     "区间取发布版，与预测值保持同样比例。"},
    {"{0#} runs fall into {1#} sets of one model, cluster, plan, batch, stack and prediction: measured again under "
     "another release or on other servers, or different in something that is not modelled. The runs of a set lie {2} "
     "apart at the median; predicted by the geometric mean of its set, a run would still be {3} off on average.",
     "{0} 次运行归为 {1} 组，组内模型、集群、方案、批量、软件栈与预测都相同：在另一版本或其他服务器上再次测得，"
     "或在未建模之处有别。组内运行的差距中位数为 {2}；即使以组的几何平均来预测，单次运行平均仍差 {3}。"},
    {"All timed runs but LoRA", "除 LoRA 外所有计时的运行"},
    {"By class of model, worst first", "按模型类别，最差在前"},
    {"By device family, worst first", "按设备系列，最差在前"},
    {"By project, LoRA apart, worst first", "按项目（不含 LoRA），最差在前"},
    {"By the largest account of a step after matrix products, worst first", "按矩阵乘法之外占时最多的部分，最差在前"},
    {"Peak memory: projects, worst first, and what the peak counts",
     "显存峰值：按项目，最差在前；以及峰值所计入的内容"},
    {"Whether it fits: projects with a wrong prediction or an out-of-memory run, worst first",
     "能否放下：预测有误或显存溢出的项目，最差在前"},
    {"Order of plans in sets of four or more similar runs", "四次以上相似运行中方案的排序"},
    {"Other tools' published predictions of the same runs", "其他工具对同一批运行公布的预测"},
    {"Sets of runs that chipmix cannot distinguish, widest spread first", "chipmix 无法区分的运行组，差距最大者在前"},
    {"The worst rows", "误差最大的运行"},
    {"fit", "拟合"},
    {"class", "类别"},
    {"mechanism", "机制"},
    {"runs of", "运行来自"},
    {"not predicted", "未能预测"},
    {"mean", "均值"},
    {"bias", "偏差"},
    {"90th percentile", "90 分位数"},
    {"in P10-P90", "在 P10–P90 内"},
    {"half-width", "半宽"},
    {"shipped mean", "发布版均值"},
    {"shipped bias", "发布版偏差"},
    {"shipped in P10-P90", "发布版在 P10–P90 内"},
    {"project left out", "留出项目"},
    {"five-fold", "五折"},
    {"as shipped", "发布版"},
    {"sets", "组数"},
    {"Kendall's tau", "Kendall τ"},
    {"tool", "工具"},
    {"its median", "其中位数"},
    {"its mean", "其均值"},
    {"its bias", "其偏差"},
    {"chipmix, project left out", "chipmix，留出项目"},
    {"chipmix, as shipped", "chipmix，发布版"},
    {"one of them", "其中之一"},
    {"fastest", "最快"},
    {"slowest", "最慢"},
    {"apart", "差距"},
    {"largest accounts", "占时最多的部分"},
    {"ran out of memory, as predicted", "显存溢出，与预测一致"},
    {"ran, as predicted", "成功运行，与预测一致"},
    {"the peak counts: {0~}", "峰值计入：{0}"},
    {"not said", "未说明"},
    {"reserved", "已预留"},
    {"allocated", "已分配"},
    {"all", "全部"},
    {"all timed", "全部计时的"},
    {"all without a scored time", "全部未计时的"},
    {"mixed", "混合"},
    {"{0}, all inside the node", "{0}，全部在节点内"},
    {"{0}, inter-node {1} per GPU", "{0}，节点间每 GPU {1}"},
    {"Calculon's choices", "Calculon's choices"},
    {"Sailor simulator {0}", "Sailor 模拟器 {0}"},
    {"{0} (published)", "{0}（公布值）"},
    {"Internal-{0}", "Internal-{0}"},
    {"{0} reference in SimuMax", "{0}（SimuMax 参考值）"},

    // accounts of a step
    {"MoE: {0~}", "MoE：{0}"},
    {"dense: {0~}", "稠密：{0}"},
    {"LoRA: {0~}", "LoRA：{0}"},
    {"matrix products", "矩阵乘法"},
    {"experts", "专家"},
    {"attention", "注意力"},
    {"elementwise", "逐元素运算"},
    {"head and loss", "输出头与损失"},
    {"tensor communication", "张量并行通信"},
    {"context communication", "上下文并行通信"},
    {"expert communication", "专家并行通信"},
    {"host", "主机"},
    {"recomputation", "重计算"},
    {"pipeline sends", "流水线传输"},
    {"pipeline bubble", "流水线气泡"},
    {"gradient reduction", "梯度归约"},
    {"parameter gather", "参数收集"},
    {"optimizer", "优化器"},
    {"step overhead", "步间开销"},
    {"stragglers", "落后者等待"},
    {"exchange between islands", "岛间交换"},
    {"{0~} {1#} %, {2~} {3#} %, {4~} {5#} %", "{0} {1}%、{2} {3}%、{4} {5}%"},
    {"{0~} {1#} %, {2~} {3#} %", "{0} {1}%、{2} {3}%"},
});

}  // namespace

std::span<const Phrase> evidence_phrases() { return evidence_rows; }

}  // namespace chipmix::report
