"""Are dated prices listed, imported, and taken where a scenario gives none, with their days in the answer?"""

import json
import statistics

import jsonschema
import pytest

from program import ANSWER, BAD_INPUT, ROOT, USAGE, chipmix, small, write

PRICES = ROOT / "hardware_profiles" / "prices"
RENTS = json.loads((PRICES / "public-rent.json").read_text())["quotes"]
PURCHASES = json.loads((PRICES / "public-purchase.json").read_text())["quotes"]
TODAY = "2026-11-09"  # of the newest quote
CNY = 6.8036  # for a dollar, 2026-07-09
PLAIN = "device,price,currency,date,kind\nh100,2.5,USD,2026-10-01,on-demand\nh100,20,CNY,2026-11-02,on-demand\n"


def unpriced(**changes) -> dict:
    scenario = small(options__0__plan={"tensor": 2, "micro_batch": 1, "recompute": "full"}, **changes)
    del scenario["options"][0]["rent"]
    return scenario


def day(date: str) -> str:
    return (date + "-01-01")[:10] if len(date) == 4 else (date + "-01")[:10]


def by_hand(device: str, kind: str, newest=TODAY, oldest="2025-11-09") -> list[float]:
    """In USD per device-hour."""
    return sorted(q["amount"] / q.get("devices", 1) / {"hour": 1, "month": 730, "year": 8760}[q.get("per", "hour")]
                  / (CNY if q["currency"] == "CNY" else 1)
                  for q in RENTS if q["device"] == device and q["kind"] == kind and "doubt" not in q
                  and q["evidence"] != "estimate" and oldest <= day(q["date"]) <= newest)


def listed(*words) -> dict:
    run = chipmix("prices", *words, "--format", "json")
    assert (run.returncode, run.stderr) == (ANSWER, "")
    return json.loads(run.stdout)


def test_is_every_quote_of_a_known_device_with_day_source_and_page():
    known = {path.stem for path in (ROOT / "hardware_profiles" / "devices").glob("*.json")}
    assert len(RENTS) > 700 and len(PURCHASES) > 100
    for quote in RENTS + PURCHASES:
        assert quote["device"] in known and quote["url"].startswith("https://") and quote["source"], quote
        assert "2019" < day(quote["date"]) <= TODAY


def test_do_the_files_follow_their_schema():
    for kind, files in ("prices", PRICES.glob("*.json")), ("exchange-rates", PRICES.parent.glob("exchange_rates/*")):
        schema = json.loads(chipmix("schema", kind).stdout)
        for file in files:
            jsonschema.validate(json.loads(file.read_text()), schema)
            assert chipmix("check", file).returncode == ANSWER


@pytest.mark.parametrize("kind", ["on-demand", "reserved", "spot"])
def test_is_each_median_that_of_the_files(kind):
    medians = [one for one in listed()["medians"] if one["kind"] == kind]
    devices = {quote["device"] for quote in RENTS if by_hand(quote["device"], kind)}
    assert {one["device"] for one in medians} == devices
    for one in medians:
        values = by_hand(one["device"], kind)
        assert one["quotes"] == len(values)
        assert one["median"] == pytest.approx(statistics.median(values), rel=1e-9)
        if len(values) >= 5:
            ends = statistics.quantiles(values, n=10, method="inclusive")
            assert (one["low"], one["high"]) == pytest.approx((ends[0], ends[-1]), rel=1e-9)
        elif len(values) > 1:
            assert (one["low"], one["high"]) == pytest.approx((values[0], values[-1]), rel=1e-9)


def test_is_a_quote_older_than_180_days_flagged_and_one_older_than_a_year_left_out():
    quotes = listed("h100")["quotes"]
    assert len(quotes) == sum(q["device"] == "h100-sxm5-80gb" for q in RENTS + PURCHASES)
    for quote in quotes:
        assert quote["is_older_than_180_days"] == (quote["age_days"] > 180)
        assert quote["counts"] == (quote["age_days"] <= 365 and not quote["doubt"]) or quote["counts"] is False
    table = chipmix("prices", "h100", "--format", "markdown").stdout
    assert "older than 180 days" in table and "older than a year, does not count" in table and "doubtful: " in table
    assert quotes[0]["date"] == TODAY and quotes[0]["age_days"] == 0


