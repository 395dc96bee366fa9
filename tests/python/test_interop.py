"""Do plans travel to other programs' arguments and back by the command line, and is every refusal complete?"""

import json
import re
import subprocess

import jsonschema
import pytest

from program import ANSWER, BAD_FILE, BAD_INPUT, NO_ANSWER, ROOT, USAGE, chipmix, small, write

PLAN = {"tensor": 2, "pipeline": 4, "micro_batch": 1, "recompute": "selective"}
FIXED = small(options__0__plan=PLAN)
LAUNCHES = sorted((ROOT / "tests" / "unit" / "interop" / "launches").iterdir())


@pytest.fixture
def script(tmp_path):
    return lambda text, name="run.sh": write(tmp_path / name, text)


def exported(path, framework, *words) -> subprocess.CompletedProcess:
    return chipmix("plan", path, "--option", "a", "--export", framework, *words)


@pytest.mark.parametrize("framework", ["megatron", "mindspeed"])
def test_does_a_plan_come_back_as_it_went_out_and_get_the_same_estimate(framework, scenario, tmp_path):
    path = scenario(FIXED)
    run = exported(path, framework)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    launch = write(tmp_path / "run.sh", run.stdout)
    assert subprocess.run(["bash", "-n", launch]).returncode == 0
    back = chipmix("import", framework, launch)
    assert back.returncode == ANSWER
    plan = json.loads(back.stdout)
    assert plan["model"] == "llama-3.1-8b" and plan["global_batch"] == 256
    assert [stage["layers"] for stage in plan["lanes"][0]["stages"]] == [[8]] * 4
    file = write(tmp_path / "plan.json", back.stdout)
    answers = [json.loads(chipmix("estimate", path, "--option", "a", "--format", "json", *words).stdout)
               for words in ((), ("--plan", file))]
    assert answers[0]["step_time_s"] == answers[1]["step_time_s"]
    assert answers[0]["plan"] == answers[1]["plan"]
    again = exported(path, framework, "--plan", file)
    assert again.stdout == run.stdout


def test_is_the_best_plan_of_a_search_exported_and_are_listed_plans_plan_files(scenario, tmp_path):
    path = scenario(small(options__0__search={"tensor": [1, 2], "pipeline": [1, 2], "zero": "optimizer"}))
    best = json.loads(chipmix("plan", path, "--option", "a", "--top", "1", "--format", "json").stdout)["plans"][0]
    file = write(tmp_path / "plan.json", best["plan_file"])
    assert exported(path, "megatron").stdout == exported(path, "megatron", "--plan", file).stdout
    estimate = chipmix("estimate", path, "--option", "a", "--plan", file, "--format", "json")
    assert json.loads(estimate.stdout)["step_time_s"] == pytest.approx(best["step_time_s"])
    assert chipmix("check", file).returncode == ANSWER


def test_is_a_plan_that_cannot_be_expressed_refused_with_all_reasons(scenario, tmp_path):
    path = scenario(small(options__0__plan={**PLAN, "zero": "gradients", "recompute": "none"}, job__model="gpt-oss-120b",
                          options__0__cluster__devices=512))
    run = exported(path, "megatron", "--output", tmp_path / "x.sh")
    assert (run.returncode, run.stdout) == (NO_ANSWER, ""), run
    for reason in ("learned attention sinks", "sliding-window attention", "experts with biases", "ZeRO-2 with 4"):
        assert reason in run.stderr
    assert not (tmp_path / "x.sh").exists()


def test_is_an_infeasible_plan_not_exported(scenario):
    run = exported(scenario(small(options__0__plan={"tensor": 64})), "megatron")
    assert run.returncode == NO_ANSWER and "cannot be divided over TP 64" in run.stdout


@pytest.mark.parametrize("path", LAUNCHES, ids=lambda path: path.name)
def test_is_every_public_launch_imported(path):
    run = chipmix("import", path.name.split("_")[0], path)
    assert run.returncode == ANSWER, run.stderr
    assert all(line.startswith("remark: ") for line in run.stderr.splitlines())
    assert chipmix("import", path.name.split("_")[0], path, "--quiet").stderr == ""


