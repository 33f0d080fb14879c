/* SPDX-License-Identifier: Apache-2.0 */
/* The command table: see command.h. */
#include "cli/command.h"

#include <string.h>

#include "base/suggest.h"

#define OPTION_HELP                                                                                \
    {                                                                                              \
        NP_OPT_HELP, "help", 'h', NULL, false, "show this help"                                    \
    }
#define OPTION_RULES                                                                               \
    {                                                                                              \
        NP_OPT_RULES, "rules", 'r', "RULES", true,                                                 \
            "a rule file, or a folder of .yml and .yaml files"                                     \
    }
#define OPTION_VALUES                                                                              \
    {                                                                                              \
        NP_OPT_VALUES, "values", 0, "FILE", false,                                                 \
            "lists of values for the placeholders of rules with 'expand': YAML, name: [value, ..]" \
    }
#define OPTION_NO_DEFAULT_RULES                                                                    \
    {                                                                                              \
        NP_OPT_NO_DEFAULT_RULES, "no-default-rules", 0, NULL, false,                               \
            "use only the rules given with -r"                                                     \
    }
#define OPTION_AS                                                                                  \
    {                                                                                              \
        NP_OPT_AS, "as", 0, "product=P,category=C,service=S", false,                               \
            "read any JSON object as an event of this log source"                                  \
    }
#define OPTION_CONFIG                                                                              \
    {                                                                                              \
        NP_OPT_CONFIG, "config", 'c', "CONFIG", false,                                             \
            "a configuration file: accounts, endpoints, lateness, exclude_rules"                   \
    }
#define OPTION_OUTPUT                                                                              \
    {                                                                                              \
        NP_OPT_OUTPUT, "output", 'o', "FORMAT[:FILE]", true,                                       \
            "table (default) or ndjson, to stdout or to FILE"                                      \
    }

static const struct np_option detect_options[] = {
    OPTION_RULES,
    OPTION_VALUES,
    OPTION_NO_DEFAULT_RULES,
    OPTION_AS,
    {NP_OPT_RULE_MATCHING, "rule-matching", 0, "first|all", false,
     "of Falco rules, let the first that matches an event speak (default), or all"},
    {NP_OPT_APPEND_FIELDS, "append-fields", 0, "FIELD,...", true,
     "fields that findings of Falco rules tell beside those of their outputs"},
    {NP_OPT_OUTPUT, "output", 'o', "FORMAT[:FILE|:URL]", true,
     "table (default), ndjson, csv, navigator or falco, to stdout or to FILE; falco also by POST "
     "to an http or https URL"},
    {NP_OPT_MIN_LEVEL, "min-level", 0, "LEVEL", false,
     "tell findings of this level and above: informational, low, medium, high, critical"},
    {NP_OPT_FAIL_ON, "fail-on", 0, "LEVEL", false,
     "exit with 1 where a finding has this level or a higher one"},
    {NP_OPT_SINCE, "since", 0, "TIME", false, "match events from this time on"},
    {NP_OPT_UNTIL, "until", 0, "TIME", false, "match events before this time"},
    {NP_OPT_ACCOUNT, "account", 0, "ID", true, "match events of this account"},
    {NP_OPT_REGION, "region", 0, "NAME", true, "match events of this region"},
    {NP_OPT_EXCLUDE_RULE, "exclude-rule", 0, "ID|TITLE", true, "leave out a rule"},
    OPTION_CONFIG,
    {NP_OPT_FINDINGS_ONLY, "findings-only", 0, NULL, false, "look for no incidents"},
    {NP_OPT_TZ, "tz", 0, "ZONE", false,
     "time zone of times in the table, e.g. Europe/Berlin (default UTC)"},
    {NP_OPT_THREADS, "threads", 0, "N", false,
     "threads that work, 0 as 1 (default: one for each processor, 8 at most)"},
    {NP_OPT_STRICT, "strict", 0, NULL, false,
     "exit with 2 where a rule is refused, with 3 where input is incomplete"},
    {NP_OPT_ALL, "all", 0, NULL, false, "a row for each finding instead of one for equal ones"},
    {NP_OPT_PROGRESS, "progress", 0, "auto|always|never", false,
     "progress line on stderr (auto: on a terminal)"},
    OPTION_HELP,
};