def test_does_the_day_asked_for_count():
    one = next(m for m in listed("h100", "--date", "2026-06-30")["medians"] if m["kind"] == "on-demand")
    values = by_hand("h100-sxm5-80gb", "on-demand", "2026-06-30", "2025-06-30")
    assert one["quotes"] == len(values) and one["median"] == pytest.approx(statistics.median(values))
    assert chipmix("prices", "--date", "yesterday").returncode == USAGE


def test_are_regions_and_currencies_kept_apart():
    answer = listed("h20", "--currency", "CNY", "--region", "China")
    one = next(m for m in answer["medians"] if m["kind"] == "on-demand")
    assert one["median"] == pytest.approx((17.05 + 26.57875) / 2) and one["currency"] == "CNY"
    assert not listed("h20", "--region", "US")["medians"]


def test_does_an_option_without_a_price_take_the_median_and_say_so(scenario):
    run = chipmix("compare", scenario(unpriced()), "--format", "json")
    assert (run.returncode, run.stderr) == (ANSWER, "")
    answer = json.loads(run.stdout)
    median = statistics.median(by_hand("h100-sxm5-80gb", "on-demand"))
    (price,), option = answer["public_prices"], answer["options"][0]
    assert price["median"] == pytest.approx(median) and price["price_date"] == TODAY
    assert price["option"] == "a" and not price["own_files"] and price["older_than_180_days"] > 0
    assert option["cost"]["total"] == pytest.approx(median * option["device_hours"], rel=1e-9)
    assert option["cost"]["p10"] < option["cost"]["total"] < option["cost"]["p90"]
    assert {(rate["from"], rate["given"]) for rate in answer["exchange_rates"]} <= {("USD", False)}
    text = chipmix("compare", scenario(unpriced())).stdout
    text = " ".join(text.split())
    assert f"no price given: median of {price['quotes']} public quotes (on-demand) of" in text
    assert f"Ages count from {TODAY}" in text and "older than 180 days" in text


@pytest.mark.parametrize("command", ["estimate", "plan"])
def test_do_other_answers_say_it_too(command, scenario):
    text = chipmix(command, scenario(unpriced()), "--option", "a").stdout
    assert "no price given: median of" in " ".join(text.split())


def test_does_the_report_list_it_among_the_assumptions(scenario, tmp_path):
    run = chipmix("report", scenario(unpriced()), "--output", tmp_path / "r.html")
    assert run.returncode == ANSWER
    assert "no price given: median of" in (tmp_path / "r.html").read_text()


def test_is_a_missing_rate_taken_with_its_day_and_an_own_one_before_it(scenario):
    def total(content):
        answer = json.loads(chipmix("compare", scenario(content), "--format", "json").stdout)
        return answer["options"][0]["cost"]["total"] / answer["options"][0]["device_hours"], answer["exchange_rates"]

    plan = {"tensor": 2, "micro_batch": 1, "recompute": "full"}
    dollars, rates = total(small(currency="CNY", options__0__plan=plan))
    assert dollars == pytest.approx(2 * CNY) and rates[0]["date"] == "2026-07-09" and rates[0]["given"] is False
    own = [{"from": "USD", "to": "CNY", "rate": 7, "date": "2026-01-01", "source": "my bank"}]
    dollars, rates = total({**small(currency="CNY", options__0__plan=plan), "exchange_rates": own})
    assert dollars == pytest.approx(14) and [rate["given"] for rate in rates] == [True]
    text = chipmix("compare", scenario(small(currency="CNY", options__0__plan=plan))).stdout
    assert "No rate given for USD and CNY: 6.8036 CNY for 1 USD of 2026-07-09" in " ".join(text.split())


