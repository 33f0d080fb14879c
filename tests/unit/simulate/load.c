/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files into structures; each problem with its place; memory that runs out anywhere. */
#include "support/unit.h"

#include "base/alloc.h"
#include "base/compiler.h"
#include "base/time.h"
#include "simulate/scenario.h"

#define WORLD                                                                                      \
    "organization: 'o-${alnum 10}'\nregions: [us-east-1, eu-west-1]\n"                             \
    "other_regions: [ap-south-1]\n"                                                                \
    "pools:\n"                                                                                     \
    "  user: {is: user, count: 2, name: 'u${n}', team: '${self.name}-t'}\n"                        \
    "  admin: {is: role, name: admin}\n"                                                           \
    "  office: {is: place, of: organization, address: '${public}', agent: cli}\n"
#define CALLS                                                                                      \
    "source: iam.amazonaws.com\nhost: 'iam.${region}'\nregion: us-east-1\nversion: 1.05\n"         \
    "api: '2010-05-08'\nrefused_request: none\n"                                                   \
    "calls:\n"                                                                                     \
    "  ListUsers:\n"                                                                               \
    "  CreateUser2010_05_08v2:\n"                                                                  \
    "    defaults: {userName: '${by.name}', again: '${userName}2'}\n"                              \
    "    request: {userName: '${userName}', 'path?': '${path}', other: '${needed}'}\n"             \
    "    response: {again: '${again}'}\n"                                                          \
    "    data: true\n"
#define ATTACK_HEAD "name: key\nkind: attack\ntitle: t\ntwin: key-twin\nsources: [s]\n"
#define CAST        "cast:\n  u: {is: user, pool: user}\n  p: {is: place, pool: office}\n"
#define STEP        "{step: a, call: iam ListUsers, by: u, from: p}"
#define STEPS       "steps: [" STEP "]\n"
#define ATTACK      ATTACK_HEAD "slow: 2..3\n" CAST STEPS
#define TWIN        "name: key-twin\nkind: twin\ntitle: t\n" CAST STEPS
#define BACKGROUND  "name: day\nkind: background\ntitle: t\nweight: 3\nhours: work\n" CAST STEPS

enum { MAX_FILES = 8 };

struct fixture {
    struct np_scenario_set *set;
    struct np_diag_list diags;
    struct np_err err;
    struct np_scenario_file files[MAX_FILES];
    size_t count;
};

static void add(struct fixture *f, const char *path, const char *text)
{
    f->files[f->count++] = (struct np_scenario_file){path, np_span_of(text)};
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){};
    np_diag_list_init(&f->diags);
    add(f, "attack/key.yml", ATTACK);
    add(f, "background/day.yml", BACKGROUND);
    add(f, "calls/iam.yml", CALLS);
    add(f, "twin/key-twin.yml", TWIN);
    add(f, "world.yml", WORLD);
}

static int load(struct fixture *f)
{
    return np_scenario_set_load(&f->set, f->files, f->count, &f->diags, &f->err);
}

static void end(struct fixture *f)
{
    np_scenario_set_free(&f->set);
    assert_null(f->set);
    np_diag_list_done(&f->diags);
}

/* Puts another text into a file, or adds it. */
static void put(struct fixture *f, const char *path, const char *text)
{
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->files[i].path, path) == 0) {
            f->files[i].text = np_span_of(text);
            return;
        }
    }
    add(f, path, text);
}

static void must_load(struct fixture *f)
{
    if (load(f) < 0)
        fail_msg("%s: %s", f->err.msg,
                 f->diags.diags.len > 0 ? f->diags.diags.items[0].message : "");
}

/* Loads an attack whose steps are `steps`. */
static const struct np_step *steps_of(struct fixture *f, const char *steps)
{
    static char text[4096];
    begin(f);
    (void) snprintf(text, sizeof(text), "%s%ssteps:\n%s", ATTACK_HEAD, CAST, steps);
    put(f, "attack/key.yml", text);
    must_load(f);
    return f->set->scenarios[0].steps.steps;
}