def test_are_all_faults_of_a_launch_shown_with_place_line_caret_and_hint(script):
    path = script("torchrun --nproc_per_node 8 --nnodes 1 pretrain_gpt.py \\\n"
                  "  --num-layers 32 --hiden-size 4096 --num-attention-heads $HEADS \\\n"
                  "  --seq-length 4096 --micro-batch-size 1 --smart-swap --save out\n")
    run = chipmix("import", "mindspeed", path)
    assert (run.returncode, run.stdout) == (BAD_INPUT, "")
    lines = run.stderr.splitlines()
    assert [line for line in lines if "error: " in line] == [
        f"{path}:2:19: error: unknown argument '--hiden-size' of mindspeed",
        f"{path}:2:59: error: nothing in the file says what $HEADS is, for '--num-attention-heads'",
        f"{path}:3:42: error: '--smart-swap' moves data to the host's memory: not modelled"]
    assert "hint: did you mean '--hidden-size'?" in run.stderr
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^"):].startswith("--hiden-size")


def test_are_experts_that_ep_does_not_divide_refused_by_name(script):
    launch = (ROOT / "tests" / "unit" / "interop" / "launches" / "megatron_qwen3_235b.sh").read_text()
    run = chipmix("import", "megatron", script(launch.replace("--num-experts 128", "--num-experts 130")))
    assert run.returncode == BAD_INPUT and "130 experts cannot be divided among EP 32" in run.stderr
    assert "128 or 160" in run.stderr and run.stderr.count("error:") == 1


def test_are_wrong_command_lines_and_files_refused(script, tmp_path, scenario):
    path = scenario(FIXED)
    assert chipmix("import", "megatrn", "x").returncode == USAGE
    assert chipmix("import", "megatron").returncode == USAGE
    assert exported(path, "bloom").returncode == USAGE
    assert chipmix("plan", path, "--option", "a", "--plan", "x").returncode == USAGE
    assert chipmix("import", "megatron", tmp_path / "none.sh").returncode == BAD_FILE
    assert chipmix("import", "megatron", tmp_path).returncode == BAD_FILE
    assert chipmix("estimate", path, "--option", "a", "--plan", tmp_path / "none.json").returncode == BAD_FILE
    for text in ("", "{", "\0\0", "echo", b"\xff\xfe", "A='", '{"num_layers": {}}'):
        assert chipmix("import", "megatron", script(text)).returncode == BAD_INPUT, text
        assert chipmix("import", "deepspeed", script(text, "d.json")).returncode == BAD_INPUT, text
        assert chipmix("import", "hf", script(text, "c.json")).returncode == BAD_INPUT, text


def test_is_a_deepspeed_configuration_imported_and_estimated(script, scenario, tmp_path):
    config = {"train_batch_size": 256, "train_micro_batch_size_per_gpu": 1, "gradient_accumulation_steps": 4,
              "zero_optimization": {"stage": 3}, "bf16": {"enabled": True}}
    run = chipmix("import", "deepspeed", script(config, "ds_config.json"))
    assert run.returncode == ANSWER and json.loads(run.stdout)["lanes"][0]["zero"] == "parameters"
    file = write(tmp_path / "plan.json", run.stdout)
    estimate = chipmix("estimate", scenario(), "--option", "a", "--plan", file, "--format", "json")
    assert estimate.returncode == ANSWER and json.loads(estimate.stdout)["plan"]["data"] == 64


def test_is_a_config_json_imported_as_a_model_file(tmp_path):
    config = json.loads((ROOT / "models" / "qwen3-8b.json").read_text())
    del config["chipmix"]
    path = write(tmp_path / "my-model" / "config.json", config)
    run = chipmix("import", "hf", path)
    assert run.returncode == ANSWER and json.loads(run.stdout)["chipmix"]["id"] == "my-model"
    assert chipmix("check", write(tmp_path / "my-model.json", run.stdout)).returncode == ANSWER


SOUND = {"lanes": [{"micro_batch": 1, "micro_batches": 16, "stages": [{"tensor": 1, "data": 16}] * 4}]}


