"""A plan written by hand, and the same plan out through every format and in again: the same time, within a millisecond."""

import json

import pytest

from program import ANSWER, chipmix, small, write

PIPED = {"tensor": 2, "pipeline": 4, "micro_batch": 1, "recompute": "selective"}
FLAT = {"tensor": 1, "pipeline": 1, "micro_batch": 2, "zero": "parameters", "recompute": "full"}
PLANS = {"megatron": PIPED, "mindspeed": PIPED, "flagscale": PIPED, "primus": PIPED, "nemo": PIPED,
         "neox": {"tensor": 2, "pipeline": 4, "micro_batch": 1, "recompute": "full"},
         "torchtitan": FLAT, "deepspeed": {**FLAT, "recompute": "none", "sequence_parallel": False}}
MILLISECOND = 1e-3


def step_of(path, *words):
    run = chipmix("estimate", path, "--option", "a", "--format", "json", *words)
    assert run.returncode == ANSWER, run.stderr
    return json.loads(run.stdout)["step_time_s"]


def exported(path, kind, file):
    run = chipmix("plan", path, "--option", "a", "--export", kind)
    assert run.returncode == ANSWER, run.stderr
    return write(file, run.stdout)


@pytest.mark.parametrize("kind", PLANS)
def test_an_imported_plan_takes_as_long_as_one_written_by_hand(tmp_path, kind):
    path = write(tmp_path / "s.json", small(options__0__plan=PLANS[kind]))
    # A file name without an ending, and no number of ranks given.
    name = {"megatron": "run.sh", "mindspeed": "run.sh"}.get(kind, "run")
    file = exported(path, kind, tmp_path / name)
    back = chipmix("import", kind, file)
    if "--ranks" in back.stderr:
        assert kind in ("torchtitan", "neox", "deepspeed"), back.stderr  # which have no place for it
        back = chipmix("import", kind, file, "--ranks", "64")
    assert back.returncode == ANSWER, back.stderr
    plan = write(tmp_path / "plan.json", back.stdout)
    assert step_of(path, "--plan", plan) == pytest.approx(step_of(path), abs=MILLISECOND)


def test_comments_that_show_no_launch_say_nothing_of_ranks(tmp_path):
    path = write(tmp_path / "s.json", small(options__0__plan=PIPED))
    file = exported(path, "nemo", tmp_path / "run.yaml")
    for comment in ("# torchrun --nnodes 0 --nproc-per-node 8", "# torchrun --nnodes many --nproc-per-node 8", "# text"):
        text = "\n".join(comment if line.startswith("# torchrun") else line for line in file.read_text().splitlines())
        assert "--ranks" in chipmix("import", "nemo", write(tmp_path / "other.yaml", text)).stderr


def test_what_an_import_leaves_out_is_named(tmp_path):
    path = write(tmp_path / "s.json", small(options__0__plan=PIPED))
    file = exported(path, "megatron", tmp_path / "run.sh")
    text = file.read_text().replace("pretrain_gpt.py", "pretrain_gpt.py --use-mpi --top-k 3")
    said = chipmix("import", "megatron", write(tmp_path / "more.sh", text)).stderr
    assert "2 arguments change neither plan nor time nor memory: --use-mpi --top-k" in said
    many = " ".join(f"--log-{name}" for name in ("throughput", "timers-to-tensorboard", "params-norm")) + " --lr 1 --min-lr 1"
    assert "neither plan nor time nor memory: " in chipmix(
        "import", "megatron", write(tmp_path / "many.sh", file.read_text().replace("pretrain_gpt.py", f"pretrain_gpt.py {many}"))).stderr


OLD = """torchrun --nproc_per_node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096 --num-attention-heads 32 \\
  --seq-length 2048 --max-position-embeddings 2048 --vocab-size 50257 --batch-size 4 --fp16 --checkpoint-activations \\
  --distribute-checkpointed-activations --use-mpi --tensor-model-parallel-size 8
"""


def test_arguments_of_old_releases_and_of_other_programs_of_a_repository(tmp_path):
    run = chipmix("import", "megatron", write(tmp_path / "old.sh", OLD))
    assert run.returncode == ANSWER, run.stderr
    plan = json.loads(run.stdout)
    assert (plan["global_batch"], plan["lanes"][0]["micro_batch"], plan["lanes"][0]["recompute"]) == (4, 4, "full")
    assert "memory is an upper bound" in run.stderr
    diloco = OLD.replace("--use-mpi", "--outer-optimizer nesterov")
    assert "synchronizes replicas only every few steps: not modelled" in chipmix(
        "import", "megatron", write(tmp_path / "outer.sh", diloco)).stderr


def test_arguments_of_a_trainer_with_its_deepspeed_configuration_inside(tmp_path):
    arguments = {"output_dir": "out", "per_device_train_batch_size": 2, "gradient_accumulation_steps": 4, "bf16": True,
                 "fp16": False, "gradient_checkpointing": True, "world_size": 16, "num_train_epochs": 3.0,
                 "deepspeed": {"bf16": {"enabled": "auto"}, "fp16": {"enabled": "auto"},
                               "zero_optimization": {"stage": 3}, "train_batch_size": "auto",
                               "train_micro_batch_size_per_gpu": "auto", "gradient_accumulation_steps": "auto"}}
    run = chipmix("import", "deepspeed", write(tmp_path / "args.json", arguments))
    assert run.returncode == ANSWER, run.stderr
    plan = json.loads(run.stdout)
    lane = plan["lanes"][0]
    assert (plan["global_batch"], plan["dtype"], lane["micro_batch"], lane["micro_batches"]) == (128, "bf16", 2, 4)
    assert (lane["zero"], lane["recompute"], lane["stages"][0]["data"]) == ("parameters", "full", 16)
    more = chipmix("import", "deepspeed", tmp_path / "args.json", "--ranks", "32")
    assert json.loads(more.stdout)["global_batch"] == 256
    arguments["gradient_checkpointing"] = False
    plain = chipmix("import", "deepspeed", write(tmp_path / "plain.json", arguments))
    assert json.loads(plain.stdout)["lanes"][0].get("recompute", "none") == "none"


def test_values_that_a_configuration_takes_from_elsewhere_matter_only_where_the_key_does(tmp_path):
    text = ("system:\n  no_shared_fs: ${experiment.runner.no_shared_fs}\n  tensor_model_parallel_size: 2\n"
            "model:\n  num_layers: 8\n  hidden_size: 1024\n  num_attention_heads: 16\n  seq_length: 1024\n"
            "  max_position_embeddings: 1024\n  micro_batch_size: 1\n  global_batch_size: 32\n")
    run = chipmix("import", "flagscale", write(tmp_path / "run.yaml", text), "--ranks", "8")
    assert run.returncode == ANSWER, run.stderr
    other = text.replace("num_layers: 8", "num_layers: ${experiment.layers}")
    assert chipmix("import", "flagscale", write(tmp_path / "other.yaml", other), "--ranks", "8").returncode != ANSWER