static void loads_a_world(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    must_load(&f);
    const struct np_world *world = &f.set->world;
    assert_int_equal(world->region_count, 3);
    assert_int_equal(world->used_region_count, 2);
    assert_span_equal(world->regions[2], "ap-south-1");
    assert_int_equal(world->pool_count, 3);
    const struct np_pool *user = &world->pools[0];
    assert_int_equal(user->count, 2);
    assert_int_equal(user->entry.is, NP_IS_USER);
    assert_int_equal(user->entry.attribute_count, NP_ATTRIBUTE_FIXED + 1);
    assert_int_equal(user->entry.order_count, 2);
    assert_int_equal(user->entry.order[1], NP_ATTRIBUTE_FIXED);
    uint16_t attribute = 0;
    assert_true(np_entry_find(&user->entry, NP_SPAN("arn"), &attribute));
    assert_int_equal(attribute, NP_ATTRIBUTE_ARN);
    assert_false(np_entry_find(&user->entry, NP_SPAN("token"), &attribute));
    assert_int_equal(world->pools[1].count, 1);
    assert_true(world->pools[2].of_organization);
    end(&f);
}

static void loads_calls(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    must_load(&f);
    assert_int_equal(f.set->call_count, 2);
    const struct np_call *list = &f.set->calls[0];
    const struct np_call *create = &f.set->calls[1];
    assert_span_equal(list->source, "iam.amazonaws.com");
    assert_span_equal(list->action, "iam:ListUsers");
    assert_span_equal(list->version, "1.05");
    assert_span_equal(list->denied, "AccessDenied");
    assert_span_equal(list->type, "AwsApiCall");
    assert_true(list->read_only);
    assert_int_equal(list->request.count, 0);
    assert_int_equal(list->host.count, 1);
    assert_true(list->refused_without_request);
    assert_span_equal(create->name, "CreateUser2010_05_08v2");
    assert_span_equal(create->action, "iam:CreateUser");
    assert_false(create->read_only);
    assert_true(create->data);
    assert_int_equal(create->parameter_count, 4);
    assert_span_equal(create->parameters[0].name, "userName");
    assert_span_equal(create->parameters[1].name, "again");
    assert_span_equal(create->parameters[2].name, "path");
    assert_false(create->parameters[2].needed);
    assert_true(create->parameters[3].needed);
    assert_int_equal(create->defaults[1].count, 2);
    assert_int_equal(create->defaults[2].count, 0);
    end(&f);
}

static void lists_what_can_be_named(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    must_load(&f);
    static const char *const names[] = {"key", "key-slow", "key-twin"};
    assert_int_equal(np_scenario_set_count(f.set), 3);
    for (size_t i = 0; i < 3; i++) {
        struct np_scenario_info info = np_scenario_set_info(f.set, i);
        assert_string_equal(info.name, names[i]);
        assert_int_equal(info.slow, i == 1);
        assert_int_equal(info.kind, i == 2 ? NP_SCENARIO_TWIN : NP_SCENARIO_ATTACK);
        assert_int_equal(info.twin != NULL, i < 2);
    }
    assert_int_equal(f.set->scenario_count, 3);
    assert_int_equal(f.set->scenarios[0].slow.high, 3);
    const struct np_scenario *day = &f.set->scenarios[2];
    assert_int_equal(day->kind, NP_SCENARIO_BACKGROUND);
    assert_int_equal(day->weight, 3);
    assert_true(day->work_hours);
    end(&f);
}

static void fills_in_what_a_step_does_not_say(void **state)
{
    (void) state;
    struct fixture f;
    const struct np_step *step = steps_of(&f, "- " STEP "\n");
    assert_int_equal(step->kind, NP_STEP_CALL);
    assert_string_equal(step->name, "a");
    assert_ptr_equal(step->call, &f.set->calls[0]);
    assert_int_equal(step->by, 0);
    assert_int_equal(step->from, 1);
    assert_int_equal(step->after.low, NP_NS_PER_S);
    assert_int_equal(step->after.high, 5 * NP_NS_PER_S);
    assert_int_equal(step->times.low, 1);
    assert_int_equal(step->chance, 10000);
    assert_int_equal(step->refused, 0);
    assert_int_equal(step->regions.high, 0);
    assert_int_equal(step->region.count, 0);
    assert_int_equal(step->each, -1);
    assert_int_equal(step->copied, -1);
    assert_int_equal(step->error_code.count, 0);
    assert_false(step->ordinary);
    end(&f);
}

