"""Completion as people meet it: each shell loads its script and is asked what it would complete."""

import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from harness import PROGRAM, ProgramTest  # noqa: E402

BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"


class Terminal:
    """An interactive shell on a pseudo-terminal, in which Control-T inserts all completions."""

    def __init__(self, command, environment, directory, preparation):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execve(command[0], command, environment)
        self.seen = b""
        self.send(preparation + "\necho RE''ADY\n")
        self.wait_for(b"READY\r\n")

    def send(self, text):
        os.write(self.file, text.encode())

    def wait_for(self, mark):
        end = time.monotonic() + 60
        while mark not in self.seen:
            ready, _, _ = select.select([self.file], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {mark!r} in {self.seen[-3000:]!r}")
            self.seen += os.read(self.file, 65536)
        before, _, self.seen = self.seen.partition(mark)
        return before

    def complete(self, line):
        """The words that stand on the line after all completions were inserted."""
        self.send(f"{line}\x14\x01printf '%s\\n' BE''GIN \x05; echo E''ND\n")
        self.wait_for(b"BEGIN\r\n")
        return self.wait_for(b"END\r\n").decode().split()

    def close(self):
        os.close(self.file)
        os.waitpid(self.pid, 0)


class Completion(ProgramTest):
    """What every shell must complete; the shells differ in how they are asked."""

    def setUp(self):
        super().setUp()
        (self.dir / "bin").mkdir()
        (self.dir / "bin/isinfetch").symlink_to(pathlib.Path(PROGRAM).resolve())
        self.environment["PATH"] = f"{self.dir}/bin:/usr/bin:/bin"
        self.environment["TERM"] = "dumb"
        self.configure("sources:\n  our-list: {format: lines, url: 'https://example.org/l'}\n"
                       "  our-other-list: {format: lines, url: 'https://example.org/o'}\n")
        (self.dir / "work/folder").mkdir(parents=True)
        (self.dir / "work/file.yaml").touch()

    def script(self, shell):
        result = self.call("completion", shell, config=False)
        self.assertEqual((result.status, result.err), (0, ""), result)
        return result.out

    def complete(self, line):
        raise unittest.SkipTest("which shell?")

    def offered(self, line):
        """The completions alone: without the words that were on the line before."""
        return set(self.complete(line)) - set(line.split())

    def test_commands(self):
        self.assertEqual(self.offered("isinfetch ru"), {"run"})
        commands = self.offered("isinfetch ")
        self.assertTrue({"run", "status", "export", "config", "completion"} <= commands, commands)
        self.assertEqual(self.offered("isinfetch -q sta"), {"status"})
        self.assertEqual(self.offered("isinfetch --set jobs=1 sta"), {"status"})

    def test_commands_below_commands(self):
        self.assertTrue({"check", "show", "path", "keys"} <= self.offered("isinfetch config "))
        self.assertEqual(self.offered("isinfetch config sh"), {"show"})
        self.assertEqual(self.offered("isinfetch completion f"), {"fish"})
        self.assertNotIn("words", self.offered("isinfetch completion "), "for the scripts only")

    def test_a_command_that_is_one_and_has_one_below_it(self):
        self.assertTrue({"test", "xetra"} <= self.offered("isinfetch sources "))
        self.assertEqual(self.offered("isinfetch sources te"), {"test"})
        self.assertEqual(self.offered("isinfetch sources xet"), {"xetra"})
        self.assertEqual(self.offered("isinfetch sources spb xet"), {"xetra"})
        self.assertEqual(self.offered("isinfetch sources test xet"), {"xetra"})

    def test_help_offers_the_commands(self):
        self.assertEqual(self.offered("isinfetch help roll"), {"rollback"})
        self.assertTrue({"run", "config"} <= self.offered("isinfetch help "))

    def test_options(self):
        self.assertEqual(self.offered("isinfetch run --ex"), {"--exit-unchanged"})
        self.assertEqual(self.offered("isinfetch config show --or"), {"--origin"})
        self.assertEqual(self.offered("isinfetch status --dry"), set(), "an option of run")

    def test_options_of_the_program_stand_behind_a_command_too(self):
        self.assertEqual(self.offered("isinfetch run --verb"), {"--verbose"})
        self.assertEqual(self.offered("isinfetch config show --verb"), {"--verbose"})

    def test_choices(self):
        self.assertEqual(self.offered("isinfetch run -o "), {"text", "json", "none"})
        self.assertEqual(self.offered("isinfetch status --output-format "), {"text", "json"})
        self.assertEqual(self.offered("isinfetch export --format "), {"csv", "jsonl"})
        self.assertIn(self.offered("isinfetch run --output-format=j"),
                      [{"json"}, {"--output-format=json"}])

    def test_a_free_value_completes_nothing(self):
        self.assertEqual(self.offered("isinfetch run --lock-wait "), set())
        self.assertEqual(self.offered("isinfetch lookup "), set())

    def test_sources(self):
        self.assertEqual(self.offered("isinfetch run nse-eq"), {"nse-equity"})
        self.assertEqual(self.offered("isinfetch run --force moex nse-eq"), {"nse-equity"})
        self.assertEqual(self.offered("isinfetch run --accept-shrink nse-eq"), {"nse-equity"})
        self.assertEqual(self.offered("isinfetch history nse-eq"), {"nse-equity"})
        self.assertEqual(self.offered("isinfetch diff nse-eq"), {"nse-equity"})
        self.assertEqual(self.offered("isinfetch diff moex nse-eq"), set(), "a date stands here")

    def test_sources_of_the_configuration_on_the_line(self):
        for option in (f"--config {self.config}", f"-c {self.config}", f"--config={self.config}"):
            self.assertEqual(self.offered(f"isinfetch {option} run our-"),
                             {"our-list", "our-other-list"}, option)

    def test_a_configuration_that_is_wrong_completes_nothing_and_says_nothing(self):
        self.config.write_text("nonsense: [")
        self.assertEqual(self.offered(f"isinfetch --config {self.config} run n"), set())
        self.assertEqual(self.offered(f"isinfetch --config {self.config} ru"), {"run"})

    def test_settings_level_by_level(self):
        self.assertEqual(self.offered("isinfetch --set job"), {"jobs="})
        self.assertEqual(self.offered("isinfetch run --set network.re"), {"network.retry."})
        self.assertEqual(self.offered("isinfetch --set sources.nse-eq"), {"sources.nse-equity."})
        self.assertEqual(self.offered("isinfetch --set sources.nse-equity.guards.max_s"),
                         {"sources.nse-equity.guards.max_shrink="})

    def test_files(self):
        self.assertEqual(self.offered("isinfetch --config fi"), {"file.yaml"})
        self.assertEqual(self.offered("isinfetch export --output fi"), {"file.yaml"})
        self.assertEqual({name.rstrip("/") for name in self.offered("isinfetch --state-dir f")},
                         {"folder"})


class Bash(Completion):
    """Through bash-completion, which finds the script by its name."""

    def complete(self, line):
        if not hasattr(self, "terminal"):
            scripts = self.dir / "completions/completions"
            scripts.mkdir(parents=True)
            (scripts / "isinfetch").write_text(self.script("bash"))
            self.environment["BASH_COMPLETION_USER_DIR"] = str(self.dir / "completions")
            self.terminal = Terminal(
                ["/bin/bash", "--norc", "--noprofile", "-i"], self.environment, self.dir / "work",
                f"""PS1=''; set -u; set +u; . {BASH_COMPLETION}
                bind 'set enable-bracketed-paste off'; bind '"\\C-t": insert-completions'""")
            self.addCleanup(self.terminal.close)
        return self.terminal.complete(line)

    def test_the_script_is_right_and_needs_nothing_else(self):
        path = self.dir / "script"
        path.write_text(self.script("bash"))
        done = subprocess.run(["bash", "--norc", "-euc", f". {path}; complete -p isinfetch"],
                              capture_output=True, text=True)
        self.assertEqual(done.stdout, "complete -F _isinfetch isinfetch\n", done.stderr)


class Zsh(Completion):
    """Through compsys, which finds the script in a folder of fpath."""

    def complete(self, line):
        if not hasattr(self, "terminal"):
            (self.dir / "functions").mkdir()
            (self.dir / "functions/_isinfetch").write_text(self.script("zsh"))
            self.terminal = Terminal(
                ["/usr/bin/zsh", "-f", "-i"], self.environment, self.dir / "work",
                f"""PS1='' PS2='' PROMPT_EOL_MARK=''; fpath=({self.dir}/functions $fpath)
                autoload -U compinit; compinit -u -D
                zstyle ':completion:all-matches:*' completer _all_matches _complete
                zstyle ':completion:all-matches:*' insert yes
                zle -C all-matches complete-word _generic; bindkey '^T' all-matches
                bindkey '^A' beginning-of-line; bindkey '^E' end-of-line""")
            self.addCleanup(self.terminal.close)
        return self.terminal.complete(line)

    def test_the_script_is_right(self):
        path = self.dir / "_isinfetch"
        path.write_text(self.script("zsh"))
        subprocess.run(["zsh", "-n", str(path)], check=True)


class Fish(Completion):
    def complete(self, line):
        script = self.dir / "isinfetch.fish"
        if not script.exists():
            script.write_text(self.script("fish"))
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
            env=self.environment, cwd=self.dir / "work", capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return [each.partition("\t")[0] for each in done.stdout.splitlines()]

    def test_the_script_is_right(self):
        path = self.dir / "isinfetch.fish"
        path.write_text(self.script("fish"))
        subprocess.run(["fish", "-n", str(path)], check=True)


class Scripts(ProgramTest):
    def test_every_shell_knows_every_option_of_every_command(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.call("completion", shell, config=False).out
            for command in self.commands():
                text = self.call(*command, "--help", config=False).out
                for option in re.findall(r"^  (?:-\w,)?(?:--)([\w-]+)", text, re.M):
                    pattern = rf"(--|-l ){re.escape(option)}\b"
                    self.assertRegex(script, pattern, f"{shell}: {' '.join(command)}")

    def commands(self):
        """Every command that --help lists, by the words of its call."""
        found, todo = [], [[]]
        while todo:
            command = todo.pop()
            found.append(command)
            text = self.call(*command, "--help", config=False).out
            _, _, list_ = text.partition("\nSubcommands:\n")
            todo += [command + [name] for name in re.findall(r"^  ([\w-]+)", list_, re.M)]
        return found

    def test_words_for_the_scripts_are_silent_about_mistakes(self):
        self.config.write_text("nonsense: [")
        result = self.call("completion", "words", "sources")
        self.assertEqual((result.status, result.out, result.err), (0, "", ""))


del Completion  # not to be run by itself

if __name__ == "__main__":
    unittest.main()