/* What decides which incidents there are, and how the run goes. */
#define OPTIONS_OF_HUNT                                                                            \
    OPTION_RULES, OPTION_VALUES, OPTION_NO_DEFAULT_RULES, OPTION_CONFIG, OPTION_AS,                \
        {NP_OPT_SINCE, "since", 0, "TIME", false, "match events from this time on"},               \
        {NP_OPT_UNTIL, "until", 0, "TIME", false, "match events before this time"},                \
        {NP_OPT_ACCOUNT, "account", 0, "ID", true, "match events of this account"},                \
        {NP_OPT_REGION, "region", 0, "NAME", true, "match events of this region"},                 \
        {NP_OPT_EXCLUDE_RULE, "exclude-rule", 0, "ID|TITLE", true, "leave out a rule"},            \
        {NP_OPT_TZ, "tz",  0,                                                                      \
         "ZONE",    false, "time zone of times in the table, e.g. Europe/Berlin (default UTC)"},   \
        {NP_OPT_THREADS,                                                                           \
         "threads",                                                                                \
         0,                                                                                        \
         "N",                                                                                      \
         false,                                                                                    \
         "threads that work, 0 as 1 (default: one for each processor, 8 at most)"},                \
    {                                                                                              \
        NP_OPT_PROGRESS, "progress", 0, "auto|always|never", false,                                \
            "progress line on stderr (auto: on a terminal)"                                        \
    }

static const struct np_option incidents_list_options[] = {
    OPTIONS_OF_HUNT,
    OPTION_OUTPUT,
    OPTION_HELP,
};

static const struct np_option incidents_show_options[] = {
    {NP_OPT_EVENTS, "events", 0, NULL, false,
     "list every event of it, with the place of its record"},
    {NP_OPT_EXPLAIN, "explain", 0, "[EVENT]", false,
     "say why this event is in it, or is not; without EVENT, why its credentials are one actor"},
    OPTIONS_OF_HUNT,
    OPTION_OUTPUT,
    OPTION_HELP,
};

static const struct np_option summarize_options[] = {
    {NP_OPT_SINCE, "since", 0, "TIME", false, "count events from this time on"},
    {NP_OPT_UNTIL, "until", 0, "TIME", false, "count events before this time"},
    {NP_OPT_ACCOUNT, "account", 0, "ID", true, "count events of this account"},
    {NP_OPT_REGION, "region", 0, "NAME", true, "count events of this region"},
    {NP_OPT_TZ, "tz", 0, "ZONE", false,
     "time zone of times in the table, e.g. Europe/Berlin (default UTC)"},
    OPTION_OUTPUT,
    OPTION_HELP,
};

static const struct np_option list_options[] = {
    OPTION_RULES,
    OPTION_VALUES,
    {NP_OPT_TAG, "tag", 0, "TAG", false,
     "rules with this tag, e.g. t1078 or attack.t1078.004; a technique includes its "
     "sub-techniques"},
    {NP_OPT_LEVEL, "level", 0, "LEVEL", false, "rules of this level"},
    {NP_OPT_MIN_LEVEL, "min-level", 0, "LEVEL", false, "rules of this level and above"},
    {NP_OPT_LOGSOURCE, "logsource", 0, "product=P,category=C,service=S", false,
     "rules of this log source, as far as it is named"},
    OPTION_OUTPUT,
    OPTION_HELP,
};

static const struct np_option lint_options[] = {
    OPTION_RULES,
    OPTION_VALUES,
    {NP_OPT_OUTPUT, "output", 'o', "FORMAT[:FILE]", true,
     "table (default), ndjson or sarif, to stdout or to FILE"},
    {NP_OPT_CODES, "codes", 0, NULL, false,
     "ndjson by default: each document with the codes of its problems, Falco's own for its rules"},
    OPTION_HELP,
};

static const struct np_option test_options[] = {
    OPTION_RULES,
    OPTION_VALUES,
    {NP_OPT_RULE, "rule", 0, "ID|TITLE", false, "test this rule alone"},
    {NP_OPT_OUTPUT, "output", 'o', "FORMAT[:FILE]", true,
     "table (default), ndjson, sarif or junit, to stdout or to FILE"},
    OPTION_HELP,
};

static const struct np_option bench_options[] = {
    OPTION_RULES, OPTION_VALUES, OPTION_NO_DEFAULT_RULES, OPTION_AS, OPTION_OUTPUT, OPTION_HELP,
};

