/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What conditions say of one event: each operator on each type, missing values, lists, other fields, transformers. Every condition is
 * asked three times: plainly, by its program and through the index of all of them.
 */
#include "support/unit.h"

#include <errno.h>

#include "base/buf.h"
#include "event/derived.h"
#include "event/event_internal.h"
#include "rule/falco/compile.h"
#include "rule/falco/parse.h"
#include "rule/index/index.h"
#include "support/fake_event.h"
#include "support/ir_kit.h"

enum { VALUES_MAX = 4096 };

/* ---- the event */

static const struct np_value types[] = {
    {.kind = NP_VALUE_TEXT, .text = {"file", 4}},
    {.kind = NP_VALUE_TEXT, .text = {"ipv4", 4}},
};

static const struct np_value ends[] = {
    {.kind = NP_VALUE_ADDRESS, .text = {"10.1.2.3", 8}},
    {.kind = NP_VALUE_ADDRESS, .text = {"192.168.7.9", 11}},
};

static const struct np_value ancestors[] = {
    {.kind = NP_VALUE_TEXT, .text = {"sshd", 4}},
    {.kind = NP_VALUE_TEXT, .text = {"systemd", 7}},
};

static const struct np_value same_ancestors[] = {
    {.kind = NP_VALUE_TEXT, .text = {"sh", 2}},
    {.kind = NP_VALUE_TEXT, .text = {"sh", 2}},
};

static void set_value(struct np_value *values, struct np_field_set *fields, const char *name,
                      struct np_value value)
{
    np_field_id field = 0;
    assert_int_equal(np_field_intern(fields, np_span_of(name), &field), 0);
    assert_true(field < VALUES_MAX);
    values[field] = value;
}

static void fill(struct np_value *values, struct np_field_set *fields)
{
    struct np_value bytes = {.kind = NP_VALUE_TEXT,
                             .text = {"\x7f"
                                      "ELF\0\x01",
                                      6}};
    set_value(values, fields, "evt.type", text_value("openat"));
    set_value(values, fields, "evt.num", int_value(5, "5"));
    set_value(values, fields, "evt.rawres", int_value(-2, "-2"));
    set_value(values, fields, "evt.buffer", bytes);
    set_value(values, fields, "evt.is_open_write", bool_value(true));
    set_value(values, fields, "evt.rawarg.mode", int_value(420, "420"));
    set_value(values, fields, "evt.rawtime", int_value(1700000000, "1700000000"));
    set_value(values, fields, "proc.name", text_value("bash"));
    set_value(values, fields, "proc.pname", text_value("ba"));
    set_value(values, fields, "proc.exe", text_value("YmFzaA=="));
    set_value(values, fields, "proc.cwd", text_value("B?S*"));
    set_value(values, fields, "proc.cmdline", text_value("Bash -c \"Caf\303\251\""));
    set_value(values, fields, "proc.pid", int_value(42, "42"));
    set_value(values, fields, "proc.ppid", int_value(7, "7"));
    set_value(values, fields, "proc.aname", list_value(ancestors, 2));
    set_value(values, fields, "proc.aexe", list_value(same_ancestors, 2));
    set_value(values, fields, "proc.aname[2]", text_value("systemd"));
    set_value(values, fields, "fd.name", text_value("/etc/ssh//sshd_config"));
    set_value(values, fields, "fd.directory", text_value("/etc/ssh"));
    set_value(values, fields, "fd.sip", value_of_kind(NP_VALUE_ADDRESS, "10.1.2.3"));
    set_value(values, fields, "fd.snet", value_of_kind(NP_VALUE_ADDRESS, "10.1.2.3"));
    set_value(values, fields, "fd.net", list_value(ends, 2));
    set_value(values, fields, "fd.ip", list_value(ends, 2));
    set_value(values, fields, "fd.types", list_value(types, 2));
    set_value(values, fields, "user.name", text_value(""));
}

/* ---- the conditions */

