// Texts of the appendix's figures.
#include <array>

#include "report/texts/texts.hpp"

namespace chipmix::report {
namespace {

constexpr auto figures_rows = std::to_array<TextEntry>({
    {Text::fullest_memory, "Peak memory of the fullest rank, GiB", "显存占用最高处（GiB）"},
    {Text::fullest_memory_caption, "The mark is the device's capacity.", "标记为设备容量。"},
    {Text::device_of, "{0} of {1}", "{1} 的 {0}"},
    {Text::peak, "peak", "峰值"},
    {Text::capacity, "capacity", "容量"},
    {Text::all_else, "all else", "其他"},
    {Text::stacks_words, "A bar for each option, a part for each use", "每个方案一条，各用途为其中一段"},
    {Text::one_step, "One step of {0}, stage by stage", "{0} 的一步，按阶段"},
    {Text::first_of_step, "The first {0} of a step of {1}, stage by stage", "{1} 一步的前 {0}，按阶段"},
    {Text::step_caption,
     "Blue: forward passes. Orange: backward passes. Green: weights' part, where it is split. Red: reduction of "
     "gradients. White: idle. Right: busy share of the {0} that the passes take; stragglers and work done once per "
     "step are not shown.",
     "蓝色：前向。橙色：反向。绿色：权重部分（若拆分）。红色：梯度归约。白色：空闲。右侧：在各次计算所用的 {0} "
     "中的忙碌占比；落后者与每步一次的工作未画出。"},
    {Text::stage, "stage", "阶段"},
    {Text::busy, "busy", "忙碌"},
    {Text::of_step, "of the step", "占一步"},
    {Text::stage_n, "stage {0}", "阶段 {0}"},
    {Text::spans_words, "A row for each stage, with its passes over time, and its busy share",
     "每个阶段一行，按时间画出各次计算及其忙碌占比"},
    {Text::roofline_of, "Roofline of {0}: the operators of {1}", "{0} 的屋顶线：{1} 的算子"},
    {Text::roofline_caption,
     "One rank, forward passes of its first stage. The roof is the datasheet's; points are what kernels reach; work "
     "bound by memory alone has no FLOPs and is not shown.",
     "一个设备，首阶段的前向计算。屋顶取自规格书；点为算子实际达到的值；只受内存带宽限制的工作没有 FLOP，未画出。"},
    {Text::flop_per_byte, "FLOP per byte", "每字节 FLOP"},
    {Text::rank_rate, "TFLOP/s of a rank", "每设备 TFLOP/s"},
    {Text::operator_name, "operator", "算子"},
    {Text::reached, "reached", "达到"},
    {Text::of_peak, "of peak", "占峰值"},
    {Text::name_of_peak, "{0}: {1} of peak", "{0}：峰值的 {1}"},
    {Text::roof_words, "Points under a roof, on logarithmic axes", "屋顶之下的点，对数坐标"},
    {Text::accuracy, "Predicted and measured step time of published runs, s", "公开运行的每步时间：预测与实测（秒）"},
    {Text::accuracy_caption,
     "As shipped. On the line a prediction is right; the thin lines are 10 % off. Colours are families of devices.",
     "发布版。落在线上即预测准确；细线为偏差 10%。颜色为设备系列。"},
    {Text::runs, "runs", "运行数"},
    {Text::median_error, "median error", "误差中位数"},
    {Text::bias, "bias", "偏差"},
    {Text::inside_range, "in P10–P90", "在 P10–P90 内"},
    {Text::measured_s, "measured, s", "实测，秒"},
    {Text::predicted_s, "predicted, s", "预测，秒"},
    {Text::predicted_measured, "{0}: {1} predicted, {2} measured", "{0}：预测 {1}，实测 {2}"},
    {Text::exact_line, "right", "准确"},
    {Text::diagonal_words, "Points along a diagonal, on logarithmic axes", "沿对角线的点，对数坐标"},
});

}  // namespace

std::span<const TextEntry> figure_texts() { return figures_rows; }

}  // namespace chipmix::report
