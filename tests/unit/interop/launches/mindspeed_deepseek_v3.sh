# Sizes and degrees of https://github.com/Ascend/MindSpeed-LLM/blob/015ce048f5e1/examples/mcore/deepseek3/pretrain_deepseek3_671b_4k_ptd.sh,
# less DualPipeV (--schedules-method, --moe-fb-overlap), --swap-optimizer and --mtp-mem-efficient-logits.
TP=4
PP=8
EP=8
MLA_ARGS="
    --multi-head-latent-attention \
    --qk-rope-head-dim 64 --qk-nope-head-dim 128 --q-lora-rank 1536 --kv-lora-rank 512 --v-head-dim 128 \
    --qk-layernorm --mla-fa-without-pad \
"
MOE_ARGS="
    --moe-grouped-gemm --first-k-dense-replace 3 --moe-layer-freq 1 --n-shared-experts 1 --num-experts 256 \
    --moe-router-topk 8 --moe-intermediate-size 2048 --moe-ffn-hidden-size 2048 --n-group 8 --topk-group 4 \
    --routed-scaling-factor 2.5 --norm-topk-prob --moe-router-enable-expert-bias --moe-tp-extend-ep
"
GPT_ARGS="
    --spec mindspeed_llm.tasks.models.spec.deepseek_spec layer_spec \
    --noop-layers 61,62,63 --num-layers 64 --hidden-size 7168 --ffn-hidden-size 18432 --num-attention-heads 128 \
    --tensor-model-parallel-size ${TP} --pipeline-model-parallel-size ${PP} --expert-model-parallel-size ${EP} \
    --sequence-parallel --context-parallel-size 1 --context-parallel-algo ulysses_cp_algo \
    --seq-length 4096 --max-position-embeddings 163840 --micro-batch-size 1 --global-batch-size 3840 \
    --untie-embeddings-and-output-weights --disable-bias-linear --attention-dropout 0.0 --hidden-dropout 0.0 \
    --position-embedding-type rope --normalization RMSNorm --swiglu --vocab-size 129280 --padded-vocab-size 129280 \
    --use-distributed-optimizer --recompute-method uniform --recompute-granularity full --recompute-num-layers 1 \
    --mtp-num-layers 1 --bf16
"
python -m torch.distributed.launch --nproc_per_node 8 --nnodes 64 pretrain_gpt.py $GPT_ARGS $MLA_ARGS $MOE_ARGS