static const struct row {
    const char *text;
    bool is_true;
} rows[] = {
    /* equality */
    {"proc.name = bash", true},
    {"proc.name == bash", true},
    {"proc.name = Bash", false},
    {"proc.name != bash", false},
    {"proc.name != sh", true},
    {"user.name = \"\"", true},
    {"user.name != \"\"", false},
    {"proc.name in (sh, bash, zsh)", true},
    {"proc.name in (sh, Bash, zsh)", false},
    {"proc.name in (a1, b2, c3, d4, e5, f6, bash)", true},
    {"proc.name in (a1, b2, c3, d4, e5, f6, BASH)", false},
    {"proc.name in ()", false},
    {"not proc.name in ()", true},
    {"proc.name in bash", true},
    {"proc.name intersects (sh, bash)", true},
    /* a missing value: false, and only an outer "not" makes it true */
    {"container.id = host", false},
    {"container.id != host", false},
    {"container.id exists", false},
    {"container.id in (host)", false},
    {"container.id contains h", false},
    {"container.id = \"\"", false},
    {"container.id < 5", false},
    {"container.id pmatch (/)", false},
    {"container.id regex .*", false},
    {"container.id glob *", false},
    {"container.id startswith \"\"", false},
    {"not container.id = host", true},
    {"not container.id != host", true},
    {"not container.id exists", true},
    {"container.id = val(proc.name)", false},
    {"container.id != val(proc.name)", false},
    {"proc.name != val(container.id)", false},
    {"tolower(container.id) != x", false},
    {"len(container.id) >= 0", false},
    {"thread.tid != 5", false},
    {"fd.sport exists", false},
    {"proc.name exists", true},
    {"user.name exists", true},
    {"fd.types exists", true},
    {"evt.is_open_write exists", true},
    /* parts of texts */
    {"proc.cmdline contains \"-c\"", true},
    {"proc.cmdline contains bash", false},
    {"proc.cmdline contains \"\"", true},
    {"proc.cmdline icontains bASH", true},
    {"proc.cmdline icontains CAF", true},
    {"proc.cmdline icontains \"CAF\303\211\"", false},
    {"proc.cmdline icontains \"CAF\303\251\"", true},
    {"proc.cmdline icontains \"\"", true},
    {"proc.cmdline startswith Bash", true},
    {"proc.cmdline startswith bash", false},
    {"proc.cmdline startswith \"\"", true},
    {"proc.name endswith ash", true},
    {"proc.name endswith xbash", false},
    {"user.name contains \"\"", true},
    {"user.name startswith a", false},
    {"evt.buffer bcontains 454c46", true},
    {"evt.buffer bcontains 454C4600", true},
    {"evt.buffer bcontains 454c47", false},
    {"evt.buffer bstartswith 7f45", true},
    {"evt.buffer bstartswith 45", false},
    {"evt.buffer contains ELF", true},
    {"evt.buffer endswith \"\\x00\\x01\"", true},
    /* shell patterns cross slashes */
    {"fd.name glob /etc/*config", true},
    {"fd.name glob *", true},
    {"user.name glob *", true},
    {"user.name glob ?", false},
    {"fd.name glob /etc", false},
    {"fd.name glob /e?c/*", true},
    {"fd.name glob \"/[d-f]tc/*\"", true},
    {"fd.name glob \"/[!d-f]tc/*\"", false},
    {"fd.name glob \"/[[:alpha:]]tc*\"", true},
    {"fd.name glob \"/\\\\e*\"", true},
    {"fd.name glob /ETC/*", false},
    {"fd.name iglob /ETC/*", true},
    {"proc.name iglob \"B[A-C]SH\"", true},
    /* regular expressions have to match all of the text */
    {"proc.name regex ba", false},
    {"proc.name regex \"ba.*\"", true},
    {"proc.name regex \"b|bash\"", true},
    {"proc.name regex \"b|ba\"", false},
    {"proc.name regex \"[[:lower:]]{4}\"", true},
    {"proc.name regex \"ba+*s?h\"", true},
    {"proc.name regex BASH", false},
    /* paths, part by part */
    {"fd.name pmatch (/etc)", true},
    {"fd.name pmatch (/etc/ssh/)", true},
    {"fd.name pmatch (/etc/ss)", false},
    {"fd.name pmatch (/etc/ssh/sshd_config)", true},
    {"fd.name pmatch (/etc/ssh/sshd_config/x)", false},
    {"fd.name pmatch (/e*/ssh)", true},
    {"fd.name pmatch (/*/sshd_config)", false},
    {"fd.name pmatch (/)", true},
    {"fd.name pmatch (/usr, /opt, /etc/s?h)", true},
    {"fd.name pmatch ()", false},
    /* numbers */
    {"evt.num = 5", true},
    {"evt.num = 0x5", true},
    {"evt.num = 05", true},
    {"evt.num != 5", false},
    {"evt.num != 6", true},
    {"evt.num > 4", true},
    {"evt.num > 5", false},
    {"evt.num >= 5", true},
    {"evt.num < 5", false},
    {"evt.num <= 5", true},
    {"evt.rawres < 0", true},
    {"evt.rawres = -2", true},
    {"evt.rawres >= -2", true},
    {"evt.num in (1, 5)", true},
    {"evt.rawtime > 1699999999", true},
    {"evt.rawarg.mode = 420", true},
    {"evt.rawarg.mode = 0x1a4", true},
    {"evt.rawarg.mode > 99", true},
    /* texts in the order of bytes */
    {"proc.pname > 5", true},
    {"proc.pname < 5", false},
    {"proc.aname[2] >= 5", true},
    {"user.name < 5", true},
    {"proc.name <= val(proc.pname)", false},
    {"proc.name > val(proc.pname)", true},
    /* booleans */
    {"evt.is_open_write = true", true},
    {"evt.is_open_write = false", false},
    {"evt.is_open_write != false", true},
    {"evt.is_open_write in (true)", true},
    /* addresses */
    {"fd.sip = 10.1.2.3", true},
    {"fd.sip != 10.1.2.3", false},
    {"fd.sip = \"::ffff:10.1.2.3\"", true},
    {"fd.sip in (\"10.1.2.3\", \"::1\")", true},
    {"fd.snet = \"10.0.0.0/8\"", true},
    {"fd.snet in (\"10.0.0.0/8\", \"192.168.0.0/16\")", true},
    {"fd.snet != \"10.0.0.0/8\"", false},
    {"fd.net = \"192.168.0.0/16\"", true},
    {"fd.net != \"172.16.0.0/12\"", true},
    {"fd.net != \"192.168.0.0/16\"", false},
    {"fd.ip = 192.168.7.9", true},
    /* lists: "in" asks for all of them, "intersects" for one */
    {"fd.types in (file, ipv4, ipv6)", true},
    {"fd.types in (file)", false},
    {"fd.types in ()", false},
    {"fd.types intersects (ipv4)", true},
    {"fd.types intersects (ipv6)", false},
    {"fd.types in val(fd.types)", true},
    {"fd.types intersects val(fd.types)", true},
    /* all ancestors: each is asked */
    {"proc.aname = systemd", true},
    {"proc.aname = bash", false},
    {"proc.aname != systemd", true},
    {"proc.aexe != sh", false},
    {"proc.aexe != bash", true},
    {"proc.aname in (systemd, init)", true},
    {"proc.aname contains ste", true},
    /* modifiers */
    {"proc.name startswith oneof (ba, sh)", true},
    {"proc.name startswith oneof (b, ba)", false},
    {"proc.name startswith oneof (b, x, ba, y)", false},
    {"proc.name = oneof (bash, bash)", false},
    {"proc.name startswith anyof (b, ba)", true},
    {"proc.name startswith anyof (sh, zsh)", false},
    {"proc.name contains allof (ba, sh)", true},
    {"proc.name contains allof (ba, zsh)", false},
    {"proc.name != oneof (bash, bash, sh)", true},
    {"proc.name != oneof (sh, zsh)", false},
    {"proc.name != anyof (bash, sh)", true},
    {"proc.name != anyof (bash)", false},
    {"proc.name != allof (sh, zsh)", true},
    {"proc.name != allof (sh, bash)", false},
    {"proc.name = anyof ()", false},
    {"proc.name != allof ()", false},
    {"proc.name regex anyof (\"z.*\", \"b.*\")", true},
    /* another field */
    {"proc.name startswith val(proc.pname)", true},
    {"proc.name contains val(proc.pname)", true},
    {"proc.name endswith val(proc.pname)", false},
    {"proc.name icontains val(proc.pname)", true},
    {"proc.name = val(proc.pname)", false},
    {"proc.name != val(proc.pname)", true},
    {"proc.name iglob val(proc.cwd)", true},
    {"proc.name glob val(proc.cwd)", false},
    {"proc.pid > val(proc.ppid)", true},
    {"proc.pid <= val(proc.ppid)", false},
    {"proc.pid = val(proc.pid)", true},
    {"fd.name in val(fd.name)", true},
    {"proc.name = basename(proc.name)", true},
    /* transformers */
    {"toupper(proc.name) = BASH", true},
    {"tolower(proc.cmdline) startswith bash", true},
    {"b64(proc.exe) = bash", true},
    {"b64(proc.name) exists", true},
    {"b64(proc.cmdline) exists", false},
    {"b64(evt.buffer) exists", false},
    {"toupper(b64(proc.exe)) = BASH", true},
    {"basename(fd.name) = sshd_config", true},
    {"basename(proc.name) = bash", true},
    {"len(proc.name) = 4", true},
    {"len(evt.buffer) = 6", true},
    {"len(fd.types) = 2", true},
    {"len(user.name) = 0", true},
    {"toupper(fd.types) intersects (FILE)", true},
    {"len(tolower(proc.name)) > 3", true},
    {"join(\"-\", (proc.name, \"x\", 5)) = bash-x-5", true},
    {"join(\"-\", fd.types) = file-ipv4", true},
    {"join(proc.pname, (\"x\", \"y\")) = xbay", true},
    {"join(\",\", ()) = \"\"", true},
    {"join(\",\", (\"a\")) = a", true},
    {"join(\",\", (container.id)) exists", false},
    {"concat(fd.directory, \"/\", proc.name) = /etc/ssh/bash", true},
    {"toupper(concat(\"a\", \"b\")) = AB", true},
    {"getopt((\"-n\", \"\"), \"n\") intersects (n)", true},
    {"getopt((\"-t\", \"hello\"), \"t:\") intersects (hello)", true},
    {"getopt((\"-nt\", \"hello\"), \"nt:\") in (n, t, hello)", true},
    {"getopt((\"-thello\"), \"t:\") in (t, hello)", true},
    {"getopt((\"-n\", \"--\", \"-t\"), \"nt:\") intersects (t)", false},
    {"getopt((\"-x\", \"-n\"), \"n\") in (n)", true},
    {"getopt((\"a\", \"-\", \"-n\", \"b\"), \"n\") in (n)", true},
    {"getopt((\"-t\"), \"t:\") intersects (\"\")", true},
    {"getopt((\"-n\"), \"\") intersects (n)", false},
    {"getopt((\"-lpe\", \"/bin/sh\"), \"lpe:\") intersects (/bin/sh)", true},
    {"getopt((\"-t\", \"-123\"), \"t:\")[1] = -123", true},
    {"getopt((\"-n\"), \"n\")[0] = n", true},
    {"getopt((\"-n\"), \"n\")[1] exists", false},
    {"getopt(fd.types, \"n\") intersects (n)", false},
    /* neighbours that ask one field */
    {"proc.name = a or proc.name startswith ba or proc.name regex x or fd.name = y", true},
    {"proc.name = a or proc.name startswith x or fd.name = y or proc.name = z", false},
    {"not proc.name = a and not proc.name startswith ba", false},
    {"not proc.name = a and not proc.name startswith x and not fd.name = y", true},
    {"not container.id = a and not container.id startswith x", true},
    {"container.id = a or container.id startswith x or container.id != y", false},
    {"fd.types in (file) or fd.types intersects (ipv6) or fd.types intersects (file)", true},
    {"fd.types in (file) or fd.types intersects (ipv6)", false},
    {"evt.num = 4 or evt.num = 5", true},
    {"evt.num < 4 or evt.num = 4 or evt.num > 5", false},
    /* together */
    {"evt.type in (open, openat) and proc.name = bash and not container.id != host", true},
    {"evt.type in (open, openat) and (proc.name = sh or fd.name startswith /etc)", true},
    {"evt.type in (connect) or not (proc.name = bash and fd.name startswith /usr)", true},
};