static const struct np_option explain_options[] = {
    OPTION_RULES,
    OPTION_VALUES,
    OPTION_NO_DEFAULT_RULES,
    OPTION_AS,
    {NP_OPT_RULE, "rule", 0, "ID|TITLE", false, "the rule to explain"},
    {NP_OPT_EVENT, "event", 0, "ID|OBJECT:OFFSET", false,
     "the event to explain it on: its id, or the file and the byte where it begins"},
    OPTION_OUTPUT,
    OPTION_HELP,
};

static const struct np_option fields_options[] = {
    OPTION_RULES, OPTION_VALUES, OPTION_NO_DEFAULT_RULES, OPTION_AS, OPTION_OUTPUT, OPTION_HELP,
};

static const struct np_option config_options[] = {OPTION_CONFIG, OPTION_HELP};

static const struct np_option simulate_options[] = {
    {NP_OPT_OUTPUT, "output", 'o', "DIR|-", false, "a new folder to write into, or - for stdout"},
    {NP_OPT_SEED, "seed", 0, "N", false,
     "what chance decides; the same seed gives the same bytes (default 1)"},
    {NP_OPT_START, "start", 0, "TIME", false, "when it begins (default 2026-03-02T08:00:00Z)"},
    {NP_OPT_BACKGROUND, "background", 0, "N", false,
     "events of an ordinary day around the scenarios (default 0)"},
    {NP_OPT_ACCOUNTS, "accounts", 0, "N", false, "accounts of the organisation (default 3)"},
    {NP_OPT_LABELS, "labels", 0, "FILE", false,
     "write which events belong to which scenario and step, as NDJSON"},
    {NP_OPT_FORMAT, "format", 0, "trail|ndjson", false,
     "as CloudTrail writes it into S3 (default for a folder), or a record a line"},
    OPTION_HELP,
};

static const struct np_option help_options[] = {
    {NP_OPT_MAN, "man", 0, NULL, false, "print the manual page (roff)"},
    OPTION_HELP,
};

static const struct np_option plain_options[] = {OPTION_HELP};