def test_are_contradictory_rates_refused(scenario):
    rates = [{"from": "USD", "to": "CNY", "rate": rate, "date": "2026-01-01", "source": "x"} for rate in (7, 7.5)]
    run = chipmix("compare", scenario({**small(), "exchange_rates": rates}))
    assert run.returncode == BAD_INPUT and "7.5 CNY for 1 USD, but 7 CNY for 1 USD" in run.stderr


def yuan(rate, start="USD", end="CNY") -> dict:
    return {**small(currency="CNY"), "exchange_rates": [
        {"from": start, "to": end, "rate": rate, "date": "2026-08-01", "source": "typed in"}]}


@pytest.mark.parametrize("rate, is_remarked", [(6.9, False), (8.4, False), (8.6, True), (5.4, True), (40, True)])
def test_is_a_rate_far_from_the_published_one_remarked(rate, is_remarked, scenario):
    run = chipmix("compare", scenario(yuan(rate)), "--format", "json")
    assert run.returncode == ANSWER
    said = " ".join(one["doubt"] for one in json.loads(run.stdout)["doubts"])
    assert ("times the published 6.8036" in said and "2026-07-09" in said) == is_remarked
    assert ("amounts are converted at the scenario's" in chipmix("compare", scenario(yuan(rate))).stdout) == is_remarked


def test_is_a_rate_ten_times_off_refused_with_the_published_one(scenario):
    run = chipmix("compare", scenario(yuan(70)))
    assert run.returncode == BAD_INPUT and "70 CNY for 1 USD, but the published rate is 6.8036" in run.stderr
    assert "of 2026-07-09" in run.stderr and "ten times off is refused" in run.stderr and '"rate": 70' in run.stderr
    run = chipmix("compare", scenario(yuan(7, "CNY", "USD")))
    assert run.returncode == BAD_INPUT and "swap 'from' and 'to'" in run.stderr
    assert chipmix("compare", scenario(yuan(0.145, "CNY", "USD"))).returncode == ANSWER


OWN = {"server": 1.4, "network": 0.15, "life": 4, "discount": 0.08, "utilisation": 0.9}


def owned(**own) -> dict:
    scenario = unpriced(options__0__cluster__device="b200-sxm-180gb")
    scenario["options"][0]["own"] = {
        key: {"value": value, "grade": "assumed", "source": "s"} for key, value in {**OWN, **own}.items()}
    return scenario


def purchases_by_hand(device: str) -> list[float]:
    return sorted(q["amount"] / q.get("devices", 1) / (CNY if q["currency"] == "CNY" else 1)
                  for q in PURCHASES if q["device"] == device and q["kind"] == "device" and "doubt" not in q
                  and q["evidence"] != "estimate" and "2025-11-09" <= day(q["date"]) <= TODAY)


def test_does_a_purchase_without_a_price_take_the_median_and_say_so(scenario):
    answer = json.loads(chipmix("compare", scenario(owned()), "--format", "json").stdout)
    taken = answer["public_prices"][0]
    quotes = purchases_by_hand("b200-sxm-180gb")
    assert taken["kind"] == "device" and taken["quotes"] == len(quotes)
    assert taken["median"] == pytest.approx(statistics.median(quotes))
    priced = owned(device=f"{taken['median']} USD")
    same = json.loads(chipmix("compare", scenario(priced), "--format", "json").stdout)
    assert answer["options"][0]["cost"]["total"] == pytest.approx(same["options"][0]["cost"]["total"], rel=1e-6)
    assert answer["options"][0]["cost"]["p90"] > same["options"][0]["cost"]["p90"]  # the spread of the quotes
    text = " ".join(chipmix("compare", scenario(owned())).stdout.split())
    assert "Purchase price of NVIDIA B200" in text and "(device)" in text