struct fixture {
    struct ir_kit kit;
    struct np_field_set *fields; /* the kit's */
    struct np_value values[VALUES_MAX];
    uint8_t groups[VALUES_MAX];
    struct np_arena arena; /* of trees, and what is derived */
    struct fake_event fake;
};

static void begin(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    ir_kit_init(&fixture->kit);
    np_arena_init(&fixture->arena, SIZE_MAX);
    fixture->fields = fixture->kit.set.field_names;
    fake_event_init(&fixture->fake);
}

static void end(struct fixture *fixture)
{
    ir_kit_done(&fixture->kit);
    np_arena_done(&fixture->arena);
}

static int compile(struct fixture *fixture, enum np_falco_source source, const char *text,
                   struct np_falco_compiled *out_compiled, struct np_falco_fault *out_fault)
{
    struct np_falco_node *tree = NULL;
    struct np_falco_target target = {&fixture->kit.set.ir, fixture->fields, source, NULL, NULL};
    if (np_falco_parse(&fixture->arena, np_span_of(text), &tree, out_fault) < 0)
        fail_msg("%s: %s", text, out_fault->err.msg);
    return np_falco_compile(&target, tree, out_compiled, out_fault);
}

/* An event whose values are those of fill() and whose derived fields are computed when they are asked for. */
static struct np_event *make_event(struct fixture *fixture)
{
    size_t count = 0;
    const struct np_derived *derived = np_field_derived(fixture->fields, &count);
    for (size_t i = 0; i < count; i++)
        fixture->groups[derived[i].field] = NP_GROUP_DERIVED;
    struct np_event *event = &fixture->fake.event;
    event->values = fixture->values;
    event->group_of = fixture->groups;
    event->pending = UINT64_C(1) << (NP_GROUP_DERIVED - 1);
    event->fields = fixture->fields;
    event->arena = &fixture->arena;
    return event;
}

