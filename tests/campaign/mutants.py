"""Small changes of C++ source, one at a time, each such that a test ought to notice it.

The text alone is looked at, as clang-format leaves it: ` < ` compares, `<` opens a template's arguments.
Strings, characters and comments are left alone.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Mutant:
    line: int  # of its first line, from 1
    start: int  # in the text of the whole file
    end: int
    new: str
    before: str  # what stands on its lines, blanks as one, and what stands there then
    after: str


# What is written for what. The first group is what is replaced.
SWAPS = [
    (r" (<) ", "<="), (r" (<=) ", "<"), (r" (>) ", ">="), (r" (>=) ", ">"),
    (r" (==) ", "!="), (r" (!=) ", "=="), (r" (&&) ", "||"), (r" (\|\|) ", "&&"),
    (r" (\+) ", "-"), (r" (-) ", "+"), (r" (\+=) ", "-="), (r" (-=) ", "+="),
    (r"(\+\+)", "--"), (r"(?<!-)(--)(?!-)", "++"),
    (r"\b(true)\b", "false"), (r"\b(false)\b", "true"),
    (r"\bstd::(min)\b", "max"), (r"\bstd::(max)\b", "min"),
    (r"\b(all_of)\b", "any_of"), (r"\b(any_of)\b", "all_of"),
    (r"[(\s](!)(?=[\w(])", ""),
]
NUMBER = re.compile(r"(?<![\w.'])(\d[\d']*)(?![\w.'])")
LABEL = re.compile(r"^ +(case [\w:']+:)$", re.M)
# A statement that can go: it declares nothing, and something may be missing without it.
STATEMENT = re.compile(
    r"^(?P<indent> +)(?P<text>(?:(?:[\w:.\->\[\]*()+]+(?: (?:=|\+=|-=|\|=) |\())|(?:\+\+|--)[\w.]+|"
    r"return\b|break|continue|fail\()[^;{}]*?;)$", re.M)
WORDS_OF_DECLARATIONS = re.compile(r"^(using|namespace|static_assert|struct|class|enum|return \w+\{)\b")
DIRECTIVE = re.compile(r"^#.*$", re.M)
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(text):
    """The same length, with blanks for comments, directives and the insides of strings."""
    hide = lambda match: re.sub(r"[^\n]", " ", match.group())  # noqa: E731
    return DIRECTIVE.sub(hide, NOT_CODE.sub(hide, text))


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def make(text, start, end, new):
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", max(start, end - 1))
    return Mutant(text.count("\n", 0, start) + 1, start, end, new, squeeze(text[first:last]),
                  squeeze(text[first:start] + new + text[end:last]))


def closing(code, opening):
    """Where the parenthesis that opens at `opening` is closed."""
    depth = 0
    for place in range(opening, len(code)):
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        if depth == 0:
            return place
    raise ValueError("a parenthesis stays open")


def conditions(text, code):
    for match in re.finditer(r"\b(?:if|while) \(", code):
        opening = match.end() - 1
        inner = text[opening + 1:closing(code, opening)]
        head, sep, tail = inner.rpartition("; ")  # if (const auto x = f(); x)
        simple = not re.search(r"&&|\|\||[=!<>]=| [<>] ", code[opening:opening + len(inner)])
        declares = not sep and re.match(r"(const )?(auto|\w[\w:<>]*)[*&]? (const )?\w+ = ", inner)
        # Comparisons and what joins them are changed one by one; one `!` at the front is taken away.
        if simple and not declares and not tail.startswith("!"):
            yield make(text, opening + 1, opening + 1 + len(inner), f"{head}{sep}!({tail})")


def swaps(text, code):
    for pattern, new in SWAPS:
        for match in re.finditer(pattern, code):
            yield make(text, match.start(1), match.end(1), new)


def constants(text, code):
    for match in NUMBER.finditer(code):
        number = int(match.group(1).replace("'", ""))
        if not re.search(r"[\w>]$", code[:match.start()]):
            yield make(text, *match.span(1), str(number + 1))
            if number > 0:
                yield make(text, *match.span(1), str(number - 1))


def removals(text, code):
    for match in LABEL.finditer(code):
        yield make(text, *match.span(1), "")
    for match in STATEMENT.finditer(code):
        statement = match.group("text")
        is_last = re.match(r"\n(?: *\})*\n\}|\n\}", code[match.end():])
        ends_function = statement.startswith("return ") and (is_last or len(match.group("indent")) == 4)
        if not WORDS_OF_DECLARATIONS.match(statement) and not ends_function:
            yield make(text, *match.span("text"), ";")


def mutants_of(text):
    """All changes of one source file, from its top to its end."""
    code = blank(text)
    found = {}
    for kind in (conditions, swaps, constants, removals):
        for mutant in kind(text, code):
            found.setdefault((mutant.start, mutant.end, mutant.new), mutant)
    return sorted(found.values(), key=lambda mutant: (mutant.start, mutant.end, mutant.new))


def apply(text, mutant):
    return text[:mutant.start] + mutant.new + text[mutant.end:]


def bodies(text):
    """Where the bodies of functions begin and end, without their braces; those of classes' own are left out."""
    code = blank(text)
    for match in re.finditer(r"^}[ \t]*$", code, re.M):
        depth = 0
        for place in range(match.start(), -1, -1):
            depth += {"}": 1, "{": -1}.get(code[place], 0)
            if depth == 0:
                break
        head = code[max(code.rfind("\n}", 0, place), code.rfind(";\n", 0, place), 0):place]
        if "(" in head and "constexpr" not in head and not re.search(r"\bnamespace\b[^(]*$", head):
            yield place + 1, match.start()


def home_of(change, places):
    return next((place for place in places if place[0] <= change.start and change.end <= place[1]), None)


def switched(text, changes):
    """The text with each function once for each of its changes, {number: change}: `the_mutant` says which one runs."""
    places = list(bodies(text))
    for begin, end in reversed(places):
        body = text[begin:end]
        cases = ""
        for number, each in changes.items():
            if home_of(each, places) == (begin, end):
                changed = body[:each.start - begin] + each.new + body[each.end - begin:]
                cases += f'\n#line 1 "mutant-{number}"\ncase {number}: {{{changed}}} break;'
        if cases:
            text = f'{text[:begin]}switch (the_mutant) {{{cases}\n#line 1 "original"\ndefault: {{{body}}}}}{text[end:]}'
    return text