static const struct np_command commands[] = {
    {
        .name = "detect",
        .operands = "INPUT...",
        .min_operands = 1,
        .summary = "find attackers in logs",
        .text = "Reads files, folders (recursively) and stdin (-), plain or packed with gzip or "
                "zstd, in time order, "
                "and matches every event with the rules, Sigma's and Falco's. The logs of AWS "
                "CloudTrail, Kubernetes, GCP and GitHub and captures of system calls (.scap) are "
                "recognised by their content; other JSON needs --as.\n\n"
                "Equal findings of one principal are folded into one row; the last lines say what "
                "was read, what was "
                "found and what could not be read.",
        .options = detect_options,
        .option_count = NP_ARRAY_LEN(detect_options),
        .run = np_cli_detect,
    },
    {
        .name = "incidents list",
        .operands = "INPUT...",
        .min_operands = 1,
        .summary = "list the incidents in logs",
        .text = "Reads INPUT as detect does, and lists one row for each incident: the story of one "
                "attacker, the worst first. The id may be cut where the rest tells it apart.",
        .options = incidents_list_options,
        .option_count = NP_ARRAY_LEN(incidents_list_options),
        .run = np_cli_incidents_list,
    },
    {
        .name = "incidents show",
        .operands = "ID INPUT...",
        .min_operands = 2,
        .summary = "show an incident whole, its events, and why they are in it",
        .text = "Reads INPUT as detect does, and shows the incident whose id begins with ID: every "
                "step of it, with --events every event, with the object and the byte where its "
                "record begins.\n\n"
                "--explain EVENT says why an event of INPUT is in the incident, or why it was left "
                "out. EVENT is the event's id. Without it, each join of two credentials is told "
                "with its reason and its event. Write --explain after ID, or with '='.",
        .options = incidents_show_options,
        .option_count = NP_ARRAY_LEN(incidents_show_options),
        .run = np_cli_incidents_show,
    },
    {
        .name = "summarize",
        .operands = "INPUT...",
        .min_operands = 1,
        .summary = "count what each principal did in logs",
        .text = "For each principal of CloudTrail events: its APIs with how often they were done "
                "and refused, its regions, addresses and agents, first and last event; the most "
                "active first. Needs no rules.",
        .options = summarize_options,
        .option_count = NP_ARRAY_LEN(summarize_options),
        .run = np_cli_summarize,
    },
    {
        .name = "rules list",
        .operands = "",
        .summary = "list the rules that detect would use",
        .text = "Lists the shipped rules and those given with -r, or those of them that all of "
                "--tag, --level, --min-level and --logsource ask for. The table has the behaviours "
                "(nepho.*) behind them, which are decided in code.",
        .options = list_options,
        .option_count = NP_ARRAY_LEN(list_options),
        .run = np_cli_rules_list,
    },
    {
        .name = "rules lint",
        .operands = "",
        .summary = "check rule files",
        .text = "Checks the rules given with -r, or the shipped ones, and names each problem with "
                "its place. Exits "
                "with 1 where a document is refused.",
        .options = lint_options,
        .option_count = NP_ARRAY_LEN(lint_options),
        .run = np_cli_rules_lint,
    },
    {
        .name = "rules test",
        .operands = "",
        .summary = "test rules on the records beside them",
        .text =
            "Of a rule file NAME.yml every record in NAME.hit.json must match, and no record in "
            "NAME.miss.json may (.ndjson likewise; any number of records, in any form that detect "
            "reads). Where a file has several rules, each record of the first must match one of "
            "them. Tests inside a rule count too: a list 'tests' of name, event (a mapping, or "
            "JSON as text) and match (true or false), also spelt Tests, Name, Log and "
            "ExpectedResult.\n\n"
            "A sample is taken to be of its rule's log source: a record of a known kind is read as "
            "what it is, any other JSON object as it stands, and the rule is asked in any case.\n\n"
            "Reads only the rules given with -r. A rule without a sample is counted as untested, "
            "which is no failure. Exits with 1 where a record does not come out as stated or a "
            "document is refused.",
        .options = test_options,
        .option_count = NP_ARRAY_LEN(test_options),
        .run = np_cli_rules_test,
    },
    {
        .name = "rules bench",
        .operands = "INPUT...",
        .min_operands = 1,
        .summary = "measure what each rule costs on your events",
        .text =
            "Evaluates each rule alone on the events of its log source in INPUT (at most 50,000 "
            "events and 64 MiB), several times, and shows the slowest first: the processor time "
            "for an event (the median), its share of the time of all rules, for how many events "
            "the index would have evaluated it, and how many it matches. Reading fields out of a "
            "record is shared by rules and not counted.\n\n"
            "Notes: 'every event' is a rule of which nothing tells beforehand where it may be "
            "true, so that detect evaluates it for every event of its log source; 'regex' needs "
            "regular expressions, 'keywords' looks at every text of a record; 'never' can be true "
            "of no event.",
        .options = bench_options,
        .option_count = NP_ARRAY_LEN(bench_options),
        .run = np_cli_rules_bench,
    },
    {
        .name = "rules explain",
        .operands = "[INPUT...]",
        .summary = "show why a rule does or does not match an event",
        .text =
            "Shows the rule's condition as a tree: whether each part is true, and what the event "
            "has in each field that is asked about. Where the rule does not match, the fewest "
            "tests that would have to come out otherwise are marked. Filters that are put onto "
            "the rule are shown behind it.\n\n"
            "Without --event it is the first event of INPUT that matches, or else the one that "
            "comes nearest.\n\n"
            "Of a behaviour (nepho.*), which no single record shows, it tells what it says, what "
            "is often behind it, and how to silence it; this needs no INPUT.",
        .options = explain_options,
        .option_count = NP_ARRAY_LEN(explain_options),
        .run = np_cli_rules_explain,
    },
    {
        .name = "rules fields",
        .operands = "INPUT...",
        .min_operands = 1,
        .summary = "show which fields of the rules occur in your events",
        .text =
            "For each field that a rule looks at: how many rules do, how many events of their log "
            "sources there are in INPUT, and how many of these have a value there. For a field "
            "that never occurs, names that do and may be meant. At the end the dead rules: those "
            "that cannot match any event that has only the fields seen.",
        .options = fields_options,
        .option_count = NP_ARRAY_LEN(fields_options),
        .run = np_cli_rules_fields,
    },
    {
        .name = "simulate",
        .operands = "SCENARIO...|list",
        .summary = "write the log of an attack, made up but labelled",
        .text = "Plays attacks, or the ordinary work that makes the same calls (their benign "
                "twins), in an organisation of several AWS accounts, and writes what CloudTrail "
                "would record of it: late, not quite in order, some of it twice. 'list' shows the "
                "scenarios.\n\n"
                "With --background the scenarios are embedded in so many events of ordinary days, "
                "each at a time of its own; without a SCENARIO there are only those. The labels "
                "say for each event of a scenario whether it is a step of an attack; events "
                "without a label are background.",
        .options = simulate_options,
        .option_count = NP_ARRAY_LEN(simulate_options),
        .run = np_cli_simulate,
    },
    {
        .name = "config check",
        .operands = "",
        .summary = "check a configuration file",
        .text = "Reads the configuration that -c names and the files that it names, and tells what "
                "is wrong with "
                "line and column.\n\n"
                "It is YAML; paths are relative to the file:\n\n"
                "accounts: ['111122223333'] says which accounts are yours; without it those that "
                "record are.\n\n"
                "endpoints: [endpoints.json] names outputs of 'aws ec2 describe-vpc-endpoints'.\n\n"
                "lateness: 15m says how much later than others an event may come and still be put "
                "into its place.\n\n"
                "exclude_rules: [ID or title] leaves out rules and behaviours.",
        .options = config_options,
        .option_count = NP_ARRAY_LEN(config_options),
        .run = np_cli_config_check,
    },
    {
        .name = "config show",
        .operands = "",
        .summary = "show the configuration that a run would have",
        .text = "Prints the configuration of a run with -c as YAML, defaults included and paths as "
                "they are opened.",
        .options = config_options,
        .option_count = NP_ARRAY_LEN(config_options),
        .run = np_cli_config_show,
    },
    {
        .name = "version",
        .operands = "",
        .summary = "print the version",
        .text = "Prints the version.",
        .options = plain_options,
        .option_count = NP_ARRAY_LEN(plain_options),
        .run = np_cli_version,
    },
    {
        .name = "help",
        .operands = "[COMMAND]",
        .summary = "explain a command",
        .text = "Explains a command, or lists them all.",
        .options = help_options,
        .option_count = NP_ARRAY_LEN(help_options),
        .run = np_cli_help,
    },
};