static void add_rule(struct fixture *fixture, const char *text)
{
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    if (compile(fixture, NP_FALCO_SYSCALL, text, &compiled, &fault) < 0)
        fail_msg("%s: %s", text, fault.err.msg);
    struct np_rule rule = {
        .product = "", .category = "", .service = "", .condition = compiled.expr};
    assert_int_equal(np_vec_push(&fixture->kit.set.rules, rule, NP_RULES_MAX), 0);
    np_falco_compiled_done(&compiled);
}

static bool is_among(uint32_t rule, const uint32_t *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i] == rule)
            return true;
    return false;
}

static void answers_conditions(void **state)
{
    (void) state;
    static struct fixture fixture;
    begin(&fixture);
    fill(fixture.values, fixture.fields);
    for (size_t i = 0; i < NP_ARRAY_LEN(rows); i++)
        add_rule(&fixture, rows[i].text);
    struct np_event *event = make_event(&fixture);
    struct np_matcher *matcher = NULL;
    const uint32_t *found = NULL;
    assert_int_equal(np_rule_index_new(&fixture.kit.set.index, &fixture.kit.set), 0);
    assert_int_equal(np_matcher_new(&matcher, &fixture.kit.set), 0);
    for (int plainly = 0; plainly < 2; plainly++) {
        size_t count = plainly ? np_matcher_run_plain(matcher, event, &found)
                               : np_matcher_run(matcher, event, &found);
        for (uint32_t i = 0; i < NP_ARRAY_LEN(rows); i++)
            if (is_among(i, found, count) != rows[i].is_true)
                fail_msg("%s%s", rows[i].text, plainly ? " (plainly)" : "");
    }
    assert_int_equal(event->flags, 0);
    np_matcher_free(&matcher);
    end(&fixture);
}