def test_is_a_purchase_that_nobody_quotes_refused_with_what_to_give(scenario):
    content = owned()
    content["options"][0]["cluster"]["device"] = "h100-sxm5-80gb"  # all quotes of one alone are older than a year
    run = chipmix("compare", scenario(content))
    assert run.returncode == BAD_INPUT and "no price of the NVIDIA H100 SXM5 80GB" in run.stderr
    assert 'give "device", for example "30000 USD"' in run.stderr and run.stderr.count("error:") == 1


@pytest.mark.parametrize("change", [{"public_prices": False}, {"price_date": "2020-01-01"}])
def test_is_there_no_price_where_none_is_wanted_or_known(change, scenario):
    answer = json.loads(chipmix("compare", scenario({**unpriced(), **change}), "--format", "json").stdout)
    assert answer["public_prices"] == [] and answer["options"][0]["cost"] is None


def test_is_an_import_used_by_the_next_command(scenario, tmp_path):
    table = write(tmp_path / "offers.csv", PLAIN)
    run = chipmix("import", "prices", table, "--output", tmp_path / "mine.json", "--source", "three mails")
    assert run.returncode == ANSWER and "remark: 2 prices read from a plain table" in run.stderr
    one = next(m for m in listed("h100", "--prices", tmp_path / "mine.json")["medians"])
    assert one["quotes"] == 2 and one["median"] == pytest.approx((2.5 + 20 / CNY) / 2)
    assert one["sources"] == ["three mails"]
    content = {**unpriced(), "price_files": ["mine.json"]}
    answer = json.loads(chipmix("compare", scenario(content), "--format", "json").stdout)
    assert answer["public_prices"][0]["own_files"] and answer["public_prices"][0]["quotes"] == 2
    assert answer["public_prices"][0]["median"] == pytest.approx((2.5 + 20 / CNY) / 2)


GPUHUNT = """instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags
p5.48xlarge,us-east-1,55.04,192,2048,8,H100,80.0,False,,nvidia,
p4d.24xlarge,us-east-1,21.96,96,1152,8,A100,40.0,True,,nvidia,
p4de.24xlarge,us-east-1,27.45,96,1152,8,A100,80.0,False,,nvidia,
nc40,eastus,6.98,40,320,1,H100NVL,94.0,False,,nvidia,
mi,eastus,48,96,1850,8,MI300X,192.0,False,,amd,
m5,us-east-1,0.1,2,8,0,,,False,,,
"""
SKYPILOT = """InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
gpu_8x_h100_sxm5,H100,8.0,208.0,1800.0,31.92,us-east-1,"{'Gpus': [{'Name': 'H100'}]}",
gpu_8x_a100_80gb_sxm4,A100-80GB,8.0,240.0,1800.0,22.32,us-east-1,,12
gpu_8x_a100,A100,8.0,124.0,1800.0,15.92,us-east-1,,
gpu_1x_h200,H200-SXM,1.0,124.0,1800.0,4.5,us-east-1,,
"""


def imported(tmp_path, text, *words) -> dict:
    run = chipmix("import", "prices", write(tmp_path / "aws.csv", text), *words)
    assert run.returncode == ANSWER, run.stderr
    return {(quote["device"], quote["kind"]): quote["amount"] / quote.get("devices", 1)
            for quote in json.loads(run.stdout)["quotes"]}


def test_are_catalogues_of_gpuhunt_and_skypilot_read(tmp_path):
    assert imported(tmp_path, GPUHUNT, "--date", "2026-11-01") == pytest.approx(
        {("h100-sxm5-80gb", "on-demand"): 6.88, ("a100-sxm4-40gb", "spot"): 2.745,
         ("a100-sxm4-80gb", "on-demand"): 3.43125, ("mi300x", "on-demand"): 6})
    assert imported(tmp_path, SKYPILOT, "--date", "2026-11-01", "--provider", "lambda") == pytest.approx(
        {("h100-sxm5-80gb", "on-demand"): 3.99, ("a100-sxm4-80gb", "on-demand"): 2.79,
         ("a100-sxm4-80gb", "spot"): 1.5, ("a100-sxm4-40gb", "on-demand"): 1.99, ("h200-sxm-141gb", "on-demand"): 4.5})