def test_do_schema_and_program_agree_on_plan_files(script):
    schema = json.loads(chipmix("schema", "plan").stdout)
    validator = jsonschema.Draft7Validator(schema)
    for path in LAUNCHES:
        assert validator.is_valid(json.loads(chipmix("import", path.name.split("_")[0], path).stdout))
    lane = SOUND["lanes"][0]
    for wrong in ({}, {"lanes": []}, {"lanes": [{**lane, "stages": []}]}, {"lanes": [{**lane, "zero": "some"}]},
                  {"lanes": [{**lane, "interleave": 0}]}, {"lanes": [{**lane, "recompute_share": 2}]},
                  {**SOUND, "model": 1}, {**SOUND, "dtype": "fp7"}, {**SOUND, "lane": []}):
        assert not validator.is_valid(wrong), wrong
        assert chipmix("check", script({"lanes": [], **wrong}, "p.json")).returncode == BAD_INPUT


def test_does_a_plan_file_that_does_not_fit_say_what_would(scenario, script):
    path = scenario()
    assert chipmix("estimate", path, "--option", "a", "--plan", script(SOUND, "p.json")).returncode == ANSWER
    plan = {**SOUND, "model": "qwen3-8b", "global_batch": 300}
    plan["lanes"] = [{**SOUND["lanes"][0], "micro_batches": 15, "recompute": "some"}]
    assert "unknown name 'some'" in chipmix("estimate", path, "--option", "a", "--plan", script(plan, "p.json")).stderr
    plan["lanes"][0]["recompute"] = "none"
    run = chipmix("estimate", path, "--option", "a", "--plan", script(plan, "p.json"))
    assert (run.returncode, run.stdout) == (BAD_INPUT, "")
    assert len(re.findall("error: ", run.stderr)) == 3
    for words in ("a plan for 'qwen3-8b'", "300 sequences a step, but the job has 256", "16 micro-batches make 256"):
        assert words in run.stderr


def test_is_a_legal_plan_file_that_cannot_run_an_answer(scenario, script):
    path = scenario(small(job__model="llama-3.1-405b"))
    run = chipmix("estimate", path, "--option", "a", "--plan", script(SOUND, "p.json"))
    assert run.returncode == NO_ANSWER and "GiB short" in re.sub(r"\s+", " ", run.stdout)
    few = {"lanes": [{"micro_batch": 1, "micro_batches": 256, "stages": [{}]}]}
    run = chipmix("estimate", scenario(), "--option", "a", "--plan", script(few, "p.json"))
    assert run.returncode == NO_ANSWER and "1 ranks, the cluster has 64" in re.sub(r"\s+", " ", run.stdout)


SIZES = ("--num-layers 32 --hidden-size 4096 --ffn-hidden-size 14336 --num-attention-heads 32 --group-query-attention "
         "--num-query-groups 8 --vocab-size 128256 --seq-length 4096 --swiglu --normalization RMSNorm "
         "--disable-bias-linear --untie-embeddings-and-output-weights --position-embedding-type rope --bf16 ")


def test_is_what_a_script_leaves_open_asked_for_at_once_and_given(script):
    path = script("TP=$1\nGPUS=${GPUS:-$(nvidia-smi -L | wc -l)}\nif [ $# -lt 1 ]; then echo usage; exit 1; fi\n"
                  f"A=( '--data-path a b' \"--tensor-model-parallel-size $TP\" )\n"
                  f"torchrun --nproc_per_node $GPUS pretrain_gpt.py {SIZES} ${{A[@]}} --micro-batch-size $MBS "
                  "--global-batch-size 64 $MORE --save your checkpoint folder\n")
    run = chipmix("import", "megatron", path)
    assert run.returncode == BAD_INPUT
    for words in ("$1 is", "$MBS is", "--set MBS=VALUE", "--set 1=VALUE"):
        assert words in run.stderr, run.stderr
    given = chipmix("import", "megatron", path, "--ranks", "8", "--set", "1=2", "--set", "MBS=1")
    assert given.returncode == ANSWER, given.stderr
    plan = json.loads(given.stdout)
    assert plan["lanes"][0]["stages"] == [{"layers": [32], "tensor": 2, "context": 1, "expert": 1, "data": 4}]
    assert plan["model"] == "llama-3.1-8b" and plan["stack"] == {"gradient_bytes": 4.0}
    assert "$MORE: empty" in given.stderr
    assert "no such variable" in chipmix("import", "megatron", path, "--set", "NOPE=1").stderr
    assert chipmix("import", "megatron", path, "--ranks", "x").returncode == USAGE
    assert chipmix("import", "hf", path, "--ranks", "8").returncode == USAGE