static void loads_all_of_a_step(void **state)
{
    (void) state;
    struct fixture f;
    const struct np_step *step = steps_of(
        &f, "- {step: a, call: iam CreateUser2010_05_08v2, by: u, via: x.amazonaws.com, "
            "after: 1m..2m, with: {needed: [1], path: '${u.name}'}, regions: all, each: {userName: "
            "[a, b]}, times: 2..3, chance: 50%, refused: always, error: {code: E, message: m}, "
            "copied: u, attack: false}\n");
    assert_int_equal(step->from, -1);
    assert_span_equal(step->via, "x.amazonaws.com");
    assert_int_equal(step->after.high, 2 * NP_NS_PER_MIN);
    assert_int_equal(step->regions.low, NP_REGIONS_ALL);
    assert_int_equal(step->each, 0);
    assert_int_equal(step->each_count, 2);
    assert_ptr_equal(step->parameters[0], &step->each_values[0]);
    assert_ptr_equal(step->parameters[1], &step->call->defaults[1]);
    assert_false(step->parameters[2]->json);
    assert_true(step->parameters[3]->json);
    assert_int_equal(step->times.high, 3);
    assert_int_equal(step->chance, 5000);
    assert_int_equal(step->refused, 10000);
    assert_int_equal(step->error_code.count, 1);
    assert_int_equal(step->error_message.count, 1);
    assert_int_equal(step->copied, 0);
    assert_true(step->ordinary);
    end(&f);
}

static void loads_groups(void **state)
{
    (void) state;
    struct fixture f;
    const struct np_step *steps =
        steps_of(&f, "- {mix: [" STEP ", " STEP "]}\n- {any: 1..2, of: [" STEP ", " STEP
                     "]}\n- {do: [" STEP "], times: 2, chance: 5%, after: 1h}\n");
    assert_int_equal(steps[0].kind, NP_STEP_MIX);
    assert_int_equal(steps[0].step_count, 2);
    assert_int_equal(steps[0].after.high, 0);
    assert_int_equal(steps[1].kind, NP_STEP_ANY);
    assert_int_equal(steps[1].any.high, 2);
    assert_int_equal(steps[2].kind, NP_STEP_ALL);
    assert_int_equal(steps[2].times.high, 2);
    assert_int_equal(steps[2].chance, 500);
    assert_int_equal(steps[2].after.low, 60 * NP_NS_PER_MIN);
    end(&f);
}

static void loads_a_cast(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    put(&f, "attack/key.yml",
        ATTACK_HEAD "cast:\n  u: {is: user, pool: user}\n  p: {is: place, pool: office}\n"
                    "  v: {is: user, pool: user, in: u}\n  r: {is: role, name: '${u.team}'}\n"
                    "  s: {is: session, of: r, name: x, mfa: true}\n"
                    "  c: {is: console, of: s}\n"
                    "  h: {is: place, pool: office, like: u, account: other}\n" STEPS);
    must_load(&f);
    const struct np_scenario *scenario = &f.set->scenarios[0];
    assert_int_equal(scenario->cast_count, 7);
    const struct np_cast_member *cast = scenario->cast;
    assert_ptr_equal(cast[0].pool, &f.set->world.pools[0]);
    assert_int_equal(cast[0].of, -1);
    assert_int_equal(cast[2].in, 0);
    assert_int_equal(cast[2].earlier_of_pool, 1);
    assert_null(cast[3].pool);
    assert_int_equal(cast[4].of, 3);
    assert_int_equal(cast[4].entry.texts[NP_ATTRIBUTE_MFA].count, 1);
    assert_int_equal(cast[5].of, 4);
    assert_int_equal(cast[6].like, 0);
    assert_int_equal(cast[6].account, NP_ACCOUNT_OTHER);
    end(&f);
}

struct refusal {
    const char *path;
    const char *text;
    const char *want; /* LINE:COLUMN CODE MESSAGE (HINT) of the first problem */
};