static const struct {
    const char *text;
    size_t offset;
    enum np_falco_fault_kind kind;
    const char *message;
} mistakes[] = {
    {"proc.nam = a", 0, NP_FALCO_FAULT_FIELD, "no field 'proc.nam'"},
    {"a.b = c and proc.name = d", 0, NP_FALCO_FAULT_FIELD, "no field 'a.b'"},
    {"evt.num = a", 10, NP_FALCO_FAULT_VALUE, "'a' is no number"},
    {"evt.num contains 5", 0, NP_FALCO_FAULT_VALUE, "'contains' does not take a number"},
    {"evt.is_open_write = yes", 20, NP_FALCO_FAULT_VALUE, "no true or false"},
    {"evt.is_open_write > 0", 0, NP_FALCO_FAULT_VALUE, "'>' does not take a boolean"},
    {"fd.sip = 10.0.0.0/8", 9, NP_FALCO_FAULT_VALUE, "no address; fields like fd.net"},
    {"fd.sip = a.example", 9, NP_FALCO_FAULT_VALUE, "no address"},
    {"fd.sip contains 10", 0, NP_FALCO_FAULT_VALUE, "does not take a address"},
    {"fd.types = file", 0, NP_FALCO_FAULT_VALUE, "does not take a list of text"},
    {"proc.name bcontains 41", 0, NP_FALCO_FAULT_VALUE, "'bcontains' does not take a text"},
    {"evt.buffer bcontains 414", 21, NP_FALCO_FAULT_VALUE, "no row of bytes"},
    {"evt.buffer bcontains zz", 21, NP_FALCO_FAULT_VALUE, "no row of bytes"},
    {"proc.name regex \"a(?=b)\"", 16, NP_FALCO_FAULT_VALUE, "'(?'"},
    {"proc.name regex \"\\\\d\"", 16, NP_FALCO_FAULT_VALUE, "escape"},
    {"proc.name regex \"a)(b\"", 16, NP_FALCO_FAULT_VALUE, "')' without '('"},
    {"proc.name regex \"[a\"", 16, NP_FALCO_FAULT_VALUE, "'[' without ']'"},
    {"proc.name regex *", 16, NP_FALCO_FAULT_VALUE, ""},
    {"proc.name regex val(proc.pname)", 20, NP_FALCO_FAULT_VALUE, "no field can stand"},
    {"fd.name pmatch val(fd.name)", 19, NP_FALCO_FAULT_VALUE, "no field can stand"},
    {"fd.net = val(fd.sip)", 13, NP_FALCO_FAULT_VALUE, "no field can stand"},
    {"proc.name = val(proc.pid)", 16, NP_FALCO_FAULT_VALUE, "a text is compared with a number"},
    {"tolower(proc.pid) = 5", 8, NP_FALCO_FAULT_VALUE, "tolower() does not take a number"},
    {"tolower(\"a\") = a", 8, NP_FALCO_FAULT_VALUE, "a field or another transformer"},
    {"tolower(proc.name, proc.name) = a", 0, NP_FALCO_FAULT_VALUE, "2 arguments"},
    {"join(\"-\") = a", 0, NP_FALCO_FAULT_VALUE, "1 arguments"},
    {"join((\"a\"), (\"b\")) = a", 5, NP_FALCO_FAULT_VALUE, "takes no list"},
    {"join(\"a\", \"b\") = a", 10, NP_FALCO_FAULT_VALUE, "takes a list"},
    {"join(fd.types, (\"b\")) = a", 5, NP_FALCO_FAULT_VALUE, "takes no list"},
    {"concat(\"a\") = a", 0, NP_FALCO_FAULT_VALUE, "1 arguments"},
    {"concat(fd.types, \"a\") = a", 7, NP_FALCO_FAULT_VALUE, "takes no list"},
    {"getopt(\"a\", \"n\") intersects (n)", 7, NP_FALCO_FAULT_VALUE, "takes a list"},
    {"getopt((\"a\"), (\"n\")) intersects (n)", 14, NP_FALCO_FAULT_VALUE, "takes no list"},
    {"getopt((\"a\"), \"n\") = n", 0, NP_FALCO_FAULT_VALUE, "list of text"},
    {"len(proc.name)[0] = 1", 0, NP_FALCO_FAULT_VALUE, "no list"},
    {"some_macro", 0, NP_FALCO_FAULT_MACRO, "'some_macro' is not defined"},
};