@pytest.mark.parametrize("text, words, messages", [
    (GPUHUNT, (), ["aws.csv:1:1", "does not give its date", "--date YYYY-MM-DD"]),
    (GPUHUNT.replace("55.04", "cheap").replace("True", "yes"), ("--date", "2026-11-01"),
     ["aws.csv:2:23", "found 'cheap'", "aws.csv:3", "expected True or False, found 'yes'"]),
    ("gpu,cost\nh100,1\n", (), ["no catalogue of prices has these columns", "SkyPilot"]),
    (PLAIN.replace("h100,20", "h1oo,-1"), (), ["must be more than 0, found -1", "unknown device 'h1oo'"]),
    (PLAIN.replace("kind", "sort"), (), ["unknown column 'sort'"]),
    (PLAIN.replace("2026-10-01", "2031-05-01").replace("20,CNY", "20,CNX"), (),
     ["aws.csv:2:14", "2031-05-01 is after today", "aws.csv:3:9", "'CNX' is not a currency", "did you mean 'CNY'?"]),
])
def test_is_every_fault_of_a_table_said_with_its_place(text, words, messages, tmp_path):
    run = chipmix("import", "prices", write(tmp_path / "aws.csv", text), *words)
    assert run.returncode == BAD_INPUT and run.stdout == ""
    for message in messages:
        assert message in run.stderr


def test_are_faults_of_a_file_of_prices_those_of_the_scenario(scenario, tmp_path):
    write(tmp_path / "mine.json", {"id": "mine", "name": "m", "quotes": [
        {"device": "h100-sxm5-80gb", "kind": "on-demand", "amount": -1, "currency": "USD", "date": "now", "source": "s"}]})
    run = chipmix("compare", scenario({**unpriced(), "price_files": ["mine.json", "none.json"]}))
    assert run.returncode == BAD_INPUT
    for message in "mine.json", "'amount' must be more than 0", "must be a day", "no file of prices 'none.json'":
        assert message in run.stderr


def test_is_a_price_of_a_day_to_come_refused_wherever_it_is_read(scenario, tmp_path):
    """One of them would make all others look older."""
    quote = {"device": "h100-sxm5-80gb", "kind": "on-demand", "amount": 2, "currency": "USD", "date": "2026-10-01",
             "source": "s"}
    mine = {"id": "mine", "name": "m", "quotes": [quote, {**quote, "date": "2031-01-01"}, {**quote, "currency": "XYZ"}]}
    file = write(tmp_path / "mine.json", mine)
    for run in (chipmix("prices", "h100", "--prices", file),
                chipmix("compare", scenario({**unpriced(), "price_files": ["mine.json"]}))):
        assert run.returncode == BAD_INPUT
        assert "2031-01-01 is after today" in run.stderr and "'XYZ' is not a currency" in run.stderr
    run = chipmix("import", "prices", write(tmp_path / "aws.csv", GPUHUNT), "--date", "2031-01-01")
    assert run.returncode == USAGE and "--date: 2031-01-01 is after today" in run.stderr


def test_are_quotes_that_ended_long_ago_doubted(scenario, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1846800000")  # 2028-07-10
    answer = json.loads(chipmix("compare", scenario(unpriced()), "--format", "json").stdout)
    assert "The newest quote is of 2026-11-09, 609 days before today, 2028-07-10" in answer["doubts"][0]["doubt"]
    fresh = {**unpriced(), "price_date": "2026-11-20"}
    assert json.loads(chipmix("compare", scenario(fresh), "--format", "json").stdout)["doubts"] == []


def test_do_options_of_prices_go_with_prices_alone(tmp_path):
    run = chipmix("import", "hf", ROOT / "models" / "llama-3.1-8b.json", "--date", "2026-01-01")
    assert run.returncode == USAGE and "--date needs 'import prices'" in run.stderr
