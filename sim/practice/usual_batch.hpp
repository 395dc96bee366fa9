// The batch of a run where none is stated.
#pragma once

namespace chipmix::practice {

/// Tokens of an optimizer step where none is stated, for a run of `tokens`: 4M up to 1T tokens, then growing with the
/// square root. LLaMA, Llama 2, StarCoder, BLOOM and most other published runs took 4M for about 1T tokens; the useful
/// batch grows with the square root of the tokens (arXiv:2410.21676: exponent 0.47).
double usual_batch_tokens(double tokens);

}  // namespace chipmix::practice