static void check_refusal(const struct refusal *refusal)
{
    struct fixture f;
    char got[1024];
    begin(&f);
    put(&f, refusal->path, refusal->text);
    assert_int_equal(load(&f), -EINVAL);
    assert_null(f.set);
    assert_true(f.diags.diags.len > 0);
    const struct np_diag *diag = &f.diags.diags.items[0];
    (void) snprintf(got, sizeof(got), "%u:%u %s %s%s%s%s", diag->place.line, diag->place.column,
                    diag->code, diag->message, diag->hint != NULL ? " (" : "",
                    diag->hint != NULL ? diag->hint : "", diag->hint != NULL ? ")" : "");
    assert_string_equal(got, refusal->want);
    assert_string_equal(diag->place.file, refusal->path);
    end(&f);
}

#define check_refusals(refusals)                                                                   \
    for (size_t i_ = 0; i_ < NP_ARRAY_LEN(refusals); i_++)                                         \
    check_refusal(&(refusals)[i_])

static void refuses_files_that_are_none(void **state)
{
    (void) state;
    static const struct refusal refusals[] = {
        {"calls/x/y.yml", "a: b",
         "1:1 bad-file no scenario file has this name (world.yml, or NAME.yml in calls/, attack/, "
         "twin/ or background/)"},
        {"readme", "",
         "1:1 bad-file no scenario file has this name (world.yml, or NAME.yml in calls/, attack/, "
         "twin/ or background/)"},
        {"calls/iam.yml", "", "1:1 bad-file must hold one YAML document, not 0"},
        {"calls/iam.yml", "a: b\n---\nc: d\n", "1:1 bad-file must hold one YAML document, not 2"},
        {"calls/iam.yml", "a: b\na: c\n",
         "2:1 repeated-key key 'a' stands here again; first in line 1 (keep one of the two)"},
        {"calls/iam.yml", "[]", "1:1 bad-value must be a mapping"},
        {"twin/key-twin.yml", "[]", "1:1 bad-value must be a mapping"},
        {"world.yml", "x", "1:1 bad-value 'x' is not a mapping"},
    };
    check_refusals(refusals);
}

static void refuses_a_file_twice(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    add(&f, "world.yml", WORLD);
    assert_int_equal(load(&f), -EINVAL);
    assert_int_equal(f.diags.diags.len, 1);
    assert_string_equal(f.diags.diags.items[0].message, "stands twice among the files");
    end(&f);
}

static void needs_a_world(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    f.count = 4;
    assert_int_equal(load(&f), -EINVAL);
    assert_string_equal(f.diags.diags.items[0].message, "is missing");
    assert_string_equal(f.err.msg, "1 problem in the scenario files");
    end(&f);
}

#define HEAD "organization: o\nregions: [r]\n"

static void refuses_what_is_wrong_in_a_world(void **state)
{
    (void) state;
    static const struct refusal refusals[] = {
        {"world.yml", HEAD "pool: {}\npools: {}\n", "3:1 unknown-key unknown key 'pool' (pools)"},
        {"world.yml", "regions: [r]\npools: {}\n", "1:1 missing-key 'organization' is missing"},
        {"world.yml", "organization: o\nregions: []\npools: {}\n",
         "2:10 bad-value must be a list of at least one region"},
        {"world.yml", "organization: o\nregions: ['${n}']\npools: {}\n",
         "2:11 bad-value '${n}' is not a text without holes"},
        {"world.yml", HEAD "pools: {x: {is: usr, name: a}}\n",
         "3:17 unknown-name 'usr' is no kind of entry (user)"},
        {"world.yml", HEAD "pools: {x: {name: a}}\n", "3:12 missing-key 'is' is missing"},
        {"world.yml", HEAD "pools: {x: {is: user}}\n", "3:12 missing-key a user needs 'name'"},
        {"world.yml", HEAD "pools: {x: {is: user, name: a, agent: b}}\n",
         "3:32 unknown-key 'agent' cannot be given to a user"},
        {"world.yml", HEAD "pools: {x: {is: user, name: a, a.b: c}}\n",
         "3:32 bad-value 'a.b' is not a name of letters, digits, '_' and '-'"},
        {"world.yml", HEAD "pools: {x: {is: user, name: '${self.team}', team: a}}\n",
         "3:29 unknown-name 'self' has no attribute 'team' that stands before this one"},
        {"world.yml", HEAD "pools: {x: {is: user, name: a, count: 1..2}}\n",
         "3:39 bad-value '1..2' is not a single number"},
        {"world.yml", HEAD "pools: {x: {is: user, name: a, count: 0}}\n",
         "3:39 bad-value '0' is not a number or a range, as in 3..8, from 1 to 100000"},
        {"world.yml", HEAD "pools: {x: {is: user, name: a, of: all}}\n",
         "3:36 bad-value 'all' is not 'organization'"},
        {"world.yml", HEAD "pools: {x: {is: session, name: a}}\n",
         "3:12 bad-value a session is of another member, so no pool can hold it"},
        {"world.yml", HEAD "pools: {x y: {is: user, name: a}}\n",
         "3:9 bad-value 'x y' is not a name of letters, digits, '_' and '-'"},
    };
    check_refusals(refusals);
}

