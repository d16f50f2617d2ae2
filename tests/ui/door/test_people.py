"""Who may log in: the file, hashed passwords, the command, and how wrong passwords are slowed down."""

import re
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from typer.testing import CliRunner

from agent.errors import SetupError, UserError
from ui.address import Address
from ui.cli.app import app
from ui.door.delays import LONGEST_S, Delays
from ui.door.login import PERSON, LoginGuard
from ui.door.people import Cost, People, Secret, from_environment
from ui.door.sessions import IDLE_S, Sessions
from ui.door.sessions import LONGEST_S as SESSION_S

Behind = Callable[..., TestClient]
CHEAP = Cost(log_n=2, r=1, p=1)
RIGHT = "correct horse"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def people(tmp_path: Path) -> People:
    made = People(tmp_path / "home" / "users.json", cost=CHEAP)
    made.add("Ann", RIGHT)
    made.add("bob", "another password")
    return made


def test_a_password_fits_itself_alone_and_is_not_in_the_file(people: People, tmp_path: Path) -> None:
    assert people.check("ann", RIGHT) == people.check(" ANN ", RIGHT) == "ann"
    for name, password in (("ann", RIGHT + " "), ("ann", RIGHT[:-1]), ("ann", ""), ("bob", RIGHT), ("eve", RIGHT)):
        assert people.check(name, password) is None
    text = (tmp_path / "home" / "users.json").read_text()
    assert RIGHT not in text
    assert "scrypt$" in text
    assert "scrypt" not in repr(Secret.of(RIGHT, CHEAP))


def test_two_people_with_one_password_are_not_seen_to_have_it(people: People, tmp_path: Path) -> None:
    people.add("eve", RIGHT)
    assert people.secret_of("eve") != people.secret_of("ann")


def test_only_its_owner_reads_the_file(tmp_path: Path, people: People) -> None:
    assert stat.S_IMODE((tmp_path / "home" / "users.json").stat().st_mode) == 0o600


