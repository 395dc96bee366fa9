"""The Model Context Protocol server, spoken to as a client speaks: a JSON-RPC message a line on stdin, answers on stdout."""

import json
import os
import subprocess

import pytest

from program import PROGRAM, ROOT, chipmix, small, write

TOOLS = {"ask", "compare", "estimate", "plan", "procure", "devices", "check"}
PARSE, REQUEST, METHOD, PARAMS = -32700, -32600, -32601, -32602


class Client:
    """A client that asks one thing after another and reads every line as JSON."""

    def __init__(self, *words, cwd=ROOT):
        self.process = subprocess.Popen([PROGRAM, "mcp", *map(str, words)], cwd=cwd, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.number = 0

    def send(self, message):
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        assert line.endswith("\n"), self.process.stderr.read()
        answer = json.loads(line)
        assert answer["jsonrpc"] == "2.0" and ("result" in answer) != ("error" in answer)
        return answer

    def ask(self, method, **params):
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        answer = self.read()
        assert answer["id"] == self.number
        return answer

    def call(self, tool, **arguments):
        return self.ask("tools/call", name=tool, arguments=arguments)

    def start(self):
        answer = self.ask("initialize", protocolVersion="2025-06-18", capabilities={},
                          clientInfo={"name": "test", "version": "1"})
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return answer["result"]

    def close(self):
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0 and out == "" and err == ""


@pytest.fixture
def client():
    one = Client()
    one.start()
    yield one
    one.close()


def test_the_handshake_names_server_and_revision():
    one = Client()
    hello = one.start()
    assert hello["serverInfo"]["name"] == "chipmix" and hello["protocolVersion"] == "2025-06-18"
    assert hello["capabilities"] == {"tools": {"listChanged": False}} and "ask" in hello["instructions"]
    assert one.ask("ping")["result"] == {}
    one.close()


@pytest.mark.parametrize("wanted, given", [("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-06-18")])
def test_an_older_revision_is_taken_and_an_unknown_one_answered_with_ours(client, wanted, given):
    assert client.ask("initialize", protocolVersion=wanted)["result"]["protocolVersion"] == given


def test_tools_have_the_options_of_the_command_line(client):
    tools = {tool["name"]: tool for tool in client.ask("tools/list")["result"]["tools"]}
    assert set(tools) == TOOLS
    for name, tool in tools.items():
        schema = tool["inputSchema"]
        assert schema["type"] == "object" and schema["additionalProperties"] is False
        assert tool["annotations"]["readOnlyHint"] is True and tool["description"]
        help_text = chipmix(name, "--help").stdout
        for key, value in schema["properties"].items():
            assert value["description"]
            assert key.upper() in help_text or "--" + key.replace("_", "-") in help_text
        assert not {"output", "save", "timeline", "format", "allow_path"} & set(schema["properties"])
    estimate = tools["estimate"]["inputSchema"]
    assert estimate["required"] == ["scenario", "option"]
    assert estimate["properties"]["engine"]["enum"] == ["analytical", "event", "simgrid", "all"]
    assert tools["ask"]["inputSchema"]["properties"]["word"]["type"] == "array"
    assert tools["compare"]["inputSchema"]["properties"]["details"]["type"] == "boolean"


def test_a_tool_says_what_the_command_says(client, tmp_path):
    path = write(tmp_path / "s.json", small())
    answer = client.call("compare", scenario=str(path), set=["job.tokens=2T"])["result"]
    assert answer["isError"] is False and answer["_meta"] == {"exit_code": 0}
    said = json.loads(chipmix("compare", path, "--set", "job.tokens=2T", "--format", "json").stdout)
    assert answer["structuredContent"] == said
    assert json.loads(answer["content"][0]["text"]) == said
    asked = client.call("ask", word=["llama-3.1-8b", "1T", "64xH100@2USD/h"], batch=512)["result"]
    assert asked["structuredContent"]["options"][0]["cost"]["total"] > 0
    one = client.call("estimate", scenario=str(path), option="a")["result"]["structuredContent"]
    assert one["step_time_s"] > 0
    plans = client.call("plan", scenario=str(path), option="a", top=2)["result"]["structuredContent"]
    assert len(plans["plans"]) == 2
    assert client.call("devices", id="h100")["result"]["structuredContent"]
    assert client.call("check", file=[str(path)])["result"]["isError"] is False


def test_an_answer_that_is_no_can_is_no_fault(client, tmp_path):
    path = write(tmp_path / "s.json", small(options__0__cluster__devices=1, job__model="llama-3.1-405b"))
    answer = client.call("estimate", scenario=str(path), option="a")["result"]
    assert answer["isError"] is False and answer["_meta"] == {"exit_code": 1}
    assert answer["structuredContent"]["feasible"] is False


def test_faults_of_a_file_come_with_their_places(client, tmp_path):
    text = json.dumps(small(job__tokens="many", job__model="llama-9"), indent=2)
    path = write(tmp_path / "s.json", text)
    answer = client.call("compare", scenario=str(path))["result"]
    assert answer["isError"] is True
    fault = answer["structuredContent"]
    assert fault["kind"] == "input" and fault["exit_code"] == 3 and len(fault["faults"]) == 2
    lines = text.splitlines()
    for one in fault["faults"]:
        assert one["file"] == str(path) and one["source_line"].strip() == lines[one["line"] - 1].strip()
        assert one["pointer"] in ("/job/tokens", "/job/model") and one["message"] and one["column"] > 0
    assert answer["content"][0]["text"].rstrip("\n") == chipmix("compare", path).stderr.rstrip("\n")
    gone = client.call("compare", scenario="gone.json")["result"]
    assert gone["isError"] is True and gone["structuredContent"]["kind"] == "file"
    usage = client.call("estimate", scenario=str(write(path, small())), option="b")["result"]
    assert usage["structuredContent"]["kind"] == "usage" and "no option 'b'" in usage["structuredContent"]["message"]
    assert client.ask("ping")["result"] == {}  # none of this ends the server


def test_arguments_that_are_wrong_are_told_all_at_once(client):
    error = client.call("estimate", optoin="a", engine="evnt", set="x=1", measured=[True])["error"]
    assert error["code"] == PARAMS
    faults = {one["pointer"]: one["message"] for one in error["data"]["faults"]}
    assert "did you mean 'option'" in faults["/optoin"] and "did you mean 'event'" in faults["/engine"]
    assert "is a list" in faults["/set"] and "missing" in faults["/scenario"] and "missing" in faults["/option"]
    assert "text or a number" in faults["/measured/0"]


NO_REQUESTS = {
    "no JSON": ("{", PARSE), "a batch": ("[]", REQUEST), "text": ('"x"', REQUEST),
    "no version": ('{"id": 1, "method": "ping"}', REQUEST), "no method": ('{"jsonrpc": "2.0", "id": 1}', REQUEST),
    "an id of null": ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', REQUEST),
    "another method": ('{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', METHOD),
    "a list of parameters": ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}', PARAMS),
    "no tool": ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}}', PARAMS),
    "a command that is no tool": ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "sweep"}}', PARAMS),
    "arguments that are none": ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", '
                                '"arguments": 3}}', PARAMS),
    "a line without end": ("x" * (5 << 20), REQUEST), "a bomb of brackets": ("[" * 100000, PARSE),
}


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_messages_that_are_no_requests(client, name):
    message, code = NO_REQUESTS[name]
    client.send(message)
    assert client.read()["error"]["code"] == code
    assert client.ask("ping")["result"] == {}