static void refuses_what_is_wrong_in_calls(void **state)
{
    (void) state;
    static const struct refusal refusals[] = {
        {"calls/x.yml", "calls: {}\n", "1:1 missing-key 'source' is missing"},
        {"calls/x.yml", "source: s\ncalls: {}\nhots: h\n",
         "3:1 unknown-key unknown key 'hots' (host)"},
        {"calls/x.yml", "source: s\ncalls: {A b: {}}\n",
         "2:9 bad-value 'A b' is not the name of an API call"},
        {"calls/x.yml", "source: s\ncalls: {A: {requets: {}}}\n",
         "2:13 unknown-key unknown key 'requets' (request)"},
        {"calls/x.yml", "source: s\ncalls: {A: {request: []}}\n",
         "2:22 bad-value must be a mapping"},
        {"calls/x.yml", "source: s\ncalls: {A: {resources: {}}}\n",
         "2:24 bad-value must be a list"},
        {"calls/x.yml", "source: s\ncalls: {A: {request: {a: '${by.nam}'}}}\n",
         "2:26 unknown-name 'by' has no attribute 'nam' (name)"},
        {"calls/x.yml", "source: s\ncalls: {A: {defaults: {a: '${b}', b: '${c}'}}}\n",
         "2:35 bad-default the default of 'b' names 'c', whose default must stand before it"},
        {"calls/x.yml", "source: s\ncalls: {A: {defaults: {a: '${a}'}}}\n",
         "2:24 bad-default the default of 'a' names 'a', whose default must stand before it"},
        {"calls/x.yml", "source: s\ncalls: {A: {defaults: {region: a}}}\n",
         "2:24 bad-value 'region' is not a name of letters, digits, '_' and '-' that no hole has"},
        {"calls/x.yml", "source: s\ncalls: {A: {read: maybe}}\n",
         "2:19 bad-value 'maybe' is not true or false"},
        {"calls/x.yml", "source: s\ncalls: {A: {refused_request: {}}}\n",
         "2:30 bad-value must be 'none'"},
        {"calls/x.yml", "source: s\ncalls: {A: {target: []}}\n", "2:21 bad-value must be text"},
    };
    check_refusals(refusals);
}

#define TWIN_HEAD "name: key-twin\nkind: twin\ntitle: t\n"

