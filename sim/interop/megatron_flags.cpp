// Arguments of Megatron-LM, from megatron/training/arguments.py and the configuration classes that it is made of
// (https://github.com/NVIDIA/Megatron-LM, commits 000c4ac24f61 and 00caa53af309), and of torchrun.
#include "interop/flags.hpp"

namespace chipmix::interop {
namespace {

using A = Arguments;

Flag field(const char* name, Part part, Member member, std::vector<std::string> choices = {}) {
  Flag flag;
  flag.name = name;
  flag.part = part;
  flag.member = member;
  flag.choices = std::move(choices);
  return flag;
}

Flag other_spelling(const char* name, Member member) {
  Flag flag = field(name, Part::model, member);
  flag.written = false;
  return flag;
}

}  // namespace

Flags megatron_fields() {
  constexpr Part launcher = Part::launcher, model = Part::model, parallel = Part::parallel, training = Part::training;
  return {
      field("--nnodes", launcher, &A::nodes),
      field("--nproc-per-node", launcher, &A::processes),
      other_spelling("--nproc_per_node", &A::processes),
      other_spelling("--world-size", &A::world),

      field("--num-layers", model, &A::layers),
      field("--hidden-size", model, &A::hidden),
      field("--ffn-hidden-size", model, &A::ffn),
      field("--num-attention-heads", model, &A::heads),
      field("--kv-channels", model, &A::kv_channels),
      field("--group-query-attention", model, &A::grouped_queries),
      field("--num-query-groups", model, &A::query_groups),
      field("--max-position-embeddings", model, &A::positions),
      field("--position-embedding-type", model, &A::position_type),
      other_spelling("--use-rotary-position-embeddings", &A::rotary),
      field("--vocab-size", model, &A::vocabulary),
      field("--make-vocab-size-divisible-by", model, &A::vocabulary_multiple),
      other_spelling("--padded-vocab-size", &A::padded_vocabulary),
      field("--normalization", model, &A::normalization, {"RMSNorm", "LayerNorm"}),
      field("--swiglu", model, &A::swiglu),
      other_spelling("--squared-relu", &A::squared_relu),
      field("--untie-embeddings-and-output-weights", model, &A::untied),
      field("--disable-bias-linear", model, &A::no_bias),
      field("--add-qkv-bias", model, &A::qkv_bias),
      field("--qk-layernorm", model, &A::qk_norm),
      field("--hidden-dropout", model, &A::hidden_dropout),
      field("--attention-dropout", model, &A::attention_dropout),
      field("--multi-latent-attention", model, &A::latent),
      field("--q-lora-rank", model, &A::q_rank),
      field("--kv-lora-rank", model, &A::kv_rank),
      field("--qk-head-dim", model, &A::nope_dim),
      field("--qk-pos-emb-head-dim", model, &A::rope_dim),
      field("--v-head-dim", model, &A::value_dim),
      field("--num-experts", model, &A::experts),
      field("--moe-router-topk", model, &A::active_experts),
      field("--moe-ffn-hidden-size", model, &A::expert_width),
      field("--moe-shared-expert-intermediate-size", model, &A::shared_width),
      field("--moe-shared-expert-gate", model, &A::shared_gate),
      field("--moe-layer-freq", model, &A::expert_layers),
      field("--moe-router-num-groups", model, &A::expert_groups),
      field("--moe-router-group-topk", model, &A::active_groups),
      field("--moe-router-enable-expert-bias", model, &A::router_bias),
      field("--mtp-num-layers", model, &A::prediction_layers),

      field("--tensor-model-parallel-size", parallel, &A::tensor),
      field("--pipeline-model-parallel-size", parallel, &A::pipeline),
      field("--context-parallel-size", parallel, &A::context),
      field("--expert-model-parallel-size", parallel, &A::expert),
      field("--expert-tensor-parallel-size", parallel, &A::expert_tensor),
      field("--num-layers-per-virtual-pipeline-stage", parallel, &A::layers_per_chunk),
      field("--num-virtual-stages-per-pipeline-rank", parallel, &A::chunks),
      field("--decoder-first-pipeline-num-layers", parallel, &A::first_layers),
      field("--decoder-last-pipeline-num-layers", parallel, &A::last_layers),
      field("--account-for-embedding-in-pipeline-split", parallel, &A::counts_embedding),
      field("--account-for-loss-in-pipeline-split", parallel, &A::counts_loss),
      field("--pipeline-model-parallel-layout", parallel, &A::layout),
      field("--sequence-parallel", parallel, &A::sequence_parallel),
      field("--use-distributed-optimizer", parallel, &A::distributed_optimizer),
      field("--use-megatron-fsdp", parallel, &A::megatron_fsdp),
      other_spelling("--use-custom-fsdp", &A::megatron_fsdp),
      other_spelling("--use-torch-fsdp2", &A::torch_fsdp),
      field("--data-parallel-sharding-strategy", parallel, &A::sharding,
            {"no_shard", "optim", "optim_grads", "optim_grads_params"}),

      field("--micro-batch-size", training, &A::micro_batch),
      field("--global-batch-size", training, &A::global_batch),
      other_spelling("--gradient-accumulation-steps", &A::accumulation),
      field("--seq-length", training, &A::sequence_length),
      field("--bf16", training, &A::bf16),
      field("--fp16", training, &A::fp16),
      field("--fp8-format", training, &A::fp8, {"hybrid", "e4m3"}),
      other_spelling("--fp8-hybrid", &A::fp8_hybrid),
      other_spelling("--fp8-e4m3", &A::fp8_hybrid),
      field("--optimizer", training, &A::optimizer, {"adam", "sgd", "ademamix", "adamw", "fusedadamw"}),
      field("--recompute-granularity", training, &A::recompute, {"full", "selective"}),
      field("--recompute-method", training, &A::recompute_method, {"uniform", "block"}),
      field("--recompute-num-layers", training, &A::recompute_layers),
      field("--recompute-modules", training, &A::recompute_modules,
            {"core_attn", "layernorm", "moe_act", "mla_up_proj", "mlp", "moe", "shared_experts"}),
      other_spelling("--recompute-activations", &A::recompute_selective),
      other_spelling("--batch-size", &A::micro_batch),  // of releases before 2.0
      other_spelling("--checkpoint-activations", &A::recompute_whole),
      other_spelling("--deepspeed-activation-checkpointing", &A::deepspeed_recompute),
      other_spelling("--activations-checkpoint-method", &A::recompute_method),
      other_spelling("--activations-checkpoint-num-layers", &A::recompute_layers),
      other_spelling("--checkpoint-num-layers", &A::recompute_layers),

      other_spelling("--moe-expert-parallel-size", &A::expert),
      other_spelling("--model-parallel-size", &A::tensor),
      field("--cp-comm-type", parallel, &A::context_algorithm),
      field("--hierarchical-context-parallel-sizes", parallel, &A::context_levels),
      other_spelling("--ds-sequence-parallel-size", &A::ulysses),
      other_spelling("--zero-stage", &A::zero_stage),
      other_spelling("--no-pipeline-parallel", &A::no_pipeline),

      field("--use-flash-attn", training, &A::flash),
      other_spelling("--use-flash-attn-v1", &A::flash),
      other_spelling("--use-flash-attn-v2", &A::flash),
      other_spelling("--use-flash-attn-triton", &A::flash),
      field("--attention-backend", training, &A::attention),
      other_spelling("--transformer-impl", &A::implementation),
      field("--accumulate-allreduce-grads-in-fp32", training, &A::wide_gradients),
      field("--grad-reduce-in-bf16", training, &A::narrow_gradients),
      other_spelling("--use-precision-aware-optimizer", &A::precise_optimizer),
      other_spelling("--main-grads-dtype", &A::main_gradients),
      other_spelling("--megatron-fsdp-main-grads-dtype", &A::main_gradients),
      other_spelling("--megatron-fsdp-main-params-dtype", &A::main_weights),
      other_spelling("--main-params-dtype", &A::main_weights),
      other_spelling("--exp-avg-dtype", &A::first_moment),
      other_spelling("--exp-avg-sq-dtype", &A::second_moment),
      field("--optimizer-cpu-offload", training, &A::optimizer_in_host),
      other_spelling("--cpu-optimizer", &A::optimizer_in_host),
      field("--optimizer-offload-fraction", training, &A::optimizer_in_host_share),
      other_spelling("--cpu-offloading-num-layers", &A::layers_in_host),
      other_spelling("--fine-grained-activation-offloading", &A::offloads_modules),
      other_spelling("--offload-modules", &A::modules_in_host),
      other_spelling("--enable-hetero", &A::has_meshes),
      other_spelling("--hetero-process-meshes", &A::meshes),
      other_spelling("--hetero-device-types", &A::mesh_devices),
      other_spelling("--hetero-pipeline-layer-split", &A::mesh_layers),
      other_spelling("--expert-tensor-parallel-size-per-process-mesh", &A::mesh_cuts),
      other_spelling("--intermediate-size", &A::ffn),
      other_spelling("--num-key-value-heads", &A::query_groups),
      other_spelling("--enable-zbh1-pipeline", &A::zero_bubble),
      other_spelling("--enable-zbh1-exact-semantics", &A::zero_bubble),
      other_spelling("--lora-rank", &A::adapter_rank),
      other_spelling("--recompute-layer-ids", &A::recompute_ids),
      other_spelling("--pp-partition-method", &A::partition),
      other_spelling("--pad-vocab-size-to", &A::padded_vocabulary),
      other_spelling("--moe-expert-capacity-factor", &A::capacity),
  };
}

}  // namespace chipmix::interop