def test_the_password_of_an_unknown_person_is_hashed_too(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(Secret, "fits", lambda self, password: looked.append(password) or False)
    people.check("nobody", "a password")
    people.check("ann", "a password")
    assert looked == ["a password"] * 2


def test_a_password_costs_what_guessing_should_cost() -> None:
    assert 128 * Cost().r * 2 ** Cost().log_n * Cost().p >= 96 * 2**20
    assert People(Path("nowhere"))._nobody.cost == Cost()


def test_what_is_added_at_the_same_time_is_all_kept(tmp_path: Path) -> None:
    names = [f"p{i}" for i in range(8)]
    path = tmp_path / "users.json"
    threads = [threading.Thread(target=People(path, cost=CHEAP).add, args=(name, RIGHT)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert People(path).names() == names


@pytest.mark.parametrize("name", ["", "chat", "../x", "a/b", "a b", "ä", "-a", "a" * 33, "a\n"])
def test_a_name_that_could_be_taken_for_something_else_is_refused(people: People, name: str) -> None:
    if name == "a\n":  # whitespace around a name is no part of it
        assert people.add(name, RIGHT) == "a"
        return
    with pytest.raises(UserError, match="a name has"):
        people.add(name, RIGHT)


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(people: People, password: str) -> None:
    with pytest.raises(UserError, match="8 to 200"):
        people.add("eve", password)


def test_a_damaged_file_lets_nobody_in_and_says_so(people: People, tmp_path: Path) -> None:
    (tmp_path / "home" / "users.json").write_text('{"people": {"ann": "plain"}}')
    with pytest.raises(SetupError, match="recpilot users add"):
        people.check("ann", "plain")


def test_the_environment_names_one_more_person(tmp_path: Path) -> None:
    people = People(tmp_path / "users.json", from_environment("Eve:s3cret:word", CHEAP), cost=CHEAP)
    assert (people.check("eve", "s3cret:word"), people.names()) == ("eve", ["eve"])
    for text in ("nocolon", ":x", "eve:", "chat:password"):
        with pytest.raises(SetupError, match="user:password"):
            from_environment(text)


def test_people_are_added_listed_and_removed_on_the_command_line(tmp_path: Path) -> None:
    def run(*args: str, said: str = "") -> str:
        result = CliRunner().invoke(app, ["users", *args], input=said, env={"RECPILOT_HOME": str(tmp_path)})
        return result.output if result.exception is None else f"{type(result.exception).__name__} {result.exception}"

    assert "Nobody yet" in run("list")
    assert "Added ann" in run("add", "ann", said=RIGHT + "\n")
    assert run("list", "--json").split() == ["[", '"ann"', "]"]
    assert "is there already" in run("add", "ANN", said=RIGHT)
    assert "8 to 200" in run("add", "eve", said="\n")
    assert RIGHT not in (tmp_path / "users.json").read_text()
    assert "Removed ann. The chats of ann stay: who is added under this name later has them" in run("remove", "Ann")
    assert "no user 'ann'" in run("remove", "ann")


@pytest.mark.parametrize(("host", "names"), [("0.0.0.0", ()), ("192.0.2.1", ()), ("::", ()), ("127.0.0.1", ("box",))])  # noqa: S104
def test_without_people_no_one_else_is_let_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("RECPILOT_HOME", str(tmp_path))
    monkeypatch.delenv("RECPILOT_AUTH", raising=False)
    with pytest.raises(SetupError, match="recpilot users add NAME"):
        Address.parse(host, 0, names)
    assert Address.parse("127.0.0.1", 0).people is None
    People(tmp_path / "users.json", cost=CHEAP).add("ann", RIGHT)
    assert Address.parse("127.0.0.1", 0, names).people is not None


# -- wrong passwords ----------------------------------------------------------------------------------------


def waits(delays: Delays, clock: Clock, tries: int, name: str = "ann", address: str = "a") -> list[float]:
    """What must be waited after each of these wrong passwords, each tried as soon as it may be."""
    found = []
    for _ in range(tries):
        delays.begin(name, address)
        found.append(delays.left_s(name, address))
        clock.now += found[-1]
    return found


def test_each_wrong_password_is_waited_for_longer() -> None:
    delays = Delays(clock := Clock())
    assert waits(delays, clock, 6) == [0, 0, 1, 2, 4, 8]
    assert waits(delays, clock, 8)[-1] == LONGEST_S["address"]


def test_neither_another_name_nor_another_address_makes_it_quicker() -> None:
    delays = Delays(clock := Clock())
    assert waits(delays, clock, 5)[-1] == 4
    delays.begin("bob", "a")
    assert delays.left_s("bob", "a") == 8
    assert delays.left_s("eve", "b") == 0
    delays.begin("ann", "b")
    assert delays.left_s("ann", "b") == 8


def test_others_can_keep_a_person_out_for_a_minute_at_most() -> None:
    delays = Delays(clock := Clock())
    for i in range(40):
        waits(delays, clock, 1, address=f"a{i}")
    assert delays.left_s("ann", "home") <= LONGEST_S["name"]


def test_others_cannot_keep_a_person_out_at_an_address_that_they_logged_in_from() -> None:
    delays = Delays(clock := Clock())
    delays.right("ann", "home")
    for i in range(40):
        waits(delays, clock, 1, address=f"a{i}")
    assert delays.left_s("ann", "home") == 0
    assert waits(delays, clock, 5, address="home")[-1] == 4, "tries from there still wait"


def test_many_tries_at_once_are_no_way_around() -> None:
    delays = Delays(Clock())
    looked_at = 0
    for _ in range(100):
        if not delays.left_s("ann", "a"):
            delays.begin("ann", "a")
            looked_at += 1
    assert looked_at == 3


def test_the_right_password_frees_the_name_and_not_the_address() -> None:
    delays = Delays(clock := Clock())
    waits(delays, clock, 5)
    delays.begin("bob", "a")  # the attacker's own account
    delays.right("bob", "a")
    delays.begin("ann", "a")
    assert delays.left_s("ann", "a") == 8
    delays.right("ann", "b")
    assert delays.left_s("ann", "b") == 0


# -- sessions -----------------------------------------------------------------------------------------------


def test_a_session_ends_when_it_rests_when_it_is_old_and_with_its_person(people: People) -> None:
    clock = Clock()
    sessions = Sessions(people, clock)
    tokens = [sessions.begin("ann") or "" for _ in range(3)]
    assert len(set(tokens)) == 3
    assert sessions.person(tokens[0]) == "ann"
    assert sessions.person(tokens[0] + "x") is sessions.person("") is None
    sessions.end(tokens[1])
    assert sessions.person(tokens[1]) is None
    clock.now += IDLE_S + 1
    assert sessions.person(tokens[0]) is None
    used = sessions.begin("ann") or ""
    clock.now += IDLE_S - 1
    assert sessions.is_open(used)
    clock.now += 2
    assert not sessions.is_open(used)  # to ask that is no use of it
    used = sessions.begin("ann") or ""
    for _ in range(int(SESSION_S // IDLE_S)):
        clock.now += IDLE_S - 1
        assert sessions.person(used) == "ann"
    clock.now += IDLE_S - 1
    assert sessions.person(used) is None


def test_another_password_or_none_ends_the_sessions(people: People) -> None:
    sessions = Sessions(people)
    token = sessions.begin("ann") or ""
    people.remove("ann")
    assert sessions.person(token) is None
    token = sessions.begin("bob") or ""
    people.remove("bob")
    people.add("bob", "another password")
    assert sessions.person(token) is None


# -- the guard ----------------------------------------------------------------------------------------------


async def whose(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(str(scope[PERSON]))(scope, receive, send)


@pytest.fixture
def client(behind: Behind, people: People) -> TestClient:
    return behind(LoginGuard, people, Delays(Clock()), page=whose)


def log_in(client: TestClient, name: str = "ann", password: str = RIGHT) -> int:
    form = {"name": name, "password": password}
    return client.post("/login", data=form, follow_redirects=False).status_code


@pytest.mark.parametrize("path", ["/config", "/gradio_api/cancel", "/gradio_api/queue/join", "/assets/x.js", "/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_nothing_is_answered_before_the_login(client: TestClient, path: str, method: str) -> None:
    assert client.request(method, path).status_code == 401
    assert client.request(method, path, headers={"Cookie": "recpilot-session-7860=x"}).status_code == 401


def test_the_way_in_and_out(client: TestClient) -> None:
    home = client.get("/", follow_redirects=False)
    assert (home.status_code, home.headers["location"]) == (303, "/login")
    assert 'type="password"' in client.get("/login").text
    assert log_in(client) == 303
    assert client.get("/").text == "ann"
    assert client.get("/login", follow_redirects=False).headers["location"] == "/"
    assert client.get("/logout").status_code == 405
    assert client.post("/logout", follow_redirects=False).status_code == 303
    assert client.get("/config").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    form = {"name": "ann", "password": RIGHT}
    cookie = client.post("/login", data=form, follow_redirects=False).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    over_tls = client.post("https://127.0.0.1:7860/login", data=form, follow_redirects=False)
    assert "secure" in over_tls.headers["set-cookie"].lower()


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(client: TestClient) -> None:
    answers = [client.post("/login", data={"name": name, "password": "wrong one"}) for name in ("ann", "eve")]
    told = {(answer.status_code, re.sub('value="(ann|eve)"', "", answer.text)) for answer in answers}
    assert len(told) == 1
    assert client.post("/login", data={"password": "wrong one"}).status_code == 401


def test_a_link_leads_where_it_should_after_the_login(client: TestClient) -> None:
    asked = client.get("/?study=s-1&view=trials", follow_redirects=False)
    assert asked.headers["location"] == "/login?study=s-1&view=trials"
    wrong = client.post(asked.headers["location"], data={"name": 'a"<b>', "password": "wrong one"})
    assert 'value="a&#34;&lt;b&gt;"' in wrong.text
    form = {"name": "ann", "password": RIGHT}
    answer = client.post(asked.headers["location"], data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?study=s-1&view=trials")


def test_after_three_wrong_passwords_not_even_the_right_one_is_looked_at(client: TestClient) -> None:
    assert [log_in(client, password="wrong one") for _ in range(4)] == [401, 401, 401, 429]  # noqa: S106
    answer = client.post("/login", data={"name": "ann", "password": RIGHT})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert "try again in 1 s" in answer.text


@pytest.mark.parametrize("body", [b"", b"name=ann", b"x" * 5000, b"name=ann&password=" + b"x" * 5000, b"\xff=%ff&&&&"])
def test_a_form_that_is_none_logs_nobody_in(client: TestClient, body: bytes) -> None:
    assert client.post("/login", content=body).status_code == 401