static void refuses_what_is_wrong_in_a_scenario(void **state)
{
    (void) state;
    static const struct refusal refusals[] = {
        {"attack/key.yml", "name: key\nkind: attack\ntitle: t\nsources: [s]\n" CAST STEPS,
         "1:1 missing-key 'twin' is missing"},
        {"attack/key.yml", "name: key\nkind: attack\ntitle: t\ntwin: key-twin\n" CAST STEPS,
         "1:1 missing-key 'sources' is missing"},
        {"attack/key.yml",
         "name: key\nkind: attack\ntitle: t\ntwin: key-twin\nsources: []\n" CAST STEPS,
         "5:10 bad-value must be a list of at least one source"},
        {"attack/key.yml",
         "name: key\nkind: attack\ntitle: t\ntwin: kye-twin\nsources: [s]\n" CAST STEPS,
         "4:7 unknown-name no twin is named 'kye-twin' (key-twin)"},
        {"attack/key.yml",
         "name: key\nkind: attack\ntitle: t\ntwin: day\nsources: [s]\n" CAST STEPS,
         "4:7 unknown-name no twin is named 'day'"},
        {"attack/key.yml", ATTACK_HEAD "slow: 12s\n" CAST STEPS,
         "6:7 bad-value '12s' is not a number or a range, as in 3..8, from 1 to 100000"},
        {"twin/key-twin.yml", "name: key\nkind: twin\ntitle: t\n" CAST STEPS,
         "1:7 bad-value the name of this file is 'key-twin'"},
        {"twin/key-twin.yml", "name: key-twin\nkind: attack\ntitle: t\n" CAST STEPS,
         "2:7 bad-value the kind of this file is 'twin'"},
        {"twin/key-twin.yml", "name: key-twin\nkind: twin\n" CAST STEPS,
         "1:1 missing-key 'title' is missing"},
        {"twin/key-twin.yml", TWIN_HEAD "weight: 3\n" CAST STEPS,
         "4:1 unknown-key unknown key 'weight'"},
        {"twin/key-twin.yml", TWIN_HEAD STEPS, "1:1 missing-key 'cast' is missing"},
        {"twin/key-twin.yml", TWIN_HEAD CAST, "1:1 missing-key 'steps' is missing"},
        {"background/day.yml", "name: day\nkind: background\ntitle: t\nhours: night\n" CAST STEPS,
         "4:8 bad-value 'night' is not 'work' or 'always'"},
        {"twin/A.yml", "name: A\nkind: twin\ntitle: t\n" CAST STEPS,
         "1:1 bad-file the file's name must be small letters, digits and hyphens"},
        {"background/key.yml", "name: key\nkind: background\ntitle: t\n" CAST STEPS,
         "1:1 repeated-name the name 'key' is that of attack/key.yml, too"},
        {"twin/key-slow.yml", "name: key-slow\nkind: twin\ntitle: t\n" CAST STEPS,
         "1:1 repeated-name the name 'key-slow' is that of the slow form of 'key', too"},
    };
    check_refusals(refusals);
}

/* A twin's file with one line that is not right. */
struct line_refusal {
    const char *line;
    const char *want;
};

static void check_lines(const char *before, const char *after, const struct line_refusal *refusals,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[2048];
        (void) snprintf(text, sizeof(text), "%s%s%s", before, refusals[i].line, after);
        const struct refusal refusal = {"twin/key-twin.yml", text, refusals[i].want};
        check_refusal(&refusal);
    }
}

static void refuses_what_is_wrong_in_a_cast(void **state)
{
    (void) state;
    static const struct line_refusal refusals[] = {
        {"x: {is: user, pool: usr}", "7:23 unknown-name no pool is named 'usr' (user)"},
        {"x: {is: role, pool: user}", "7:23 bad-value the pool 'user' is of the kind user"},
        {"x: {is: user, pool: user, team: a}", "7:29 unknown-key unknown key 'team'"},
        {"x: {is: user, in: y, name: a}",
         "7:21 unknown-name no member of the cast before this one is named 'y'"},
        {"x: {is: user, in: x, name: a}",
         "7:21 unknown-name no member of the cast before this one is named 'x'"},
        {"x: {is: session, name: a}", "7:6 bad-value a session needs 'of': whose it is"},
        {"x: {is: session, of: u, name: a}",
         "7:24 bad-value a session is of a role, not of a user"},
        {"x: {is: user, of: u, name: a}", "7:21 bad-value a user has no 'of'"},
        {"x: {is: user, like: u, name: a}",
         "7:23 missing-key 'like' draws from a pool: 'pool' is missing"},
        {"x: {is: user, account: mine, name: a}",
         "7:26 bad-value 'mine' is not 'other' or 'foreign'"},
        {"x: {is: user, name: '${u.tean}'}",
         "7:23 unknown-name 'u' has no attribute 'tean' (team)"},
        {"x: {is: place, address: a}", "7:6 missing-key a place needs 'agent'"},
        {"by: {is: user, pool: user}",
         "7:3 bad-value 'by' is not a name of letters, digits, '_' and '-', nor by or self"},
        {"x: user", "7:6 bad-value 'user' is not a mapping"},
    };
    check_lines(TWIN_HEAD CAST "  ", "\n" STEPS, refusals, NP_ARRAY_LEN(refusals));
}