const struct np_command *np_commands(size_t *out_count)
{
    *out_count = NP_ARRAY_LEN(commands);
    return commands;
}

/* Whether the command's name is the first `words` arguments. */
static bool is_named(const struct np_command *command, char *const *argv, int words)
{
    const char *blank = strchr(command->name, ' ');
    size_t first = blank != NULL ? (size_t) (blank - command->name) : strlen(command->name);
    if (strlen(argv[0]) != first || strncmp(argv[0], command->name, first) != 0)
        return false;
    return blank == NULL ? words == 1 : words == 2 && strcmp(argv[1], blank + 1) == 0;
}

/* Explains a word that names no command. The candidates are first words, or the second words of a first one that is right. */
static const struct np_command *fail_unknown(int argc, char *const *argv, struct np_err *err)
{
    const char *candidates[NP_ARRAY_LEN(commands)];
    char firsts[NP_ARRAY_LEN(commands)][16];
    size_t seconds = 0;
    for (size_t i = 0; i < NP_ARRAY_LEN(commands); i++) {
        const char *blank = strchr(commands[i].name, ' ');
        size_t len = blank != NULL ? (size_t) (blank - commands[i].name) : strlen(commands[i].name);
        (void) snprintf(firsts[i], sizeof(firsts[i]), "%.*s", (int) len, commands[i].name);
        if (blank != NULL && strcmp(firsts[i], argv[0]) == 0)
            candidates[seconds++] = blank + 1;
    }
    if (seconds > 0 && argc < 2) {
        np_err_set(err, -EINVAL, "'%s' needs a second word, e.g. '%s %s'", argv[0], argv[0],
                   candidates[0]);
        return NULL;
    }
    const char *wrong = seconds > 0 ? argv[1] : argv[0];
    for (size_t i = 0; seconds == 0 && i < NP_ARRAY_LEN(commands); i++)
        candidates[i] = firsts[i];
    const char *near =
        np_suggest(np_span_of(wrong), candidates, seconds > 0 ? seconds : NP_ARRAY_LEN(commands));
    if (near != NULL)
        np_err_set(err, -EINVAL, "there is no command '%s'; did you mean '%s%s%s'?", wrong,
                   seconds > 0 ? argv[0] : "", seconds > 0 ? " " : "", near);
    else
        np_err_set(err, -EINVAL, "there is no command '%s'; 'nepho help' lists them", wrong);
    return NULL;
}

const struct np_command *np_command_find(int argc, char *const *argv, int *out_words,
                                         struct np_err *err)
{
    for (int words = NP_MIN(argc, 2); words > 0; words--)
        for (size_t i = 0; i < NP_ARRAY_LEN(commands); i++)
            if (is_named(&commands[i], argv, words)) {
                *out_words = words;
                return &commands[i];
            }
    return fail_unknown(argc, argv, err);
}