def test_is_a_sourced_file_read_and_a_program_that_trains_nothing_refused(script):
    script("TP=4\n", "common.sh")
    path = script("source $(dirname $0)/common.sh\n"
                  f"msrun --worker_num 8 --local_worker_num 8 pretrain_gpt.py {SIZES} --micro-batch-size 1 "
                  "--tensor-model-parallel-size $TP\n")
    run = chipmix("import", "megatron", path)
    assert run.returncode == ANSWER and json.loads(run.stdout)["lanes"][0]["stages"][0]["tensor"] == 4, run.stderr
    serve = script(f"torchrun --nproc_per_node 8 tools/run_text_generation_server.py {SIZES} --micro-batch-size 1\n")
    run = chipmix("import", "megatron", serve)
    assert run.returncode == BAD_INPUT and "trains nothing" in run.stderr and not run.stdout


def test_does_a_plan_that_keeps_other_bytes_need_other_memory(scenario, tmp_path):
    path = scenario(FIXED)
    launch = write(tmp_path / "run.sh", exported(path, "megatron").stdout)
    plain = json.loads(chipmix("import", "megatron", launch).stdout)

    def peak(**stack):
        file = write(tmp_path / "plan.json", {**plain, "stack": stack})
        run = chipmix("estimate", path, "--option", "a", "--plan", file, "--format", "json")
        return max(stage["peak_gib"] for stage in json.loads(run.stdout)["memory"])

    assert peak(gradient_bytes=4) > peak(gradient_bytes=2)
    assert peak(optimizer_bytes=12) > peak(optimizer_bytes=6)


NEOX = """# made up
{
  "pipe-parallel-size": 2, "model_parallel_size": 4,  # of 32 devices
  "num-layers": 44, "hidden-size": 6144, "num-attention-heads": 64, "seq-length": 2048,
  "train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 32, "norm": "layernorm",
  "zero_optimization": {"stage": 1, "overlap_comm": True,}, "fp16": {"enabled": true}, "lr": 1.0e-4,
}
"""

FLAGSCALE = """system:
  tensor_model_parallel_size: 2
  pipeline_model_parallel_size: ${PP:4}
  sequence_parallel: true
  checkpoint:
    save_interval: 100
model:
  num_layers: 32
  hidden_size: 4096
  num_attention_heads: 32
  seq_length: 4096
  micro_batch_size: 1
  global_batch_size: 128
  optimizer:
    clip_grad: 1.0
"""


def test_are_configurations_in_yaml_read(script):
    run = chipmix("import", "neox", script(NEOX, "n.yml"), "--ranks", "32")
    assert run.returncode == ANSWER, run.stderr
    plan = json.loads(run.stdout)
    lane = plan["lanes"][0]
    assert (lane["micro_batch"], lane["micro_batches"], lane["zero"], plan["global_batch"]) == (4, 32, "optimizer", 512)
    assert [(s["tensor"], s["data"]) for s in lane["stages"]] == [(4, 4)] * 2
    path = script(FLAGSCALE, "f.yaml")
    assert "--ranks N" in chipmix("import", "flagscale", path).stderr
    for words, stages in (((), 4), (("--set", "PP=2"), 2)):
        run = chipmix("import", "flagscale", path, "--ranks", "16", *words)
        assert run.returncode == ANSWER and len(json.loads(run.stdout)["lanes"][0]["stages"]) == stages, run.stderr
    for text in ("{" * 100, "a: {b: [1, 2", "a: 'b", "\ta: 1", "x", "a: 1\n  - b: {c}"):
        assert chipmix("import", "neox", script(text, "b.yml")).returncode == BAD_INPUT, text