static void refuses_what_is_wrong_in_a_step(void **state)
{
    (void) state;
    static const struct line_refusal refusals[] = {
        {"{step: a, call: iam ListUser, by: u, from: p}",
         "9:19 unknown-name no call is named 'iam ListUser' (iam ListUsers)"},
        {"{step: A, call: iam ListUsers, by: u, from: p}",
         "9:10 bad-value 'A' is not a name of small letters, digits and hyphens"},
        {"{call: iam ListUsers, by: u, from: p}", "9:3 missing-key 'step' is missing"},
        {"{step: a, by: u, from: p}", "9:3 missing-key 'call' is missing"},
        {"{step: a, call: iam ListUsers, from: p}", "9:3 missing-key 'by' is missing"},
        {"{step: a, call: iam ListUsers, by: u}",
         "9:3 missing-key 'from' is missing: only services call from nowhere"},
        {"{step: a, call: iam ListUsers, by: x, from: p}",
         "9:38 unknown-name no member of the cast is named 'x'"},
        {"{step: a, call: iam ListUsers, by: p, from: p}",
         "9:38 bad-value 'p' is a place and cannot call (it belongs to 'from')"},
        {"{step: a, call: iam ListUsers, by: r, from: p}",
         "9:38 bad-value 'r' is a role and cannot call (a role calls through a session of it)"},
        {"{step: a, call: iam ListUsers, by: u, from: u}", "9:47 bad-value 'u' is not a place"},
        {"{step: a, call: iam ListUsers, by: u, from: p, copied: p}",
         "9:58 bad-value 'p' is not a member that belongs to an account"},
        {"{step: a, call: iam ListUsers, by: u, from: p, with: {pth: a}}",
         "9:57 unknown-name the call 'ListUsers' names no parameter 'pth'"},
        {"{step: a, call: iam CreateUser2010_05_08v2, by: u, from: p, with: {pth: a}}",
         "9:70 unknown-name the call 'CreateUser2010_05_08v2' names no parameter 'pth' (path)"},
        {"{step: a, call: iam CreateUser2010_05_08v2, by: u, from: p}",
         "9:3 missing-parameter the call 'CreateUser2010_05_08v2' needs the parameter 'needed'"},
        {"{step: a, call: iam ListUsers, by: u, from: p, each: {}}",
         "9:56 bad-value must be one parameter and the list of its values"},
        {"{step: a, call: iam ListUsers, by: u, from: p, after: 5}",
         "9:57 bad-value '5' is not a time or a range of times, as in 90s or 2s..5m"},
        {"{step: a, call: iam ListUsers, by: u, from: p, chance: 5}",
         "9:58 bad-value '5' is not a chance, as in 40%"},
        {"{step: a, call: iam ListUsers, by: u, from: p, refused: never}",
         "9:59 bad-value 'never' is not a chance, as in 40%"},
        {"{step: a, call: iam ListUsers, by: u, from: p, times: 5..4}",
         "9:57 bad-value '5..4' is not a number or a range, as in 3..8, from 0 to 20000"},
        {"{step: a, call: iam ListUsers, by: u, from: p, regions: some}",
         "9:59 bad-value 'some' is not a number or a range, as in 3..8, from 1 to 65534"},
        {"{step: a, call: iam ListUsers, by: u, from: p, region: us-east-2}",
         "9:58 unknown-name no region of the world is named 'us-east-2' (us-east-1)"},
        {"{step: a, call: iam ListUsers, by: u, from: p, region: home, regions: 2}",
         "9:73 bad-value either 'region' or 'regions'"},
        {"{step: a, call: iam ListUsers, by: u, from: p, region: '${region}'}",
         "9:58 unknown-hole '${region}' means nothing here"},
        {"{step: a, call: iam ListUsers, by: u, from: p, error: {message: a}}",
         "9:57 missing-key 'code' is missing"},
        {"{step: a, call: iam ListUsers, by: u, from: p, attack: 0}",
         "9:58 bad-value '0' is not true or false"},
        {"{step: a, call: iam ListUsers, by: u, from: p, wth: {}}",
         "9:50 unknown-key unknown key 'wth' (with)"},
        {"{mix: [], wth: {}}", "9:13 unknown-key unknown key 'wth'"},
        {"{do: []}", "9:8 bad-value must be a list of at least one step"},
        {"{any: 2, of: [" STEP "]}",
         "9:9 bad-value '2' is not a number or a range, as in 3..8, from 0 to 1"},
        {"{any: 1}", "9:3 missing-key 'of' is missing"},
        {"word", "9:3 bad-value 'word' is not a mapping"},
    };
    check_lines(TWIN_HEAD CAST "  r: {is: role, pool: admin}\nsteps:\n- ", "\n", refusals,
                NP_ARRAY_LEN(refusals));
}

