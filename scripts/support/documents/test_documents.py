"""What reads and compares pages, by example."""
import unittest

from comparing import differs
from keys import parse
from links import LINK, anchors
from pages import PageError, blocks, without_blocks
from sessions import commands, steps


class PageTests(unittest.TestCase):
    def test_a_block_has_its_place_words_and_text(self):
        (block,) = blocks("p.md", "a\n\n```sh skip=\"too long\"\nls\n```\n")
        self.assertEqual((block.place, block.words, block.text), ("p.md:3", {"skip": "too long"}, "ls\n"))
        self.assertFalse(block.runs)

    def test_hidden_blocks_run(self):
        first, second = blocks("p.md", "<!-- sh background=a\nls\n-->\n<!-- sh -->\n")
        self.assertTrue(first.hidden and first.runs and second.runs)
        self.assertEqual((first.text, second.text), ("ls\n", ""))

    def test_indentation_of_the_fence_is_taken_off(self):
        (block,) = blocks("p.md", "- a\n\n  ```sh\n  if x\n    y\n  ```\n")
        self.assertEqual(block.text, "if x\n  y\n")

    def test_what_can_not_be_understood_is_refused(self):
        for text in ("```\nls\n```", "```bash\nls\n```", "```sh skip\nls\n```", "```sh often\nls\n```", "```sh\nls",
                     "```text exit=1\n```", "<!-- sh skip=\"x\"\n-->"):
            with self.assertRaises(PageError, msg=text):
                blocks("p.md", text)

    def test_output_belongs_to_the_block_before_it(self):
        plan = steps(blocks("p.md", "```sh\nls\n```\n```text output\nx\n```\n```text output\ny\n```\n"))
        self.assertEqual([(kind, expected) for _, kind, _, expected in plan], [("run", "x\n")])
        self.assertEqual([kind for _, kind, _, _ in steps(blocks("p.md", "```text output\nx\n```\n"))], ["lost"])

    def test_a_console_has_commands_and_what_they_print(self):
        (block,) = blocks("p.md", "```console\n$ a \\\n  b\nx\ny\n$ c\n```\n")
        self.assertEqual(commands(block), [("a \\\n  b", "x\ny"), ("c", "")])


class ComparingTests(unittest.TestCase):
    def test_sizes_times_and_large_numbers_are_any(self):
        shown = "1 segment, 180.0 KiB, room for 70.0 GiB, 0.018 s, port 10085, 2026-11-26T17:49:14Z"
        printed = "1 segment, 3 MiB, room for 7,000 B, 12 ms, port 33333, 2027-01-01T00:00:00.123Z"
        self.assertIsNone(differs(shown, printed))

    def test_words_and_small_numbers_are_exact(self):
        for shown, printed in (("25 events", "26 events"), ("running", "away"), ("a\nb", "a"), ("a", "a\nb"),
                               ('{"a":1}', '{"a":2}'), ("a…c", "ab")):
            self.assertIsNotNone(differs(shown, printed), shown)

    def test_dots_stand_for_anything(self):
        self.assertIsNone(differs("a\n…\nid …, 3", "a\nb\nc\nid 7f, 3"))
        self.assertIsNone(differs("a\n…", "a\nb"))
        self.assertIsNone(differs("…\nb", "a\nb"))


class KeyTests(unittest.TestCase):
    def test_a_key_is_taken_apart(self):
        entry = "\n  {}\n      {}\n      It means this.\n"
        text = (entry.format("A_B", "integer (bytes); from 1 to 2; default 1") + entry.format("CC", "text; no default; secret")
                + entry.format("DD", "path; required") + entry.format("EE", "text; default empty"))
        keys = parse(text, "ingest")
        a, c, d, e = keys.values()
        self.assertEqual((a.type, a.unit, a.allowed, a.default, a.meaning),
                         ("integer", "bytes", "from 1 to 2", "1", "It means this."))
        self.assertEqual((c.secret, c.default, d.required, e.default), (True, None, True, ""))

    def test_what_can_not_be_taken_apart_is_an_error(self):
        for text in ("", "\n  A_B\n      text; perhaps\n      It.\n", "\n  A_B\n\n"):
            with self.assertRaises(ValueError):
                parse(text, "ingest")


class LinkTests(unittest.TestCase):
    def test_anchors_are_those_of_the_headings(self):
        text = "# A `b`: c!\n## A b c\n```sh\n# no\n```\n## x — y\n"
        self.assertEqual(list(anchors(text)), ["a-b-c", "a-b-c-1", "x--y"])

    def test_links_are_found(self):
        self.assertEqual(LINK.findall("[a](b.md#c) and [![i](x.png)](y)"), ["b.md#c", "y"])

    def test_blocks_are_blanked_line_by_line(self):
        self.assertEqual(without_blocks("a\n```sh\nb\n```\nc").count("\n"), 4)


if __name__ == "__main__":
    unittest.main()