static void refuses_what_does_not_fit(void **state)
{
    (void) state;
    static struct fixture fixture;
    begin(&fixture);
    for (size_t i = 0; i < NP_ARRAY_LEN(mistakes); i++) {
        struct np_falco_compiled compiled;
        struct np_falco_fault fault = {};
        int r = compile(&fixture, NP_FALCO_SYSCALL, mistakes[i].text, &compiled, &fault);
        if (r != -EINVAL || fault.kind != mistakes[i].kind || fault.offset != mistakes[i].offset ||
            strstr(fault.err.msg, mistakes[i].message) == NULL)
            fail_msg("%s: %d, kind %d, at %zu: %s", mistakes[i].text, r, (int) fault.kind,
                     fault.offset, fault.err.msg);
    }
    end(&fixture);
}

static void tells_whether_event_types_are_named(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool pins;
    } conditions[] = {
        {"evt.type = open", true},
        {"evt.type in (open, openat) and proc.name = a", true},
        {"evt.type = open or proc.name = a", false},
        {"evt.type = open or evt.type = close", true},
        {"evt.type != open", false},
        {"not evt.type != open", true},
        {"not (evt.type != open and proc.name = a)", false},
        {"not (evt.type != open or proc.name = a)", true},
        {"not evt.type = open", false},
        {"evt.type exists", false},
        {"evt.type contains open", false},
        {"proc.name = a", false},
    };
    static struct fixture fixture;
    begin(&fixture);
    for (size_t i = 0; i < NP_ARRAY_LEN(conditions); i++) {
        struct np_falco_compiled compiled;
        struct np_falco_fault fault = {};
        assert_int_equal(compile(&fixture, NP_FALCO_SYSCALL, conditions[i].text, &compiled, &fault),
                         0);
        if (compiled.pins_event_type != conditions[i].pins)
            fail_msg("%s", conditions[i].text);
        np_falco_compiled_done(&compiled);
    }
    end(&fixture);
}

