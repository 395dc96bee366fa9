// The orders of the schedules, one file each; their rows stand in table.cpp.
#pragma once

#include "plan/schedule.hpp"

namespace chipmix::plan {

/// `warm_up` forwards, then one forward and one backward in turn, then the backwards that are left.
std::vector<Slot> alternating(int micro_batches, int warm_up);

/// PipeDream-Flush, known as 1F1B (arXiv:2006.09503; arXiv:2104.04473, figure 4 top): stage p of P runs P - 1 - p
/// forwards, then alternates, then drains. Held are min(M, P - p).
std::vector<Slot> one_f_one_b(const PipelineShape& shape, int stage);
int one_f_one_b_held(const PipelineShape& shape, int stage);

/// Interleaved 1F1B (arXiv:2104.04473, section 2.2, figure 4 bottom): stage p holds chunks p, p + P, p + 2P, ...;
/// micro-batches go through in groups of P; warm-up of 2(P - 1 - p) + (V - 1)P forwards, one more held.
std::vector<Slot> interleaved(const PipelineShape& shape, int stage);
int interleaved_held(const PipelineShape& shape, int stage);
std::vector<int> interleaved_chunks(const PipelineShape& shape, int stage);

/// GPipe (arXiv:1811.06965, section 2.3): every forward, then every backward, last micro-batch first. All M
/// micro-batches are held; bubble (P - 1)(F + B), as in 1F1B.
std::vector<Slot> gpipe(const PipelineShape& shape, int stage);
int gpipe_held(const PipelineShape& shape, int stage);

/// Zero bubble (arXiv:2401.10241): the backward pass is split into B for the inputs, which the stage before waits for,
/// and W for the weights, which nobody waits for. The order is one of F and B; a W fills the time in which a stage
/// waits, or makes room where the stage holds as many activations as it may (forwards whose W is not done):
///   ZB-H1 (section 3, figure 2 top)      warm-up P - 1 - p as in 1F1B, P held: bubble (P - 1)(F + B - W);
///   ZB-H2 (section 3, figure 2 bottom)   warm-up 2(P - 1 - p), 2P - 1 held: bubble (P - 1)(F + B - 2W), not below 0.
std::vector<Slot> zb_h1(const PipelineShape& shape, int stage);
std::vector<Slot> zb_h2(const PipelineShape& shape, int stage);
int zb_h1_held(const PipelineShape& shape, int stage);
int zb_h2_held(const PipelineShape& shape, int stage);

/// ZB-V (arXiv:2405.15362, section 4 and appendix): the pipeline folded in the middle, so that the first stage computes
/// the loss, too, and turns to the backward pass at once. Stage p runs 2(P - p) - 1 forwards of its first chunk, then p
/// of either, then P - p rounds of F, B and W of its second, then rounds of all six passes. Held are 2P chunks, as much
/// as 1F1B's first stage holds; no bubble where F = B = W and M >= 2P - 1.
std::vector<Slot> zb_v(const PipelineShape& shape, int stage);
int zb_v_held(const PipelineShape& shape, int stage);
std::vector<int> zb_v_chunks(const PipelineShape& shape, int stage);

/// DualPipe (arXiv:2412.19437, section 3.2.1, figure 5 and table 2; github.com/deepseek-ai/DualPipe): rank p holds
/// stages p and P - 1 - p, half of the micro-batches enter at either end, and a forward pass of one half runs together
/// with a backward pass of the other (F&B). Bubble (P/2 - 1)(F&B + B - 3W) at most; P + 1 activations held, two copies
/// of the weights.
/// DualPipeV (the same repository): one of the halves alone, P ranks folded like ZB-V's, so that the two chunks of a
/// rank take the place of the two ways. 2P stages in a row, for which bubble and activations are DualPipe's; one copy.
std::vector<Slot> dualpipe(const PipelineShape& shape, int stage);
std::vector<Slot> dualpipe_v(const PipelineShape& shape, int stage);
int dualpipe_held(const PipelineShape& shape, int stage);
int dualpipe_v_held(const PipelineShape& shape, int stage);
std::vector<int> dualpipe_chunks(const PipelineShape& shape, int stage);
std::vector<int> dualpipe_v_chunks(const PipelineShape& shape, int stage);

}  // namespace chipmix::plan
