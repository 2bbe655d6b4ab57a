"""Several hosts at one PostgreSQL store, round by round: one merge of each list, whatever happens to hosts and server.

The rounds of tests/system/postgres_hosts_test.py, and three more: the server turns read-only as a failover
leaves it, poolers that give a session to each client, or hands out single statements. --long: 1,000 rounds.
"""

import pathlib
import sys
import unittest

import frame

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import postgres_hosts_test as hosts  # noqa: E402

SMOKE = ("test_pooler_by_statement", "test_failover_to_read_only", "test_reply_to_commit_lost",
         "test_connections_cut")
ROUNDS = 90  # of most kinds in the long mode, of which some make only a share


class Rounds(hosts.HostsTest):
    def read_only(self, is_on):
        self.server.sql(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if is_on else 'off'}")
        self.server.sql("SELECT pg_reload_conf()")

    def test_failover_to_read_only(self):
        """All sessions end, and the server that answers then takes no writes for a while."""
        def fail_over(trouble):
            hosts.time.sleep(self.dice.random() * 0.2)
            self.read_only(True)
            try:
                self.server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                " WHERE application_name = 'isinfetch'")
                hosts.time.sleep(0.5)
            finally:
                self.read_only(False)
            self.counts["failovers"] += 1
        self.rounds(fail_over, share=0.5)

    def pooler(self, mode):
        pooler = hosts.Pooler(self.server, mode)
        self.addCleanup(pooler.stop)
        return self.server.location(port=pooler.port)

    def test_pooler_by_session(self):
        self.rounds(lambda firing: None, share=0.5, location=self.pooler("session"), wait="30s")

    def test_pooler_by_statement(self):
        """Where there are no transactions, nothing is stored, and that is said."""
        self.publish()
        self.settle(self.fire(1))
        location = self.pooler("statement")
        self.publish()
        self.force_due()
        host = self.fire(1, location=location)[0]
        status = host.wait()
        self.assertNotIn(status, (0, 70), host.err.decode())
        self.assertIn("statement", (host.out + host.err).decode())
        self.assertEqual(self.merges(), self.day - 1)
        self.finish()
        self.check_store()


def wrong_in(name):
    result = unittest.TestResult()
    unittest.TestSuite([Rounds(name)]).run(result)
    return "\n".join(text for _, text in result.failures + result.errors)


def part(campaign):
    if hosts.binaries() is None:
        sys.exit("no PostgreSQL server here")
    hosts.ROUNDS = ROUNDS if campaign.long else 2
    hosts.SEED = campaign.seed
    names = unittest.TestLoader().getTestCaseNames(Rounds)
    for name in names if campaign.long else SMOKE:
        if name == "test_negative_control" and not pathlib.Path(hosts.UNFENCED).exists():
            continue
        if campaign.wants(name) and campaign.has_time(frame.SMOKE_SECONDS * 2 / 3):
            campaign.case(name, f"{hosts.ROUNDS} rounds", lambda: wrong_in(name))


if __name__ == "__main__":
    sys.exit(frame.main(part))