static void lists_each_field_once(void **state)
{
    (void) state;
    static struct fixture fixture;
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    begin(&fixture);
    assert_int_equal(compile(&fixture, NP_FALCO_SYSCALL,
                             "proc.name = a or len(fd.name) > 1 or proc.name != val(proc.pname)",
                             &compiled, &fault),
                     0);
    assert_int_equal(compiled.fields.len, 3);
    assert_span_equal(np_field_name(fixture.fields, compiled.fields.items[0]), "proc.name");
    assert_span_equal(np_field_name(fixture.fields, compiled.fields.items[1]), "fd.name");
    assert_span_equal(np_field_name(fixture.fields, compiled.fields.items[2]), "proc.pname");
    np_falco_compiled_done(&compiled);
    end(&fixture);
}

/* ---- macros */

struct macro {
    const char *name;
    const struct np_falco_node *tree;
};

static const struct np_falco_node *find_macro(void *context, struct np_span name)
{
    const struct macro *macro = context;
    return np_span_is(name, macro->name) ? macro->tree : NULL;
}

static struct np_falco_node *parse(struct fixture *fixture, const char *text)
{
    struct np_falco_node *tree = NULL;
    struct np_falco_fault fault = {};
    assert_int_equal(np_falco_parse(&fixture->arena, np_span_of(text), &tree, &fault), 0);
    return tree;
}

static void writes_macros_out(void **state)
{
    (void) state;
    static struct fixture fixture;
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    begin(&fixture);
    struct np_falco_target target = {&fixture.kit.set.ir, fixture.fields, NP_FALCO_SYSCALL, NULL,
                                     NULL};
    struct macro macro = {"opens", parse(&fixture, "evt.type in (open, openat)")};
    struct np_falco_node *tree = parse(&fixture, "opens and not opens");
    assert_int_equal(np_falco_resolve(tree, find_macro, &macro, &fault), 0);
    assert_int_equal(np_falco_compile(&target, tree, &compiled, &fault), 0);
    assert_true(compiled.pins_event_type);
    assert_int_equal(fixture.kit.set.ir.preds.len, 1);
    np_falco_compiled_done(&compiled);
    end(&fixture);
}

static void names_the_macro_that_is_wrong(void **state)
{
    (void) state;
    static struct fixture fixture;
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    begin(&fixture);
    struct np_falco_target target = {&fixture.kit.set.ir, fixture.fields, NP_FALCO_SYSCALL, NULL,
                                     NULL};
    struct macro macro = {"wrong", parse(&fixture, "proc.name = a and a.b = c")};
    struct np_falco_node *tree = parse(&fixture, "evt.num = 1 and wrong");
    assert_int_equal(np_falco_resolve(tree, find_macro, &macro, &fault), 0);
    assert_int_equal(np_falco_compile(&target, tree, &compiled, &fault), -EINVAL);
    assert_span_equal(fault.macro, "wrong");
    assert_int_equal(fault.offset, 18);
    end(&fixture);
}