static void tells_all_problems_of_all_files(void **state)
{
    (void) state;
    struct fixture f;
    begin(&f);
    put(&f, "calls/iam.yml", CALLS "  X: {y: z}\n");
    put(&f, "twin/key-twin.yml", TWIN "a: b\n");
    put(&f, "attack/key.yml", ATTACK "c: d\n");
    assert_int_equal(load(&f), -EINVAL);
    assert_int_equal(f.diags.diags.len, 3);
    assert_string_equal(f.err.msg, "3 problems in the scenario files");
    end(&f);
}

static void survives_memory_that_runs_out(void **state)
{
    (void) state;
    int r = -ENOMEM;
    for (long n = 0; r == -ENOMEM; n++) {
        struct fixture f;
        begin(&f);
        np_alloc_fail_at(n);
        r = load(&f);
        np_alloc_fail_at(-1);
        assert_true(r == 0 ? f.set != NULL : r == -ENOMEM && f.set == NULL);
        end(&f);
    }
    assert_int_equal(r, 0);
}

static void survives_memory_that_runs_out_while_it_tells(void **state)
{
    (void) state;
    size_t told = 0;
    for (long n = 0; told < 5; n++) {
        struct fixture f;
        begin(&f);
        put(&f, "calls/iam.yml", CALLS "  X: {y: z, request: {a: '${pick x}'}}\n");
        put(&f, "twin/key-twin.yml", TWIN "a: b\n");
        put(&f, "attack/key.yml", ATTACK "c: '${d}'\ntwni: x\n");
        np_alloc_fail_at(n);
        int r = load(&f);
        np_alloc_fail_at(-1);
        assert_true(r == -ENOMEM || (r == -EINVAL && f.diags.errors > 0));
        assert_null(f.set);
        told = f.diags.diags.len;
        end(&f);
    }
    assert_int_equal(told, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_a_world),
        cmocka_unit_test(loads_calls),
        cmocka_unit_test(lists_what_can_be_named),
        cmocka_unit_test(fills_in_what_a_step_does_not_say),
        cmocka_unit_test(loads_all_of_a_step),
        cmocka_unit_test(loads_groups),
        cmocka_unit_test(loads_a_cast),
        cmocka_unit_test(refuses_files_that_are_none),
        cmocka_unit_test(refuses_a_file_twice),
        cmocka_unit_test(needs_a_world),
        cmocka_unit_test(refuses_what_is_wrong_in_a_world),
        cmocka_unit_test(refuses_what_is_wrong_in_calls),
        cmocka_unit_test(refuses_what_is_wrong_in_a_scenario),
        cmocka_unit_test(refuses_what_is_wrong_in_a_cast),
        cmocka_unit_test(refuses_what_is_wrong_in_a_step),
        cmocka_unit_test(tells_all_problems_of_all_files),
        cmocka_unit_test(survives_memory_that_runs_out),
        cmocka_unit_test(survives_memory_that_runs_out_while_it_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