def test_notifications_and_empty_lines_are_not_answered(client):
    for message in ('{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}', "", "  ",
                    '{"jsonrpc": "2.0", "id": 7, "result": {}}', '{"jsonrpc": "2.0", "method": "anything"}'):
        client.send(message)
    assert client.ask("ping")["result"] == {}


def test_files_are_written_in_the_named_folder_and_nowhere_else(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    one = Client("--folder", folder)
    one.start()
    tools = {tool["name"]: tool for tool in one.ask("tools/list")["result"]["tools"]}
    assert {"output", "save"} <= set(tools["ask"]["inputSchema"]["properties"])
    words = ["llama-3.1-8b", "1T", "64xH100@2USD/h"]
    answer = one.call("ask", word=words, save="question.json", output="answer.json")["result"]
    assert answer["structuredContent"]["written"] == str(folder / "answer.json")
    assert {path.name for path in folder.iterdir()} == {"question.json", "answer.json"}
    assert json.loads((folder / "answer.json").read_text())["options"]
    for name in ("../x.json", "/tmp/x.json", "a/b.json", ".hidden", "", "x\0y"):
        error = one.call("ask", word=words, output=name)["error"]
        assert error["code"] == PARAMS and error["data"]["faults"][0]["pointer"] == "/output"
    os.symlink(tmp_path / "outside.json", folder / "link.json")
    assert one.call("ask", word=words, output="link.json")["error"]["code"] == PARAMS
    assert not (tmp_path / "outside.json").exists()
    one.close()


def test_without_a_folder_nothing_is_written(client):
    error = client.call("ask", word=["llama-3.1-8b", "1T", "64xH100"], save="q.json")["error"]
    assert error["code"] == PARAMS and not (ROOT / "q.json").exists()


def test_a_folder_that_is_none_is_a_fault():
    done = chipmix("mcp", "--folder", "no/such/folder", input="")
    assert done.returncode == 4 and "no such folder" in done.stderr


def test_brackets_nested_without_end_are_a_fault_and_the_server_goes_on(client):
    client.send('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + "[" * 100_000 + "]" * 100_000 + "}}")
    assert client.read()["error"]["code"] == -32700
    client.send('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"' + "[" * 200 + '"}}')
    assert client.read()["result"] == {}


def test_no_line_of_a_file_that_is_not_json_is_shown(client, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("root:hidden\n")
    for name, words in (("compare", {"scenario": str(secret)}), ("check", {"file": [str(secret)]}),
                        ("ask", {"word": ["llama-3.1-8b", "1T", "8xH100"], "measured": ["1s"],
                                 "measured_on": [f"{secret}:x"]})):
        answer = client.call(name, **words)
        assert "hidden" not in json.dumps(answer) and "ends in .json" in json.dumps(answer)


def test_an_unknown_argument_names_those_there_are(client):
    assert "one of: " in json.dumps(client.call("compare", bogus=1))


@pytest.mark.parametrize("number", ["9007199254740993", "18446744073709551616", "123456789012345678901234567890", "1.5", "-7"])
def test_a_number_as_id_comes_back_digit_by_digit(client, number):
    client.send(f'{{"jsonrpc": "2.0", "id": {number}, "method": "ping"}}')
    assert f'"id":{number},' in client.process.stdout.readline()
    client.send(f'{{"id": {number} , "jsonrpc": "2.0", "method": "nothing"}}')
    assert f'"id":{number},' in client.process.stdout.readline()


def test_tools_that_may_overwrite_a_file_say_so(client, tmp_path):
    for tool in client.ask("tools/list")["result"]["tools"]:
        assert tool["annotations"]["destructiveHint"] is False
    writing = Client("--folder", tmp_path)
    writing.start()
    for tool in writing.ask("tools/list")["result"]["tools"]:
        assert tool["annotations"]["destructiveHint"] is True and tool["annotations"]["readOnlyHint"] is False
    writing.close()