static void limits_what_macros_become(void **state)
{
    (void) state;
    static struct fixture fixture;
    struct np_falco_compiled compiled;
    struct np_falco_fault fault = {};
    begin(&fixture);
    struct np_falco_target target = {&fixture.kit.set.ir, fixture.fields, NP_FALCO_SYSCALL, NULL,
                                     NULL};
    struct macro macro = {"m", parse(&fixture, "evt.num = 1")};
    for (int i = 0; i < 40; i++) {
        struct np_falco_node *twice = parse(&fixture, "(m or evt.num = 2) and m");
        assert_int_equal(np_falco_resolve(twice, find_macro, &macro, &fault), 0);
        macro.tree = twice;
    }
    assert_int_equal(np_falco_compile(&target, macro.tree, &compiled, &fault), -E2BIG);
    assert_int_equal(fault.kind, NP_FALCO_FAULT_SIZE);
    end(&fixture);
}

static void gives_fields_of_terms(void **state)
{
    (void) state;
    static struct fixture fixture;
    struct np_falco_term term;
    struct np_falco_fault fault = {};
    np_field_id field = 0;
    enum np_falco_type type = NP_FALCO_STRING;
    size_t used = 0;
    begin(&fixture);
    struct np_falco_target target = {&fixture.kit.set.ir, fixture.fields, NP_FALCO_SYSCALL, NULL,
                                     NULL};
    assert_int_equal(
        np_falco_parse_term(&fixture.arena, NP_SPAN("len(proc.name)!"), &term, &used, &fault), 0);
    assert_int_equal(np_falco_compile_term(&target, &term, &field, &type, &fault), 0);
    assert_span_equal(np_field_name(fixture.fields, field), "len(proc.name)");
    assert_int_equal(type, NP_FALCO_NUMBER);
    np_field_id again = 0;
    assert_int_equal(np_falco_compile_term(&target, &term, &again, &type, &fault), 0);
    assert_int_equal(again, field);
    assert_int_equal(np_falco_parse_term(&fixture.arena, NP_SPAN("no.field"), &term, &used, &fault),
                     0);
    assert_int_equal(np_falco_compile_term(&target, &term, &field, &type, &fault), -EINVAL);
    assert_int_equal(fault.kind, NP_FALCO_FAULT_FIELD);
    end(&fixture);
}

/* ---- memory */

#ifdef NP_FAULT_INJECTION
static void survives_where_memory_is_out(void **state)
{
    (void) state;
    static struct fixture fixture;
    begin(&fixture);
    struct np_falco_target target = {&fixture.kit.set.ir, fixture.fields, NP_FALCO_SYSCALL, NULL,
                                     NULL};
    struct np_falco_node *tree = parse(
        &fixture, "proc.name startswith oneof (a, b) and toupper(proc.name) regex \"a.*\" and "
                  "join(\"-\", (fd.name, fd.name)) icontains A or not fd.name glob \"[a]\"");
    int r = -ENOMEM;
    for (long n = 0; r != 0; n++) {
        struct np_falco_compiled compiled = {.expr = 77};
        struct np_falco_fault fault = {};
        np_alloc_fail_at(n);
        r = np_falco_compile(&target, tree, &compiled, &fault);
        np_alloc_fail_at(-1);
        assert_true(r == 0 || r == -ENOMEM);
        if (r < 0)
            assert_int_equal(compiled.expr, 77);
        else
            np_falco_compiled_done(&compiled);
    }
    end(&fixture);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_conditions),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(tells_whether_event_types_are_named),
        cmocka_unit_test(lists_each_field_once),
        cmocka_unit_test(writes_macros_out),
        cmocka_unit_test(names_the_macro_that_is_wrong),
        cmocka_unit_test(limits_what_macros_become),
        cmocka_unit_test(gives_fields_of_terms),
#ifdef NP_FAULT_INJECTION
        cmocka_unit_test(survives_where_memory_is_out),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
